// Notes on kustomize.toolkit.fluxcd.io: https://fluxcd.io/flux/components/kustomize/kustomizations/ and the controller.
import { dependsOn, drift, exprs, images, patches, remote } from './flux-shared.ts';
import type { KindNotes } from './note.ts';
import { under } from './note.ts';

export const kustomize: readonly KindNotes[] = [
  {
    group: 'kustomize.toolkit.fluxcd.io',
    kind: 'Kustomization',
    fields: {
      'spec.interval':
        'How often everything is built and applied again although nothing changed, which undoes drift in the cluster. A new revision of the source is applied at once, without waiting for it.',
      'spec.retryInterval':
        'How long to wait after a failed attempt. Without it a failure is only retried after `interval`: an hour, if that is an hour.',
      'spec.timeout':
        'Limit for one attempt: build, apply and health checks together. Without it `interval` less 30 seconds, and never below 30 seconds.',
      'spec.path':
        'Directory to build, from the root of the source; the root itself where it is left out. If it has no kustomization.yaml, one is made of every YAML file below it, so a values file or a workflow there breaks the build.',
      'spec.prune':
        'Whether objects that left the build are deleted from the cluster. Renaming an object, or moving it to another Kustomization, then deletes and creates it again; the annotation `kustomize.toolkit.fluxcd.io/prune: disabled` spares one.',
      'spec.sourceRef':
        'Where the manifests come from. The source has its own interval, which decides how soon a commit is noticed.',
      'spec.sourceRef.kind': 'ExternalArtifact works only where the controller has the feature gate of that name on.',
      'spec.sourceRef.namespace':
        'Namespace of the source; left out, the Kustomization’s own, not `flux-system`. Another namespace is refused where the controller runs with `--no-cross-namespace-refs`.',
      ...under('spec.dependsOn', dependsOn('Kustomization')),
      'spec.dependsOn':
        'Kustomizations that must be ready first; other kinds can’t be named. Ready means applied, not healthy, unless the other one sets `wait` or `healthChecks`, and a cycle waits for ever without an error.',
      'spec.wait':
        'Ready only when every applied object is healthy. It overrides `healthChecks`, and one object that never gets healthy fails the whole Kustomization at `timeout`.',
      'spec.healthChecks':
        'The objects whose health decides when this one is ready, also ones applied by somebody else. Ignored while `wait` is true.',
      'spec.healthChecks.namespace': 'Namespace of the object to wait for; needed for every namespaced kind.',
      'spec.healthCheckExprs':
        'How to tell the health of custom resources that don’t follow the usual conditions, in CEL over the object. Only used together with `wait` or `healthChecks`.',
      ...under('spec.healthCheckExprs', exprs),
      'spec.force':
        'Deletes and creates an object again where an immutable field changed; false by default. It costs downtime, and data where it hits a volume claim: the annotation `kustomize.toolkit.fluxcd.io/force: enabled` does it for one object.',
      'spec.suspend':
        'Stops applying; what is in the cluster stays and drifts. Deleting a suspended Kustomization deletes none of its objects, whatever `prune` says.',
      'spec.targetNamespace':
        'Puts every namespaced object into this namespace, also those that name another. Namespace objects in the build are renamed to it as well, so that with `prune` the old namespace is deleted with all it holds.',
      'spec.deletionPolicy':
        'What happens to the objects when the Kustomization itself is deleted: by default `MirrorPrune`, deleted if `prune` is true. `Orphan` leaves them, `WaitForTermination` waits until they are gone.',
      ...under('spec', remote),
      'spec.postBuild.substitute':
        'Variables for `${name}` in the built manifests; they win over those of `substituteFrom`. Nothing is replaced while there is no variable at all, and names are letters, digits and `_` only.',
      'spec.postBuild.substituteFrom':
        'ConfigMaps and Secrets of the same namespace whose keys become variables, later ones winning. A key that is no valid name, such as `my-key`, fails the whole build.',
      'spec.postBuild.substituteFrom.optional':
        'True goes on without the ConfigMap or Secret. Its variables are then unset, which since Flux 2.9 fails the build unless each use has a default, as in `${name:=value}`.',
      'spec.postBuild.substituteStrategy':
        '`Always` runs substitution even where no variable is given, so that defaults in `${name:=value}` take effect; `WithVariables`, the default, needs at least one.',
      'spec.decryption': 'Needed before SOPS-encrypted Secrets can be applied; without it they fail the Kustomization.',
      'spec.decryption.secretRef':
        'Secret with the private keys, in the Kustomization’s namespace: keys end in `.agekey` or `.asc`, or are named as `sops.aws-kms` and the like for cloud keys.',
      'spec.decryption.serviceAccountName':
        'Service account whose cloud identity may use the KMS key, in place of a Secret with credentials. Static credentials in `secretRef` win.',
      ...under('spec', patches),
      ...under('spec.images', images),
      'spec.components':
        'Kustomize components to add, as directories relative to `path`. Order matters: later components see what earlier ones did.',
      'spec.ignoreMissingComponents':
        'True skips components whose directory isn’t in the source, in place of failing the build.',
      'spec.commonMetadata':
        'Labels and annotations set on every object, over those it has. Unlike kustomize’s `commonLabels` it leaves selectors alone.',
      'spec.namePrefix': 'Put before the name of every object, and into references to it that kustomize knows.',
      'spec.nameSuffix': 'Put behind the name of every object, and into references to it that kustomize knows.',
      ...under('spec.ignore', drift),
      'spec.ignore':
        'Fields in which the cluster may differ from the build, such as replicas set by an autoscaler, so that they aren’t set back at each interval.',
      'spec.buildMetadata':
        'Has kustomize write where each object came from into its annotations. They change with the files’ places, and each change is an update of the object.',
    },
  },
];
