// Which changes of Cluster API objects replace machines.
import { type GroupKind, kindName } from '../kube/identity.ts';
import { roleOf } from '../kube/roles.ts';
import type { Path } from '../syntax/tree.ts';

export type MachineChange =
  /** Machines are replaced, one after the other. */
  | 'rolls'
  /** A template is changed in place: most providers refuse that, and no machine gets it before something names another template. */
  | 'template';

/** Undefined if the change of a field leaves all machines as they are. */
export function machineChange(groupKind: GroupKind, path: Path): MachineChange | undefined {
  const role = roleOf(groupKind);
  const field = path.filter((step) => typeof step === 'string').join('.');
  if (role === 'infrastructureTemplate' || role === 'bootstrapTemplate') {
    const isOfMachines = role === 'bootstrapTemplate' || kindName(groupKind).endsWith('MachineTemplate');
    return isOfMachines && isBelow(field, 'spec.template.spec') ? 'template' : undefined;
  }
  const fields = rolling.get(groupKind) ?? (role === 'controlPlane' ? controlPlane : []);
  return fields.some((one) => isBelow(field, one)) ? 'rolls' : undefined;
}

function isBelow(field: string, prefix: string): boolean {
  return field === prefix || field.startsWith(`${prefix}.`);
}

const controlPlane: readonly string[] = ['spec.version', 'spec.machineTemplate.infrastructureRef'];

/** https://cluster-api.sigs.k8s.io/reference/glossary: what is propagated in place is missing here. */
const template: readonly string[] = ['bootstrap', 'infrastructureRef', 'version', 'failureDomain'].map(
  (field) => `spec.template.spec.${field}`,
);

const rolling: ReadonlyMap<GroupKind, readonly string[]> = new Map<GroupKind, readonly string[]>([
  ['cluster.x-k8s.io/MachineDeployment', template],
  ['cluster.x-k8s.io/MachinePool', template],
  [
    'controlplane.cluster.x-k8s.io/KubeadmControlPlane',
    [...controlPlane, 'spec.kubeadmConfigSpec', 'spec.machineTemplate.spec.infrastructureRef'],
  ],
  ['cluster.x-k8s.io/Cluster', ['spec.topology.version', 'spec.topology.class', 'spec.topology.classRef']],
]);
