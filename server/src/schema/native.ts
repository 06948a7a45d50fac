// The API server's verdict on a built-in kind: decoding into its Go type, metadata, and what its validation code asks
// for: required fields and enums as OpenAPI has them, then the checks of builtin/.
import { type Path, unknown, type Value } from '../syntax/tree.ts';
import { hasUnknownKey } from '../syntax/value.ts';
import { checkDecoding } from './decode.ts';
import { checkMetadata } from './metadata.ts';
import { builtinNameCheck, isNameless } from './names.ts';
import { isList, isObject, type ObjectValue, own, type Problem, type Report } from './problem.ts';
import type { KindSchema, Schema } from './schema.ts';
import { missing } from './structure.ts';

export function judgeNative(object: ObjectValue, kind: KindSchema): readonly Problem[] {
  const problems: Problem[] = [];
  const report: Report = (problem) => problems.push(problem);
  checkDecoding(object, kind.schema, [], report);
  const metadata = own(object, 'metadata');
  const rules = { nameCheck: builtinNameCheck(kind.gvk), named: true, namespaced: kind.scope === 'Namespaced' };
  if (isNameless(kind.gvk)) return problems;
  if (isObject(metadata)) checkMetadata(metadata, ['metadata'], rules, report);
  else if (metadata === undefined || metadata === null) {
    report({
      ...missing('name', { properties: { name: { type: 'string' } } }, ['metadata']),
      message: 'An object needs metadata.name (or metadata.generateName).',
    });
  }
  if (problems.some(({ rule }) => rule === 'schema/type')) return problems;
  const { status: _dropped, ...fields } = object;
  checkRequired(fields, kind.schema, [], report);
  return problems;
}

type Steps = (string | number)[];

/** Go's zero values count as unset: null, and the empty list of a required list. */
function checkRequired(value: Value, schema: Schema, path: Steps, report: Report): void {
  if (value === unknown) return;
  if (isList(value)) {
    const { items } = schema;
    if (!items) return;
    value.forEach((item, index) => {
      path.push(index);
      checkRequired(item, items, path, report);
      path.pop();
    });
  } else if (isObject(value)) {
    for (const name of schema.required ?? []) {
      const field = own(value, name);
      if ((field === undefined || field === null) && !hasUnknownKey(value)) report(missing(name, schema, path as Path));
    }
    for (const name in value) {
      const field =
        schema.properties && Object.hasOwn(schema.properties, name)
          ? schema.properties[name]
          : schema.additionalProperties;
      if (typeof field !== 'object') continue;
      path.push(name);
      checkRequired(value[name]!, field, path, report);
      path.pop();
    }
  }
}
