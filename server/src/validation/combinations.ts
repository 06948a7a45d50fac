// The combinations of schemas: allOf, anyOf, oneOf and not (kube-openapi pkg/validation/validate/schema_props.go).

import type { Schema } from '../schema/schema.ts';
import { printPath } from '../syntax/navigate.ts';
import type { Path, Value } from '../syntax/tree.ts';
import { hasUnknown } from '../syntax/value.ts';
import { type Expected, errorAt, type Problem, type Report } from './problem.ts';

/** Checks a value against one schema. The callee may mutate `path`. */
export type Walk = (value: Value, schema: Schema, path: (string | number)[], report: Report) => void;

export function checkCombinations(value: Value, schema: Schema, path: Path, walk: Walk, report: Report): void {
  const { anyOf, oneOf, allOf, not } = schema;
  for (const branch of allOf ?? []) walk(value, branch, [...path], report);
  if (anyOf && anyOf.length > 0) {
    const failures = failuresOf(value, anyOf, path, walk);
    if (failures.every((problems) => problems.length > 0)) reportBranches(value, failures, 'any-of', path, report);
  }
  if (oneOf && oneOf.length > 0) {
    const failures = failuresOf(value, oneOf, path, walk);
    const valid = failures.filter((problems) => problems.length === 0).length;
    if (valid === 0) reportBranches(value, failures, 'one-of', path, report);
    else if (valid > 1 && !hasUnknown(value)) {
      const fields = oneOf
        .filter((_, index) => failures[index]!.length === 0)
        .flatMap(({ required }) => required ?? []);
      report(errorAt('schema/one-of', path, { is: 'several-forms', forms: valid, fields }));
    }
  }
  if (not && failuresOf(value, [not], path, walk)[0]!.length === 0 && !hasUnknown(value))
    report(errorAt('schema/not', path, { is: 'excluded', fields: not.required ?? [] }));
}

function failuresOf(
  value: Value,
  branches: readonly Schema[],
  path: Path,
  walk: Walk,
): readonly (readonly Problem[])[] {
  return branches.map((branch) => {
    const problems: Problem[] = [];
    walk(value, branch, [...path], (found) => problems.push(found));
    return problems;
  });
}

/** No branch matches: reports the problems of the branch with the fewest. */
function reportBranches(
  value: Value,
  failures: readonly (readonly Problem[])[],
  rule: 'any-of' | 'one-of',
  path: Path,
  report: Report,
): void {
  const types = failures.every((problems) =>
    problems.every((found) => found.rule === 'schema/type' && found.path.length === path.length),
  );
  // Every branch refuses the type: one problem lists all types that the branches allow.
  if (types) {
    report(errorAt('schema/type', path, { is: 'type', expected: typesIn(failures), found: value }));
    return;
  }
  const [first, ...others] = failures;
  const best = others.reduce((least, problems) => (problems.length < least.length ? problems : least), first!);
  const wanted = failures.map((problems) => problems[0]!);
  if (wanted.every((found) => found.rule === 'schema/required')) {
    const fields = [...new Set(wanted.map((found) => String(found.path.at(-1))))];
    const problem = errorAt(`schema/${rule}`, path, { is: 'needs-one', exactly: rule === 'one-of', fields });
    report({ ...problem, field: best[0]!.field ?? printPath(best[0]!.path) });
    return;
  }
  // Other branches require other fields.
  for (const { unconditional: _never, ...found } of best) report(found);
}

function typesIn(failures: readonly (readonly Problem[])[]): readonly Expected[] {
  const expected = failures.flatMap(([found]) => (found?.facts.is === 'type' ? found.facts.expected : []));
  return [...new Set(expected)];
}
