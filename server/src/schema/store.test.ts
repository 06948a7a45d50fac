import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KindSchema, Schema } from './schema.ts';
import { byVersionPriority, layeredStore, storeOf } from './store.ts';

function kind(apiVersion: string, name: string, origin: string, schema: Schema = { type: 'object' }): KindSchema {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return {
    gvk: { group: group!, version: version!, kind: name },
    plural: `${name.toLowerCase()}s`,
    scope: 'Namespaced',
    served: true,
    storage: true,
    origin,
    from: 'bundled',
    builtin: group === '',
    schema,
  };
}

const objectMeta: Schema = {
  type: 'object',
  properties: { name: { type: 'string' }, labels: { type: 'object', additionalProperties: { type: 'string' } } },
};
const namespace = kind('v1', 'Namespace', 'kubernetes', { type: 'object', properties: { metadata: objectMeta } });
const gvk = (group: string, version: string, name: string) => ({ group, version, kind: name });

describe('version priority', () => {
  test('has the order of the documentation', () => {
    const order = ['v10', 'v2', 'v1', 'v11beta2', 'v10beta3', 'v3beta1', 'v12alpha1', 'v11alpha2', 'foo1', 'foo10'];
    expect(order.toReversed().sort(byVersionPriority)).toEqual(order);
  });

  test('is a total order for any names', () => {
    const name = fc.oneof(fc.string(), fc.stringMatching(/^v\d{1,2}((alpha|beta)\d{1,2})?$/));
    fc.assert(
      fc.property(name, name, name, (a, b, c) => {
        expect(Math.sign(byVersionPriority(a, b))).toBe(-Math.sign(byVersionPriority(b, a)) || 0);
        if (byVersionPriority(a, b) <= 0 && byVersionPriority(b, c) <= 0) {
          expect(byVersionPriority(a, c)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });
});

describe('a store', () => {
  const store = storeOf([
    kind('x.org/v1beta1', 'A', 'one'),
    kind('x.org/v1', 'A', 'one'),
    kind('x.org/v1', 'A', 'two'),
  ]);

  test('looks up by group, version and kind, and prefers the first of equal entries', () => {
    expect(store.lookup(gvk('x.org', 'v1', 'A'))?.origin).toBe('one');
    expect(store.lookup(gvk('x.org', 'v2', 'A'))).toBeUndefined();
    expect(store.lookup(gvk('y.org', 'v1', 'A'))).toBeUndefined();
    expect(store.hasGroup('x.org')).toBe(true);
    expect(store.hasGroup('constructor')).toBe(false);
  });

  test('lists versions newest first, each once', () => {
    expect(store.versions('x.org', 'A').map((one) => one.gvk.version)).toEqual(['v1', 'v1beta1']);
    expect(store.kinds()).toHaveLength(2);
  });
});

describe('layers', () => {
  const pinned = storeOf([kind('x.org/v1beta1', 'A', 'pin')]);
  const bundled = storeOf([namespace, kind('x.org/v1', 'A', 'bundled'), kind('x.org/v1', 'B', 'bundled')]);
  const last = storeOf([kind('x.org/v1', 'B', 'last'), kind('z.org/v1', 'C', 'last')]);
  const store = layeredStore([pinned, bundled, last]);

  test('the first source with a kind determines its versions', () => {
    expect(store.lookup(gvk('x.org', 'v1beta1', 'A'))?.origin).toBe('pin');
    expect(store.lookup(gvk('x.org', 'v1', 'A'))).toBeUndefined();
    expect(store.versions('x.org', 'A').map((one) => one.gvk.version)).toEqual(['v1beta1']);
  });

  test('later sources only add kinds', () => {
    expect(store.lookup(gvk('x.org', 'v1', 'B'))?.origin).toBe('bundled');
    expect(store.lookup(gvk('z.org', 'v1', 'C'))?.origin).toBe('last');
    const listed = store.kinds().map((one) => `${one.gvk.version} ${one.gvk.kind} ${one.origin}`);
    expect(listed).toEqual(['v1beta1 A pin', 'v1 Namespace kubernetes', 'v1 B bundled', 'v1 C last']);
  });

  test('a custom kind has the fields that the server adds, and each lookup returns the same object', () => {
    const own: Schema = {
      type: 'object',
      properties: { metadata: { type: 'object', properties: { name: { maxLength: 8 } } }, spec: { type: 'object' } },
    };
    const layered = layeredStore([storeOf([namespace, kind('x.org/v1', 'Short', 'crd', own)])]);
    const found = layered.lookup(gvk('x.org', 'v1', 'Short'))!;
    expect(Object.keys(found.schema.properties!)).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
    expect(found.schema.properties!.metadata!.properties).toEqual({
      ...objectMeta.properties,
      name: { type: 'string', maxLength: 8 },
    });
    expect(layered.lookup(gvk('x.org', 'v1', 'Short'))).toBe(found);
    expect(layered.versions('x.org', 'Short')[0]).toBe(found);
    expect(found.schema).toBe(found.schema);
    expect(layered.lookup(gvk('', 'v1', 'Namespace'))).toBe(namespace);
  });
});
