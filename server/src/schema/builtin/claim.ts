// PersistentVolumeClaims, as objects and as templates (kubernetes pkg/apis/core/validation
// ValidatePersistentVolumeClaimSpec).
import { dnsSubdomainProblem } from '../names.ts';
import type { BuiltinCheck } from './builtin.ts';
import {
  at,
  type Field,
  fail,
  failAs,
  isHole,
  isSet,
  items,
  named,
  oneOf,
  required,
  requiredList,
  rootField,
  text,
} from './field.ts';
import { nanos } from './quantity.ts';
import { checkResources } from './resources.ts';
import { checkLabelSelector } from './selector.ts';

export const persistentVolumeClaim: BuiltinCheck = (object, problems) => {
  checkClaimSpec(at(rootField(object, problems), 'spec'));
};

const modes = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];

export function checkAccessModes(field: Field): void {
  requiredList(field, 'access mode');
  for (const mode of items(field)) oneOf(mode, modes);
  const names = items(field).map(text);
  if (names.includes('ReadWriteOncePod') && names.length > 1)
    fail(field, 'forbidden', 'can’t name another mode beside ReadWriteOncePod.');
}

export function checkClaimSpec(spec: Field): void {
  if (isHole(spec)) return;
  checkLabelSelector(at(spec, 'selector'));
  checkAccessModes(at(spec, 'accessModes'));
  checkResources(at(spec, 'resources'), 'claim');
  const storage = at(spec, 'resources', 'requests', 'storage');
  if (!isSet(storage))
    failAs([...spec.path, 'resources', 'storage'], storage, 'required', 'is required: how much to ask for.');
  const size = nanos(storage.value);
  if (size === 0n) fail(storage, 'invalid', 'must be more than 0.');
  named(at(spec, 'storageClassName'), dnsSubdomainProblem);
  named(at(spec, 'volumeAttributesClassName'), dnsSubdomainProblem);
  oneOf(at(spec, 'volumeMode'), ['Block', 'Filesystem']);
  for (const name of ['dataSource', 'dataSourceRef']) {
    const source = at(spec, name);
    if (!isSet(source)) continue;
    required(at(source, 'name'));
    required(at(source, 'kind'));
    if (
      text(at(source, 'apiGroup')) === '' &&
      text(at(source, 'kind')) !== 'PersistentVolumeClaim' &&
      text(at(source, 'kind'))
    )
      fail(at(source, 'apiGroup'), 'required', 'is required but for a PersistentVolumeClaim.');
  }
}
