// What clusters get of an object that isn't written in its file, such as what a patch of the kustomization adds: rules are
// about the whole.
import { groupKindOf, gvkOf } from '../../kube/identity.ts';
import { type Built, type BuiltMap, builtValue } from '../../kustomize/built.ts';
import { idOf } from '../../kustomize/objects.ts';
import { folderOf } from '../../kustomize/paths.ts';
import type { Objects } from '../../kustomize/transformers/transformer.ts';
import type { Value } from '../../syntax/tree.ts';
import { isList, isObject, own } from '../../syntax/value.ts';
import { buildsOf, fleetOf } from '../../workspace/fleets.ts';
import type { Cursor } from '../cursor.ts';

/** More forms of one object rarely differ in what they add. */
const mostForms = 4;

/** What was built of the file when that was last asked for. */
export function latestBuilds({ workspace, path }: Pick<Cursor, 'workspace' | 'path'>): readonly Objects[] {
  const applied = fleetOf(workspace).latestAppliersOf(path);
  if (applied.length > 0) return applied.map(({ result }) => result.objects);
  return workspace.ownership.topsOf(path).map((top) => buildsOf(workspace).latest(folderOf(top))?.objects ?? none);
}

const none: Objects = [];

/** The forms that an object of the file was applied in when that was last asked for, also by overlays that nothing applies. */
export function appliedAs({ workspace, path }: Cursor, written: Value): readonly BuiltMap[] {
  if (!isObject(written)) return [];
  const [apiVersion, kind] = [own(written, 'apiVersion'), own(written, 'kind')];
  const gvk = typeof apiVersion === 'string' && typeof kind === 'string' ? gvkOf(apiVersion, kind) : undefined;
  const metadata = own(written, 'metadata');
  const name = isObject(metadata) ? own(metadata, 'name') : undefined;
  if (!gvk || typeof name !== 'string') return [];
  const groupKind = groupKindOf(gvk);
  const found = latestBuilds({ workspace, path }).flatMap((objects) => {
    const own = objects.flatMap((one) => (one.value.origin.source.file === path ? [one.value] : []));
    const alike = own
      .map((value) => ({ value, id: idOf(value) }))
      .filter(({ id }) => groupKindOf(id.gvk) === groupKind);
    // The build may change the name.
    return alike.length === 1 ? alike : alike.filter(({ id }) => id.name === name);
  });
  return [...new Set(found.map(({ value }) => value))].slice(0, mostForms);
}

/** The object with what the form has from other files; of a list that is written here, the items stay where they are. */
export function withSupplied(written: Value, form: Built, path: string): Value {
  if (form.kind !== 'map' || !isObject(written)) return written;
  const changes: [string, Value][] = [];
  for (const [key, value] of form.entries) {
    const before = own(written, key);
    const isFromHere = value.origin.source.file === path;
    if (before === undefined || (value.kind !== 'map' && !isFromHere)) {
      if (!isFromHere) changes.push([key, builtValue(value)]);
      continue;
    }
    const after = isList(before) ? withSuppliedItems(before, value, path) : withSupplied(before, value, path);
    if (after !== before) changes.push([key, after]);
  }
  return changes.length === 0 ? written : { ...written, ...Object.fromEntries(changes) };
}

/** Items of other files come last, whatever their place in the form, if it has all that are written here. */
function withSuppliedItems(written: readonly Value[], form: Built, path: string): Value {
  if (form.kind !== 'list') return written;
  const isFromHere = (item: Built) => item.origin.source.file === path;
  const own = form.items.filter(isFromHere);
  if (own.length !== written.length) return written;
  const items = written.map((item, at) => withSupplied(item, own[at]!, path));
  const others = form.items.filter((item) => !isFromHere(item)).map(builtValue);
  const isSame = others.length === 0 && items.every((item, at) => item === written[at]);
  return isSame ? written : [...items, ...others];
}
