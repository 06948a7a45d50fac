// Notes on helm.toolkit.fluxcd.io: https://fluxcd.io/flux/components/helm/helmreleases/ and the controller.
import { dependsOn, drift, exprs, images, patches, remote } from './flux-shared.ts';
import type { FieldNotes, KindNotes } from './note.ts';
import { under } from './note.ts';
import { chartTemplate } from './source.ts';

const action: FieldNotes = {
  timeout: 'Limit for each step of this action, such as one hook; `spec.timeout` where it is left out.',
  disableHooks: 'True leaves the chart’s hooks out of this action.',
  disableWait:
    'True counts the action as done once the objects are applied, in place of waiting until they are ready. A broken rollout then passes, and nothing is rolled back.',
  disableWaitForJobs: 'True doesn’t wait for Jobs to finish; false by default.',
};

const change: FieldNotes = {
  ...action,
  'strategy.name':
    '`RemediateOnFailure`, the default, rolls back or uninstalls between tries as `remediation` says; `RetryOnFailure` leaves the failed release and tries again.',
  'strategy.retryInterval': 'Wait between tries with `RetryOnFailure`; 5m by default.',
  'remediation.remediateLastFailure':
    'Whether to clean up after the last failed try as well; false by default, so that it can be looked at.',
  disableOpenAPIValidation: 'True doesn’t check the rendered objects against the cluster’s API before applying.',
  disableTakeOwnership:
    'True fails where an object of the chart exists already; by default the release takes it over, whoever made it.',
};

