// Fields a custom resource has and its schema hasn't: what strict decoding refuses and lenient decoding drops
// (apiextensions-apiserver pkg/apiserver/schema/pruning/algorithm.go).

import { nearest } from '../schema/nearest.ts';
import type { Schema } from '../schema/schema.ts';
import type { Path, Value } from '../syntax/tree.ts';
import { isList, isObject, type ObjectValue } from '../syntax/value.ts';
import { fieldOf, oneOfWords, type Remedy, type Report } from './problem.ts';

/** `root` is a custom resource: its `apiVersion`, `kind` and `metadata` are the server's own. */
export function checkUnknownFields(root: ObjectValue, schema: Schema, path: Path, report: Report): void {
  walk(root, { ...schema, 'x-kubernetes-embedded-resource': true }, [...path], [], report);
}

const metaFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

type Steps = (string | number)[];

function walk(value: Value, schema: Schema | undefined, path: Steps, above: Schema[], report: Report): void {
  if (isList(value)) {
    if (schema?.['x-kubernetes-preserve-unknown-fields'] && !schema.items) return;
    value.forEach((item, index) => {
      path.push(index);
      walk(item, schema?.items, path, [], report);
      path.pop();
    });
  } else if (isObject(value)) {
    walkObject(value, schema, path, above, report);
  }
}

function walkObject(
  object: ObjectValue,
  schema: Schema | undefined,
  path: Steps,
  above: Schema[],
  report: Report,
): void {
  const properties = schema?.properties;
  const preserving = schema?.['x-kubernetes-preserve-unknown-fields'] === true;
  if (schema) above.push(schema);
  for (const name in object) {
    if (schema?.['x-kubernetes-embedded-resource'] && metaFields.has(name)) continue;
    path.push(name);
    if (properties && Object.hasOwn(properties, name)) walk(object[name]!, properties[name], path, above, report);
    else if (schema?.additionalProperties) walk(object[name]!, contentSchema(schema), path, [], report);
    else if (!preserving) report(unknownField(object, name, schema, path, above));
    path.pop();
  }
  if (schema) above.pop();
}

/** `additionalProperties: true` says nothing of what the values hold: the server knows no field of theirs. */
function contentSchema({ additionalProperties }: Schema): Schema | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** Also for built-in kinds: the finding of a field that isn't there. `above` are the schemas of the maps around it. */
export function unknownField(
  object: ObjectValue,
  name: string,
  schema: Schema | undefined,
  path: Path,
  above: readonly Schema[],
): Parameters<Report>[0] {
  const names = Object.keys(schema?.properties ?? {});
  const free = names.filter((candidate) => !Object.hasOwn(object, candidate));
  const meant = nearest(name, free);
  const home = homeOf(name, path, above);
  const remedies: Remedy[] = [
    ...(meant ? [{ kind: 'rename', to: meant } as const] : []),
    ...(home ? [{ kind: 'move', into: home } as const] : []),
    { kind: 'remove' },
  ];
  return {
    rule: 'schema/unknown-field',
    path: [...path],
    field: fieldOf(path),
    on: 'key',
    message: `${describe(name, path)}${hint(meant, home, names)}`,
    remedies,
  };
}

function describe(name: string, path: Path): string {
  const parent = fieldOf(path.slice(0, -1));
  return `There is no field “${name}”${parent === '' ? '' : ` in ${parent}`}; the API server refuses the object.`;
}

function hint(meant: string | undefined, home: Path | undefined, names: readonly string[]): string {
  if (meant) return ` Did you mean “${meant}”?`;
  if (home)
    return ` It belongs ${home.length === 0 ? 'at the top level' : `into ${fieldOf(home)}`}: check the indentation.`;
  return names.length > 0 && names.length <= 12 ? ` Known are ${oneOfWords(names)}.` : '';
}

/** The nearest map further out that has a field of this name: where a wrong indentation took it from. */
function homeOf(name: string, path: Path, above: readonly Schema[]): Path | undefined {
  for (let depth = above.length - 2; depth >= 0; depth -= 1) {
    const properties = above[depth]!.properties;
    const steps = path.slice(0, path.length - (above.length - depth));
    if (properties && Object.hasOwn(properties, name)) return steps;
  }
  return undefined;
}
