// Breaks an object, or its text, in one of the ways people and programs do.
import type { Case, Json, JsonObject } from './cases.ts';
import { toYaml } from './cases.ts';
import type { Random } from './random.ts';

/** A variation of an accepted case; `construct` says which. */
export function mutate(base: Case, random: Random): Case {
  if (base.object && random.chance(0.72)) {
    const object = structuredClone(base.object);
    const construct = random.pick(Object.keys(objectMutations)) as keyof typeof objectMutations;
    if (objectMutations[construct](object, random))
      return { ...base, construct, object, raw: false, text: toYaml(object).trimStart() };
  }
  const { object: _object, ...rest } = base;
  return { ...rest, construct: 'raw text', text: mutateText(base.text, random) };
}

interface Place {
  readonly parent: JsonObject | Json[];
  readonly key: string | number;
  readonly path: string;
}

function placesOf(value: Json, path = ''): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const keys: (string | number)[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return keys.flatMap((key) => {
    const here = `${path}/${key}`;
    return [{ parent: value, key, path: here } as Place, ...placesOf((value as never)[key], here)];
  });
}

/** Not the identity: without it a server can't be asked at all. */
function somewhere(
  object: JsonObject,
  random: Random,
  wanted: (value: Json, place: Place) => boolean = () => true,
): Place | undefined {
  const places = placesOf(object).filter(
    (place) => place.path !== '/apiVersion' && place.path !== '/kind' && wanted(get(place), place),
  );
  return places.length > 0 ? random.pick(places) : undefined;
}

function get({ parent, key }: Place): Json {
  return (parent as never)[key] as Json;
}

function set({ parent, key }: Place, value: Json): true {
  (parent as Record<string | number, Json>)[key] = value;
  return true;
}

function remove({ parent, key }: Place): true {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
  return true;
}

type Mutation = (object: JsonObject, random: Random) => boolean;

const oddStrings: readonly string[] = [
  '',
  ' ',
  'UPPER',
  'with space',
  'a'.repeat(64),
  'a'.repeat(260),
  '-a',
  'a-',
  'a.b',
  'a/b',
  'a/b/c',
  'é',
  '😀',
  '\n',
  'true',
  '1',
  '1.5',
  'null',
  '~',
  '1h',
  '-1h',
  '10',
  '0x10',
  '1Gi',
  '1gi',
  '100%',
  '101%',
  '10.0.0.1',
  '10.0.0.0/8',
  '300.0.0.1',
  '::1',
  'http://',
  'https://example.com',
  '*',
  '*.example.com',
  'v1',
  'a_b',
  'A',
  '.',
  '..',
  '/',
  '/a/../b',
  '80',
  'http',
  'TCP',
  'tcp',
  '2026-01-31T12:00:00Z',
  '2026-02-30T12:00:00Z',
  'a=b',
  'YQ==',
  'not base64!',
  'a:b',
  'x'.repeat(5000),
];

