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
  const spec = at(rootField(object, problems), 'spec');
  checkClaimSpec(spec);
  if (!isHole(spec)) checkSources(spec, !isSet(at(spec, 'dataSourceRef')));
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
}

/** Of a claim of its own; in templates the server reads them when it makes the claim. `dropping`: others than the two are ignored. */
function checkSources(spec: Field, dropping: boolean): void {
  const reference = at(spec, 'dataSourceRef');
  // The server drops one of another namespace.
  const elsewhere = isHole(at(reference, 'namespace')) || text(at(reference, 'namespace')) !== '';
  const both = !elsewhere && isSet(at(spec, 'dataSource')) && isSet(reference);
  const differs = ['kind', 'name', 'apiGroup'].some((name) => {
    const [one, other] = [at(spec, 'dataSource', name), at(reference, name)];
    return !isHole(one) && !isHole(other) && one.value !== other.value;
  });
  if (both && differs && !isHole(at(spec, 'dataSource')) && !isHole(reference))
    failAs(spec.path, at(spec, 'dataSource'), 'invalid', 'must be the same as dataSourceRef, or be left out.');
  for (const name of elsewhere ? ['dataSource'] : ['dataSource', 'dataSourceRef']) {
    const source = at(spec, name);
    if (!isSet(source) || isHole(source)) continue;
    const [kind, group] = [text(at(source, 'kind')), text(at(source, 'apiGroup'))];
    if (kind === undefined || group === undefined) continue;
    const known =
      (kind === 'PersistentVolumeClaim' && group === '') ||
      (kind === 'VolumeSnapshot' && group === 'snapshot.storage.k8s.io');
    if (name === 'dataSource' && (dropping || elsewhere) && !known) continue;
    required(at(source, 'name'));
    required(at(source, 'kind'));
    if (group === '' && kind !== 'PersistentVolumeClaim')
      fail(source, 'invalid', `must have an apiGroup for the kind ${show(kind)}.`);
    const problem = group === '' ? undefined : dnsSubdomainProblem(group);
    if (problem) fail(at(source, 'apiGroup'), 'invalid', `${problem}.`);
  }
}
