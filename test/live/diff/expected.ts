// Holds reported changes against the objects that the real kustomize built before and after: the same objects came, went and
// changed, and the reported fields are all that differs. Written without the comparison that it checks.
import { isDeepStrictEqual } from 'node:util';
import type { ObjectChange } from '../../../server/src/change/comparison.ts';
import type { Built } from '../../../server/src/kustomize/built.ts';
import type { Path, Value } from '../../../server/src/syntax/tree.ts';
import { isList, isObject } from '../../../server/src/syntax/value.ts';

export type Objects = ReadonlyMap<string, Value>;

/** One line for each difference. `clusterKinds` are the kinds without a namespace. */
export function differences(
  changes: readonly ObjectChange[],
  was: Objects,
  now: Objects,
  clusterKinds: ReadonlySet<string>,
): readonly string[] {
  const old = byIdentity(was, clusterKinds);
  const current = byIdentity(now, clusterKinds);
  const wrong: string[] = [];
  const explained = new Set<string>();
  for (const change of changes) {
    const [before, after] = [change.was && keyOf(change.was), change.now && keyOf(change.now)];
    const title = after ?? before!;
    if (before !== undefined && !old.has(before)) wrong.push(`${title}: was not there before`);
    if (after !== undefined && !current.has(after)) wrong.push(`${title}: is not there now`);
    if (before !== undefined) explained.add(`old ${before}`);
    if (after !== undefined) explained.add(`new ${after}`);
    // Generated names may be matched with others.
    if (before === undefined && old.has(title)) wrong.push(`${title}: was there before`);
    if (after === undefined && current.has(title)) wrong.push(`${title}: is still there`);
    if (before === undefined || after === undefined || !old.has(before) || !current.has(after)) continue;
    wrong.push(...fieldDifferences(change, old.get(before)!, current.get(after)!).map((one) => `${title}: ${one}`));
  }
  for (const [key, value] of old) {
    if (explained.has(`old ${key}`)) continue;
    if (!current.has(key)) wrong.push(`${key}: went, and isn't reported`);
    else if (!isSame(value, current.get(key))) wrong.push(`${key}: changed, and isn't reported`);
  }
  for (const key of current.keys())
    if (!old.has(key) && !explained.has(`new ${key}`)) wrong.push(`${key}: came, and isn't reported`);
  return wrong;
}

type Identified = Readonly<Pick<ObjectChange, 'groupKind' | 'namespace' | 'name'>>;

function keyOf({ groupKind, namespace, name }: Identified): string {
  return `${groupKind} ${namespace || 'default'}/${name}`;
}

function byIdentity(objects: Objects, clusterKinds: ReadonlySet<string>): ReadonlyMap<string, Value> {
  return new Map(
    [...objects.values()].filter(isObject).map((object) => {
      const { name, namespace } = isObject(object.metadata) ? object.metadata : {};
      const apiVersion = String(object.apiVersion ?? '');
      const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
      const groupKind = `${group}/${String(object.kind)}` as const;
      const isCluster = clusterKinds.has(groupKind);
      return [keyOf({ groupKind, namespace: isCluster ? '' : String(namespace ?? ''), name: String(name) }), object];
    }),
  );
}

/** Not the guard of a type that it is declared as. */
const isSame: (a: unknown, b: unknown) => boolean = isDeepStrictEqual;

const removed = Symbol('removed');
const changed = 'changed as reported';

function fieldDifferences({ fields }: ObjectChange, was: Value, now: Value): readonly string[] {
  const old = copyOf(was);
  const current = copyOf(now);
  const wrong: string[] = [];
  for (const { field, path, oldPath, was: before, now: after, isReordered } of fields) {
    const theirs = at(was, oldPath);
    const ours = at(now, path);
    if (isReordered) continue;
    if (before && !isSame(theirs, jsonOf(before))) wrong.push(`${field} was another value`);
    if (after && !isSame(ours, jsonOf(after))) wrong.push(`${field} is another value`);
    if (before && after) {
      if (isSame(theirs, ours)) wrong.push(`${field} is reported and equal`);
      if (isObject(theirs) && isObject(ours)) wrong.push(`${field} is reported as a whole`);
      if (isList(theirs) && isList(ours)) wrong.push(`${field} is reported as a whole`);
    }
    if (before) set(old, oldPath, after ? changed : removed);
    if (after) set(current, path, before ? changed : removed);
  }
  const reordered = fields.filter(({ isReordered }) => isReordered);
  const left = without(old);
  const right = without(current);
  for (const { path, oldPath } of reordered) {
    sort(left, oldPath);
    sort(right, path);
  }
  if (!isSame(left, right)) wrong.push(`more differs than ${fields.map(({ field }) => field).join(', ') || 'nothing'}`);
  return wrong;
}

/** To be changed in place. */
function copyOf(value: Value): Value {
  if (isList(value)) return value.map(copyOf);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, copyOf(one)])) : value;
}

function at(value: Value | undefined, path: Path): Value | undefined {
  return path.reduce<Value | undefined>((inner, step) => {
    if (isList(inner) && typeof step === 'number') return inner[step];
    return isObject(inner) ? inner[String(step)] : undefined;
  }, value);
}

function set(root: Value, path: Path, value: unknown): void {
  const around = at(root, path.slice(0, -1)) as Record<string | number, unknown> | undefined;
  if (around) around[path.at(-1)!] = value;
}

/** In an order that doesn't depend on the one it has; what was removed is last. */
function sort(root: Value, path: Path): void {
  const list = at(root, path);
  if (isList(list)) (list as Value[]).sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
}

function textOf(value: unknown): string {
  return (
    JSON.stringify(value, (_key, one) =>
      typeof one === 'bigint' ? String(one) : typeof one === 'symbol' ? null : one,
    ) ?? ''
  );
}

function without(value: Value): Value {
  if (isList(value)) return value.filter((item) => (item as unknown) !== removed).map(without);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => (item as unknown) !== removed);
  return Object.fromEntries(kept.map(([key, item]) => [key, without(item)]));
}

function jsonOf(built: Built): Value {
  if (built.kind === 'scalar') return typeof built.value === 'symbol' ? built.text : built.value;
  if (built.kind === 'list') return built.items.map(jsonOf);
  return Object.fromEntries([...built.entries].map(([key, value]) => [key, jsonOf(value)]));
}
