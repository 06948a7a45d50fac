// What is wrong only because a field is misspelt or misplaced: the field that was meant is missing then, and so is what
// would be in it. The server stops at the unknown field and reports none of these either.
import type { Path } from '../syntax/tree.ts';
import type { Problem } from './problem.ts';

/** The problems without those that correcting an unknown field would solve too. */
export function withoutConsequences(problems: readonly Problem[]): readonly Problem[] {
  const meant = problems.flatMap(meantBy);
  if (meant.length === 0) return problems;
  return problems.filter(
    (problem) => problem.facts.is === 'unknown-field' || !meant.some((path) => isBecause(problem, path)),
  );
}

/** Where the field would be if it were written as meant. */
function meantBy({ path, facts }: Problem): readonly Path[] {
  if (facts.is !== 'unknown-field') return [];
  if (facts.nearest !== undefined) return [[...path.slice(0, -1), facts.nearest]];
  return facts.home ? [[...facts.home, path.at(-1)!]] : [];
}

/** Rules that something missing can break. */
const brokenByAbsence: ReadonlySet<Problem['rule']> = new Set([
  'schema/required',
  'schema/invalid',
  'schema/rule',
  'schema/not-found',
  'schema/one-of',
]);

/** Whether the check looked at, or for, a field at `meant`. */
function isBecause({ rule, path, sought }: Problem, meant: Path): boolean {
  if (sought?.some((place) => beginsWith(meant, place) || beginsWith(place, meant))) return true;
  if (!brokenByAbsence.has(rule)) return false;
  // The field itself, what would be in it, or a level above that would come with it.
  if (beginsWith(path, meant) || (rule === 'schema/required' && beginsWith(meant, path))) return true;
  // The map it would be in, or the list of such maps: what is asked of all its fields or items together.
  const map = meant.slice(0, -1);
  const holder = map.length === path.length || typeof map.at(-1) !== 'number' ? map : map.slice(0, -1);
  return holder.length > 0 && holder.length === path.length && beginsWith(path, holder);
}

function beginsWith(path: Path, start: Path): boolean {
  return start.length <= path.length && start.every((step, index) => path[index] === step);
}
