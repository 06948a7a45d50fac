import { expect, test } from 'vitest';
import { parseManifest } from './manifest.ts';
import { isHole } from './scalar.ts';

const rules = (text: string) => parseManifest(text).findings.map(({ rule }) => rule);

test('a template is one where its braces are to blame', () => {
  expect(parseManifest('a: {{ .x }}\nb: {{ .y }}: c\n').template).toBe(true);
  expect(parseManifest('{% if x %}\na: 1\n{% endif %}\n').template).toBe(true);
  expect(rules('a: "{{ .x }}"\nb: [\n')).toEqual(['syntax/unclosed']);
});

// Looked for from each opener to the end, the closers of these would take minutes.
test('openers without a closer take no longer than other text', () => {
  const many = (opener: string) => opener.repeat(500_000);
  expect(rules(`a: "${many('{')}`)).toEqual(['syntax/unclosed']);
  expect(rules(`a: "{{ x }}${many('{%')}`)).toEqual(['syntax/unclosed']);
  expect(isHole(many('<'))).toBe(false);
  expect(isHole(`${many('<')} inputs.a >>`)).toBe(true);
});
