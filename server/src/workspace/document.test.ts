import { expect, test } from 'vitest';
import { fileOf, outlineOf, readFile } from './document.ts';

const manifests = `# A deployment and its patch
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
data:
  key: "1"
---
- op: replace
  path: /data/key
  value: "2"
---
- op: replace
  path: /data/key
  value: "2"
`;

test('a file restored from its outline has the same texts and facts, and one object for equal documents', () => {
  const file = readFile('a.yaml', manifests, undefined);
  const there = fileOf(structuredClone(outlineOf(file)));
  expect(there).toEqual(file);
  expect(there.documents.map(({ document }) => document.text).join('')).toBe(manifests);
  expect(there.documents[1]!.document).toBe(there.documents[2]!.document);
});

test('a file that isn’t read is restored as such from its outline', () => {
  const file = readFile('a.yaml', 'a\0b', undefined);
  expect(fileOf(structuredClone(outlineOf(file)))).toEqual(file);
  expect(file.unread).toBe('binary');
});
