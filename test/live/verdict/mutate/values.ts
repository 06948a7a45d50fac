// Sets plausible but possibly invalid values: other spellings of numbers, quantities, durations, times and names, and values
// and subtrees that belong elsewhere.
import type { Json, JsonObject } from '../cases.ts';
import type { Random } from '../random.ts';
import { get, type Mutation, type Place, placesOf, remove, set, somewhere } from './places.ts';

const quantities: readonly string[] = [
  '1e3',
  '1E3',
  '1e-3',
  '1.5Gi',
  '.5',
  '5.',
  '-1',
  '+1',
  '1k',
  '1K',
  '1m',
  '1u',
  '1n',
  '0.1n',
  '0',
  '-0',
  '00',
  '1Ei',
  '9223372036854775807',
  '9223372036854775808',
  '1e100',
  '1Gi ',
  ' 1Gi',
  '１',
  '1 Gi',
  '1mi',
  '1MI',
  '0x1',
  '1_000',
  '1,5',
  '100Ki',
  '0.5',
  '0.0001',
  '-500m',
  '1e',
  '1e1.5',
  '12E',
  '1Ki',
  '1.1Ki',
  '2e+3',
  '1000000u',
];

const durations: readonly string[] = [
  '1d',
  '1h30m',
  '1.5h',
  '90',
  '-5s',
  '0',
  '0s',
  '1µs',
  '1us',
  '',
  '1h 30m',
  'PT1H',
  '1H',
  '10ms',
  '9999999h',
  '2562047h',
  '1h1h',
  '.5s',
  '1.s',
  '+1h',
  '1m1h',
  '1ns',
  '59s',
  '60m',
  '1e3s',
  '5m0s',
  'h',
  '1hm',
];

const times: readonly string[] = [
  '2026-01-31T12:00:00Z',
  '2026-01-31T12:00:00+01:00',
  '2026-01-31T12:00:00.123456Z',
  '2026-01-31 12:00:00Z',
  '2026-01-31',
  '2026-01-31t12:00:00z',
  '2026-01-31T24:00:00Z',
  '2026-01-31T12:00:60Z',
  '0000-01-01T00:00:00Z',
  '12:00',
  'now',
  '2026-01-31T12:00:00',
  '2026-1-31T12:00:00Z',
  '2026-02-29T00:00:00Z',
  '2026-01-31T12:00:00+24:00',
  '99999-01-01T00:00:00Z',
];

const names: readonly string[] = [
  'münchen',
  '名前',
  'a\u200bb',
  'ｅxample',
  'Ⅷ',
  'İ',
  'ß',
  'a\u0301',
  'xn--mnchen-3ya',
  'a--b',
  '1',
  '123',
  '0',
  '1a',
  'a1',
  '-',
  '_',
  'a_',
  'a..b',
  'a.',
  '.a',
  'a.-b',
  'example.com/',
  '/name',
  'example.com/a/b',
  'Example.com/a',
  'kubernetes.io/os',
  'a'.repeat(63),
  'a'.repeat(64),
  `${'a'.repeat(63)}.b`,
  `${'a.'.repeat(126)}a`,
  `${'a.'.repeat(126)}ab`,
  'a\u00a0b',
  'a\tb',
  'a\r',
  '%',
  'a%2fb',
  'TRUE',
  'y',
  'null',
  '0777',
  '1e3',
  '*.',
  '*a',
  '**',
  '*.a',
  'a*',
  '@',
  'a@b',
  '$(A)',
  '{{a}}',
  'a,b',
  "a'b",
  'a"b',
  '\\d',
  '(',
  '[a',
  'a{2,1}',
  'http://a b',
  'https://',
  'https://a:99999/',
  'HTTPS://A',
  'oci://',
  'ftp://a',
  'https://user:pw@a',
  'https://[::1]',
  'https://a?b#c',
  'a:b@sha256:0',
  '10.0.0.256',
  '10.0.0.1/33',
  '010.0.0.1',
  '10.0.0.1/8',
  '10.0.0.0/08',
  '::ffff:10.0.0.1',
  '::1%eth0',
  'fe80::/10',
  'FE80::1',
  '0:0:0:0:0:0:0:1',
  '1.2.3',
  '10.0.0.0/0',
  'v1.2',
  '1.2.3-',
  'v1.2.3+a',
  '01.2.3',
  'V1',
  '1.x',
  '>=1.0.0',
  '^1',
  '* * * * *',
  '@daily',
  '@every 1h',
  '0 0 31 2 *',
  '60 * * * *',
  '* * * *',
  'TZ=UTC * * * * *',
  '0 0 * * 7',
  '0 0 * JAN MON',
];

const numbers: readonly number[] = [
  -1, 0, 1, 2, 3, 10, 99, 100, 101, 127, 255, 256, 511, 512, 599, 600, 1000, 1023, 1024, 3600, 32767, 32768, 65535,
  65536, 86400, 99999, 2147483647, 2147483648, -2147483648, -2147483649, 4294967295, 4294967296, 9007199254740991, 1e15,
  1e16, 1e18, 9.2e18, 1e19, 1e21, 1e100, -1e19, 0.1, 0.5, 1.0000000001, -0.5, 1e-7, 1e-10,
];

