// Converts nodes to the JSON values the API server receives: aliases are resolved, merge keys are merged in go-yaml's
// order, and keys become strings as in sigs.k8s.io/yaml.
import { type Entry, type MapNode, type Node, type Path, unknown, type Value } from './tree.ts';

/** The name a key has in JSON; undefined where the key itself is a hole. */
export function keyName(key: Entry['key']): string | undefined {
  const { value } = key;
  if (typeof value === 'string') return value;
  if (value === unknown) return undefined;
  if (typeof value === 'number') return float32Name(value);
  return String(value);
}

/** Whether the key is an unquoted `<<` (or tagged `!!merge`): the entries of its value belong to the map around it. */
export function isMerge({ key }: Entry): boolean {
  return key.text === '<<' && key.style === 'plain';
}

/** The JSON value of a node. Holes and broken aliases are `unknown`; entries whose key is a hole are omitted. */
export function toValue(node: Node): Value {
  return convert(node, new Map());
}

/** As `toValue`, but a scalar that is a hole is its text: kustomize reads `${NAME}` as any other text. */
export function toTextValue(node: Node): Value {
  return convert(node, new Map(), true);
}

/** Maps in which some keys are holes; such a key may turn out to be any field. */
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

/** The value at a path; undefined where nothing is there, or a hole is on the way. */
export function valueAt(value: Value | undefined, path: Path): Value | undefined {
  let found = value;
  for (const step of path) {
    if (typeof step === 'number') found = isList(found) ? found[step] : undefined;
    else found = isObject(found) ? own(found, step) : undefined;
  }
  return found;
}

/** Whether anything at or below the value is a hole. */
export function hasUnknown(value: Value): boolean {
  if (value === unknown) return true;
  if (isList(value)) return value.some(hasUnknown);
  return isObject(value) && (hasUnknownKey(value) || Object.values(value).some(hasUnknown));
}

/** The node itself, or the target of an alias; undefined where the alias doesn't resolve. */
export function resolveAlias(node: Node): Exclude<Node, { type: 'alias' }> | undefined {
  return node.type === 'alias' ? node.target : node;
}

/**
 * The effective entries of a map, by name. As in go-yaml, later entries take precedence: a merge sets its entries at
 * the position where it is written, even over keys above it. Entries whose key is a hole have the name `undefined`.
 */
export function effectiveEntries(map: MapNode): ReadonlyMap<string | undefined, Entry> {
  return effectiveAt(map, 0);
}

/** The maps that a merge key merges, in the order go-yaml applies them (a list is applied from its end). */
export function mergedMaps(value: Node): readonly MapNode[] {
  const target = resolveAlias(value);
  if (target?.type === 'map') return [target];
  if (value.type !== 'seq') return [];
  return [...value.items].reverse().flatMap((item) => {
    const map = resolveAlias(item);
    return map?.type === 'map' ? [map] : [];
  });
}

/** Caches the effective entries of maps with merges, so that nested merges are resolved once. */
const effective = new WeakMap<MapNode, ReadonlyMap<string | undefined, Entry>>();

/** Merges nested deeper than any real document are ignored. */
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

function convert(node: Node, converted: Converted, texts = false): Value {
  switch (node.type) {
    case 'scalar':
      return texts && node.value === unknown ? node.text : node.value;
    case 'seq':
      return node.items.map((item) => convert(item, converted, texts));
    case 'map':
      return convertMap(node, converted, texts);
    case 'alias':
      return node.target ? convertTarget(node.target, converted, texts) : unknown;
  }
}

/** A target with several aliases is converted once, and the value is shared. */
function convertTarget(target: Exclude<Node, { type: 'alias' }>, converted: Converted, texts: boolean): Value {
  const known = converted.get(target);
  if (known !== undefined) return known;
  const value = convert(target, converted, texts);
  converted.set(target, value);
  return value;
}

function convertMap(node: MapNode, converted: Converted, texts: boolean): Value {
  const value: Record<string, Value> = {};
  const add = (name: string | undefined, entry: Entry) => set(value, name, convert(entry.value, converted, texts));
  if (node.entries.some(isMerge)) for (const [name, entry] of effectiveEntries(node)) add(name, entry);
  else for (const entry of node.entries) add(keyName(entry.key), entry);
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

/** Go's `strconv.FormatFloat(value, 'g', -1, 32)`, and YAML's names for values that aren't finite. */
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
