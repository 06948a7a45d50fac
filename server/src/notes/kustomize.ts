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
        'How often the manifests are rebuilt and reapplied without a change, which corrects drift in the cluster. A new revision of the source is applied immediately.',
      'spec.retryInterval':
        'Delay after a failed attempt. If omitted, a failure is retried only after `interval`, for instance an hour.',
      'spec.timeout':
        'Timeout for one attempt, including build, apply and health checks. If omitted, `interval` minus 30 seconds, but at least 30 seconds.',
      'spec.path':
        'Directory to build, relative to the root of the source; the root if omitted. Without a kustomization.yaml, one is generated from all YAML files below it, so a values file or a workflow there fails the build.',
      'spec.prune':
        'Whether objects that are no longer in the build are deleted from the cluster. Renaming an object or moving it to another Kustomization then deletes and recreates it; the annotation `kustomize.toolkit.fluxcd.io/prune: disabled` exempts an object.',
      'spec.sourceRef':
        'Source of the manifests. The source has its own interval, which determines how soon a commit is detected.',
      'spec.sourceRef.kind':
        'Kind of the source. ExternalArtifact requires the controller’s feature gate of that name.',
      'spec.sourceRef.namespace':
        'Namespace of the source; if omitted, the Kustomization’s own, not `flux-system`. Another namespace is rejected if the controller runs with `--no-cross-namespace-refs`.',
      ...under('spec.dependsOn', dependsOn('Kustomization')),
      'spec.dependsOn':
        'Kustomizations that must be ready first; other kinds are not supported. Ready means applied, not healthy, unless the dependency sets `wait` or `healthChecks`. A cycle waits indefinitely without an error.',
      'spec.wait':
        'If true, becomes ready only when every applied object is healthy. Overrides `healthChecks`; one object that never becomes healthy fails the entire Kustomization at `timeout`.',
      'spec.healthChecks':
        'Objects whose health determines readiness, including objects applied by others. Ignored if `wait` is true.',
      'spec.healthChecks.namespace': 'Namespace of the object; required for every namespaced kind.',
      'spec.healthCheckExprs':
        'CEL expressions for the health of custom resources that don’t use standard conditions. Used only with `wait` or `healthChecks`.',
      ...under('spec.healthCheckExprs', exprs),
      'spec.force':
        'If true, recreates objects whose immutable fields changed; false by default. This causes downtime, and data loss for volume claims: the annotation `kustomize.toolkit.fluxcd.io/force: enabled` enables it for a single object.',
      'spec.suspend':
        'Suspends reconciliation; objects in the cluster are kept and can drift. Deleting a suspended Kustomization deletes none of its objects, regardless of `prune`.',
      'spec.targetNamespace':
        'Sets the namespace of every namespaced object, even if the object has another one. Namespace objects in the build are renamed too, so that with `prune` the old namespace is deleted with everything in it.',
      'spec.deletionPolicy':
        'What happens to the objects when the Kustomization is deleted. With `MirrorPrune`, the default, they are deleted if `prune` is true; `Orphan` keeps them, and `WaitForTermination` waits until they are gone.',
      ...under('spec', remote),
      'spec.postBuild.substitute':
        'Variables for `${name}` in the built manifests; they take precedence over `substituteFrom`. Without any variable nothing is substituted. Names contain only letters, digits and `_`.',
      'spec.postBuild.substituteFrom':
        'ConfigMaps and Secrets in the same namespace whose keys become variables; later entries take precedence. A key that isn’t a valid variable name, such as `my-key`, fails the entire build.',
      'spec.postBuild.substituteFrom.optional':
        'If true, continues without the ConfigMap or Secret. Its variables are then unset, which since Flux 2.9 fails the build unless each use has a default, as in `${name:=value}`.',
      'spec.postBuild.substituteStrategy':
        '`Always` runs substitution even without variables, so that defaults in `${name:=value}` take effect; `WithVariables`, the default, requires at least one.',
      'spec.decryption': 'Required to apply SOPS-encrypted Secrets; without it they fail the Kustomization.',
      'spec.decryption.secretRef':
        'Secret with the private keys, in the Kustomization’s namespace: keys end in `.agekey` or `.asc`, or are named after the provider for cloud keys, such as `sops.aws-kms`.',
      'spec.decryption.serviceAccountName':
        'Service account whose cloud identity can use the KMS key, instead of a Secret with credentials. Static credentials in `secretRef` take precedence.',
      ...under('spec', patches),
      ...under('spec.images', images),
      'spec.components':
        'Kustomize components to include, as directories relative to `path`. Order matters: later components see the changes of earlier ones.',
      'spec.ignoreMissingComponents':
        'If true, skips components whose directory is missing in the source instead of failing the build.',
      'spec.commonMetadata':
        'Labels and annotations for every object, overriding existing ones. Unlike kustomize’s `commonLabels`, they don’t change selectors.',
      'spec.namePrefix': 'Prefix for the name of every object, and for the references to it that kustomize knows.',
      'spec.nameSuffix': 'Suffix for the name of every object, and for the references to it that kustomize knows.',
      ...under('spec.ignore', drift),
      'spec.ignore':
        'Fields in which the cluster may differ from the build, such as replicas set by an autoscaler; they are not reverted at each interval.',
      'spec.buildMetadata':
        'Makes kustomize record the origin of each object in its annotations. They change when files move, and each change updates the object.',
    },
  },
];
