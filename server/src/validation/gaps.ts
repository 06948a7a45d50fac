// Which problems of an object are certain although some of its lines aren't valid YAML: those lines may hold what is missing
// elsewhere, and lines below them may belong to what they would have begun.
import type { Manifest } from '../syntax/manifest.ts';
import { nodeAt, placeAt } from '../syntax/navigate.ts';
import type { Node, Path } from '../syntax/tree.ts';
import { isList, isObject } from '../syntax/value.ts';
import type { Problem } from './problem.ts';
import { isValue, unfinishedOf } from './report.ts';

/** The maps and lists that a broken line may belong to, and those around them, as paths from the document's root. */
export function gapPaths(root: Node, gaps: NonNullable<Manifest['recovered']>['gaps']): readonly Path[] {
  return gaps.flatMap(({ around }) => [[], ...around.map((offset) => placeAt(root, offset)?.path ?? [])]);
}

/** `prefix` is the path of the object in the document. */
export function isCertain(problem: Problem, root: Node, prefix: Path, gaps: readonly Path[]): boolean {
  const path = [...prefix, ...problem.path];
  const unfinished = unfinishedOf(problem, isValue(nodeAt(root, path)));
  if (unfinished === 'object') return false;
  const { facts } = problem;
  const isOfMap =
    facts.is === 'unknown-field' || (facts.is === 'type' && (isObject(facts.found) || isList(facts.found)));
  const isEmpty = facts.is === 'type' && facts.found === null;
  if (!unfinished && !isOfMap && !isEmpty) return true;
  return !gaps.some((gap) => isAlong(path, gap) || isAlong(path.slice(0, -1), gap));
}

function isAlong(path: Path, gap: Path): boolean {
  return path.length <= gap.length && path.every((step, index) => gap[index] === step);
}
