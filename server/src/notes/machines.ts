// Notes on structures that several Cluster API kinds share: how machines are made, replaced, checked and deleted.
import type { FieldNotes } from './note.ts';
import { under } from './note.ts';

/** Waits while a machine goes, under a `deletion` of v1beta2. */
const timeouts: FieldNotes = {
  nodeDrainTimeoutSeconds:
    'How long to drain the node before the machine is deleted anyway. Unset or 0 waits for ever, so one strict PodDisruptionBudget holds up a whole rollout.',
  nodeVolumeDetachTimeoutSeconds:
    'How long to wait until volumes are detached from the node. Unset or 0 waits for ever.',
  nodeDeletionTimeoutSeconds:
    'How long to try to delete the Node object after the machine is gone; 10 by default, 0 tries for ever.',
};

export const deletion: FieldNotes = under('deletion', timeouts);

/** The same in v1beta1, as durations beside the other fields. */
export const deletionV1Beta1: FieldNotes = {
  nodeDrainTimeout: `${timeouts.nodeDrainTimeoutSeconds} A duration such as \`10m\`.`,
  nodeVolumeDetachTimeout: `${timeouts.nodeVolumeDetachTimeoutSeconds} A duration such as \`5m\`.`,
  nodeDeletionTimeout: 'How long to try to delete the Node object after the machine is gone; `10s` by default.',
};

export const order: FieldNotes = {
  'deletion.order':
    'Which machines go first when scaling down: `Random` by default, `Newest` or `Oldest`. A machine with the annotation `cluster.x-k8s.io/delete-machine` goes before all.',
};

const maxSurge =
  'Machines that may exist beyond `replicas` during a rollout, as a number or a percentage rounded up; 1 by default. They need room in quotas and subnets.';
const maxUnavailable =
  'Machines that may be missing during a rollout, as a number or a percentage rounded down; 0 by default. Not both this and `maxSurge` can be 0.';

export const rollout: FieldNotes = {
  'rollout.after':
    'Machines made before this time are replaced once it has passed, though nothing else changed. Set it to now to roll everything.',
  'rollout.strategy.type':
    '`RollingUpdate`, the default, replaces machines step by step; `OnDelete` waits until you delete each old one.',
  'rollout.strategy.rollingUpdate.maxSurge': maxSurge,
  'rollout.strategy.rollingUpdate.maxUnavailable': maxUnavailable,
};

export const strategyV1Beta1: FieldNotes = {
  'strategy.type': rollout['rollout.strategy.type']!,
  'strategy.rollingUpdate.maxSurge': maxSurge,
  'strategy.rollingUpdate.maxUnavailable': maxUnavailable,
};

export const minReadySeconds: FieldNotes = {
  minReadySeconds:
    'How long a machine must be ready before it counts as available and the rollout goes on; 0 by default.',
};

export const readiness: FieldNotes = {
  readinessGates: 'Further conditions of the Machine that must be true before it counts as ready.',
  ...minReadySeconds,
};

export const taints: FieldNotes = {
  taints:
    'Taints that Cluster API itself keeps on the nodes. Needs the feature gate `MachineTaintPropagation`, off by default; without it the object is refused.',
  'taints.propagation':
    '`Always` sets the taint again whenever it is gone; `OnInitialization` sets it once, so that something else may take it off.',
};

/** What a Machine is made of, in a template of machines. */
export const machine: FieldNotes = {
  clusterName:
    'Name of the Cluster the machines belong to; the same as the one outside the template, and it can’t change.',
  version:
    'Kubernetes version of the machines, with `v`. Not newer than the control plane’s and at most three minors older; a change replaces every machine.',
  failureDomain:
    'Where to make the machines: a name from the Cluster’s `status.failureDomains`. Workers aren’t spread over several by themselves: make one MachineDeployment for each.',
  'bootstrap.dataSecretName':
    'Secret with ready-made bootstrap data, in place of `configRef`. Cluster API fills it in on Machines itself.',
  infrastructureRef:
    'Template for the machines’ infrastructure. Templates can’t be edited: copy it under a new name and name that here, which replaces the machines.',
};

export const bootstrapRef: FieldNotes = {
  'bootstrap.configRef':
    'Template for the bootstrap data. Editing the template changes only machines made later; name a new one to replace those there are.',
};

/** Where machines are deemed unhealthy, under `checks` or `healthCheck.checks` of v1beta2. */
export const checks: FieldNotes = {
  nodeStartupTimeoutSeconds:
    'A machine without a node after this time is unhealthy; 600 by default, 0 never says so, and else at least 30. Allow for slow images, or machines are replaced before they are up.',
  unhealthyNodeConditions:
    'Conditions of the Node that make its machine unhealthy; one that lasts for its time is enough. Mostly `Ready` both `False` and `Unknown`, as a dead kubelet gives the latter.',
  'unhealthyNodeConditions.timeoutSeconds':
    'How long the condition must last. Longer than a reboot takes, or a restart costs the machine.',
  unhealthyMachineConditions:
    'Conditions of the Machine that make it unhealthy. Those Cluster API derives itself, such as `Ready` and `Available`, can’t be named.',
};

export const remediation: FieldNotes = {
  'triggerIf.unhealthyLessThanOrEqualTo':
    'Machines are only replaced while no more than this many are unhealthy, as a number or percentage: it stops a storm of deletions when the network fails. Left out, they always are.',
  'triggerIf.unhealthyInRange':
    'Machines are only replaced while the unhealthy ones are within this range, such as `[1-3]`. It wins over `unhealthyLessThanOrEqualTo`.',
  templateRef:
    'Hands remediation to a provider, such as a power cycle of bare metal, in place of deleting the machine.',
};

export const maxInFlight: FieldNotes = {
  maxInFlight:
    'Machines that may be replaced at once because they are unhealthy, as a number or percentage; without it all of them.',
};

export const naming = (template: string): string =>
  `Go template for the names of the machines; \`${template}\` by default. It must contain \`{{ .random }}\`; names that get too long are cut.`;
