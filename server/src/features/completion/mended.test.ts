// A slip on another line doesn't switch completion off.
import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { applied, labelsAt } from '../fixture.ts';
import { mended } from './mended.ts';

const service = yaml`
  apiVersion: v1
  kind: Service
  metadata:
    name: a
`;

describe('the keys of the map are suggested', () => {
  test.each([
    ['a key without its colon', `${service}spec:\n  type\n  po$0\n`],
    ['a key without its colon, with lines nested in it', `${service}spec\n  po$0\n`],
    ['half a key', `${service}spec:\n  clusterIP: None\n  ty\n  po$0\n`],
    ['a key without its colon below', `${service}spec:\n  po$0\n  type\n`],
    ['no space after a colon', `${service}spec:\n  type:ClusterIP\n  po$0\n`],
    ['an open double quote', `${service}spec:\n  type: "ClusterIP\n  po$0\n`],
    ['an open single quote above a document', `${service}spec:\n  type: 'ClusterIP\n  po$0\n---\n${service}`],
    ['an open bracket', `${service}spec:\n  externalIPs: [10.0.0.1\n  po$0\n`],
    ['an open brace', `${service}spec:\n  selector: {app: a\n  po$0\n  type: ClusterIP\n`],
    ['a tab', `${service}spec:\n\ttype: ClusterIP\n  po$0\n`],
    ['a duplicate key', `${service}spec:\n  type: ClusterIP\n  type: ClusterIP\n  po$0\n`],
    ['a colon in a value', `${service}spec:\n  type: ClusterIP: a\n  po$0\n`],
    ['a line that is indented too far', `${service}spec:\n  type: ClusterIP\n    clusterIP: None\n  po$0\n`],
    ['a first line that is indented too far', `${service}spec:\n   type: ClusterIP\n  po$0\n`],
    ['a first key without its colon', `${service}spec:\n  type\n  po$0`],
    ['CRLF', `${service}spec\n  type\n  po$0\n`.replaceAll('\n', '\r\n')],
  ])('%s', (_, text) => {
    expect(labelsAt(text)).toContain('ports');
  });
});

test.each([
  ['a list', 'rules\n- apiG$0\n'],
  ['the first key of an item', 'rules:\n- verbs\n  apiG$0\n'],
  ['the first key of an item, with a list', 'rules:\n- verbs\n  - get\n  apiG$0\n'],
  ['a tab after a dash', 'rules:\n- \tverbs: []\n  apiG$0\n'],
])('%s', (_, rules) => {
  expect(labelsAt(`apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\n${rules}`)).toContain('apiGroups');
});

test('the accepted item is written where the cursor is', () => {
  expect(applied(`${service}spec\n  type\n  cluster$0\n`, 'clusterIP')).toBe(`${service}spec\n  type\n  clusterIP: \n`);
});

test('values are suggested too', () => {
  expect(labelsAt(`${service}spec:\n  clusterIP: "\n  type: Cl$0\n`)).toContain('ClusterIP');
});

test('a document without a slip is not changed', () => {
  const whole = yaml`
    # A comment
    apiVersion: v1 # another
    kind: Pod
    metadata: { name: a, labels: { a: "}" } }
    spec:
      containers:
      - name: a
        args: ["a", 'it''s']
        command:
          - &shell sh
          - -c
          - |
            echo: [
              "
        env:
          - {name: A, value: "1"}
          -
            name: B
      volumes: [] # none
  `;
  expect(mended(whole, 0)).toBe(undefined);
});

test('the lengths of lines stay, except for what they lack', () => {
  const text = `spec\n  a: "b\n\tc: d\n  e\n  f: [g\n`;
  const found = mended(text, text.length)!;
  expect(found.text).toBe(`spec:\n  a:   \n  c: d\n   \n  f:   \n`);
  expect(found.inserted).toEqual([4, 14]);
});
