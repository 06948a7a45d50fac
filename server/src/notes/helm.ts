// Notes on helm.toolkit.fluxcd.io: https://fluxcd.io/flux/components/helm/helmreleases/ and the controller.
import { dependsOn, drift, exprs, images, patches, remote } from './flux-shared.ts';
import type { FieldNotes, KindNotes } from './note.ts';
import { under } from './note.ts';
import { chartTemplate } from './source.ts';

const action: FieldNotes = {
  timeout: 'Timeout for each step of this action, such as one hook; `spec.timeout` if omitted.',
  disableHooks: 'If true, skips the chart’s hooks in this action.',
  disableWait:
    'If true, completes the action once the objects are applied, without waiting for them to become ready. A failed rollout is then not detected, and nothing is rolled back.',
  disableWaitForJobs: 'If true, does not wait for Jobs to complete; false by default.',
};

const change: FieldNotes = {
  ...action,
  'strategy.name':
    '`RemediateOnFailure`, the default, rolls back or uninstalls between attempts as set in `remediation`; `RetryOnFailure` keeps the failed release and retries.',
  'strategy.retryInterval': 'Delay between attempts with `RetryOnFailure`; 5m by default.',
  'remediation.remediateLastFailure':
    'Whether to remediate after the last failed attempt too; false by default, so that the failure can be inspected.',
  disableOpenAPIValidation:
    'If true, does not validate the rendered objects against the cluster’s OpenAPI schema before applying.',
  disableTakeOwnership:
    'If true, fails if an object of the chart already exists; by default the release adopts it, whoever created it.',
};

