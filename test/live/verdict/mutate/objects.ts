// Breaks an object with a typical mistake of people and programs.
import type { Json, JsonObject } from '../cases.ts';
import { get, type Mutation, remove, set, somewhere } from './places.ts';

export const oddStrings: readonly string[] = [
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

export const objectMutations: Readonly<Record<string, Mutation>> = {
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
};
