// Reports fields that the schema doesn't define: strict decoding refuses them, lenient decoding drops them
// (apiextensions-apiserver pkg/apiserver/schema/pruning/algorithm.go).

import { nearest } from '../schema/nearest.ts';
import type { Schema } from '../schema/schema.ts';
import type { Path, Value } from '../syntax/tree.ts';
import { isList, isObject, type ObjectValue } from '../syntax/value.ts';
import { errorAt, type Problem, type Remedy, type Report } from './problem.ts';

/** `root` is a custom resource; `apiVersion`, `kind` and `metadata` are always known. */
export function checkUnknownFields(root: ObjectValue, schema: Schema, path: Path, report: Report): void {
  walk(root, { ...schema, 'x-kubernetes-embedded-resource': true }, [...path], report);
}

const metaFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

type Steps = (string | number)[];

function walk(value: Value, schema: Schema | undefined, path: Steps, report: Report): void {
  if (isList(value)) {
    if (schema?.['x-kubernetes-preserve-unknown-fields'] && !schema.items) return;
    value.forEach((item, index) => {
      path.push(index);
      walk(item, schema?.items, path, report);
      path.pop();
    });
  } else if (isObject(value)) {
    walkObject(value, schema, path, report);
  }
}

function walkObject(object: ObjectValue, schema: Schema | undefined, path: Steps, report: Report): void {
  const properties = schema?.properties;
  const preserving = schema?.['x-kubernetes-preserve-unknown-fields'] === true;
  if (preserving && !properties && !schema.additionalProperties) return;
  for (const name in object) {
    if (schema?.['x-kubernetes-embedded-resource'] && metaFields.has(name)) continue;
    path.push(name);
    if (properties && Object.hasOwn(properties, name)) walk(object[name]!, properties[name], path, report);
    else if (schema?.additionalProperties) walk(object[name]!, contentSchema(schema), path, report);
    else if (!preserving) report(unknownField(object, schema, path));
    path.pop();
  }
}

/** `additionalProperties: true` describes no fields of the values, so the server treats them all as unknown. */
function contentSchema({ additionalProperties }: Schema): Schema | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** The problem of a field that the schema of `object` doesn't define; for built-in kinds as well. */
export function unknownField(object: ObjectValue, schema: Schema | undefined, path: Path): Problem {
  const known = Object.keys(schema?.properties ?? {});
  const meant = nearest(
    String(path.at(-1)),
    known.filter((name) => !Object.hasOwn(object, name)),
  );
  const remedies: readonly Remedy[] = [
    ...(meant === undefined ? [] : [{ kind: 'rename', to: meant } as const]),
    { kind: 'remove' },
  ];
  const problem = errorAt('schema/unknown-field', path, { is: 'unknown-field', known, nearest: meant }, remedies);
  return { ...problem, on: 'key' };
}
