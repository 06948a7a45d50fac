import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readKubeConfigFile } from '../engine/kubeconfig/file.ts';
import { idOf, partsOf } from './row-id.ts';

test('whatever names hold, an id leads back to them', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 }), (parts) => {
      expect(partsOf(idOf(...parts))).toEqual(parts);
    }),
  );
});

test('an id that is none of ours has parts that name nothing', () => {
  expect(partsOf('%/%zz/a%2Fb')).toEqual(['%', '%zz', 'a/b']);
});

test('a context named by half a character can be told of and found', () => {
  const { contexts } = readKubeConfigFile('/x', Buffer.from('contexts:\n- name: "\\ud800"\n  context: {cluster: a}\n'));
  expect([...contexts.keys()].map((name) => partsOf(idOf(name))[0])).toEqual([...contexts.keys()]);
});
