// Notes on fluxcd.controlplane.io: https://fluxoperator.dev/docs/crd/fluxinstance/ and its neighbours.
import type { KindNotes } from './note.ts';

const group = 'fluxcd.controlplane.io';

export const fluxOperator: readonly KindNotes[] = [
  {
    group,
    kind: 'FluxInstance',
    fields: {
      'spec.distribution.version': 'Release of Flux or a range such as `2.x`, which upgrades by itself within it.',
      'spec.distribution.registry': 'Registry of the controllers’ images, such as `ghcr.io/fluxcd`.',
      'spec.distribution.artifact':
        'OCI artifact with the manifests of newer releases; left out, those that came with the operator.',
      'spec.components': 'Controllers to run. Leaving one out deletes it and stops its objects.',
      'spec.cluster.multitenant':
        'True forbids references to other namespaces and makes appliers act as a service account. Tenants’ cross-namespace sources then stop working; false by default.',
      'spec.cluster.tenantDefaultServiceAccount':
        'Service account of appliers that name none; `default` where it is left out, and only with `multitenant`.',
      'spec.cluster.networkPolicy': 'Whether to shut the controllers off by network policies; true by default.',
      'spec.cluster.size': 'How much memory and how many workers the controllers get.',
      'spec.cluster.type': 'Kind of cluster; `openshift` changes what the controllers may do.',
      'spec.sync': 'Source and Kustomization to start from, made as `flux-system` unless named otherwise.',
      'spec.sync.ref': 'Branch as `refs/heads/main`, or tag for OCI.',
      'spec.sync.path': 'Directory in the source with this cluster’s manifests.',
      'spec.sync.pullSecret': 'Secret with the source’s credentials, in the same namespace.',
      'spec.kustomize.patches': 'Changes to the controllers’ manifests.',
      'spec.migrateResources':
        'Whether stored objects are moved to the newest API versions after an upgrade; true by default.',
      'spec.wait': 'Whether to be ready only when the controllers are; true by default.',
    },
  },
  {
    group,
    kind: 'ResourceSet',
    fields: {
      'spec.inputs': 'Sets of values; the resources are made once for each. All sets need the same keys.',
      'spec.inputsFrom':
        'ResourceSetInputProviders of the same namespace whose inputs are used too, by name or selector.',
      'spec.inputStrategy.name':
        '`Flatten`, the default, makes the resources once per set; `Permute` for each combination of sets from different providers, which grows fast.',
      'spec.resources': 'Objects to make, with `<< inputs.name >>` where a value goes. Quote it where it stands alone.',
      'spec.resourcesTemplate': 'The same as a text, where loops and conditions are needed.',
      'spec.dependsOn': 'Objects of any kind that must be there first; with `ready: true` also ready.',
      'spec.serviceAccountName': 'Service account to act as; it limits what may be made.',
      'spec.wait': 'True is ready only when everything made is.',
      'spec.commonMetadata': 'Labels and annotations set on everything that is made.',
    },
  },
  {
    group,
    kind: 'ResourceSetInputProvider',
    fields: {
      'spec.type':
        'Where inputs come from: pull requests, branches or tags of a Git host, tags of an OCI registry, a service, or fixed ones (`Static`).',
      'spec.url': 'Repository, registry or service to ask; not for `Static`.',
      'spec.defaultValues': 'Values in every set of inputs; for `Static` the only ones.',
      'spec.filter.limit': 'Most sets of inputs; 100 by default.',
      'spec.filter.semver': 'Range that tags must lie within.',
      'spec.filter.labels': 'Labels that a pull request must have.',
      'spec.schedule.cron': 'When inputs may change, as a schedule; left out, always.',
      'spec.schedule.window': 'How long after each time they may; `0s` by default.',
    },
  },
];
