// Checks of the security contexts of pods and containers (kubernetes pkg/apis/core/validation).
import { show } from '../words.ts';
import { at, type Field, fail, flag, isHole, isSet, items, named, oneOf, text, unique } from './field.ts';
import { descendingPath, unixId } from './formats.ts';
import { checkWindowsOptions } from './windows.ts';

/** `hostUsers`: whether the pod uses the node's user namespace; `undefined` if unknown. */
export function checkSecurityContext(field: Field, hostUsers: boolean | undefined): void {
  if (!isSet(field)) return;
  unixId(at(field, 'runAsUser'));
  unixId(at(field, 'runAsGroup'));
  const procMount = at(field, 'procMount');
  oneOf(procMount, ['Default', 'Unmasked']);
  if (text(procMount) === 'Unmasked' && hostUsers)
    fail(procMount, 'invalid', 'must not be Unmasked unless the pod sets hostUsers: false.');
  checkWindowsOptions(at(field, 'windowsOptions'));
  checkSeccomp(at(field, 'seccompProfile'));
  checkAppArmor(at(field, 'appArmorProfile'));
  const escalation = at(field, 'allowPrivilegeEscalation');
  if (escalation.value !== false) return;
  if (flag(at(field, 'privileged')))
    fail(field, 'invalid', 'must not set allowPrivilegeEscalation: false on a privileged container.');
  if (items(at(field, 'capabilities', 'add')).some((capability) => capability.value === 'CAP_SYS_ADMIN'))
    fail(field, 'invalid', 'must not set allowPrivilegeEscalation: false and add CAP_SYS_ADMIN.');
}

export function checkPodSecurityContext(field: Field, spec: Field): void {
  if (!isSet(field)) return;
  for (const name of ['fsGroup', 'runAsUser', 'runAsGroup']) unixId(at(field, name));
  for (const group of items(at(field, 'supplementalGroups'))) unixId(group);
  if (flag(at(spec, 'shareProcessNamespace')) && flag(at(spec, 'hostPID')))
    fail(at(spec, 'shareProcessNamespace'), 'invalid', 'must not be true together with hostPID: true.');
  checkWindowsOptions(at(field, 'windowsOptions'));
  checkSysctls(at(field, 'sysctls'), spec);
  oneOf(at(field, 'fsGroupChangePolicy'), ['OnRootMismatch', 'Always']);
  oneOf(at(field, 'supplementalGroupsPolicy'), ['Merge', 'Strict']);
  oneOf(at(field, 'seLinuxChangePolicy'), ['MountOption', 'Recursive']);
  checkSeccomp(at(field, 'seccompProfile'));
  checkAppArmor(at(field, 'appArmorProfile'));
}

function checkSysctls(field: Field, spec: Field): void {
  const names = items(field).map((sysctl) => at(sysctl, 'name'));
  unique(names, 'sysctl');
  for (const name of names) {
    const value = text(name);
    if (value === '') fail(name, 'required', 'is required.');
    if (!value) continue;
    const segment = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
    if (value.length > 253 || !new RegExp(`^(${segment}[./])*${segment}$`).test(value))
      fail(name, 'invalid', `must be a sysctl name, not ${show(value)}.`);
    if (flag(at(spec, 'hostNetwork')) && /^net[./]/.test(value))
      fail(name, 'invalid', 'must not be set with hostNetwork: true.');
    if (flag(at(spec, 'hostIPC')) && /^(kernel[./](shm|msg|sem)|fs[./]mqueue[./])/.test(value))
      fail(name, 'invalid', 'must not be set with hostIPC: true.');
  }
}

function checkSeccomp(field: Field): void {
  if (!isSet(field) || isHole(field)) return;
  const type = at(field, 'type');
  oneOf(type, ['Localhost', 'RuntimeDefault', 'Unconfined'], 'mandatory');
  const local = at(field, 'localhostProfile');
  if (text(type) === 'Localhost') {
    if (!isSet(local)) fail(local, 'required', 'is required with type: Localhost.');
    else named(local, descendingPath);
  } else if (isSet(local) && text(type) !== undefined) fail(local, 'invalid', 'can be set only with type: Localhost.');
}

function checkAppArmor(field: Field): void {
  if (!isSet(field) || isHole(field)) return;
  const type = at(field, 'type');
  oneOf(type, ['Localhost', 'RuntimeDefault', 'Unconfined'], 'mandatory');
  const local = at(field, 'localhostProfile');
  const profile = text(local);
  if (text(type) === 'Localhost') {
    if (profile !== undefined && profile.trim() === '') fail(local, 'required', 'is required with type: Localhost.');
    else if (profile !== undefined && profile !== profile.trim())
      fail(local, 'invalid', 'must not begin or end with whitespace.');
  } else if (isSet(local) && text(type) !== undefined) fail(local, 'invalid', 'can be set only with type: Localhost.');
}
