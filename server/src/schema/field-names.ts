// Field names as the server prints them where it knows which steps are keys of maps (apimachinery field.Path). Its
// structural checks print dots everywhere: fieldOf.
import type { Path } from '../syntax/tree.ts';
import { fieldSchema } from './defaults.ts';
import type { Schema } from './schema.ts';

/** The keys of maps in brackets, as the server's own validation code and its CEL rules print a path. */
export function bracketedField(path: Path, schema: Schema): string {
  let printed = '';
  let at: Schema | undefined = schema;
  for (const [index, step] of path.entries()) {
    // What a CRD's own schema holds under `items` is no longer in the OpenAPI of CRDs, but goes on alike.
    const isKey =
      typeof step === 'number' ||
      (at?.properties?.[step] === undefined &&
        (typeof at?.additionalProperties === 'object' || (at === undefined && path[index - 1] === 'properties')));
    printed += isKey ? `[${step}]` : printed === '' ? step : `.${step}`;
    at = stepInto(at, step);
  }
  return printed;
}

/** The schema one step further on a path. */
export function stepInto(schema: Schema | undefined, step: string | number): Schema | undefined {
  if (typeof step === 'number') return schema?.items;
  return schema && fieldSchema(schema, step);
}
