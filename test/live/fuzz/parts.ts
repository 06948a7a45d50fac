// Parts of objects with random changes, and ways to say where in an object something is.
import { builtValue } from '../../../server/src/kustomize/built.ts';
import type { BuiltObject } from '../../../server/src/kustomize/objects.ts';
import type { Value } from '../../../server/src/syntax/tree.ts';
import type { Random } from '../verdict/random.ts';

export type Json = { readonly [key: string]: unknown };

export interface Given {
  readonly objects: readonly Json[];
  readonly random: Random;
  /** A name for a file that is in no folder yet. */
  readonly number: number;
}

/** The objects as values that can be written in JSON. */
export function valuesOf(objects: readonly BuiltObject[]): readonly Json[] {
  return objects
    .map(({ value }) => plain(builtValue(value)) as Json)
    .filter((one) => typeof one.kind === 'string' && typeof (one.metadata as Json | undefined)?.name === 'string');
}

export function plain(value: Value): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'symbol') return 'unknown';
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value as { readonly [key: string]: Value }).map(([key, one]) => [key, plain(one)]),
    );
  return value;
}

export const nameOf = (object: Json) => String((object.metadata as Json).name);

/** A path to something in an object, and the value there. */
export function pathIn(value: unknown, random: Random, path: readonly string[] = []): readonly string[] {
  const isMap = typeof value === 'object' && value !== null;
  const steps = Array.isArray(value) ? [...value.keys()].map(String) : isMap ? Object.keys(value) : [];
  if (steps.length === 0 || (path.length > 0 && random.chance(0.15))) return path;
  const step = random.pick(steps);
  return pathIn((value as Json)[step], random, [...path, step]);
}

export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, step) => (at as Json | undefined)?.[step], value);
}

export function pointer(object: Json, { random }: Given): string {
  const steps = pathIn(object, random).map((step) =>
    random.chance(0.05)
      ? random.pick(['-', '-1', '99', '~2', 'a~b', '', '01'])
      : step.replaceAll('~', '~0').replaceAll('/', '~1'),
  );
  const more = random.chance(0.1) ? [random.pick(['planted', '-', '0', 'a~1b'])] : [];
  return random.chance(0.03)
    ? random.pick(['', '/', 'metadata/name', '/metadata//name'])
    : `/${[...steps, ...more].join('/')}`;
}

/** A path of fields as replacements have it: with selectors of items, wildcards and indices. */
export function fieldPath(object: Json, { random }: Given): string {
  const path = pathIn(object, random);
  const steps = path.map((step, index) => {
    const list = valueAt(object, path.slice(0, index));
    if (!Array.isArray(list)) return random.chance(0.03) ? '*' : step.replaceAll('.', '\\.');
    const item = list[Number(step)] as unknown;
    if (random.chance(0.3)) return '*';
    if (random.chance(0.2)) return step;
    if (random.chance(0.1)) return '-';
    if (typeof item !== 'object' || item === null) return random.chance(0.5) ? `[=${String(item)}]` : step;
    const [key = 'name', one = 'x'] = Object.entries(item).find(([, inner]) => typeof inner !== 'object') ?? [];
    return `[${key}=${random.chance(0.15) ? 'planted' : String(one)}]`;
  });
  const more = random.chance(0.15) ? random.pick(['.planted', '.0', '.*', '.planted.more', '.[name=planted]']) : '';
  return `${steps.join('.')}${more}`;
}

export function selected(object: Json, { random }: Given): Json {
  const { namespace } = object.metadata as Json;
  const [group, version] = String(object.apiVersion).includes('/')
    ? String(object.apiVersion).split('/')
    : ['', String(object.apiVersion)];
  return {
    ...(random.chance(0.8) && { kind: random.chance(0.1) ? '.*' : object.kind }),
    ...(random.chance(0.7) && {
      name: random.chance(0.2) ? random.pick(['.*', '^a', `${nameOf(object).slice(0, 2)}.*`, '']) : nameOf(object),
    }),
    ...(random.chance(0.1) && { namespace: random.pick([namespace ?? 'default', 'default', '.*', 'x']) }),
    ...(random.chance(0.1) && { group }),
    ...(random.chance(0.1) && { version }),
  };
}