export const valueMutations: Readonly<Record<string, Mutation>> = {
  quantity: (object, random) => put(object, random, isScalar, random.pick(quantities)),
  duration: (object, random) => put(object, random, isString, random.pick(durations)),
  time: (object, random) => put(object, random, isString, random.pick(times)),
  name: (object, random) => put(object, random, isString, random.pick(names)),
  number: (object, random) => put(object, random, (value) => typeof value === 'number', random.pick(numbers)),
  'number as text': (object, random) => {
    const place = somewhere(object, random, isScalar);
    if (!place) return false;
    const value = get(place);
    return set(place, typeof value === 'string' ? random.pick([Number(value) || 0, value.length]) : String(value));
  },
  letters: (object, random) => {
    const place = somewhere(object, random, (value) => typeof value === 'string' && /[a-z]/i.test(value));
    if (!place) return false;
    const value = get(place) as string;
    const first = value.slice(0, 1);
    const other = first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase();
    return set(
      place,
      random.pick([
        value.toLowerCase(),
        value.toUpperCase(),
        other + value.slice(1),
        `${value} `,
        ` ${value}`,
        `${value}s`,
      ]),
    );
  },
  'key in a map': (object, random) => {
    const place = somewhere(object, random, isStringMap);
    if (!place) return false;
    return set({ parent: get(place) as JsonObject, key: random.pick(names), path: '' }, random.pick(names));
  },
  'siblings swapped': (object, random) => {
    const [one, other] = siblings(object, random) ?? [];
    if (!one || !other) return false;
    const value = get(one);
    set(one, get(other));
    return set(other, value);
  },
  'value of a sibling': (object, random) => {
    const [one, other] = siblings(object, random) ?? [];
    return one !== undefined && other !== undefined && set(one, structuredClone(get(other)));
  },
  'moved up': (object, random) => {
    const place = somewhere(object, random, (value, { path }) => isMap(value) && path.split('/').length > 1);
    if (!place) return false;
    const parent = get(place) as JsonObject;
    const [key] = [random.pick(Object.keys(parent))];
    if (key === undefined || !isMap(place.parent as Json)) return false;
    const value = parent[key]!;
    delete parent[key];
    return set({ ...place, key }, value);
  },
  'moved down': (object, random) => {
    const place = somewhere(object, random, (value, { parent }) => isMap(value) && !Array.isArray(parent));
    if (!place) return false;
    const keys = Object.keys(place.parent).filter((key) => key !== place.key && !/^(apiVersion|kind)$/.test(key));
    if (keys.length === 0) return false;
    const key = random.pick(keys);
    const moved: Place = { parent: place.parent, key, path: '' };
    const value = get(moved);
    remove(moved);
    return set({ parent: get(place) as JsonObject, key, path: '' }, value);
  },
  'item changed': (object, random) => {
    const place = somewhere(object, random, (value) => Array.isArray(value) && value.length > 0 && isMap(value[0]!));
    if (!place) return false;
    const list = get(place) as JsonObject[];
    const copy = structuredClone(random.pick(list));
    const inner = placesOf(copy).filter((one) => isScalar(get(one)));
    if (inner.length > 0) set(random.pick(inner), random.pick<Json>([...names, 1, 80, true]));
    list.push(copy);
    return true;
  },
  'list reversed': (object, random) => {
    const place = somewhere(object, random, (value) => Array.isArray(value) && value.length > 1);
    return place !== undefined && set(place, (get(place) as Json[]).toReversed());
  },
  'list repeated': (object, random) => {
    const place = somewhere(object, random, (value) => Array.isArray(value) && value.length > 0);
    if (!place) return false;
    const list = get(place) as Json[];
    const times = random.pick([2, 10, 33, 70, 101]);
    return set(
      place,
      Array.from({ length: times }, (_, index) => numbered(list[index % list.length]!, index)),
    );
  },
};

/** Items with different names, for lists keyed by name. */
function numbered(item: Json, index: number): Json {
  if (typeof item === 'string') return `${item}${index}`;
  if (!isMap(item)) return item;
  const { name } = item;
  return typeof name === 'string' ? { ...structuredClone(item), name: `${name}${index}` } : structuredClone(item);
}

function siblings(object: JsonObject, random: Random): readonly [Place, Place] | undefined {
  const one = somewhere(object, random, (_, { parent }) => Object.keys(parent).length > 1);
  if (!one) return undefined;
  const keys = Object.keys(one.parent).filter((key) => key !== String(one.key) && !/^(apiVersion|kind)$/.test(key));
  if (keys.length === 0) return undefined;
  const key = random.pick(keys);
  return [one, { ...one, key: Array.isArray(one.parent) ? Number(key) : key }];
}

function put(object: JsonObject, random: Random, wanted: (value: Json) => boolean, value: Json): boolean {
  const place = somewhere(object, random, wanted);
  return place !== undefined && set(place, value);
}

function isScalar(value: Json): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

function isString(value: Json): boolean {
  return typeof value === 'string';
}

function isMap(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isStringMap(value: Json): boolean {
  return (
    isMap(value) && Object.values(value).length > 0 && Object.values(value).every((one) => typeof one === 'string')
  );
}
