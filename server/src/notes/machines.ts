// Notes on structures that several Cluster API kinds share: how machines are created, replaced, checked and deleted.
import type { FieldNotes } from './note.ts';
import { under } from './note.ts';

/** Timeouts while a machine is deleted, under `deletion` in v1beta2. */
const timeouts: FieldNotes = {
  nodeDrainTimeoutSeconds:
    'How long to drain the node before the machine is deleted regardless. Unset or 0 waits indefinitely, so that a single strict PodDisruptionBudget can block an entire rollout.',
  nodeVolumeDetachTimeoutSeconds:
    'How long to wait until volumes are detached from the node. Unset or 0 waits indefinitely.',
  nodeDeletionTimeoutSeconds:
    'How long to retry deletion of the Node object after the machine is gone; 10 by default, 0 retries indefinitely.',
};

export const deletion: FieldNotes = under('deletion', timeouts);

/** The same in v1beta1, as durations next to the other fields. */
export const deletionV1Beta1: FieldNotes = {
  nodeDrainTimeout: `${timeouts.nodeDrainTimeoutSeconds} A duration such as \`10m\`.`,
  nodeVolumeDetachTimeout: `${timeouts.nodeVolumeDetachTimeoutSeconds} A duration such as \`5m\`.`,
  nodeDeletionTimeout: 'How long to retry deletion of the Node object after the machine is gone; `10s` by default.',
};

export const order: FieldNotes = {
  'deletion.order':
    'Which machines are deleted first when scaling down: `Random` by default, `Newest` or `Oldest`. A machine with the annotation `cluster.x-k8s.io/delete-machine` is deleted before all others.',
};

const maxSurge =
  'Number of machines above `replicas` during a rollout, or a percentage, rounded up; 1 by default. They require capacity in quotas and subnets.';
const maxUnavailable =
  'Number of machines that can be unavailable during a rollout, or a percentage, rounded down; 0 by default. It must not be 0 if `maxSurge` is 0.';

export const rollout: FieldNotes = {
  'rollout.after':
    'Machines created before this time are replaced once it has passed, even without another change. Set it to the current time to replace all machines.',
  'rollout.strategy.type':
    '`RollingUpdate`, the default, replaces machines gradually; `OnDelete` replaces a machine when you delete it.',
  'rollout.strategy.rollingUpdate.maxSurge': maxSurge,
  'rollout.strategy.rollingUpdate.maxUnavailable': maxUnavailable,
};

export const strategyV1Beta1: FieldNotes = {
  'strategy.type': rollout['rollout.strategy.type']!,
  'strategy.rollingUpdate.maxSurge': maxSurge,
  'strategy.rollingUpdate.maxUnavailable': maxUnavailable,
};

export const minReadySeconds: FieldNotes = {
  minReadySeconds: 'How long a machine must be ready before it is available and the rollout continues; 0 by default.',
};

export const readiness: FieldNotes = {
  readinessGates: 'Additional Machine conditions that must be true before the Machine is ready.',
  ...minReadySeconds,
};

export const taints: FieldNotes = {
  taints:
    'Taints that Cluster API manages on the nodes. Requires the feature gate `MachineTaintPropagation`, which is off by default; without it the object is rejected.',
  'taints.propagation':
    '`Always` restores the taint if it is removed; `OnInitialization` sets it once, so that another component can remove it.',
};

/** The spec of a Machine, in a template of machines. */
export const machine: FieldNotes = {
  clusterName:
    'Name of the Cluster to which the machines belong; must equal the one outside of the template. Immutable.',
  version:
    'Kubernetes version of the machines, with the `v`. It must not be newer than the control plane’s, and at most three minor versions older. A change replaces every machine.',
  failureDomain:
    'Failure domain in which the machines are created: a name in the Cluster’s `status.failureDomains`. Workers aren’t spread over failure domains automatically: create one MachineDeployment for each.',
  'bootstrap.dataSecretName':
    'Secret with existing bootstrap data, instead of `configRef`. On Machines, Cluster API sets it itself.',
  infrastructureRef:
    'Template for the machines’ infrastructure. Templates are immutable: copy the template under a new name and reference it here, which replaces the machines.',
};

export const bootstrapRef: FieldNotes = {
  'bootstrap.configRef':
    'Template for the bootstrap data. Changes to the template affect only machines created later; reference a new template to replace existing machines.',
};

/** When machines are considered unhealthy, under `checks` or `healthCheck.checks` in v1beta2. */
export const checks: FieldNotes = {
  nodeStartupTimeoutSeconds:
    'A machine without a node after this time is unhealthy; 600 by default, at least 30, and 0 disables the check. If it is shorter than the time a machine takes to boot, machines are replaced before they are ready.',
  unhealthyNodeConditions:
    'Node conditions that make the machine unhealthy; one that lasts for its timeout is enough. Usually `Ready` with both `False` and `Unknown`, which is the status if the kubelet stops.',
  'unhealthyNodeConditions.timeoutSeconds':
    'How long the condition must last. Use more than the duration of a reboot; otherwise a restart replaces the machine.',
  unhealthyMachineConditions:
    'Machine conditions that make the machine unhealthy. Conditions that Cluster API derives itself, such as `Ready` and `Available`, are not allowed.',
};

export const remediation: FieldNotes = {
  'triggerIf.unhealthyLessThanOrEqualTo':
    'Replaces machines only while at most this many are unhealthy, as a number or percentage. It prevents mass deletion during a network outage. If omitted, machines are always replaced.',
  'triggerIf.unhealthyInRange':
    'Replaces machines only while the number of unhealthy ones is within this range, such as `[1-3]`. Takes precedence over `unhealthyLessThanOrEqualTo`.',
  templateRef:
    'Delegates remediation to a provider, such as a power cycle of bare metal, instead of deleting the machine.',
};

export const maxInFlight: FieldNotes = {
  maxInFlight:
    'Maximum number of unhealthy machines that are replaced concurrently, as a number or percentage; unlimited if omitted.',
};

export const naming = (template: string): string =>
  `Go template for the names of the machines; \`${template}\` by default. It must contain \`{{ .random }}\`; names that are too long are truncated.`;
