// Our CEL supports every rule and message expression of the bundled schemas.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compileCel } from './compile.ts';

const folder = join(import.meta.dirname, '../../schemas');

function expressionsOf(node: unknown, into: Set<string>): void {
  if (Array.isArray(node)) for (const item of node) expressionsOf(item, into);
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'x-kubernetes-validations' && Array.isArray(value))
      for (const { rule, messageExpression } of value)
        for (const text of [rule, messageExpression]) if (text) into.add(text);
    expressionsOf(value, into);
  }
}

test('every rule of the bundled schemas compiles', () => {
  const expressions = new Set<string>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.json')) expressionsOf(JSON.parse(readFileSync(join(folder, file), 'utf8')), expressions);
  expect(expressions.size).toBeGreaterThan(250);
  expect([...expressions].filter((text) => compileCel(text) === undefined)).toEqual([]);
});
