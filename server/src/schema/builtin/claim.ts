// PersistentVolumeClaims, as objects and as templates (kubernetes pkg/apis/core/validation
// ValidatePersistentVolumeClaimSpec).
import { dnsSubdomainProblem } from '../names.ts';
import { oneOfWords, show } from '../problem.ts';
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
import { checkLabelSelector } from './selector.ts';

export const persistentVolumeClaim: BuiltinCheck = (object, problems) => {
  checkClaimSpec(at(rootField(object, problems), 'spec'));
};

const modes = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];

export function checkAccessModes(field: Field): void {
  requiredList(field, 'access mode');
  const names = items(field).map(text);
  for (const [index, mode] of items(field).entries()) {
    const name = names[index];
    if (name !== undefined && !modes.includes(name))
      failAs(field.path, mode, 'unsupported', `must be ${oneOfWords(modes)}, not ${show(name)}.`);
  }
  if (names.includes('ReadWriteOncePod') && names.some((name) => name !== 'ReadWriteOncePod' && modes.includes(name!)))
    fail(field, 'forbidden', 'can’t name another mode beside ReadWriteOncePod.');
}

export function checkClaimSpec(spec: Field): void {
  if (isHole(spec)) return;
  checkLabelSelector(at(spec, 'selector'));
  checkAccessModes(at(spec, 'accessModes'));
  const storage = at(spec, 'resources', 'requests', 'storage');
  // So the server prints it.
  const blamed = [...spec.path, 'resources[storage]'];
  const size = nanos(storage.value);
  if (!isSet(storage)) failAs(blamed, storage, 'required', 'is required: how much to ask for.');
  else if (size !== undefined && size <= 0n) failAs(blamed, storage, 'invalid', 'must be more than 0.');
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