export const helm: readonly KindNotes[] = [
  {
    group: 'helm.toolkit.fluxcd.io',
    kind: 'HelmRelease',
    fields: {
      'spec.interval':
        'How often the release is reconciled. A new chart or a change of this object is applied immediately; a changed ConfigMap or Secret in `valuesFrom` only at the next interval, unless it has the label `reconcile.fluxcd.io/watch: Enabled`.',
      'spec.timeout':
        'Timeout for a single step of a Helm action, such as one hook or the wait for readiness; 5m by default. Increase it for charts that start slowly.',
      'spec.chart':
        'Template for a HelmChart that the controller creates in the source’s namespace. Set either this or `chartRef`.',
      ...under('spec.chart.spec', chartTemplate),
      'spec.chart.spec.interval':
        'How often to check for a new version of the chart; the release’s interval by default.',
      'spec.chart.spec.sourceRef.namespace':
        'Namespace of the source; if omitted, the release’s own. Often required, since shared HelmRepositories are usually in another namespace.',
      'spec.chartRef':
        'OCIRepository or existing HelmChart to use instead of `chart`. The source determines the chart’s version.',
      'spec.releaseName':
        'Name of the Helm release; by default the object’s name, prefixed with `targetNamespace` and a dash if that is set. A change uninstalls the release and reinstalls it.',
      'spec.targetNamespace':
        'Namespace to install into; the release’s own by default. A change uninstalls the release from the old namespace and reinstalls it.',
      'spec.storageNamespace':
        'Namespace of Helm’s release records; the HelmRelease’s by default, so `helm list -n <target>` doesn’t list the release. A change reinstalls the release.',
      ...under('spec.dependsOn', dependsOn('HelmRelease')),
      'spec.dependsOn':
        'HelmReleases that must be ready first; other kinds are not supported. To wait for a Kustomization, order the Kustomizations that contain the releases.',
      ...under('spec', remote),
      'spec.values':
        'Values for the chart, merged over its defaults. They take precedence over `valuesFrom`, except over entries with a `targetPath`.',
      'spec.valuesFrom':
        'ConfigMaps and Secrets with values, in the same namespace, merged in order. Later entries take precedence, and `values` takes precedence over all of them.',
      'spec.valuesFrom.valuesKey': 'Key that contains the values; `values.yaml` by default.',
      'spec.valuesFrom.targetPath':
        'Path in the values at which the key’s content is set, in the syntax of `helm --set`. Such entries take precedence over everything, including `values`; commas and braces in the content are parsed as `--set` does unless `literal` is true.',
      'spec.valuesFrom.literal':
        'If true, uses the content verbatim, without the syntax of `helm --set`; only with `targetPath`.',
      'spec.valuesFrom.optional': 'If true, continues without these values if the ConfigMap or Secret is missing.',
      'spec.maxHistory':
        'Number of releases that Helm keeps for rollback, each as a Secret; 5 by default, 0 keeps all.',
      'spec.install': 'How the release is installed, and what happens if the installation fails.',
      ...under('spec.install', change),
      'spec.install.crds':
        'Handling of CRDs in the chart’s `crds` directory: `Create`, the default, installs missing CRDs; `CreateReplace` also overwrites existing ones, `Skip` installs none.',
      'spec.install.createNamespace':
        'If true, creates `targetNamespace` if it is missing, without custom labels. The namespace is kept when the release is deleted.',
      'spec.install.remediation.retries':
        'Number of retries after a failed installation, each after an uninstall; 0 by default, so the first failure stalls the release. A negative number retries without limit.',
      'spec.install.replace': 'If true, reuses the name of a release that was uninstalled with its history kept.',
      'spec.upgrade': 'How the release is upgraded, and what happens if an upgrade fails.',
      ...under('spec.upgrade', change),
      'spec.upgrade.crds':
        'Handling of the chart’s CRDs during upgrades: `Skip` if omitted, so that new fields in CRDs are not installed. `CreateReplace` overwrites the CRDs.',
      'spec.upgrade.remediation.retries':
        'Number of retries after a failed upgrade, each after `strategy`; 0 by default, so that one failure stalls the release until something changes or it is reset.',
      'spec.upgrade.remediation.strategy': 'Remediation of a failed upgrade: `rollback`, the default, or `uninstall`.',
      'spec.upgrade.remediation.remediateLastFailure':
        'Whether to remediate after the last failed attempt too: true if `retries` is greater than 0, otherwise false.',
      'spec.upgrade.chartNameChangeStrategy':
        'Effect of a change of the chart’s name: `Reinstall` uninstalls first, which can lose data; `InPlaceUpdate` upgrades.',
      'spec.upgrade.cleanupOnFail': 'If true, deletes objects that a failed upgrade created.',
      'spec.upgrade.force':
        'If true, replaces objects instead of patching them, which allows changes to immutable fields but causes downtime. Ignored with server-side apply.',
      'spec.upgrade.preserveValues':
        'If true, merges the new values over those of the last release; the result then depends on the history, not only on Git.',
      'spec.rollback.cleanupOnFail': 'If true, deletes objects that a failed rollback created.',
      ...under('spec.rollback', action),
      ...under('spec.uninstall', {
        timeout: action.timeout!,
        disableHooks: action.disableHooks!,
        disableWait: 'If true, does not wait until the objects are deleted.',
      }),
      'spec.uninstall.keepHistory': 'If true, keeps Helm’s records of the release.',
      'spec.uninstall.deletionPropagation':
        'How dependents are deleted: `background`, the default, `foreground` or `orphan`.',
      'spec.test.enable':
        'If true, runs the chart’s tests after each installation and upgrade. A failed test fails the action.',
      'spec.test.ignoreFailures': 'If true, a failed test does not fail the action.',
      'spec.driftDetection.mode':
        'What happens if the cluster differs from the release: nothing if omitted; `warn` reports the drift, `enabled` corrects it.',
      ...under('spec.driftDetection.ignore', drift),
      'spec.driftDetection.ignore': 'Differences to ignore, such as replicas set by an autoscaler.',
      'spec.postRenderers': 'Kustomize patches to the rendered chart, for settings that its values don’t provide.',
      ...under('spec.postRenderers.kustomize', patches),
      ...under('spec.postRenderers.kustomize.images', images),
      'spec.commonMetadata': 'Labels and annotations for every object in the release, overriding existing ones.',
      'spec.healthCheckExprs':
        'CEL expressions for the health of custom resources. Used only with the wait strategy `poller` and if waiting is enabled.',
      ...under('spec.healthCheckExprs', exprs),
      'spec.waitStrategy.name':
        'How readiness is determined: `poller`, the default since Flux 2.8, evaluates the conditions of custom resources; `legacy` behaves like Helm 3.',
      'spec.suspend':
        'Suspends installs, upgrades and drift correction. Deleting a suspended HelmRelease keeps the release in the cluster.',
      'spec.persistentClient':
        'If false, creates a new client for each step, which charts require whose hooks install CRDs for later objects; true by default.',
    },
  },
];
