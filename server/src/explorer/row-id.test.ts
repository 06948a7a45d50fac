import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readKubeConfigFile } from '../engine/kubeconfig/file.ts';
import type { Branch } from '../live/parents.ts';
import { idOf, placeOf } from './row-id.ts';

test('an id is decoded to its place, whatever characters the names contain', () => {
  const name = fc.string({ unit: 'binary', minLength: 1 });
  const node = fc.array(name, { minLength: 1, maxLength: 3 });
  const branch = fc.constantFrom<Branch>('cluster-api', 'flux', 'workload');
  const place = fc.oneof(
    fc.record({ context: name }),
    fc.record({ context: name, branch }),
    fc.record({ context: name, branch, node }),
  );
  fc.assert(
    fc.property(place, (place) => {
      expect(placeOf(idOf(place))).toEqual(place);
    }),
  );
});

test.each(['', '%', '%/%zz/a%2Fb', 'context', 'problems/a', 'context/a/nowhere/object/b'])(
  'the id %j does not identify a place in a cluster',
  (id) => {
    expect(placeOf(id)).toBeUndefined();
  },
);

test('an invalid encoding is taken literally', () => {
  expect(placeOf('context/%zz')).toEqual({ context: '%zz' });
});

test('a context whose name has a lone surrogate is found by its id', () => {
  const { contexts } = readKubeConfigFile('/x', Buffer.from('contexts:\n- name: "\\ud800"\n  context: {cluster: a}\n'));
  expect([...contexts.keys()].map((name) => placeOf(idOf({ context: name }))?.context)).toEqual([...contexts.keys()]);
});
