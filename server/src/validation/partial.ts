// The verdict on a part of an object, such as a patch: unknown fields and values that the API server refuses whatever the rest
// of the object is. Nothing is missing in a part, and a null deletes.
import type { KindSchema } from '../schema/schema.ts';
import type { Value } from '../syntax/tree.ts';
import { isObject, type ObjectValue, valueAt } from '../syntax/value.ts';
import { checkDecoding } from './decode.ts';
import { explained } from './judge.ts';
import type { Problem } from './problem.ts';
import { checkStructure } from './structure.ts';
import { checkUnknownFields } from './unknown-fields.ts';

/** `kind` is of a store of partial schemas (schema/partial.ts). */
export function judgePartial(value: Value, kind: KindSchema): readonly Problem[] {
  if (!isObject(value) || (!kind.served && !kind.builtin)) return [];
  const problems: Problem[] = [];
  const report = (problem: Problem) => {
    if (isCertain(problem, value)) problems.push(problem);
  };
  if (kind.builtin) checkDecoding(value, kind.schema, [], report);
  else judgeCustom(value, kind, report);
  return explained(problems, value, kind.schema);
}

function judgeCustom(object: ObjectValue, { schema }: KindSchema, report: (problem: Problem) => void): void {
  const { metadata, ...fields } = object;
  checkUnknownFields(fields, schema, [], report);
  checkStructure(fields, schema, [], report);
  const objectMeta = schema.properties?.metadata;
  if (metadata !== undefined && objectMeta) checkDecoding(metadata, objectMeta, ['metadata'], report);
}

function isCertain({ facts, path }: Problem, object: ObjectValue): boolean {
  if (facts.is === 'missing' || valueAt(object, path) === null) return false;
  // Directives of a strategic merge: `$patch`, `$retainKeys`, `$setElementOrder/containers`.
  return !path.some((step) => typeof step === 'string' && step.startsWith('$'));
}