export const words: readonly unknown[] = [
  'planted',
  7,
  null,
  true,
  '7',
  '',
  1.5,
  'yes',
  '1e3',
  [],
  {},
  { a: 'b' },
  ['a'],
  'a/b:c',
  '010',
  [{ name: 'a' }],
  '2020-01-01',
  -1,
  'true',
  '0x10',
  '~',
];

/** Part of an object with random values changed. */
export function part(value: unknown, random: Random, depth = 0): unknown {
  if (Array.isArray(value)) {
    if (value.length === 0 || random.chance(0.1))
      return random.pick([
        ['planted'],
        [],
        [null],
        [{ name: 'planted' }],
        null,
        [{ $patch: 'replace' }],
        [{ $patch: 'delete' }],
        [{ $patch: 'merge' }],
      ]);
    const items = value
      .filter(() => random.chance(0.6))
      .map((item) => {
        if (typeof item !== 'object' || item === null) return random.chance(0.7) ? item : random.pick(words);
        const keys = Object.entries(item as Json).filter(
          ([, inner]) => typeof inner !== 'object' && random.chance(0.8),
        );
        const kept = Object.fromEntries(keys);
        if (random.chance(0.1)) return { ...kept, $patch: random.pick(['delete', 'replace', 'merge']) };
        if (random.chance(0.1)) return { ...kept, name: random.pick(['planted', null, '', 1]) };
        return { ...kept, ...(part(item, random, depth + 1) as Json) };
      });
    if (random.chance(0.08)) items.unshift({ $patch: random.pick(['delete', 'replace', 'merge']) });
    return items;
  }
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value);
    if (keys.length === 0) return { planted: 'a' };
    const made: Record<string, unknown> = {};
    for (const key of keys)
      if (random.chance(1.5 / keys.length)) made[key] = part((value as Json)[key], random, depth + 1);
    if (random.chance(0.08)) made.planted = random.pick(words);
    if (random.chance(0.05)) made.$patch = random.pick(['delete', 'replace', 'merge']);
    if (random.chance(0.04)) return random.pick(words);
    return made;
  }
  return random.chance(0.3) ? value : random.pick(words);
}

export function mergePatch(given: Given): Json {
  const object = given.random.pick(given.objects);
  const { random } = given;
  const { apiVersion, kind, metadata, ...rest } = object;
  const { name, namespace, ...others } = metadata as Json;
  return {
    apiVersion: random.chance(0.03) ? 'v9' : apiVersion,
    kind,
    metadata: {
      ...(random.chance(0.3) && (part(others, random, 1) as Json)),
      name,
      ...(namespace !== undefined && { namespace }),
    },
    ...(part(rest, random) as Json),
  };
}

export function operations(object: Json, given: Given): readonly Json[] {
  const { random } = given;
  return Array.from({ length: 1 + random.below(3) }, () => {
    const op = random.pick(['add', 'replace', 'remove', 'copy', 'move', 'test', 'add', 'replace']);
    const path = random.chance(0.15)
      ? random.pick([
          '/metadata/annotations',
          '/metadata/labels',
          '/metadata/name',
          '/metadata/namespace',
          '/metadata',
          '/kind',
          '/metadata/annotations/planted~1a',
        ])
      : pointer(object, given);
    const steps = path.slice(1).split('/');
    const value = random.chance(0.4)
      ? valueAt(
          object,
          steps.map((step) => step.replaceAll('~1', '/')),
        )
      : random.pick(words);
    return {
      op,
      path,
      ...((op === 'copy' || op === 'move') && { from: pointer(object, given) }),
      ...(op !== 'remove' && { value }),
    };
  });
}
