// Parses the `fieldPath` of a rule, `.spec.replicas` or `.labels['a.b/c']`, into steps.

import type { Schema } from '../schema/schema.ts';
import type { Path } from '../syntax/tree.ts';

const step = /\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]/y;

/** Empty where the path is invalid or isn't a field of the schema: the server then reports the value of the rule. */
export function fieldPathSteps(fieldPath: string, schema: Schema): Path {
  const steps: string[] = [];
  let at: Schema | undefined = schema;
  step.lastIndex = 0;
  while (step.lastIndex < fieldPath.length) {
    const match = step.exec(fieldPath);
    if (!match) return [];
    const name = match[1] ?? match[2]!.replace(/\\(.)/g, (_, char: string) => escapes[char] ?? char);
    at = childOf(at, name);
    if (!at) return [];
    steps.push(name);
  }
  return steps;
}

const escapes: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function childOf({ properties, additionalProperties }: Schema, name: string): Schema | undefined {
  if (properties) return Object.hasOwn(properties, name) ? properties[name] : undefined;
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}
