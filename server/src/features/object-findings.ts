// What the rules about single objects find in a file that no cluster gets: the objects as they are written. Those that
// something may still change are left out.
import { groupKindOf } from '../kube/identity.ts';
import { builtFrom, locateIn } from '../kustomize/built.ts';
import type { Finding } from '../syntax/finding.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { nodeAt } from '../syntax/navigate.ts';
import type { Document, SourceFile } from '../workspace/document.ts';
import { fleetOf } from '../workspace/fleets.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { findingAt } from './cluster-findings.ts';
import { type ObjectProblem, problemsOfObject, rulesFor } from './object-problems.ts';
import { writtenValueProblems } from './written-values.ts';

/** In offsets of the file. */
export function objectFindings(workspace: Workspace, { path, documents }: SourceFile): readonly Finding[] {
  const subjects = documents.filter(({ document }) => hasRules(document));
  if (subjects.length === 0) return [];
  const fleet = fleetOf(workspace);
  if (fleet.isApplied(path) || fleet.mayChange(path)) return [];
  return subjects.flatMap(({ start, document }) => {
    const role = workspace.memo(path, document, 'role', (surroundings) => surroundings.role);
    if (role !== 'manifest') return [];
    const problems = [...problemsIn(path, start, document), ...writtenValueProblems(workspace, path, document)];
    return problems
      .filter(({ problem }) => problem.origin.source.file === path)
      .map(({ rule, problem }) => findingAt(workspace, rule, problem));
  });
}

function hasRules({ facts }: Document): boolean {
  return facts.objects.some(({ gvk }) => rulesFor(groupKindOf(gvk)).length > 0);
}

interface Known {
  readonly path: string;
  readonly start: number;
  readonly problems: readonly ObjectProblem[];
}

const known = new WeakMap<Document, Known>();

function problemsIn(path: string, start: number, document: Document): readonly ObjectProblem[] {
  const before = known.get(document);
  if (before?.path === path && before.start === start) return before.problems;
  const { root } = parseManifest(document.text);
  const problems = document.facts.objects.flatMap((object) => {
    const node = nodeAt(root, object.path);
    const built = node && builtFrom(node, locateIn({ file: path, start }), 'object', document.text);
    return built?.kind === 'map' ? problemsOfObject(built) : [];
  });
  known.set(document, { path, start, problems });
  return problems;
}
