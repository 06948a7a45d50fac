// Drops problems that only follow from a misspelt or misplaced field: the intended field and its content are missing
// then. The API server doesn't report them either, since it stops at the unknown field. The fields of a map where a list
// must be aren't unknown either: a dash is missing.
import type { Path } from '../syntax/tree.ts';
import { isObject } from '../syntax/value.ts';
import type { Problem } from './problem.ts';

/** The problems without those that fixing an unknown field would fix as well. */
export function withoutConsequences(all: readonly Problem[]): readonly Problem[] {
  const unlisted = all.flatMap(({ facts, path }) => (isUnlisted(facts) ? [path] : []));
  const problems =
    unlisted.length === 0
      ? all
      : all.filter(({ path }) => !unlisted.some((map) => path.length > map.length && beginsWith(path, map)));
  const meant = problems.flatMap(meantBy);
  if (meant.length === 0) return problems;
  return problems.filter(
    (problem) => problem.facts.is === 'unknown-field' || !meant.some((path) => isBecause(problem, path)),
  );
}

function isUnlisted(facts: Problem['facts']): boolean {
  return facts.is === 'type' && facts.expected[0] === 'array' && isObject(facts.found);
}

/** The path that the unknown field was meant to have. */
function meantBy({ path, facts }: Problem): readonly Path[] {
  if (facts.is !== 'unknown-field') return [];
  if (facts.nearest !== undefined) return [[...path.slice(0, -1), facts.nearest]];
  return facts.home ? [[...facts.home, path.at(-1)!]] : [];
}

/** Rules that a missing field can violate. */
export const brokenByAbsence: ReadonlySet<Problem['rule']> = new Set([
  'schema/required',
  'schema/invalid',
  'schema/rule',
  'schema/not-found',
  'schema/one-of',
]);

/** Whether the problem may be a consequence of the missing field at `meant`. */
function isBecause({ rule, path, sought }: Problem, meant: Path): boolean {
  if (sought?.some((place) => beginsWith(meant, place) || beginsWith(place, meant))) return true;
  if (!brokenByAbsence.has(rule)) return false;
  // The field itself, its content, or a missing map around it.
  if (beginsWith(path, meant) || (rule === 'schema/required' && beginsWith(meant, path))) return true;
  // Its map, or the list of such maps: a rule about all their fields or items.
  const map = meant.slice(0, -1);
  const holder = map.length === path.length || typeof map.at(-1) !== 'number' ? map : map.slice(0, -1);
  return holder.length > 0 && holder.length === path.length && beginsWith(path, holder);
}

function beginsWith(path: Path, start: Path): boolean {
  return start.length <= path.length && start.every((step, index) => path[index] === step);
}
