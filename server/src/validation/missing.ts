// The problem of a field that isn't there.

import type { Schema } from '../schema/schema.ts';
import { skeletonOf } from '../schema/skeleton.ts';
import type { Path } from '../syntax/tree.ts';
import { fieldOf, type Problem } from './problem.ts';

/** `schema` is that of the map at `path`, which lacks `name`. The remedy adds the field with the least it needs. */
export function missing(name: string, schema: Schema, path: Path): Problem {
  const field = [...path, name];
  const property = schema.properties?.[name];
  return {
    rule: 'schema/required',
    path: field,
    field: fieldOf(field),
    on: 'key',
    message: `${fieldOf(field)} is required and isn’t set.`,
    unconditional: true,
    remedies: [{ kind: 'add', key: name, value: property ? skeletonOf(property) : '' }],
  };
}
