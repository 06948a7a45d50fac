// From nodes to JSON values as the API server gets them: aliases followed, merge keys merged in go-yaml's order, keys
// made strings as sigs.k8s.io/yaml does.
import { type Entry, type MapNode, type Node, type SeqNode, unknown, type Value } from './tree.ts';

/** The name a key has in JSON; undefined where the key itself is a hole. */
export function keyName(key: Entry['key']): string | undefined {
  const { value } = key;
  if (typeof value === 'string') return value;
  if (value === unknown) return undefined;
  if (typeof value === 'number') return float32Name(value);
  return String(value);
}

/** `<<` unquoted (or tagged `!!merge`): its value's entries belong to the map it stands in. */
export function isMerge({ key }: Entry): boolean {
  return key.text === '<<' && key.style === 'plain';
}

/** The JSON value of a node. Holes and broken aliases are `unknown`; entries whose key is a hole are left out. */
export function toValue(node: Node): Value {
  return convert(node, new Map());
}

/** Maps some of whose keys are holes: any field may be among them. */
const withUnknownKeys = new WeakSet<object>();

export function hasUnknownKey(value: object): boolean {
  return withUnknownKeys.has(value);
}

/** For copies of a value. */
export function markUnknownKeys(value: object): void {
  withUnknownKeys.add(value);
}

export type ObjectValue = { readonly [key: string]: Value };

export function isObject(value: Value | undefined): value is ObjectValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function own(value: ObjectValue, key: string): Value | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Whether anything at or below the value is a hole. */
export function hasUnknown(value: Value): boolean {
  if (value === unknown) return true;
  if (isList(value)) return value.some(hasUnknown);
  return isObject(value) && (hasUnknownKey(value) || Object.values(value).some(hasUnknown));
}

/** A node behind its aliases; undefined where an alias leads nowhere. */
export function resolveAlias(node: Node): Exclude<Node, { type: 'alias' }> | undefined {
  return node.type === 'alias' ? node.target : node;
}

/**
 * The entries a map has in effect, by name, later ones winning as in go-yaml: a merge sets what it brings in the order
 * written, even over keys above it. With `undefined` as a name: entries whose key is a hole.
 */
export function effectiveEntries(map: MapNode): ReadonlyMap<string | undefined, Entry> {
  return effectiveAt(map, 0);
}

/** The maps a merge key brings in, in the order go-yaml applies them (a list from its end). */
export function mergedMaps(value: Node): readonly MapNode[] {
  const target = resolveAlias(value);
  if (target?.type === 'map') return [target];
  if (value.type !== 'seq') return [];
  return [...value.items].reverse().flatMap((item) => {
    const map = resolveAlias(item);
    return map?.type === 'map' ? [map] : [];
  });
}

/** Of maps with merges, so that merges of merges are gone through once. */
const effective = new WeakMap<MapNode, ReadonlyMap<string | undefined, Entry>>();

/** Deeper merges than anybody writes bring nothing in. */
const deepestMerge = 200;

function effectiveAt(map: MapNode, depth: number): ReadonlyMap<string | undefined, Entry> {
  const known = effective.get(map);
  if (known) return known;
  const entries = new Map<string | undefined, Entry>();
  let merges = false;
  for (const entry of map.entries) {
    if (!isMerge(entry)) entries.set(keyName(entry.key), entry);
    else if (depth < deepestMerge) {
      merges = true;
      for (const merged of mergedMaps(entry.value))
        for (const [name, brought] of effectiveAt(merged, depth + 1)) entries.set(name, brought);
    }
  }
  if (merges) effective.set(map, entries);
  return entries;
}

type Converted = Map<Node, Value>;

function convert(node: Node, converted: Converted): Value {
  switch (node.type) {
    case 'scalar':
      return node.value;
    case 'seq':
      return convertSeq(node, converted);
    case 'map':
      return convertMap(node, converted);
    case 'alias':
      return node.target ? convertTarget(node.target, converted) : unknown;
  }
}

/** A target aliased many times is converted once and shared. */
function convertTarget(target: Exclude<Node, { type: 'alias' }>, converted: Converted): Value {
  const known = converted.get(target);
  if (known !== undefined) return known;
  const value = convert(target, converted);
  converted.set(target, value);
  return value;
}

function convertSeq(node: SeqNode, converted: Converted): Value {
  return node.items.map((item) => convert(item, converted));
}

function convertMap(node: MapNode, converted: Converted): Value {
  const value: Record<string, Value> = {};
  const merging = node.entries.some(isMerge);
  if (merging) for (const [name, entry] of effectiveEntries(node)) set(value, name, convert(entry.value, converted));
  else for (const entry of node.entries) set(value, keyName(entry.key), convert(entry.value, converted));
  return value;
}

function set(object: Record<string, Value>, name: string | undefined, value: Value): void {
  if (name === undefined) {
    markUnknownKeys(object);
    return;
  }
  // Assigning to `__proto__` would change the object's prototype instead.
  if (name === '__proto__')
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  else object[name] = value;
}

/** Go's `strconv.FormatFloat(value, 'g', -1, 32)`, and YAML's words for what isn't finite. */
function float32Name(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const single = Math.fround(value);
  let digits = String(single);
  for (let precision = 1; precision <= 9; precision += 1) {
    digits = single.toExponential(precision - 1);
    if (Math.fround(Number(digits)) === single) break;
  }
  const [mantissa = '0', exponent = '0'] = digits.split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 21) return String(Number(digits));
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
