// Validates an object of a built-in kind as the API server does: decoding into its Go type, metadata, the checks that the
// server implements in Go (kubernetes/), and the immutable fields of an update. All of them see the object as written.

import { builtinNameCheck, isNameless, needsName } from '../kube/names.ts';
import { bracketedField, stepInto } from '../schema/field-names.ts';
import type { KindSchema, Schema } from '../schema/schema.ts';
import { skeletonOf } from '../schema/skeleton.ts';
import { type Path, unknown, type Value } from '../syntax/tree.ts';
import { hasUnknownKey, isList, isObject, type ObjectValue, own } from '../syntax/value.ts';
import { checkDecoding } from './decode.ts';
import type { ProblemKind, Problems } from './kubernetes/builtin.ts';
import { builtinCheckOf } from './kubernetes/checks.ts';
import { checkUpdate } from './kubernetes/updates.ts';
import { checkMetadata, namelessProblem } from './metadata.ts';
import { missing } from './missing.ts';
import { checkFailed, type Problem, type Remedy, type Report } from './problem.ts';
import { show } from './words.ts';

/** `was` is the object that an update replaces. */
export function judgeNative(object: ObjectValue, kind: KindSchema, was?: ObjectValue): readonly Problem[] {
  const problems: Problem[] = [];
  const report: Report = (problem) => problems.push(problem);
  checkDecoding(object, kind.schema, [], report);
  const metadata = own(object, 'metadata');
  const metadataRules = {
    nameCheck: builtinNameCheck(kind.gvk),
    named: needsName(kind.gvk),
    namespaced: kind.scope === 'Namespaced',
  };
  if (isNameless(kind.gvk)) {
    // Their own checks validate the metadata.
  } else if (isObject(metadata)) {
    checkMetadata(metadata, ['metadata'], metadataRules, report);
    if (!freeFinalizers.has(kind.gvk.group)) checkFinalizers(own(metadata, 'finalizers'), report);
  } else if ((metadata === undefined || metadata === null) && needsName(kind.gvk)) {
    report(namelessProblem(['metadata']));
  }
  if (problems.some(({ rule }) => rule === 'schema/type')) return problems;
  const { status: _dropped, ...fields } = object;
  // The checks don't know the fields of older versions.
  if (!kind.served && kind.gvk.group === 'resource.k8s.io') return problems;
  const check = builtinCheckOf(kind.gvk);
  const found: Problems = {
    minor: minorOf(kind),
    add: (path, reason, message, named, sought) =>
      report({
        ...problemOf(path, reason, message, kind.schema),
        ...(named && { field: bracketedField(named, kind.schema) }),
        ...(sought && { sought }),
      }),
  };
  if (check) check(object, found, kind.gvk, was);
  else checkRequired(fields, kind.schema, [], report);
  if (was) checkUpdate(object, was, kind, report);
  return problems;
}

/** `kubernetes 1.36.3` is 36. */
function minorOf({ origin }: KindSchema): number {
  return Number(/ 1\.(\d+)/.exec(origin)?.[1] ?? newestMinor);
}

/** For what was imported under another name. */
const newestMinor = 37;

/** Groups whose validation doesn't apply the rule below. */
const freeFinalizers: ReadonlySet<string> = new Set([
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
]);

/** A finalizer without a domain must be one of the server's own (kubernetes pkg/apis/core/validation ValidateObjectMeta). */
function checkFinalizers(finalizers: Value | undefined, report: Report): void {
  if (!isList(finalizers)) return;
  for (const [index, name] of finalizers.entries()) {
    if (typeof name !== 'string' || name.includes('/')) continue;
    if (['kubernetes', 'orphan', 'foregroundDeletion'].includes(name)) continue;
    const path: Path = ['metadata', 'finalizers', index];
    const sentence = `The finalizer ${show(name)} must have a DNS domain as its prefix, as in example.com/name.`;
    report(checkFailed('schema/label', path, sentence));
  }
}

const rules: Readonly<Record<ProblemKind, Problem['rule']>> = {
  required: 'schema/required',
  invalid: 'schema/invalid',
  duplicate: 'schema/duplicate-item',
  forbidden: 'schema/forbidden',
  unsupported: 'schema/enum',
  notFound: 'schema/not-found',
  tooLong: 'schema/length',
  tooMany: 'schema/length',
  typeInvalid: 'schema/type',
};

function problemOf(path: Path, reason: ProblemKind, sentence: string, schema: Schema): Problem {
  const problem: Problem = {
    rule: rules[reason],
    severity: 'error',
    path,
    field: bracketedField(path, schema),
    on: reason === 'required' ? 'key' : 'value',
    facts: { is: 'check', sentence },
  };
  if (reason !== 'required') return problem;
  const key = String(path.at(-1));
  const parent = path.slice(0, -1).reduce<Schema | undefined>(stepInto, schema);
  const property = parent?.properties?.[key];
  const value = property && skeletonOf(property);
  // These checks treat an empty string as missing.
  const remedies: readonly Remedy[] = value === undefined || value === '' ? [] : [{ kind: 'add', key, value }];
  const unconditional = parent?.required?.includes(key) && { unconditional: true as const };
  return { ...problem, ...unconditional, remedies };
}

type Steps = (string | number)[];

/**
 * For kinds without checks of their own: strings that OpenAPI requires. Other required fields are often only Go fields
 * without omitempty, which the server accepts as empty.
 */
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
      if ((field === undefined || field === null) && isText(schema, name) && !hasUnknownKey(value))
        report(missing(name, schema, path as Path));
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

function isText(schema: Schema, name: string): boolean {
  const property = schema.properties?.[name];
  return property?.type === 'string' && property.default === undefined && property.format === undefined;
}
