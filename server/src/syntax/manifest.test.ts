import { expect, test } from 'vitest';
import { notedOf, parseManifest, withFields } from './manifest.ts';
import { isHole } from './scalar.ts';
import { toValue } from './value.ts';

const rules = (text: string) => parseManifest(text).findings.map(({ rule }) => rule);

test('a text is a template only if its braces cause the errors', () => {
  const go = `a: {{ .x }}
b: {{ .y }}: c
`;
  const jinja = `{% if x %}
a: 1
{% endif %}
`;
  const unclosed = `a: "{{ .x }}"
b: [
`;
  expect(parseManifest(go).template).toBe(true);
  expect(parseManifest(jinja).template).toBe(true);
  expect(rules(unclosed)).toEqual(['syntax/unclosed']);
});

test.each([
  ['\uFEFF- { a: b }\n- c\n', [{ a: 'b' }, 'c']],
  ['\uFEFF[{ a: b }]\n', [{ a: 'b' }]],
  ['\uFEFF\uFEFF- { a: b }\n', [{ a: 'b' }]],
  ['--- # a\n\uFEFFa: b\n', { a: 'b' }],
])('byte order marks are no part of a text: %j', (text, expected) => {
  expect(rules(text)).toEqual([]);
  expect(toValue(parseManifest(text).root!)).toEqual(expected);
});

test.each([
  ['a: "\\ud83d\\ude00"\n', ['syntax/invalid']],
  ['a: "\\U0000DC00"\n', ['syntax/invalid']],
  ['a: "\\\\ud83d \\U0001F600 \\uD7FF \\uE000"\n', []],
])('go-yaml reads no escapes of half a character: %j', (text, expected) => {
  expect(rules(text)).toEqual(expected);
});

// If each opener were matched against the rest of the text, these would take minutes.
test('openers without a closer are parsed in linear time', () => {
  const many = (opener: string) => opener.repeat(500_000);
  expect(rules(`a: "${many('{')}`)).toEqual(['syntax/unclosed']);
  expect(rules(`a: "{{ x }}${many('{%')}`)).toEqual(['syntax/unclosed']);
  expect(isHole(many('<'))).toBe(false);
  expect(isHole(`${many('<')} inputs.a >>`)).toBe(true);
});

test('an alias may be a key directly before the colon, as go-yaml reads it', () => {
  const { root, findings } = parseManifest('a: &x k\nb:\n  *x: 1\nc: { *x: 2, d: *x }\n');
  expect(findings).toEqual([]);
  expect(root && toValue(root)).toEqual({ a: 'k', b: { k: 1n }, c: { k: 2n, d: 'k' } });
  expect(parseManifest('a: &x k\nb:\n  *x:1\n').findings).not.toEqual([]);
});

test.each([
  ['-\n#y\n  text\n- h\n', ['text', 'h']],
  ['a:\n#y\n  text\nb: &x c\n', { a: 'text', b: 'c' }],
  ['a:\n  -\n#y\n    one\n    two\n  - &x h\n', { a: ['one two', 'h'] }],
])('a comment has no indentation: %j', (text, expected) => {
  expect(rules(text)).toEqual([]);
  expect(toValue(parseManifest(text).root!)).toEqual(expected);
});

test('a line that begins with a tab is refused below a document in braces', () => {
  const rules = (below: string) =>
    parseManifest(`{ a: b }${below}`).findings.map(({ rule, start }) => `${rule} ${start}`);
  expect(rules('\n \t\n')).toEqual(['syntax/tab 10']);
  expect(rules('\n\t# c\n')).toEqual(['syntax/tab 9']);
  expect(rules('\t\n')).toEqual([]);
  expect(parseManifest('{ a: b,\n\t\nc: d }\n').findings).toEqual([]);
});

test('a finding on a line of a tab and a byte order mark is within the text', () => {
  for (const text of ['\t\uFEFF', '---\n # a\n\n\t\uFEFF']) {
    const { findings } = parseManifest(text);
    expect(findings.length).toBeGreaterThan(0);
    for (const { start, end } of findings)
      expect([0 <= start, start <= end, end <= text.length]).toEqual([true, true, true]);
  }
});

const others = (name: string, count: number) => {
  for (let index = 0; index < count; index += 1) parseManifest(`${name}: ${index}\n${'# filler\n'.repeat(200)}`);
};

test('what is used again stays the same however many texts are read once', () => {
  const text = 'used: again\n';
  const first = parseManifest(text);
  expect(parseManifest(text)).toBe(first);
  others('once', 1000);
  expect(parseManifest(text)).toBe(first);
});

test('what is read once goes when there is no room', () => {
  others('full', 1000);
  const text = 'used: once\n'.padEnd(2000, '#');
  const first = parseManifest(text);
  others('more', 100);
  expect(parseManifest(text)).not.toBe(first);
  expect(parseManifest(text)).toEqual(first);
});

test('a copy has what is computed when it is read, and notes of its own', () => {
  const manifest = parseManifest('a: [\nb: c\n');
  const copy = withFields(manifest, { text: 'other' });
  expect(copy).toMatchObject({ text: 'other', findings: manifest.findings, recovered: manifest.recovered });
  expect(copy.findings).not.toEqual([]);
  notedOf(manifest).set('name', 1);
  expect(notedOf(manifest).get('name')).toBe(1);
  expect(notedOf(copy).get('name')).toBeUndefined();
});
