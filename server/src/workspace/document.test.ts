import { expect, test } from 'vitest';
import { fileOf, outlineOf, readFile, type SourceFile } from './document.ts';

/** With what its documents say, whether that was read yet or not. */
function plain({ documents, ...file }: SourceFile): object {
  const all = documents.map(({ start, document: { text, facts, failure } }) => ({ start, text, facts, failure }));
  return { ...file, documents: all };
}

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
  expect(plain(there)).toEqual(plain(file));
  expect(there.documents.map(({ document }) => document.text).join('')).toBe(manifests);
  expect(there.documents[1]!.document).toBe(there.documents[2]!.document);
});

test('a file that isn’t read is restored as such from its outline', () => {
  const file = readFile('a.yaml', 'a\0b', undefined);
  expect(plain(fileOf(structuredClone(outlineOf(file))))).toEqual(plain(file));
  expect(file.unread).toBe('binary');
});

test('any edit keeps the objects of all documents whose text stays, and equal documents are one object', () => {
  const parts = ['a: 1\n', 'b: 2\n---\n', '---\na: 1\n', '---\n', '...\n', '# c\n', '\n'];
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 16807) % 2147483647;
    return seed % below;
  };
  let file = readFile('a.yaml', parts.join(''), undefined);
  for (let round = 0; round < 400; round += 1) {
    const start = random(file.text.length + 1);
    const end = Math.min(file.text.length, start + random(12));
    const put =
      file.text.length > 300 ? '' : Array.from({ length: random(4) }, () => parts[random(parts.length)]).join('');
    const text = file.text.slice(0, start) + put + file.text.slice(end);
    const next = readFile('a.yaml', text, file);
    expect(plain(next)).toEqual(plain(readFile('a.yaml', text, undefined)));
    const byText = new Map(file.documents.map(({ document }) => [document.text, document]));
    for (const { document } of next.documents) {
      const known = byText.get(document.text) ?? document;
      expect(document).toBe(known);
      byText.set(document.text, known);
    }
    file = next;
  }
});
