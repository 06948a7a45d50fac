// Notes on cluster.x-k8s.io except ClusterClass: https://cluster-api.sigs.k8s.io/ and the types of both versions.
import {
  bootstrapRef,
  checks,
  deletion,
  deletionV1Beta1,
  machine,
  maxInFlight,
  minReadySeconds,
  naming,
  order,
  readiness,
  remediation,
  rollout,
  strategyV1Beta1,
  taints,
} from './machines.ts';
import { deprecated, type FieldNotes, type KindNotes, under } from './note.ts';

const group = 'cluster.x-k8s.io';

const metadata =
  'Labels and annotations for objects created from this entry. Only labels in `node-role.kubernetes.io`, `node-restriction.kubernetes.io` and `node.cluster.x-k8s.io` are propagated to nodes.';

const overrides =
  'Replaces the variable of this name for this entry, as a whole: objects are not merged with the cluster’s value.';

/** Fields that the control plane and the sets of workers in a topology share. */
const entry: FieldNotes = {
  metadata,
  ...deletion,
  ...taints,
  'rollout.after': rollout['rollout.after']!,
  'variables.overrides': overrides,
};

const healthCheck: FieldNotes = {
  'healthCheck.enabled':
    'Whether unhealthy machines are replaced. False disables the checks of the ClusterClass; true requires a definition here or in the ClusterClass.',
  ...under('healthCheck.checks', checks),
  ...under('healthCheck.remediation', remediation),
};

const workers: FieldNotes = {
  name: 'Name of the entry, unique within the cluster. Renaming it creates a new set of machines and deletes the old one.',
  class: 'Class of workers, as defined in the ClusterClass.',
  replicas:
    'Number of machines. Omit it if the cluster autoscaler sets it, with the minimum and maximum as annotations; setting both is rejected.',
};

