// The combinations of schemas: allOf, anyOf, oneOf and not (kube-openapi pkg/validation/validate/schema_props.go).

import type { Schema } from '../schema/schema.ts';
import type { Path, Value } from '../syntax/tree.ts';
import { hasUnknown } from '../syntax/value.ts';
import { fieldOf, oneOfWords, type Problem, type Report } from './problem.ts';

/** Checks a value against one schema; `path` is the callee's to change. */
export type Walk = (value: Value, schema: Schema, path: (string | number)[], report: Report) => void;

export function checkCombinations(value: Value, schema: Schema, path: Path, walk: Walk, report: Report): void {
  const { anyOf, oneOf, allOf, not } = schema;
  for (const branch of allOf ?? []) walk(value, branch, [...path], report);
  if (anyOf && anyOf.length > 0) {
    const failures = failuresOf(value, anyOf, path, walk);
    if (failures.every((problems) => problems.length > 0)) reportBranches(failures, 'any-of', path, report);
  }
  if (oneOf && oneOf.length > 0) {
    const failures = failuresOf(value, oneOf, path, walk);
    const valid = failures.filter((problems) => problems.length === 0).length;
    if (valid === 0) reportBranches(failures, 'one-of', path, report);
    else if (valid > 1 && !hasUnknown(value)) {
      const names = oneOf.filter((_, index) => failures[index]!.length === 0).flatMap(({ required }) => required ?? []);
      const which = names.length > 0 ? ` (here ${oneOfWords(names).replace(/ or (?=[^ ]*$)/, ' and ')})` : '';
      report(
        problem(
          'schema/one-of',
          path,
          `${where(path)} must take exactly one of its forms; this takes ${valid}${which}. Keep one.`,
        ),
      );
    }
  }
  if (not && failuresOf(value, [not], path, walk)[0]!.length === 0 && !hasUnknown(value)) {
    const names = not.required
      ? ` ${oneOfWords(not.required).replace(/ or (?=[^ ]*$)/, ' and ')} can’t be set here.`
      : '';
    report(problem('schema/not', path, `${where(path)} has a form that its schema excludes.${names}`));
  }
}

function where(path: Path): string {
  return path.length === 0 ? 'The object' : fieldOf(path);
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

/** No branch fits: what the nearest one lacks. */
function reportBranches(
  failures: readonly (readonly Problem[])[],
  rule: 'any-of' | 'one-of',
  path: Path,
  report: Report,
): void {
  const types = failures.every((problems) =>
    problems.every((found) => found.rule === 'schema/type' && found.path.length === path.length),
  );
  // The type itself was reported where the schema says it outright.
  if (types) {
    report(problem('schema/type', path, failures.map((problems) => problems[0]!.message).join(' Or: ')));
    return;
  }
  const [first, ...others] = failures;
  const best = others.reduce((least, problems) => (problems.length < least.length ? problems : least), first!);
  const wanted = failures.map((problems) => problems[0]!);
  if (wanted.every((found) => found.rule === 'schema/required')) {
    const names = [...new Set(wanted.map((found) => String(found.path.at(-1))))];
    const message = `${where(path)} needs ${rule === 'one-of' ? 'exactly' : 'at least'} one of ${oneOfWords(names)}.`;
    report({ ...problem(`schema/${rule}`, path, message), field: best[0]!.field });
    return;
  }
  // Another branch asks for other fields.
  for (const { unconditional: _never, ...found } of best) report(found);
}

function problem(rule: Problem['rule'], path: Path, message: string): Problem {
  return { rule, path: [...path], field: fieldOf(path), on: 'value', message };
}