export const helm: readonly KindNotes[] = [
  {
    group: 'helm.toolkit.fluxcd.io',
    kind: 'HelmRelease',
    fields: {
      'spec.interval':
        'How often the release is compared with what it should be. A new chart or a change here is taken up at once; a changed ConfigMap or Secret of `valuesFrom` only now, unless labelled `reconcile.fluxcd.io/watch: Enabled`.',
      'spec.timeout':
        'Limit for a single step of a Helm action, such as one hook or the wait for readiness; 5m by default. Slow charts fail on it first.',
      'spec.chart':
        'Template for a HelmChart that the controller makes in the source’s namespace. Give this or `chartRef`, not both.',
      ...under('spec.chart.spec', chartTemplate),
      'spec.chart.spec.interval':
        'How often to look for a new version of the chart; the release’s interval by default.',
      'spec.chart.spec.sourceRef.namespace':
        'Namespace of the source; left out, the release’s own. Shared HelmRepositories mostly stand in another, so it is often needed.',
      'spec.chartRef':
        'Takes the chart from an OCIRepository or an existing HelmChart, in place of `chart`. Its version is that source’s.',
      'spec.releaseName':
        'Name of the release in Helm; by default the object’s name, with `targetNamespace` and a dash before it where that is set. A change uninstalls the release and installs it anew.',
      'spec.targetNamespace':
        'Namespace to install into; the release’s own by default. A change uninstalls the release there and installs it here.',
      'spec.storageNamespace':
        'Namespace of Helm’s own records; the HelmRelease’s by default, so `helm list -n <target>` doesn’t show the release. A change reinstalls.',
      ...under('spec.dependsOn', dependsOn('HelmRelease')),
      'spec.dependsOn':
        'HelmReleases that must be ready first; other kinds can’t be named. To wait for a Kustomization, order the Kustomizations that hold the releases.',
      ...under('spec', remote),
      'spec.values':
        'Values for the chart, over its own. They win over `valuesFrom`, except over entries with a `targetPath`.',
      'spec.valuesFrom':
        'ConfigMaps and Secrets of the same namespace with values, merged in order: later ones win, and `values` over all of them.',
      'spec.valuesFrom.valuesKey': 'Key that holds the values; `values.yaml` by default.',
      'spec.valuesFrom.targetPath':
        'Puts the key’s content at this place of the values, written as for `helm --set`. Such entries win over everything, also over `values`; commas and braces in the content are read as `--set` reads them, unless `literal` is true.',
      'spec.valuesFrom.literal':
        'True takes the content as it is, without the syntax of `helm --set`; with `targetPath`.',
      'spec.valuesFrom.optional':
        'True goes on where the ConfigMap or Secret is missing; the release is then made without those values.',
      'spec.maxHistory': 'Releases that Helm keeps for rollback; 5 by default, 0 keeps all, each as a Secret.',
      'spec.install': 'How the first installation is done, and what happens when it fails.',
      ...under('spec.install', change),
      'spec.install.crds':
        'CRDs in the chart’s `crds` directory: `Create`, the default, installs those missing; `CreateReplace` overwrites, `Skip` leaves them out.',
      'spec.install.createNamespace':
        'True makes `targetNamespace` if it isn’t there, without labels of yours. It stays when the release goes.',
      'spec.install.remediation.retries':
        'Tries after a failed installation, each after uninstalling; 0 by default, so the first failure stalls the release. A negative number tries for ever.',
      'spec.install.replace': 'True reuses the name of a release that was uninstalled with its history kept.',
      'spec.upgrade': 'How upgrades are done, and what happens when one fails.',
      ...under('spec.upgrade', change),
      'spec.upgrade.crds':
        'What to do with the chart’s CRDs on upgrade: nothing by default (`Skip`), so new fields of a chart’s CRDs never arrive. `CreateReplace` overwrites them.',
      'spec.upgrade.remediation.retries':
        'Tries after a failed upgrade, each after `strategy`; 0 by default, so one failure leaves the release stalled until something changes or it is reset.',
      'spec.upgrade.remediation.strategy': 'What follows a failed upgrade: `rollback`, the default, or `uninstall`.',
      'spec.upgrade.remediation.remediateLastFailure':
        'Whether the last failed try is rolled back too: true where `retries` is more than 0, else false.',
      'spec.upgrade.chartNameChangeStrategy':
        'What a change of the chart’s name does: `Reinstall` uninstalls first, which may lose data; `InPlaceUpdate` upgrades.',
      'spec.upgrade.cleanupOnFail': 'True deletes objects that a failed upgrade added.',
      'spec.upgrade.force':
        'True replaces objects in place of patching them, which gets over immutable fields at the price of downtime. Not used with server-side apply.',
      'spec.upgrade.preserveValues':
        'True keeps the values of the last release under the new ones; the outcome then depends on history, not on Git alone.',
      'spec.rollback.cleanupOnFail': 'True deletes objects that a failed rollback added.',
      ...under('spec.rollback', action),
      ...under('spec.uninstall', {
        timeout: action.timeout!,
        disableHooks: action.disableHooks!,
        disableWait: 'True doesn’t wait until the objects are gone.',
      }),
      'spec.uninstall.keepHistory': 'True leaves Helm’s records of the release behind.',
      'spec.uninstall.deletionPropagation': 'How dependents go: `background`, the default, `foreground` or `orphan`.',
      'spec.test.enable':
        'True runs the chart’s tests after each installation and upgrade. Their failure counts as one of the action.',
      'spec.test.ignoreFailures': 'True runs the tests but a failure doesn’t fail the release.',
      'spec.driftDetection.mode':
        'What to do when the cluster differs from the release: nothing by default, `warn` tells, `enabled` sets it back.',
      ...under('spec.driftDetection.ignore', drift),
      'spec.driftDetection.ignore': 'Differences to leave alone, such as replicas that an autoscaler sets.',
      'spec.postRenderers': 'Kustomize changes to what the chart rendered, for what its values don’t offer.',
      ...under('spec.postRenderers.kustomize', patches),
      ...under('spec.postRenderers.kustomize.images', images),
      'spec.commonMetadata': 'Labels and annotations set on every object of the release, over those it has.',
      'spec.healthCheckExprs':
        'How to tell the health of custom resources, in CEL over the object. Only used with the wait strategy `poller` and waiting on.',
      ...under('spec.healthCheckExprs', exprs),
      'spec.waitStrategy.name':
        'How readiness is judged: `poller`, the default since Flux 2.8, knows custom resources’ conditions; `legacy` is what Helm 3 did.',
      'spec.suspend':
        'Stops installs, upgrades and drift correction. Deleting a suspended HelmRelease leaves the release in the cluster.',
      'spec.persistentClient':
        'False makes a new client for every step, which helps a chart whose hooks add CRDs that later objects use; true by default.',
    },
  },
];
