// Prints field paths like the server where it knows which steps are keys of maps (apimachinery field.Path). Its
// structural checks print only dots: see printPath.
import type { Path } from '../syntax/tree.ts';
import { fieldSchema } from './defaults.ts';
import type { Schema } from './schema.ts';

/** Prints a path with map keys in brackets, like the server's own validation code and its CEL rules. */
export function bracketedField(path: Path, schema: Schema): string {
  let printed = '';
  let at: Schema | undefined = schema;
  for (const [index, step] of path.entries()) {
    // The OpenAPI schema of CRDs ends at `items`, but the fields below it repeat the same structure.
    const isKey =
      typeof step === 'number' ||
      (at?.properties?.[step] === undefined &&
        (typeof at?.additionalProperties === 'object' || (at === undefined && path[index - 1] === 'properties')));
    printed += isKey ? `[${step}]` : printed === '' ? step : `.${step}`;
    at = stepInto(at, step);
  }
  return printed;
}

/** The schema after one step of a path. */
export function stepInto(schema: Schema | undefined, step: string | number): Schema | undefined {
  if (typeof step === 'number') return schema?.items;
  return schema && fieldSchema(schema, step);
}
