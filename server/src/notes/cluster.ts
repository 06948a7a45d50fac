// Notes on cluster.x-k8s.io without ClusterClass: https://cluster-api.sigs.k8s.io/ and the types of both versions.
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
import type { FieldNotes, KindNotes } from './note.ts';
import { under } from './note.ts';

const group = 'cluster.x-k8s.io';

const metadata =
  'Labels and annotations for what is made from this entry. Of the labels only those of `node-role.kubernetes.io`, `node-restriction.kubernetes.io` and `node.cluster.x-k8s.io` reach the nodes.';

const overrides =
  'Replaces the variable of this name for this entry, the whole value: objects aren’t merged with the cluster’s.';

/** What a control plane and a set of workers in a topology share. */
const entry: FieldNotes = {
  metadata,
  ...deletion,
  ...taints,
  'rollout.after': rollout['rollout.after']!,
  'variables.overrides': overrides,
};

const healthCheck: FieldNotes = {
  'healthCheck.enabled':
    'Whether unhealthy machines are replaced: false turns off what the ClusterClass defines, true needs a definition here or there.',
  ...under('healthCheck.checks', checks),
  ...under('healthCheck.remediation', remediation),
};

const workers: FieldNotes = {
  name: 'Names the entry within the cluster. A new name is a new set of machines: the old one is deleted.',
  class: 'Which class of workers of the ClusterClass to use; it must be defined there.',
  replicas:
    'How many machines. Leave it out where the cluster autoscaler decides, with its minimum and maximum as annotations: both together are refused.',
};

