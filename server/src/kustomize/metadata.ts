// Rewrites labels, annotations and empty values as kustomize does for every object, regardless of the kustomization.
import {
  type Built,
  type BuiltMap,
  type BuiltScalar,
  builtAt,
  isNull,
  withEntry,
  withoutEntry,
  withValueAt,
} from './built.ts';

/** Converts the values of labels or annotations to strings; without entries, the field is removed. */
export function asTexts(object: BuiltMap, field: 'labels' | 'annotations'): BuiltMap {
  const metadata = object.entries.get('metadata');
  const map = builtAt(metadata, [field]);
  if (metadata?.kind !== 'map' || !map) return object;
  if (map.kind === 'map' && map.entries.size > 0)
    return withValueAt(object, ['metadata', field], mapped(map, asText)) ?? object;
  return isNull(map) || map.kind === 'map' ? withEntry(object, 'metadata', withoutEntry(metadata, field)) : object;
}

/** An object as the build prints it. */
export function finished(object: BuiltMap): BuiltMap {
  return printed(asTexts(object, 'annotations'), new Map()) as BuiltMap;
}

/** Returns the same node if nothing changes; nodes that aliases share are visited once. */
function printed(built: Built, shared: Map<Built, Built>): Built {
  if (built.kind === 'scalar') return built.emptyInFlow && isNull(built) ? asText(built) : refolded(built);
  const known = shared.get(built);
  if (known) return known;
  const done = built.kind === 'map' ? mapped(built, (value) => printed(value, shared)) : listed(built, shared);
  shared.set(built, done);
  return done;
}

/**
 * kustomize prints folded scalars and reads them again, and its printer adds an empty line before lines that begin with a
 * space (go.yaml.in/yaml/v3, yaml_emitter_write_folded_scalar).
 */
function refolded(scalar: BuiltScalar): BuiltScalar {
  const { text, folded, value } = scalar;
  const isPlainText = folded && text.includes('\n ') && !/[ \t](?:\n|$)|^\n*[ \t]/.test(text);
  if (!isPlainText) return scalar;
  const printed = text.replace(/^([^ \t\n][^\n]*)(\n+)(?=[ \t])/gm, '$1\n$2');
  return { ...scalar, text: printed, value: typeof value === 'string' ? printed : value };
}

function listed(list: Extract<Built, { kind: 'list' }>, shared: Map<Built, Built>): Built {
  const items = list.items.map((item) => printed(item, shared));
  return items.some((item, index) => item !== list.items[index]) ? { ...list, items } : list;
}

function mapped(map: BuiltMap, change: (value: Built) => Built): BuiltMap {
  const entries = new Map([...map.entries].map(([key, value]) => [key, change(value)]));
  return [...entries].some(([key, value]) => value !== map.entries.get(key)) ? { ...map, entries } : map;
}

/** The source text as a string: for a time, as it was written; for null, `null`, `~` or empty. */
function asText(value: Built): Built {
  if (value.kind !== 'scalar' || typeof value.value === 'symbol' || value.value === value.text) return value;
  return { ...value, value: value.text };
}
