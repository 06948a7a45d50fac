// What kustomize refuses of a kustomization, and what it warns of, at the lines that cause it: of the
// kustomization, or of a patch file that it lists.
import type { BuildResult } from '../kustomize/build.ts';
import type { BuildProblem, Reason } from '../kustomize/build-problem.ts';
import { wordsOf } from '../kustomize/build-words.ts';
import { folderOf, resolvePath } from '../kustomize/paths.ts';
import type { Finding } from '../syntax/finding.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { nodeAt } from '../syntax/navigate.ts';
import { buildsOf, fleetOf } from '../workspace/fleets.ts';
import { isKustomizationFile } from '../workspace/roles.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** By the file that they are in. */
const known = new WeakMap<BuildResult, Map<string, readonly Found[]>>();

interface Found extends Finding {
  /** Flux, and kustomize with an option, read files anywhere. */
  readonly isOfKustomize?: true;
}

/** In offsets of the file: a kustomization, or a patch that kustomizations list. */
export function buildFindings(workspace: Workspace, path: string): readonly Finding[] {
  if (isKustomizationFile(path)) return findingsBy(workspace, path, path);
  const refused = new Map<string, Finding>();
  for (const kustomization of workspace.ownership.patchedWith(path)) {
    for (const found of findingsBy(workspace, kustomization, path))
      refused.set(`${found.start} ${found.end} ${found.message}`, found);
  }
  return [...refused.values()];
}

/** What the build of a kustomization refuses in a file. */
function findingsBy(workspace: Workspace, kustomization: string, path: string): readonly Finding[] {
  const result = buildsOf(workspace).of(folderOf(kustomization));
  let byFile = known.get(result);
  if (!byFile) known.set(result, (byFile = new Map()));
  let found = byFile.get(path);
  if (!found) byFile.set(path, (found = foundIn(workspace, result, kustomization, path)));
  const isOfFlux = found.some((one) => one.isOfKustomize) && fleetOf(workspace).isOfFlux(kustomization);
  return isOfFlux ? found.filter((one) => !one.isOfKustomize) : found;
}

function foundIn(workspace: Workspace, result: BuildResult, kustomization: string, path: string): readonly Found[] {
  const [first] = workspace.file(kustomization)?.documents ?? [];
  const isComponent = first !== undefined && parseManifest(first.document.text).kind === 'Component';
  const cycles = path === kustomization ? cycleFindings(workspace, result, path) : [];
  return [...findingsOf(result, kustomization, path, isComponent), ...cycles];
}

function findingsOf(
  { problems, warnings, incomplete }: BuildResult,
  by: string,
  path: string,
  isComponent: boolean,
): readonly Found[] {
  const isHere = ({ origin, kustomization, reason }: BuildProblem) =>
    // The syntax of other files has findings of its own.
    origin.source.file === path && kustomization === by && (path === by || reason.kind !== 'invalid-yaml');
  const certain = problems.filter(
    (problem) => isHere(problem) && ofFile.has(problem.reason.kind) && isKnown(problem, by),
  );
  // Other refusals depend on objects, which are known only if nothing else is wrong. Objects of a component come from
  // the kustomizations that list it.
  const isWhole = !isComponent && incomplete.length === 0 && problems.every(({ reason }) => ofObjects.has(reason.kind));
  const others = isWhole ? problems.filter(isHere).slice(0, 1) : [];
  return [
    ...[...certain, ...others].map((problem): Found => {
      const isOfKustomize = problem.reason.kind === 'outside';
      const found = finding(problem, 'kustomize/build', isOfKustomize ? 'warning' : 'error');
      return isOfKustomize ? { ...found, isOfKustomize } : found;
    }),
    ...warnings.filter(isHere).map((problem) => finding(problem, 'deprecated/kustomization-field', 'warning')),
  ];
}

/** A cycle ends in another file that leads back to this one: the entry here that begins it. */
function cycleFindings(workspace: Workspace, { problems }: BuildResult, path: string): readonly Finding[] {
  const folder = folderOf(path);
  const end = problems.find(
    ({ reason, kustomization }) => reason.kind === 'cycle' && reason.folder === folder && kustomization !== path,
  );
  const [first] = workspace.file(path)?.documents ?? [];
  if (end?.reason.kind !== 'cycle' || !first) return [];
  const { reason } = end;
  const { root } = parseManifest(first.document.text);
  for (const field of ['resources', 'components', 'bases']) {
    const list = nodeAt(root, [field]);
    for (const item of list?.type === 'seq' ? list.items : []) {
      if (item.type !== 'scalar') continue;
      const target = resolvePath(folder, item.text);
      if (target === undefined || !workspace.hasFolder(target)) continue;
      if (!buildsOf(workspace).of(target).reads.includes(end.kustomization)) continue;
      const origin = { source: { file: path, start: first.start }, start: item.start, end: item.end };
      const problem = { ...end, reason: { ...reason, path: item.text }, kustomization: path, origin };
      return [finding(problem, 'kustomize/build', 'error')];
    }
  }
  return [];
}

function finding(problem: BuildProblem, rule: Finding['rule'], severity: Finding['severity']): Finding {
  const { origin } = problem;
  const start = origin.source.start + origin.start;
  return {
    rule,
    severity,
    start,
    end: Math.max(start + 1, origin.source.start + origin.end),
    message: wordsOf(problem),
  };
}

type Kind = Reason['kind'];

/** What kustomize refuses regardless of the objects in the build. */
const ofFile: ReadonlySet<Kind> = new Set<Kind>([
  'several-kustomizations',
  'unknown-order',
  'unused-sort-options',
  'unknown-openapi-version',
  'openapi-version-and-path',
  'missing',
  'no-kustomization',
  'not-a-folder',
  'absolute',
  'outside',
  'cycle',
  'component-as-resource',
  'resource-as-component',
  'ambiguous-path',
  'invalid-yaml',
  'key-not-text',
  'duplicate-key',
  'no-object',
  'no-kind',
  'no-name',
  'no-patch',
  'patch-and-path',
  'unreadable-patch',
  'several-patches',
  'no-target',
  'invalid-pattern',
  'invalid-selector',
  'unknown-directive',
  'unknown-operation',
  'unnamed-generator',
  'invalid-literal',
  'invalid-file-source',
  'repeated-key',
  'already-exists',
  'incomplete-replacement',
  'source-and-value',
  'path-and-replacement',
  'unreadable-replacement',
  'target-without-select',
  'unknown-plugin',
  'wrong-plugin',
  'missing-setting',
  'unknown-subject-mode',
  'negative-position',
]);

/** What it refuses because of them. */
const ofObjects: ReadonlySet<Kind> = new Set<Kind>([
  'no-match',
  'several-matches',
  'path-not-found',
  'test-failed',
  'type-mismatch',
  'nothing-to-change',
  'several-to-change',
  'nothing-to-scale',
  'unresolved-variable',
  'ambiguous-variable',
  'no-source',
  'several-sources',
  'no-source-field',
]);

/** A path with a variable is filled in before kustomize reads it, and what is above the root isn't known. */
function isKnown({ reason }: BuildProblem, path: string): boolean {
  if (!('path' in reason) || typeof reason.path !== 'string') return true;
  const isTemplate = /\$\{|\{\{|<</.test(reason.path);
  return !isTemplate && (reason.kind === 'absolute' || resolvePath(folderOf(path), reason.path) !== undefined);
}
