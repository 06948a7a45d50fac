// Validates a custom resource in the API server's order: strict decoding, metadata, structure, lists, embedded resources,
// then CEL (apiextensions-apiserver pkg/registry/customresource). The server stops at the first step that fails; here all
// steps before CEL report their problems. As in the server, CEL runs only if the structure is valid.

import { celProblems } from '../cel/validate.ts';
import { dnsSubdomainProblem } from '../kube/names.ts';
import { correlated, maybeSame } from '../schema/correlate.ts';
import { complete } from '../schema/defaults.ts';
import { bracketedField } from '../schema/field-names.ts';
import type { KindSchema, Schema } from '../schema/schema.ts';
import { printPath } from '../syntax/navigate.ts';
import { type Path, unknown, type Value } from '../syntax/tree.ts';
import { isObject, type ObjectValue, own } from '../syntax/value.ts';
import { checkDecoding } from './decode.ts';
import { checkMetadata, namelessProblem } from './metadata.ts';
import { checkFailed, errorAt, type Problem, type Report } from './problem.ts';
import { checkStructure } from './structure.ts';
import { checkUnknownFields } from './unknown-fields.ts';

/** `objectMeta` is the OpenAPI schema of ObjectMeta, `was` the object that an update replaces. */
export function judgeCustom(
  object: ObjectValue,
  kind: KindSchema,
  objectMeta: Schema | undefined,
  was?: ObjectValue,
): readonly Problem[] {
  const problems: Problem[] = [];
  const report: Report = (problem) => problems.push(problem);
  const { root, metadata: narrowing } = splitMetadata(kind.schema);
  const { metadata } = object;
  checkUnknownFields(object, root, [], report);
  checkMetadataOf(metadata, kind, objectMeta, narrowing, report);
  const value = completed(object, kind, root);
  const before = was && completed(was, kind, root);
  const changed = before ? onlyChanged(report, value, before, root) : report;
  checkStructure(value, root, [], changed, objectMeta);
  if (kind.details?.scale) checkScale(value, kind.details.scale.specReplicasPath, report);
  if (problems.some(({ rule }) => blocking.has(rule))) return problems;
  const whole = withMetadata(value, object);
  for (const { path, message, reason } of celProblems(kind.schema, whole, was && before && withMetadata(before, was))) {
    const problem = errorAt(celRules[reason], path, { is: 'rule', message });
    report({ ...problem, field: bracketedField(path, kind.schema) });
  }
  return problems;
}

/** The object as structural validation sees it: defaulted, without nulls, metadata and a status that the server drops. */
function completed(object: ObjectValue, kind: KindSchema, root: Schema): ObjectValue {
  const { metadata: _checkedElsewhere, ...fields }: { metadata?: Value; [key: string]: Value } = object;
  if (kind.details?.status) delete fields.status;
  return complete(fields, root) as ObjectValue;
}

function withMetadata(value: ObjectValue, { metadata }: ObjectValue): ObjectValue {
  return metadata === undefined ? value : { ...value, metadata };
}

/**
 * Ratcheting: an update may keep unchanged values that a stricter schema no longer allows
 * (apiextensions-apiserver pkg/apiserver/validation/ratcheting.go).
 */
function onlyChanged(report: Report, now: ObjectValue, was: ObjectValue, schema: Schema): Report {
  return (problem) => {
    if (!isUnchanged(problem, now, was, schema)) report(problem);
  };
}

/** Whether the invalid value or one around it is unchanged; for a missing field, its map is compared. */
function isUnchanged({ path, facts }: Problem, now: ObjectValue, was: ObjectValue, schema: Schema): boolean {
  const steps = facts.is === 'missing' ? path.slice(0, -1) : path;
  return correlated(now, was, schema, steps).some(
    ([value, before]) => before !== undefined && maybeSame(value, before),
  );
}

/** The server evaluates no CEL rules after these problems (pkg/registry/customresource/strategy.go, hasBlockingErr). */
const blocking: ReadonlySet<Problem['rule']> = new Set([
  'schema/unknown-field',
  'schema/type',
  'schema/required',
  'schema/enum',
  'schema/length',
]);

const celRules = {
  FieldValueInvalid: 'schema/rule',
  FieldValueForbidden: 'schema/forbidden',
  FieldValueRequired: 'schema/required',
  FieldValueDuplicate: 'schema/duplicate-item',
} as const;

/** The server has its own schema of ObjectMeta; a CRD may only restrict name and generateName. */
interface Split {
  readonly root: Schema;
  readonly metadata: Schema | undefined;
}

const splits = new WeakMap<Schema, Split>();

function splitMetadata(schema: Schema): Split {
  const known = splits.get(schema);
  if (known) return known;
  const { metadata, ...properties } = schema.properties ?? {};
  const { name, generateName } = metadata?.properties ?? {};
  const narrowed = [name, generateName].some((one) => one && Object.keys(one).some((key) => key !== 'type'));
  const split: Split = {
    root: {
      ...schema,
      properties,
      ...(schema.required && { required: schema.required.filter((name) => name !== 'metadata') }),
    },
    metadata: narrowed
      ? { type: 'object', properties: { ...(name && { name }), ...(generateName && { generateName }) } }
      : undefined,
  };
  splits.set(schema, split);
  return split;
}

function checkMetadataOf(
  metadata: Value | undefined,
  kind: KindSchema,
  objectMeta: Schema | undefined,
  narrowing: Schema | undefined,
  report: Report,
): void {
  const path: Path = ['metadata'];
  if (metadata === unknown) return;
  if (metadata !== undefined && objectMeta) checkDecoding(metadata, objectMeta, path, report);
  if (isObject(metadata)) {
    checkMetadata(
      metadata,
      path,
      { nameCheck: dnsSubdomainProblem, named: true, namespaced: kind.scope === 'Namespaced' },
      report,
    );
    if (narrowing) checkStructure(metadata, narrowing, path, report);
  } else if (metadata === undefined || metadata === null) {
    report(namelessProblem(path));
  }
}

/** The server checks the replicas of the scale subresource before it applies the schema (validator.go, ValidateScaleSpec). */
function checkScale(object: ObjectValue, jsonPath: string, report: Report): void {
  const path = jsonPath.replace(/^\./, '').split('.');
  let value: Value | undefined = object;
  for (const step of path) value = isObject(value) ? own(value, step) : undefined;
  // It refuses everything that isn't written as an integer, even 1.0.
  if (typeof value !== 'number' && (typeof value !== 'bigint' || (value >= 0n && value < 2n ** 31n))) return;
  const sentence = `${printPath(path)} must be an integer between 0 and 2147483647, not ${value}.`;
  report({ ...checkFailed('schema/range', path, sentence), field: `.${printPath(path)}` });
}