export const cluster: readonly KindNotes[] = [
  {
    group,
    kind: 'Cluster',
    fields: {
      'spec.paused':
        'Pauses all controllers for the cluster and all objects that belong to it, including deletion. Used while moving a cluster; a cluster left paused is never reconciled.',
      'spec.clusterNetwork.pods.cidrBlocks':
        'CIDR ranges for pods, passed to kubeadm and the provider; the network plugin must be configured with the same ranges. They can’t be changed in a running cluster.',
      'spec.clusterNetwork.services.cidrBlocks':
        'CIDR ranges for services. They must not overlap with those of pods or nodes, which is not validated, and can’t be changed in a running cluster.',
      'spec.clusterNetwork.serviceDomain': 'DNS domain of services; kubeadm’s default is `cluster.local`.',
      'spec.clusterNetwork.apiServerPort':
        'Port on which the API server listens; 6443 by default. Some providers ignore it.',
      'spec.controlPlaneEndpoint':
        'Endpoint of the API server. Usually set by the infrastructure provider; set it only for an address that you manage. Immutable once set.',
      'spec.controlPlaneEndpoint.host': 'Address or DNS name of the API server’s endpoint.',
      'spec.controlPlaneEndpoint.port': 'Port of the API server’s endpoint, usually 6443, or 443 for managed services.',
      'spec.infrastructureRef':
        'The provider’s cluster object, in the same namespace. Omit it with a topology, which sets it; once set, it can’t be removed.',
      'spec.controlPlaneRef':
        'The control plane object, in the same namespace. Omit it with a topology, which sets it; once set, it can’t be removed.',
      'spec.infrastructureRef.apiGroup':
        'API group without a version; the version is read from labels on the kind’s CRD.',
      'spec.controlPlaneRef.apiGroup':
        'API group without a version; the version is read from labels on the kind’s CRD.',
      'spec.availabilityGates':
        'Additional Cluster conditions that must be true before the Cluster is available. They replace those of the ClusterClass.',
      'spec.topology':
        'Creates the cluster from a ClusterClass: the controller creates and updates all other objects. Requires the feature gate `ClusterTopology`, and can’t be removed.',
      'spec.topology.classRef.name':
        'Name of the ClusterClass. It can be changed to a class whose templates have the same kinds; differences are rolled out.',
      'spec.topology.classRef.namespace': 'Namespace of the ClusterClass; the Cluster’s namespace by default.',
      'spec.topology.class': 'ClusterClass in the same namespace; `classRef.name` in v1beta2.',
      'spec.topology.version':
        'Kubernetes version of the control plane and workers. A change upgrades the control plane first, then the workers. Downgrades are rejected, as are upgrades over two minor versions unless the ClusterClass lists them; include the `v`, which admission otherwise adds, causing a diff with Git.',
      'spec.topology.variables':
        'Values for the variables of the ClusterClass. Required variables must be set; unknown variables are rejected.',
      'spec.topology.variables.name': 'Name of a variable that the ClusterClass or one of its extensions defines.',
      'spec.topology.variables.value':
        'Value, validated against the variable’s schema in the ClusterClass; defaults are filled in.',
      'spec.topology.controlPlane.replicas':
        'Number of control plane machines: an odd number with stacked etcd. Omit it for managed control planes.',
      ...under('spec.topology.controlPlane', { ...entry, ...healthCheck, readinessGates: readiness.readinessGates! }),
      ...under('spec.topology.workers.machineDeployments', {
        ...workers,
        ...entry,
        ...healthCheck,
        ...rollout,
        ...order,
        ...readiness,
        ...under('healthCheck.remediation', maxInFlight),
        failureDomain: machine.failureDomain!,
      }),
      ...under('spec.topology.workers.machinePools', {
        ...workers,
        metadata,
        ...deletion,
        ...taints,
        ...minReadySeconds,
        'variables.overrides': overrides,
        failureDomains: 'Failure domains for the pool’s machines: names in the Cluster’s `status.failureDomains`.',
      }),
    },
  },
  {
    group,
    kind: 'Cluster',
    versions: ['v1beta1'],
    fields: {
      ...under('spec.topology.controlPlane', deletionV1Beta1),
      ...under('spec.topology.workers.machineDeployments', { ...deletionV1Beta1, ...strategyV1Beta1 }),
      'spec.topology.rolloutAfter': deprecated(
        'Has no effect and no longer exists in v1beta2; use `rollout.after` of the control plane and workers.',
      ),
    },
  },
  {
    group,
    kind: 'MachineDeployment',
    fields: {
      'spec.clusterName': 'Name of the Cluster to which this belongs, in the same namespace. Immutable.',
      'spec.replicas':
        'Number of machines; 1 if neither this nor the autoscaler’s minimum is set. Omit it if the autoscaler sets it; otherwise each apply overrides the autoscaler.',
      'spec.selector':
        'Selects the machines; must match the labels in the template. Admission adds the cluster’s name and, to an empty selector, the deployment’s name.',
      'spec.paused': 'If true, pauses rollouts; scaling continues. To pause everything, pause the Cluster.',
      ...under('spec', { ...rollout, ...order, ...under('remediation', maxInFlight) }),
      'spec.machineNaming.template': naming('{{ .machineSet.name }}-{{ .random }}'),
      'spec.template.metadata': metadata,
      ...under('spec.template.spec', { ...machine, ...bootstrapRef, ...deletion, ...readiness, ...taints }),
    },
  },
  {
    group,
    kind: 'MachineDeployment',
    versions: ['v1beta1'],
    fields: {
      ...under('spec', { ...strategyV1Beta1, ...minReadySeconds, rolloutAfter: rollout['rollout.after']! }),
      ...under('spec.template.spec', deletionV1Beta1),
      'spec.strategy.rollingUpdate.deletePolicy': order['deletion.order']!,
      'spec.progressDeadlineSeconds': deprecated('Has no effect and no longer exists in v1beta2.'),
      'spec.revisionHistoryLimit': deprecated('Has no effect and no longer exists in v1beta2.'),
    },
  },
  {
    group,
    kind: 'MachinePool',
    fields: {
      'spec.clusterName': 'Name of the Cluster to which this belongs, in the same namespace. Immutable.',
      'spec.replicas':
        'Number of instances; 1 by default. If the cloud’s autoscaler sets it, add the annotation `cluster.x-k8s.io/replicas-managed-by`.',
      'spec.failureDomains': 'Failure domains for the pool’s machines: names in the Cluster’s `status.failureDomains`.',
      'spec.providerIDList': 'Set by the provider; omit it.',
      ...under('spec.template.spec', {
        clusterName: machine.clusterName!,
        version:
          'Kubernetes version of the machines, with the `v`; not newer than the control plane’s. The provider determines how a change is rolled out.',
        'bootstrap.dataSecretName': machine['bootstrap.dataSecretName']!,
        'bootstrap.configRef':
          'The bootstrap configuration itself, not a template: `KubeadmConfig`, where a MachineDeployment references a `KubeadmConfigTemplate`.',
        infrastructureRef: 'The provider’s pool object itself, such as `AWSMachinePool`, not a template.',
      }),
    },
  },
  {
    group,
    kind: 'MachineHealthCheck',
    fields: {
      'spec.clusterName': 'Name of the Cluster whose machines are checked, in the same namespace. Immutable.',
      'spec.selector':
        'Selects the machines to check; must not be empty. For a control plane, match `cluster.x-k8s.io/control-plane`. A machine must not be selected by two health checks.',
      ...under('spec.checks', checks),
      ...under('spec.remediation', remediation),
      'spec.nodeStartupTimeout':
        'A machine without a node after this time is unhealthy; `10m` by default, `0s` disables the check.',
      'spec.unhealthyConditions': checks.unhealthyNodeConditions!,
      'spec.maxUnhealthy': remediation['triggerIf.unhealthyLessThanOrEqualTo']!,
      'spec.unhealthyRange':
        'Replaces machines only while the number of unhealthy ones is within this range, such as `[1-3]`. Takes precedence over `maxUnhealthy`.',
      'spec.remediationTemplate': remediation.templateRef!,
    },
  },
  {
    group,
    kind: 'MachineDrainRule',
    fields: {
      'spec.drain.behavior':
        'Behavior for matching pods when a node is drained: `Drain` evicts them, `Skip` ignores them, `WaitCompleted` waits until they complete.',
      'spec.drain.order': 'Pods with a lower order are drained first; 0 by default. Only with `Drain`.',
      'spec.machines': 'Machines to which the rule applies; if omitted, all machines in the namespace.',
      'spec.pods': 'Pods to which the rule applies, in any namespace; if omitted, all pods.',
    },
  },
];
