import { expect, test } from 'vitest';
import { configMap, cursorOf, fixture, podUsing } from './fixture.ts';
import { highlights } from './highlights.ts';

function shown(source: string): readonly string[] {
  const { text, ...rest } = fixture(source);
  return highlights(cursorOf({ text, ...rest })).map(
    ({ start, end, kind }) => `${text.slice(start, end)} ${text.slice(0, start).split('\n').length} ${kind}`,
  );
}

test('an object is highlighted where the file defines and names it', () => {
  const file = (mark: string) =>
    `# file: other.yaml\n${podUsing('a')}# file: a.yaml\n${configMap('a')}---\n${podUsing('a', undefined, mark)}`;
  expect(shown(file('$0'))).toEqual(['a 4 write', 'a 16 read']);
});

test('a name that no file defines is highlighted wherever it stands for the same kind', () => {
  expect(shown(`${podUsing('a$0')}---\n${podUsing('a')}---\n${podUsing('b')}`)).toEqual(['a 11 read', 'a 23 read']);
});

test('a variable is highlighted in the whole file, where it is used and set', () => {
  const set = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: a}
spec:
  path: ./\${CLUSTER}/\${CLUSTER:=dev}/$\${CLUSTER}/\${CLUSTERS}
  postBuild:
    substitute:
      CLUSTER: b
---
a: \${CLUS$0TER/x/y}
`;
  expect(shown(set)).toEqual(['CLUSTER 5 read', 'CLUSTER 5 read', 'CLUSTER 8 write', 'CLUSTER 10 read']);
  expect(shown(set.replace('$0', '').replace('CLUSTER: b', 'CLUSTER$0: b'))).toHaveLength(4);
});

test('nothing is highlighted for other text', () => {
  expect(shown(`${configMap('a')}data: {a: b$0}\n`)).toEqual([]);
});