const objectMutations = {
  delete: (object, random) => {
    const place = somewhere(object, random);
    return place !== undefined && remove(place);
  },
  rename: (object, random) => {
    const place = somewhere(object, random, (_, { parent }) => !Array.isArray(parent));
    if (!place) return false;
    const value = get(place);
    remove(place);
    const key = String(place.key);
    const at = random.below(key.length + 1);
    const name = random.pick([
      key.slice(0, at) + key.slice(at + 1),
      `${key}s`,
      key.toUpperCase(),
      `${key.slice(0, at)}x${key.slice(at)}`,
      `x-${key}`,
    ]);
    return set({ ...place, key: name === '' ? 'x' : name }, value);
  },
  retype: (object, random) => {
    const place = somewhere(object, random);
    return (
      place !== undefined &&
      set(place, random.pick<Json>(['text', 7, 1.5, true, [], {}, ['a'], { a: 'b' }, '7', 'true', [1], -1]))
    );
  },
  wrap: (object, random) => {
    const place = somewhere(object, random);
    return place !== undefined && set(place, random.chance(0.5) ? [get(place)] : { value: get(place) });
  },
  unwrap: (object, random) => {
    const place = somewhere(
      object,
      random,
      (value) => typeof value === 'object' && value !== null && Object.keys(value).length > 0,
    );
    return place !== undefined && set(place, Object.values(get(place) as JsonObject)[0] as Json);
  },
  null: (object, random) => {
    const place = somewhere(object, random);
    return place !== undefined && set(place, null);
  },
  duplicate: (object, random) => {
    const place = somewhere(object, random, (value) => Array.isArray(value) && value.length > 0);
    if (!place) return false;
    const list = get(place) as Json[];
    list.push(structuredClone(random.pick(list)));
    return true;
  },
  'out of range': (object, random) => {
    const place = somewhere(object, random, (value) => typeof value === 'number');
    return (
      place !== undefined &&
      set(
        place,
        random.pick<number>([
          -1, 0, 1, 65535, 65536, 2147483647, 2147483648, -2147483649, 9007199254740991, 1e19, 0.5, 100, 101, 1000,
        ]),
      )
    );
  },
  'odd string': (object, random) => {
    const place = somewhere(object, random, (value) => typeof value === 'string');
    return place !== undefined && set(place, random.pick(oddStrings));
  },
  'odd key': (object, random) => {
    const place = somewhere(object, random, (_, { parent }) => !Array.isArray(parent));
    if (!place) return false;
    const value = get(place);
    return set({ ...place, key: random.pick(oddStrings.slice(0, 40)) || 'x' }, value);
  },
  empty: (object, random) => {
    const place = somewhere(object, random, (value) => typeof value === 'object' && value !== null);
    return place !== undefined && set(place, Array.isArray(get(place)) ? [] : {});
  },
  add: (object, random) => {
    const place = somewhere(
      object,
      random,
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    );
    return (
      place !== undefined &&
      set(
        {
          ...place,
          parent: get(place) as JsonObject,
          key: random.pick(['extra', 'name', 'namespace', 'kind', 'labels', 'status', 'value']),
        },
        random.pick<Json>(['x', 1, {}, []]),
      )
    );
  },
  swap: (object, random) => {
    const one = somewhere(object, random);
    const other = somewhere(object, random);
    if (!one || !other || one.path.startsWith(other.path) || other.path.startsWith(one.path)) return false;
    const value = get(one);
    set(one, get(other));
    return set(other, value);
  },
  metadata: (object, random) => {
    const { metadata } = object;
    if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return false;
    const key = random.pick([
      'labels',
      'annotations',
      'finalizers',
      'ownerReferences',
      'generateName',
      'name',
      'namespace',
      'generation',
      'creationTimestamp',
      'uid',
      'deletionGracePeriodSeconds',
      'clusterName',
    ]);
    metadata[key] = random.pick<Json>([
      { [random.pick(oddStrings)]: random.pick(oddStrings) },
      { app: random.pick(oddStrings) },
      random.pick(oddStrings),
      [random.pick(oddStrings)],
      null,
      1,
      [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: 'b' }],
      ['orphan', 'foregroundDeletion'],
      '2026-01-31T12:00:00Z',
      'example-',
      {},
      { app: 1 },
    ]);
    return true;
  },
  status: (object, random) => {
    object.status = random.pick<Json>([{}, { x: 1 }, null, 'x', { conditions: [] }, { replicas: 1 }, { phase: 'x' }]);
    return true;
  },
} satisfies Record<string, Mutation>;

const bits: readonly string[] = [
  '\t',
  ' ',
  '  ',
  '\n',
  '- ',
  '-',
  ':',
  ': ',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ',',
  '#',
  ' #',
  '|',
  '>',
  '&a ',
  '*a',
  '!',
  '!!str ',
  '? ',
  '%',
  '@',
  '`',
  '~',
  '\r\n',
  '\\',
  '<<: *a',
  '...',
  'é',
  '😀',
];

/** How YAML spells values; the server reads them by YAML 1.1. */
const spellings: readonly string[] = [
  'yes',
  'no',
  'on',
  'off',
  'y',
  'n',
  'True',
  'NULL',
  '~',
  '',
  '0x1f',
  '0o17',
  '017',
  '08',
  '0b11',
  '1_000',
  '1e3',
  '1.0',
  '.5',
  '+1',
  '1:30',
  '.inf',
  '2026-01-31',
  '"1"',
  "'yes'",
  '"\\x41"',
  '!!str 1',
  '!!int "3"',
  '|\n    text',
  '>-\n    folded\n    text',
  '{}',
  '[]',
  '{a: b}',
  '[a, b]',
  '12345678901234567890',
  '-0',
  '1.5',
  '"a\\nb"',
  '&x 1',
  '1e400',
  '0.0',
  '- a',
  'a: b',
  '# gone',
  '"unclosed',
  '!!binary YQ==',
  '!custom x',
];

function mutateText(text: string, random: Random): string {
  const lines = text.split('\n');
  const at = random.below(lines.length);
  const line = lines[at]!;
  const column = random.below(line.length + 1);
  switch (random.below(9)) {
    case 0:
      lines[at] = line.replace(/:\s.*$/, `: ${random.pick(spellings)}`);
      break;
    case 1:
      lines[at] = line.replace(/(- |: )?[^\s:-]*$/, `$1${random.pick(spellings)}`);
      break;
    case 2:
      lines[at] = line.slice(0, column) + random.pick(bits) + line.slice(column);
      break;
    case 3:
      lines[at] = line.slice(0, column) + line.slice(column + 1 + random.below(3));
      break;
    case 4:
      lines.splice(at, 1);
      break;
    case 5:
      lines.splice(at, 0, random.pick(lines));
      break;
    case 6:
      lines[at] = ' '.repeat(random.below(6)) + line.trimStart();
      break;
    case 7:
      lines[at] = `${line}${random.pick([' # comment', '#', ' ', '\t', '\r', ' "', ' x'])}`;
      break;
    default:
      return random.pick([
        text.replaceAll('\n', '\r\n'),
        `\ufeff${text}`,
        `---\n${text}`,
        `# comment\n${text}\n...\n`,
        `${text}\n---\n`,
        `%YAML 1.1\n---\n${text}`,
        `${text}\n\n`,
      ]);
  }
  return lines.join('\n');
}
