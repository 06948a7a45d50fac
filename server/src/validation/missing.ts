// The problem of a missing required field.

import type { Schema } from '../schema/schema.ts';
import { skeletonOf } from '../schema/skeleton.ts';
import type { Path } from '../syntax/tree.ts';
import type { Problem } from './problem.ts';

/** `schema` is that of the map at `path`, in which `name` is missing. The remedy adds the field with its minimal content. */
export function missing(name: string, schema: Schema, path: Path): Problem {
  const property = schema.properties?.[name];
  return {
    rule: 'schema/required',
    severity: 'error',
    path: [...path, name],
    on: 'key',
    facts: { is: 'missing' },
    unconditional: true,
    remedies: [{ kind: 'add', key: name, value: property ? skeletonOf(property) : '' }],
  };
}
