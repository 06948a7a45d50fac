// Whether two releases say the same about a field, without looking below it: only where they don't can their verdicts differ.
import type { Path } from '../syntax/tree.ts';
import type { Schema } from './schema.ts';

/** Compares what both schemas say about the value at a path and about the map or list that it is in. */
export function isSameAt(a: Schema, b: Schema, path: Path): boolean {
  if (a === b) return true;
  let [left, right]: [Schema | undefined, Schema | undefined] = [a, b];
  let [outerLeft, outerRight]: [Schema | undefined, Schema | undefined] = [undefined, undefined];
  for (const step of path) {
    [outerLeft, outerRight] = [left, right];
    [left, right] = [left && below(left, step), right && below(right, step)];
  }
  return ownFacts(left) === ownFacts(right) && keywords(outerLeft) === keywords(outerRight);
}

function below(schema: Schema, step: Path[number]): Schema | undefined {
  if (typeof step === 'number') return schema.items;
  const { properties, additionalProperties } = schema;
  if (properties && Object.hasOwn(properties, step)) return properties[step];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

interface Facts {
  readonly keywords: string;
  readonly names: string;
}

const known = new WeakMap<Schema, Facts>();

/** All keywords, of the schemas below only their names. */
function ownFacts(schema: Schema | undefined): string {
  return schema ? `${keywords(schema)} ${factsOf(schema).names}` : '';
}

/** Another field of the same map says nothing about this one. */
function keywords(schema: Schema | undefined): string {
  return schema ? factsOf(schema).keywords : '';
}

function factsOf(schema: Schema): Facts {
  let facts = known.get(schema);
  if (facts === undefined) {
    const { properties, items, additionalProperties, not, allOf, anyOf, oneOf, ...own } = schema;
    const forms = [not, allOf, anyOf, oneOf].map((one) => one !== undefined);
    const rest = typeof additionalProperties === 'object' ? 'schema' : additionalProperties;
    facts = {
      keywords: JSON.stringify([own, items !== undefined, rest, forms]),
      names: Object.keys(properties ?? {})
        .sort()
        .join(' '),
    };
    known.set(schema, facts);
  }
  return facts;
}