export const cluster: readonly KindNotes[] = [
  {
    group,
    kind: 'Cluster',
    fields: {
      'spec.paused':
        'Stops every controller’s work on the cluster and all that belongs to it, deletion too. Set while moving a cluster; forgotten, nothing ever changes again.',
      'spec.clusterNetwork.pods.cidrBlocks':
        'Addresses for pods, handed to kubeadm and the provider; the network plugin must be told the same. Can’t be changed in a running cluster.',
      'spec.clusterNetwork.services.cidrBlocks':
        'Addresses for services. They must overlap neither the pods’ nor the nodes’, which nothing checks, and can’t be changed in a running cluster.',
      'spec.clusterNetwork.serviceDomain': 'DNS domain of services; kubeadm’s default is `cluster.local`.',
      'spec.clusterNetwork.apiServerPort': 'Port the API server listens on; 6443 by default. Some providers ignore it.',
      'spec.controlPlaneEndpoint':
        'Where the API server is reached. Mostly the infrastructure provider fills it in; give it only for an address you manage, and once set it stays.',
      'spec.controlPlaneEndpoint.host': 'Address or name of the API server’s endpoint.',
      'spec.controlPlaneEndpoint.port': 'Port of the API server’s endpoint, mostly 6443, 443 for managed services.',
      'spec.infrastructureRef':
        'The provider’s cluster object, in the same namespace. Leave it out with a topology, which fills it in; it can’t be taken away again.',
      'spec.controlPlaneRef':
        'The control plane object, in the same namespace. Leave it out with a topology, which fills it in; it can’t be taken away again.',
      'spec.infrastructureRef.apiGroup': 'Group without version: the version comes from the labels on the kind’s CRD.',
      'spec.controlPlaneRef.apiGroup': 'Group without version: the version comes from the labels on the kind’s CRD.',
      'spec.availabilityGates':
        'Further conditions of the Cluster that must be true before it counts as available. They replace those of the ClusterClass.',
      'spec.topology':
        'Makes the cluster from a ClusterClass: the controller writes and keeps all other objects. Needs the feature gate `ClusterTopology`, and can’t be removed again.',
      'spec.topology.classRef.name':
        'The ClusterClass. Another may be named later if its templates are of the same kinds; what differs is rolled out.',
      'spec.topology.classRef.namespace': 'Namespace of the ClusterClass; the Cluster’s own by default.',
      'spec.topology.class': 'The ClusterClass of the same namespace; `classRef.name` in v1beta2.',
      'spec.topology.version':
        'Kubernetes version of control plane and workers. A change upgrades the control plane first, then the workers; it can’t go down, nor up two minors at once unless the ClusterClass lists the versions. Write the `v`, else admission adds it and Git differs.',
      'spec.topology.variables':
        'Values for the ClusterClass’s variables. Required ones must be here, unknown ones are refused.',
      'spec.topology.variables.name': 'A variable that the ClusterClass, or an extension of it, defines.',
      'spec.topology.variables.value':
        'Checked against the variable’s schema in the ClusterClass, whose defaults are filled in.',
      'spec.topology.controlPlane.replicas':
        'Machines of the control plane: an odd number while etcd runs on them. Left out for control planes that the cloud runs.',
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
        failureDomains: 'Where the pool’s machines may be: names from the Cluster’s `status.failureDomains`.',
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
      'spec.topology.rolloutAfter': 'Has no effect and is gone in v1beta2, which has `rollout.after` on each part.',
    },
  },
  {
    group,
    kind: 'MachineDeployment',
    fields: {
      'spec.clusterName': 'The Cluster this belongs to, in the same namespace; it can’t change.',
      'spec.replicas':
        'How many machines; 1 where neither this nor the autoscaler’s minimum is given. Leave it out where the autoscaler decides, or Git and it fight.',
      'spec.selector':
        'Labels of the machines; it must match the template’s. Admission adds the cluster’s name and, to an empty one, the deployment’s.',
      'spec.paused': 'True holds rollouts back; scaling goes on. To stop everything pause the Cluster.',
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
      'spec.progressDeadlineSeconds': 'Has no effect any more and is gone in v1beta2.',
      'spec.revisionHistoryLimit': 'Has no effect any more and is gone in v1beta2.',
    },
  },
  {
    group,
    kind: 'MachinePool',
    fields: {
      'spec.clusterName': 'The Cluster this belongs to, in the same namespace; it can’t change.',
      'spec.replicas':
        'How many instances; 1 by default. Where the cloud’s own autoscaling decides, say so with the annotation `cluster.x-k8s.io/replicas-managed-by`.',
      'spec.failureDomains': 'Where the pool’s machines may be: names from the Cluster’s `status.failureDomains`.',
      'spec.providerIDList': 'Filled in by the provider; leave it out.',
      ...under('spec.template.spec', {
        clusterName: machine.clusterName!,
        version:
          'Kubernetes version of the machines, with `v`; not newer than the control plane’s. How a change is rolled out is the provider’s affair.',
        'bootstrap.dataSecretName': machine['bootstrap.dataSecretName']!,
        'bootstrap.configRef':
          'The bootstrap configuration itself, not a template of it: `KubeadmConfig`, where a MachineDeployment has `KubeadmConfigTemplate`.',
        infrastructureRef: 'The provider’s pool object itself, such as `AWSMachinePool`, not a template.',
      }),
    },
  },
  {
    group,
    kind: 'MachineHealthCheck',
    fields: {
      'spec.clusterName': 'The Cluster whose machines are watched, in the same namespace; it can’t change.',
      'spec.selector':
        'Labels of the machines to watch; empty is refused. For a control plane match `cluster.x-k8s.io/control-plane`, and never let two health checks watch one machine.',
      ...under('spec.checks', checks),
      ...under('spec.remediation', remediation),
      'spec.nodeStartupTimeout': `${checks.nodeStartupTimeoutSeconds!.split('; ')[0]}; \`10m\` by default, \`0s\` never says so.`,
      'spec.unhealthyConditions': checks.unhealthyNodeConditions!,
      'spec.maxUnhealthy': remediation['triggerIf.unhealthyLessThanOrEqualTo']!,
      'spec.unhealthyRange':
        'Machines are only replaced while the unhealthy ones are within this range, such as `[1-3]`. It wins over `maxUnhealthy`.',
      'spec.remediationTemplate': remediation.templateRef!,
    },
  },
  {
    group,
    kind: 'MachineDrainRule',
    fields: {
      'spec.drain.behavior':
        'What to do with matching pods when a node is drained: `Drain` evicts, `Skip` leaves them, `WaitCompleted` waits until they end by themselves.',
      'spec.drain.order': 'Pods with a lower number go first; 0 by default. Only with `Drain`.',
      'spec.machines': 'The machines this is for; left out, all in the namespace.',
      'spec.pods': 'The pods this is for, in any namespace; left out, all.',
    },
  },
];
