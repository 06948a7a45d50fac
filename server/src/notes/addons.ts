// Notes on addons, IPAM and runtime extensions of Cluster API, and on the operator's providers.
import type { FieldNotes, KindNotes } from './note.ts';

const provider: FieldNotes = {
  'spec.version':
    'Release of the provider to run, with `v`. Left out, the newest at the time of installation; to upgrade, change it.',
  'spec.configSecret':
    'Secret with the provider’s variables, such as credentials. It is taken as constant: put changed values into a new Secret and name that one.',
  'spec.fetchConfig.url':
    'Releases page of a repository to take the manifests from, for providers the operator doesn’t know or a fork.',
  'spec.fetchConfig.oci': 'OCI artifact with the provider’s manifests and metadata.',
  'spec.fetchConfig.selector':
    'Labels of ConfigMaps that hold the manifests, for clusters without access to the internet. Each is for the version it is named or labelled with.',
  'spec.manager.featureGates': 'Feature gates of the provider’s controller, such as `ClusterTopology: true`.',
  'spec.manager.verbosity': 'Log level of the controller; 1 by default, 5 and more shows every step.',
  'spec.manager.maxConcurrentReconciles':
    'Objects worked on at once by each controller; raise it for hundreds of clusters.',
  'spec.manager.syncPeriod': 'How often everything is looked at again without a change; 10 hours by default.',
  'spec.manager.additionalArgs': 'Further flags for the controller, without dashes.',
  'spec.deployment.replicas': 'Controllers to run; 1 by default. Only one works at a time, others stand by.',
  'spec.deployment.containers': 'Changes to the controller’s containers by name: image, arguments, resources.',
  'spec.manifestPatches':
    'Merge patches for the provider’s manifests, each a text with the kind and name it changes. Kept for old uses: `patches` does more.',
  'spec.patches': 'Strategic merge or JSON patches for the provider’s manifests, with a target.',
  'spec.additionalManifests': 'ConfigMap whose key `manifests` holds objects to apply with the provider’s.',
};

const operator = [
  'CoreProvider',
  'BootstrapProvider',
  'ControlPlaneProvider',
  'InfrastructureProvider',
  'AddonProvider',
];

export const addons: readonly KindNotes[] = [
  {
    group: 'addons.cluster.x-k8s.io',
    kind: 'ClusterResourceSet',
    fields: {
      'spec.clusterSelector':
        'Labels of the Clusters of this namespace to apply to; empty is refused, and it can’t change.',
      'spec.strategy':
        '`ApplyOnce`, the default, never looks at the resources again: later changes don’t reach clusters. `Reconcile` applies changes. It can’t change.',
      'spec.resources': 'ConfigMaps and Secrets of the same namespace; each of their keys holds manifests to apply.',
      'spec.resources.kind':
        '`ConfigMap`, or `Secret`, which must be of the type `addons.cluster.x-k8s.io/resource-set` or it is refused.',
    },
  },
  {
    group: 'addons.cluster.x-k8s.io',
    kind: 'HelmChartProxy',
    fields: {
      'spec.clusterSelector':
        'Labels of the Clusters to install the chart on; an empty selector takes all in the namespace.',
      'spec.version': 'Version of the chart; the newest by default, at the time each cluster is installed.',
      'spec.valuesTemplate':
        'Values as a Go template over the Cluster and what it references, so that each cluster gets its own.',
      'spec.namespace': 'Namespace on the cluster to install into; `default` where it is left out.',
    },
  },
  {
    group: 'ipam.cluster.x-k8s.io',
    kind: 'InClusterIPPool',
    fields: {
      'spec.addresses':
        'Addresses to hand out: single ones, ranges as `10.0.0.10-10.0.0.50`, or networks in CIDR form.',
      'spec.prefix': 'Length of the network’s prefix that machines are told, such as 24.',
      'spec.gateway': 'Gateway that machines are told; it isn’t handed out itself.',
      'spec.excludedAddresses': 'Addresses within `addresses` not to hand out.',
    },
  },
  {
    group: 'runtime.cluster.x-k8s.io',
    kind: 'ExtensionConfig',
    fields: {
      'spec.clientConfig.service':
        'Service of the extension in the management cluster, called by HTTPS. Give this or `url`.',
      'spec.clientConfig.caBundle':
        'CA of the extension’s certificate. The annotation `runtime.cluster.x-k8s.io/inject-ca-from-secret` has it filled in.',
      'spec.namespaceSelector': 'Namespaces whose objects the extension is called for; all by default.',
      'spec.settings': 'Passed with each call; a ClusterClass’s patch may set its own.',
    },
  },
  ...operator.map((kind) => ({ group: 'operator.cluster.x-k8s.io', kind, fields: provider })),
];
