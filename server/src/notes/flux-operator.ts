// Notes on fluxcd.controlplane.io: https://fluxoperator.dev/docs/crd/fluxinstance/ and its sibling pages.
import type { KindNotes } from './note.ts';

const group = 'fluxcd.controlplane.io';

export const fluxOperator: readonly KindNotes[] = [
  {
    group,
    kind: 'FluxInstance',
    fields: {
      'spec.distribution.version':
        'Release of Flux, or a range such as `2.x` within which the operator upgrades automatically.',
      'spec.distribution.registry': 'Registry of the controllers’ images, such as `ghcr.io/fluxcd`.',
      'spec.distribution.artifact':
        'OCI artifact with the manifests of newer releases; if omitted, the manifests bundled with the operator are used.',
      'spec.components':
        'Controllers to install. Removing one uninstalls it; its objects are then no longer reconciled.',
      'spec.cluster.multitenant':
        'If true, disallows references to other namespaces and makes appliers impersonate a service account; false by default. Tenants’ references to sources in other namespaces then fail.',
      'spec.cluster.tenantDefaultServiceAccount':
        'Service account for appliers that don’t set one; `default` if omitted. Only with `multitenant`.',
      'spec.cluster.networkPolicy':
        'Whether to restrict traffic to the controllers with network policies; true by default.',
      'spec.cluster.size': 'Preset of memory and concurrency for the controllers.',
      'spec.cluster.type': 'Type of cluster; `openshift` adjusts the permissions of the controllers.',
      'spec.sync': 'Source and Kustomization from which Flux starts; named `flux-system` unless set otherwise.',
      'spec.sync.ref': 'Branch such as `refs/heads/main`, or a tag for OCI.',
      'spec.sync.path': 'Directory in the source with this cluster’s manifests.',
      'spec.sync.pullSecret': 'Secret with the source’s credentials, in the same namespace.',
      'spec.kustomize.patches': 'Patches to the controllers’ manifests.',
      'spec.migrateResources':
        'Whether stored objects are migrated to the latest API versions after an upgrade; true by default.',
      'spec.wait': 'Whether the instance waits for the controllers before it becomes ready; true by default.',
    },
  },
  {
    group,
    kind: 'ResourceSet',
    fields: {
      'spec.inputs': 'Sets of values; the resources are generated once per set. All sets must have the same keys.',
      'spec.inputsFrom':
        'ResourceSetInputProviders in the same namespace whose inputs are also used, by name or selector.',
      'spec.inputStrategy.name':
        '`Flatten`, the default, generates the resources once per set; `Permute` once per combination of sets from different providers, which grows quickly.',
      'spec.resources':
        'Objects to generate, with `<< inputs.name >>` in place of a value. Quote a placeholder that is an entire value.',
      'spec.resourcesTemplate': 'The resources as a text template, for loops and conditions.',
      'spec.dependsOn': 'Objects of any kind that must exist first; with `ready: true` they must also be ready.',
      'spec.serviceAccountName': 'Service account to impersonate; it limits what can be applied.',
      'spec.wait': 'If true, becomes ready only when all generated objects are ready.',
      'spec.commonMetadata': 'Labels and annotations for all generated objects.',
    },
  },
  {
    group,
    kind: 'ResourceSetInputProvider',
    fields: {
      'spec.type':
        'Source of the inputs: pull requests, branches or tags of a Git host, tags of an OCI registry, an external service, or static values (`Static`).',
      'spec.url': 'URL of the repository, registry or service; not for `Static`.',
      'spec.defaultValues': 'Values in every set of inputs; for `Static`, the only values.',
      'spec.filter.limit': 'Maximum number of input sets; 100 by default.',
      'spec.filter.semver': 'Version range for tags.',
      'spec.filter.labels': 'Labels that a pull request must have.',
      'spec.schedule.cron': 'Cron schedule on which inputs are updated; if omitted, they are always updated.',
      'spec.schedule.window': 'Duration after each scheduled time in which inputs can be updated; `0s` by default.',
    },
  },
];
