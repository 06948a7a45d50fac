// What clusters get of an object that isn't written in its file, such as what a patch of the kustomization adds: rules are
// about the whole.
import { groupKindOf, gvkOf } from '../../kube/identity.ts';
import { type Built, type BuiltMap, builtValue } from '../../kustomize/built.ts';
import type { Value } from '../../syntax/tree.ts';
import { isObject, own } from '../../syntax/value.ts';
import { latestHomesOf } from '../../workspace/homes.ts';
import type { Cursor } from '../cursor.ts';

/** More forms of one object rarely differ in what they add. */
const mostForms = 4;

/** The forms that the clusters got an object of the file in when they were last asked for. */
export function appliedAs({ workspace, path }: Cursor, written: Value): readonly BuiltMap[] {
  if (!isObject(written)) return [];
  const [apiVersion, kind] = [own(written, 'apiVersion'), own(written, 'kind')];
  const gvk = typeof apiVersion === 'string' && typeof kind === 'string' ? gvkOf(apiVersion, kind) : undefined;
  const metadata = own(written, 'metadata');
  const name = isObject(metadata) ? own(metadata, 'name') : undefined;
  if (!gvk || typeof name !== 'string') return [];
  const groupKind = groupKindOf(gvk);
  const found = latestHomesOf(workspace, path).flatMap((home) => {
    const own = home.begunIn(path).filter((one) => one.groupKind === groupKind);
    // The build may change the name.
    return own.length === 1 ? own : own.filter((one) => one.name === name);
  });
  return [...new Set(found.map(({ value }) => value))].slice(0, mostForms);
}

/** The object with what the forms have from other files; of a list that is written here, the items stay. */
export function withSupplied(written: Value, forms: readonly BuiltMap[], path: string): Value {
  return forms.reduce((value, form) => supplied(value, form, path), written);
}

function supplied(written: Value, form: Built, path: string): Value {
  if (form.kind !== 'map' || !isObject(written)) return written;
  const changes: [string, Value][] = [];
  for (const [key, value] of form.entries) {
    const before = own(written, key);
    const isFromHere = value.origin.source.file === path;
    if (before === undefined || (value.kind !== 'map' && !isFromHere)) {
      if (!isFromHere) changes.push([key, builtValue(value)]);
      continue;
    }
    const after = supplied(before, value, path);
    if (after !== before) changes.push([key, after]);
  }
  return changes.length === 0 ? written : { ...written, ...Object.fromEntries(changes) };
}
