import { describe, expect, test } from 'vitest';
import { expand, isBad, parseTemplate } from './substitute.ts';
import { expressions, values } from './substitute-fixture.ts';

function expanded(text: string, strict = true): string {
  const template = parseTemplate(text);
  if (isBad(template)) return `${template.bad} ${text.slice(template.start, template.end)}`;
  const lookup = { strict, valueOf: (name: string) => values[name] };
  const { text: result, isHole, unset } = expand(template, text, lookup);
  if (unset.length > 0) return `unset ${unset.map(({ name }) => name).join(', ')}`;
  return isHole ? `hole in ${result}` : result;
}

test.each(expressions)('%s', (text, result) => {
  expect(expanded(text)).toBe(result);
});

test.each([
  ['a ${SECRET} ${A}', 'hole in a ${SECRET} alpha'],
  ['${SECRET:=x}', 'hole in ${SECRET:=x}'],
  ['${NONE:=${SECRET}}', 'hole in ${NONE:=${SECRET}}'],
  ['${A:=${SECRET}}', 'alpha'],
])('an unknown value: %s', (text, result) => {
  expect(expanded(text)).toBe(result);
});

describe('before Flux 2.9', () => {
  test('a variable that is not set is empty', () => {
    expect(expanded('a${NONE}b${NONE^^}${#NONE}', false)).toBe('ab0');
  });
});

test('nesting has a limit', () => {
  const deep = `${'${A:='.repeat(10_000)}${'}'.repeat(10_000)}`;
  expect(isBad(parseTemplate(deep))).toBe(true);
});
