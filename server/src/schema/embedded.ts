// Whole objects inside custom resources (`x-kubernetes-embedded-resource`): their apiVersion, kind and metadata are
// checked like any object's (apiextensions-apiserver pkg/apiserver/schema/objectmeta).
import { type Path, unknown, type Value } from '../syntax/tree.ts';
import { hasUnknownKey } from '../syntax/value.ts';
import { checkDecoding } from './decode.ts';
import { fieldSchema } from './defaults.ts';
import { checkMetadata } from './metadata.ts';
import { dns1035Problem, pathSegmentProblem } from './names.ts';
import {
  fieldOf,
  isList,
  isObject,
  kindOf,
  type ObjectValue,
  own,
  type Problem,
  type Report,
  show,
} from './problem.ts';
import type { Schema } from './schema.ts';
import { missing } from './structure.ts';

/** `objectMeta` is the OpenAPI of ObjectMeta. The root itself is not looked at as an embedded resource. */
export function checkEmbedded(value: Value, schema: Schema, objectMeta: Schema, path: Path, report: Report): void {
  if (mayEmbed(schema)) walk(value, schema, objectMeta, [...path], report);
}

type Steps = (string | number)[];

function walk(value: Value, schema: Schema, objectMeta: Schema, path: Steps, report: Report): void {
  if (isList(value)) {
    const { items } = schema;
    if (!items || !mayEmbed(items)) return;
    value.forEach((item, index) => {
      path.push(index);
      walk(item, items, objectMeta, path, report);
      path.pop();
    });
  } else if (isObject(value)) {
    if (schema['x-kubernetes-embedded-resource']) checkObject(value, objectMeta, path, report);
    for (const name in value) {
      const field = fieldSchema(schema, name);
      if (!field || !mayEmbed(field)) continue;
      path.push(name);
      walk(value[name]!, field, objectMeta, path, report);
      path.pop();
    }
  }
}

function checkObject(object: ObjectValue, objectMeta: Schema, path: Path, report: Report): void {
  for (const name of ['apiVersion', 'kind']) {
    const value = own(object, name);
    const at = [...path, name];
    if (value === undefined) {
      if (!hasUnknownKey(object)) report(missing(name, {}, path));
    } else if (value !== unknown) {
      const wrong = name === 'kind' ? kindProblem(value) : apiVersionProblem(value);
      if (wrong)
        report(problem(typeof value === 'string' ? 'schema/name' : 'schema/type', at, `${fieldOf(at)} ${wrong}.`));
    }
  }
  const metadata = own(object, 'metadata');
  if (metadata === undefined) return;
  checkDecoding(metadata, objectMeta, [...path, 'metadata'], report);
  if (isObject(metadata))
    checkMetadata(
      metadata,
      [...path, 'metadata'],
      { nameCheck: pathSegmentProblem, named: false, namespaced: true },
      report,
    );
}

function apiVersionProblem(value: Value): string | undefined {
  if (typeof value !== 'string') return `must be a string, not ${kindOf(value)}`;
  if (value === '') return 'can’t be empty';
  return value.split('/').length > 2 ? `must be a version or a group and a version, not ${show(value)}` : undefined;
}

function kindProblem(value: Value): string | undefined {
  if (typeof value !== 'string') return `must be a string, not ${kindOf(value)}`;
  return dns1035Problem(value.toLowerCase());
}

function problem(rule: Problem['rule'], path: Path, message: string): Problem {
  return { rule, path, field: fieldOf(path), on: 'value', message };
}

const embedding = new WeakMap<Schema, boolean>();

/** Whether an embedded resource can stand at or below the schema. */
function mayEmbed(schema: Schema): boolean {
  const known = embedding.get(schema);
  if (known !== undefined) return known;
  embedding.set(schema, false);
  const { items, properties, additionalProperties } = schema;
  const result =
    schema['x-kubernetes-embedded-resource'] === true ||
    (items !== undefined && mayEmbed(items)) ||
    (typeof additionalProperties === 'object' && mayEmbed(additionalProperties)) ||
    (properties !== undefined && Object.values(properties).some(mayEmbed));
  embedding.set(schema, result);
  return result;
}
