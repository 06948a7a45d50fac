// `configMapGenerator` and `secretGenerator`: make objects of files, lines and literals (api/internal/generators, api/kv).
import { type Path, unknown } from '../../syntax/tree.ts';
import { base64Lines } from '../base64.ts';
import {
  asString,
  type Built,
  type BuiltMap,
  type BuiltScalar,
  builtAt,
  emptyMap,
  type Origin,
  scalarOf,
  stringOf,
  textAt,
  withEntry,
} from '../built.ts';
import type { BuiltObject } from '../objects.ts';
import { filledText, isOn, mapsOf, type Step } from '../transformers/transformer.ts';
import { type Pair, pairsOf } from './pairs.ts';

/** An object that a generator made, to be added to the others according to its behavior. */
export interface Generated {
  readonly object: BuiltObject;
  readonly behavior: string;
  readonly field: Path;
  readonly origin: Origin;
}

export function generatedBy(step: Step): readonly Generated[] {
  const global = builtAt(step.fields, ['generatorOptions']);
  return (['configMapGenerator', 'secretGenerator'] as const).flatMap((list) =>
    mapsOf(step, list).flatMap(([entry, field]) => {
      const kind = list === 'configMapGenerator' ? 'ConfigMap' : 'Secret';
      return generated(step, { kind, entry, field, options: [builtAt(entry, ['options']), global] }) ?? [];
    }),
  );
}

interface Generating {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly entry: BuiltMap;
  readonly field: Path;
  /** The entry's options, which take precedence, and those for all. A flag is set if it is in either. */
  readonly options: readonly (Built | undefined)[];
}

export function generated(step: Step, { kind, entry, field, options }: Generating): Generated | undefined {
  const { origin } = entry;
  const name = filledText(entry, ['name']);
  if (!name) {
    step.report({ kind: 'unnamed-generator' }, field, origin);
    return undefined;
  }
  const pairs = pairsOf(step, entry, field);
  if (!pairs) return undefined;
  let value = emptyMap(origin);
  const set = (key: string, built: Built) => {
    value = withEntry(value, key, built);
  };
  set('apiVersion', scalarOf('v1', origin));
  set('kind', scalarOf(kind, origin));
  set('metadata', metadataOf(entry, name, options));
  if (kind === 'Secret') set('type', filledText(entry, ['type']) ?? scalarOf('Opaque', origin));
  for (const [field, map] of kind === 'Secret' ? secretData(pairs, origin) : configMapData(pairs, origin))
    set(field, map);
  if (options.some((one) => one && isOn(one, ['immutable'])))
    set('immutable', { kind: 'scalar', value: true, text: 'true', origin });
  const hashed = !options.some((one) => one && isOn(one, ['disableNameSuffixHash']));
  const behavior = textAt(entry, ['behavior']) ?? '';
  const object: BuiltObject = { value, previous: [], generated: true, behavior, ...(hashed && { hashed }) };
  return { object, behavior, field, origin: name.origin };
}

function metadataOf(entry: BuiltMap, name: BuiltScalar, options: readonly (Built | undefined)[]): BuiltMap {
  const namespace = filledText(entry, ['namespace']);
  let metadata = withEntry(emptyMap(entry.origin), 'name', name);
  if (namespace) metadata = withEntry(metadata, 'namespace', namespace);
  for (const field of ['labels', 'annotations']) {
    let map: BuiltMap | undefined;
    for (const one of options.toReversed()) {
      const written = one && builtAt(one, [field]);
      if (written?.kind !== 'map') continue;
      for (const [key, value] of written.entries)
        map = withEntry(map ?? emptyMap(written.origin), key, asString(value));
    }
    if (map) metadata = withEntry(metadata, field, map);
  }
  return metadata;
}

/** Texts are in `data`, other files in `binaryData`. */
function configMapData(pairs: readonly Pair[], origin: Origin): ReadonlyMap<string, BuiltMap> {
  const maps = new Map<string, BuiltMap>();
  for (const { key, content, origin: from } of pairs) {
    const field = content.text === undefined ? 'binaryData' : 'data';
    const value = content.text === undefined ? encoded(content.bytes, from) : stringOf(content.text, from);
    maps.set(field, withEntry(maps.get(field) ?? emptyMap(origin), key, value));
  }
  return maps;
}

function secretData(pairs: readonly Pair[], origin: Origin): ReadonlyMap<string, BuiltMap> {
  let data = emptyMap(origin);
  for (const { key, content, origin: from } of pairs)
    data = withEntry(data, key, encoded(content.text === undefined ? content.bytes : utf8.encode(content.text), from));
  return new Map([['data', data]]);
}

const utf8 = new TextEncoder();

/** A hole if the content isn't known. */
export function encoded(bytes: Uint8Array | undefined, origin: Origin): BuiltScalar {
  return bytes ? scalarOf(base64Lines(bytes), origin) : { kind: 'scalar', value: unknown, text: '', origin };
}
