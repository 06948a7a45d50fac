// Notes on add-ons, IPAM and runtime extensions of Cluster API, and on the providers of its operator.
import type { FieldNotes, KindNotes } from './note.ts';

const provider: FieldNotes = {
  'spec.version':
    'Release of the provider to install, with the `v`. If omitted, the latest release at installation time is used; change it to upgrade.',
  'spec.configSecret':
    'Secret with the provider’s variables, such as credentials. The operator treats it as immutable: to change values, create a new Secret and reference it.',
  'spec.fetchConfig.url':
    'URL of a repository’s releases page from which to fetch the manifests, for a fork or a provider that the operator doesn’t know.',
  'spec.fetchConfig.oci': 'OCI artifact with the provider’s manifests and metadata.',
  'spec.fetchConfig.selector':
    'Labels of ConfigMaps that contain the manifests, for clusters without internet access. The name or a label of each ConfigMap states its version.',
  'spec.manager.featureGates': 'Feature gates of the provider’s controller, such as `ClusterTopology: true`.',
  'spec.manager.verbosity': 'Log level of the controller; 1 by default. At 5 and above every step is logged.',
  'spec.manager.maxConcurrentReconciles':
    'Number of objects that each controller reconciles concurrently; increase it for hundreds of clusters.',
  'spec.manager.syncPeriod': 'How often all objects are reconciled without a change; 10 hours by default.',
  'spec.manager.additionalArgs': 'Additional flags for the controller, without leading dashes.',
  'spec.deployment.replicas':
    'Number of controller replicas; 1 by default. Only the leader is active; the others stand by.',
  'spec.deployment.containers': 'Overrides for the controller’s containers by name: image, arguments, resources.',
  'spec.manifestPatches':
    'Merge patches for the provider’s manifests, each a string with the kind and name of its target. Kept for compatibility: `patches` supports more.',
  'spec.patches': 'Strategic merge or JSON patches for the provider’s manifests, each with a target.',
  'spec.additionalManifests':
    'ConfigMap whose key `manifests` contains objects to apply with the provider’s manifests.',
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
        'Selects the Clusters in this namespace to which the resources are applied. It must not be empty and is immutable.',
      'spec.strategy':
        '`ApplyOnce`, the default, applies the resources once: later changes don’t reach the clusters. `Reconcile` applies changes too. Immutable.',
      'spec.resources': 'ConfigMaps and Secrets in the same namespace; every key contains manifests to apply.',
      'spec.resources.kind':
        '`ConfigMap` or `Secret`. A Secret must have the type `addons.cluster.x-k8s.io/resource-set`; any other is rejected.',
    },
  },
  {
    group: 'addons.cluster.x-k8s.io',
    kind: 'HelmChartProxy',
    fields: {
      'spec.clusterSelector':
        'Selects the Clusters on which to install the chart; an empty selector matches all Clusters in the namespace.',
      'spec.version': 'Version of the chart; by default the latest at the time it is installed on each cluster.',
      'spec.valuesTemplate':
        'Values as a Go template over the Cluster and the objects it references, so that values can differ by cluster.',
      'spec.namespace': 'Namespace on the cluster into which the chart is installed; `default` if omitted.',
    },
  },
  {
    group: 'ipam.cluster.x-k8s.io',
    kind: 'InClusterIPPool',
    fields: {
      'spec.addresses':
        'Addresses to allocate: single addresses, ranges such as `10.0.0.10-10.0.0.50`, or CIDR ranges.',
      'spec.prefix': 'Prefix length of the network, such as 24, as configured on machines.',
      'spec.gateway': 'Gateway of the network, as configured on machines. It is never allocated.',
      'spec.excludedAddresses': 'Addresses within `addresses` that must not be allocated.',
    },
  },
  {
    group: 'runtime.cluster.x-k8s.io',
    kind: 'ExtensionConfig',
    fields: {
      'spec.clientConfig.service':
        'Service of the extension in the management cluster, called over HTTPS. Set either this or `url`.',
      'spec.clientConfig.caBundle':
        'CA bundle for the extension’s certificate. With the annotation `runtime.cluster.x-k8s.io/inject-ca-from-secret` it is filled in.',
      'spec.namespaceSelector': 'Selects the namespaces for whose objects the extension is called; all by default.',
      'spec.settings': 'Settings passed to the extension with each call; a patch in a ClusterClass can override them.',
    },
  },
  ...operator.map((kind) => ({ group: 'operator.cluster.x-k8s.io', kind, fields: provider })),
];
