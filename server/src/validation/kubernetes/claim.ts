// Checks of PersistentVolumeClaims, as objects and as templates (kubernetes pkg/apis/core/validation
// ValidatePersistentVolumeClaimSpec).
import { dnsLabelProblem, dnsSubdomainProblem } from '../../kube/names.ts';
import { oneOfWords, show } from '../words.ts';
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
  if (!isHole(spec)) checkSources(spec, 'claim');
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
    fail(field, 'forbidden', 'must not contain other modes together with ReadWriteOncePod.');
}

function checkClaimSpec(spec: Field): void {
  if (isHole(spec)) return;
  checkLabelSelector(at(spec, 'selector'));
  checkAccessModes(at(spec, 'accessModes'));
  const storage = at(spec, 'resources', 'requests', 'storage');
  // The field path as the API server prints it.
  const blamed = [...spec.path, 'resources[storage]'];
  const size = nanos(storage.value);
  if (!isSet(storage)) failAs(blamed, storage, 'required', 'is required: the amount of storage to request.');
  else if (size !== undefined && size <= 0n)
    failAs(blamed, storage, 'invalid', `must be greater than 0, not ${String(storage.value)}.`);
  named(at(spec, 'storageClassName'), dnsSubdomainProblem);
  named(at(spec, 'volumeAttributesClassName'), dnsSubdomainProblem);
  oneOf(at(spec, 'volumeMode'), ['Block', 'Filesystem']);
}

/** A template in a workload or a pod: data sources of all kinds are checked, none is dropped. */
export function checkClaimTemplate(spec: Field): void {
  checkClaimSpec(spec);
  if (!isHole(spec)) checkSources(spec, 'template');
}

/** In a claim object the API server drops data sources of kinds it doesn't know and those in another namespace. */
function checkSources(spec: Field, of: 'claim' | 'template'): void {
  const [own, reference] = [at(spec, 'dataSource'), at(spec, 'dataSourceRef')];
  const namespace = at(reference, 'namespace');
  const foreign = isHole(namespace) || text(namespace) !== '';
  const elsewhere = of === 'claim' && foreign;
  const dropping = of === 'claim' && (foreign || !isSet(reference));
  const differs = ['kind', 'name', 'apiGroup'].some((name) => {
    const [one, other] = [at(own, name), at(reference, name)];
    return !isHole(one) && !isHole(other) && one.value !== other.value;
  });
  if (!elsewhere && isSet(own) && isSet(reference) && !isHole(own) && !isHole(reference) && !isHole(namespace)) {
    if (foreign)
      failAs(spec.path, own, 'invalid', 'must not be set together with a dataSourceRef in another namespace.');
    else if (differs) failAs(spec.path, own, 'invalid', 'must equal dataSourceRef or be omitted.');
  }
  if (!elsewhere) named(namespace, dnsLabelProblem);
  for (const name of elsewhere ? ['dataSource'] : ['dataSource', 'dataSourceRef']) {
    const source = at(spec, name);
    if (!isSet(source) || isHole(source)) continue;
    const [kind, group] = [text(at(source, 'kind')), text(at(source, 'apiGroup'))];
    if (kind === undefined || group === undefined) continue;
    const known =
      (kind === 'PersistentVolumeClaim' && group === '') ||
      (kind === 'VolumeSnapshot' && group === 'snapshot.storage.k8s.io');
    if (name === 'dataSource' && dropping && !known) continue;
    required(at(source, 'name'));
    required(at(source, 'kind'));
    if (group === '' && kind !== 'PersistentVolumeClaim')
      fail(source, 'invalid', `must set apiGroup for the kind ${show(kind)}.`);
    const problem = group === '' ? undefined : dnsSubdomainProblem(group);
    if (problem) fail(at(source, 'apiGroup'), 'invalid', `${problem}.`);
  }
}
