// The roles of Cluster API's contract: which kinds have them, and which kinds a reference with a role may name. The rows in
// kinds/ define roles; for providers without rows, the role follows from the API group and the suffix of the kind, which the
// contract specifies (https://cluster-api.sigs.k8s.io/developer/providers/contracts/overview).
import { type GroupKind, groupOf, kindName } from './identity.ts';
import type { Reference, Role } from './kind.ts';
import { kindRow } from './kinds.ts';

const providerGroup = /(?:^|\.)(infrastructure|bootstrap|controlplane)\.(?:.+\.)?cluster\.x-k8s\.io$/;

const roles: Readonly<Record<string, readonly [instance: Role, template: Role]>> = {
  infrastructure: ['infrastructure', 'infrastructureTemplate'],
  bootstrap: ['bootstrap', 'bootstrapTemplate'],
  controlplane: ['controlPlane', 'controlPlaneTemplate'],
};

/** The role of a kind; undefined for kinds without a row outside the API groups of providers. */
export function roleOf(groupKind: GroupKind): Role | undefined {
  const role = kindRow(groupKind)?.role;
  if (role) return role;
  const provider = providerGroup.exec(groupOf(groupKind))?.[1];
  if (provider === undefined) return undefined;
  return roles[provider]![kindName(groupKind).endsWith('Template') ? 1 : 0];
}

/** Whether a reference of an object of kind `by` may name the kind. */
export function mayName({ to, role, path }: Reference, by: string, target: GroupKind): boolean {
  if (to.length > 0) return to.includes(target);
  if (role === undefined) return true;
  if (role === 'addressPool') return isAddressPool(target);
  return roleOf(target) === role && suffixOf(by, path, role).test(kindName(target));
}

/** Whether a reference may name any kind. */
export function isOpen({ to, role }: Reference): boolean {
  return to.length === 0 && role === undefined;
}

function isAddressPool(groupKind: GroupKind): boolean {
  return groupKind.endsWith('Pool') && /^(?:ipam|ipam\..+)\.cluster\.x-k8s\.io$/.test(groupOf(groupKind));
}

/** Restricts the kinds with a role by the reference: the infrastructure of a MachinePool differs from that of a Machine. */
function suffixOf(by: string, path: string, role: Exclude<Role, 'addressPool'>): RegExp {
  switch (role) {
    case 'infrastructure':
      return by === 'MachinePool' ? /MachinePool$/ : by === 'Machine' ? /Machine$/ : /Cluster$/;
    case 'infrastructureTemplate':
      if (/^spec\.infrastructure\./.test(path)) return /ClusterTemplate$/;
      return path.includes('machinePools') ? /MachinePoolTemplate$/ : /MachineTemplate$/;
    case 'bootstrap':
      return /Config$/;
    case 'bootstrapTemplate':
      return /ConfigTemplate$/;
    case 'controlPlane':
      return /ControlPlane$/;
    case 'controlPlaneTemplate':
      return /ControlPlaneTemplate$/;
  }
}
