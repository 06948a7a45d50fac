// What kustomize refuses of a kustomization, and what it warns of, at the lines that cause it: in the kustomization, or in
// a file that it lists.
import type { BuildResult } from '../kustomize/build.ts';
import type { BuildProblem, Reason } from '../kustomize/build-problem.ts';
import { wordsOf } from '../kustomize/build-words.ts';
import type { Origin } from '../kustomize/built.ts';
import { folderOf, resolvePath } from '../kustomize/paths.ts';
import type { Finding } from '../syntax/finding.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { nodeAt } from '../syntax/navigate.ts';
import type { Steps } from '../syntax/steps.ts';
import type { Path } from '../syntax/tree.ts';
import { buildsOf, fleetOf } from '../workspace/fleets.ts';
import { isKustomizationFile } from '../workspace/roles.ts';
import type { Workspace } from '../workspace/workspace.ts';

interface Found extends Finding {
  /** Flux, and kustomize with an option, read files anywhere. */
  readonly isOfKustomize?: true;
  /** Of the text of the file, whatever it is for: there may be another finding about it. */
  readonly isOfText?: true;
}

/** In offsets of the file. */
export function buildFindings(workspace: Workspace, path: string): readonly Found[] {
  const own = kustomizationAt(workspace, path);
  const all = own ? ofKustomization(workspace, path, own.isComponent) : ofListed(workspace, path);
  const isOfFlux = all.some((one) => one.isOfKustomize) && fleetOf(workspace).isOfFlux(path);
  const found = isOfFlux ? all.filter((one) => !one.isOfKustomize) : all;
  const places = found.map(({ rule, start, message }) => `${rule} ${start} ${message}`);
  return found.filter((_one, index) => places.indexOf(places[index]!) === index);
}

function kustomizationAt(workspace: Workspace, path: string): { readonly isComponent: boolean } | undefined {
  const [first] = isKustomizationFile(path) ? (workspace.file(path)?.documents ?? []) : [];
  if (!first) return undefined;
  const role = workspace.memo(path, first.document, 'role', (surroundings) => surroundings.role);
  return role === 'kustomization'
    ? { isComponent: parseManifest(first.document.text).kind === 'Component' }
    : undefined;
}

/** The objects of a component come from the kustomizations that list it. */
function ofKustomization(workspace: Workspace, path: string, isComponent: boolean): readonly Found[] {
  const own = findingsOf(workspace, buildsOf(workspace).of(folderOf(path)), path, path, isComponent);
  if (isComponent)
    return [
      ...own,
      ...buildsAbove(workspace, path).flatMap((build) => findingsOf(workspace, build, path, path, false)),
    ];
  const build = buildsOf(workspace).of(folderOf(path));
  return [...own, ...cycleFindings(workspace, build, path), ...unusedVariables(workspace, build, path)];
}

/** A variable of a base may be for the kustomizations that list it. */
function unusedVariables(workspace: Workspace, { warnings, incomplete }: BuildResult, path: string): readonly Found[] {
  if (incomplete.length > 0 || workspace.ownership.usersOf(folderOf(path)).length > 0) return [];
  return warnings
    .filter(({ reason, origin }) => reason.kind === 'unused-variable' && origin.source.file === path)
    .map((problem) => finding(problem, 'kustomize/build', 'warning'));
}

/** A cycle ends in another file that leads back to this one: the entry here that begins it. */
function cycleFindings(workspace: Workspace, { problems }: BuildResult, path: string): readonly Found[] {
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
      return [asFinding({ ...end, reason: { ...reason, path: item.text }, kustomization: path, origin })];
    }
  }
  return [];
}

function ofListed(workspace: Workspace, path: string): readonly Found[] {
  if (workspace.isIgnored(path)) return [];
  return workspace.ownership.usersOf(path).flatMap((user) => {
    const by = kustomizationAt(workspace, user);
    if (!by) return [];
    if (by.isComponent)
      return buildsAbove(workspace, user).flatMap((build) => findingsOf(workspace, build, user, path, false));
    return findingsOf(workspace, buildsOf(workspace).of(folderOf(user)), user, path, false);
  });
}

/** The builds of the kustomizations that list a component, directly or through others. */
function buildsAbove(workspace: Workspace, component: string): readonly BuildResult[] {
  const reached = new Set([component]);
  const builds: BuildResult[] = [];
  // The set grows during the iteration.
  for (const path of reached)
    for (const user of workspace.ownership.usersOf(folderOf(path))) {
      const by = reached.has(user) ? undefined : kustomizationAt(workspace, user);
      if (by && !by.isComponent) builds.push(buildsOf(workspace).of(folderOf(user)));
      if (by?.isComponent) reached.add(user);
    }
  return builds;
}

/** Builds, in steps, what the findings of a file are about. */
export function* buildsOfFindings(workspace: Workspace, path: string): Steps<void> {
  if (workspace.isIgnored(path)) return;
  const reached = new Set(kustomizationAt(workspace, path) ? [path] : workspace.ownership.usersOf(path));
  // The set grows during the iteration.
  for (const one of reached) {
    const by = kustomizationAt(workspace, one);
    if (!by) continue;
    yield* buildsOf(workspace).ofInSteps(folderOf(one));
    if (by.isComponent) for (const user of workspace.ownership.usersOf(folderOf(one))) reached.add(user);
  }
}

const known = new WeakMap<BuildResult, Map<string, readonly Found[]>>();

/** What a kustomization causes in a build, as far as it is in the file `path`. */
function findingsOf(
  workspace: Workspace,
  build: BuildResult,
  kustomization: string,
  path: string,
  isComponent: boolean,
): readonly Found[] {
  const key = `${kustomization}\n${path}\n${isComponent}`;
  const before = known.get(build)?.get(key);
  if (before) return before;
  const { problems, warnings, incomplete } = build;
  // Other refusals depend on objects, which are known only if nothing else is wrong.
  const isWhole = !isComponent && incomplete.length === 0 && !problems.some(isOfFile);
  const others = isWhole ? placedIn(workspace, problems.slice(0, 1), kustomization, path) : [];
  const found = [
    ...[...certainIn(workspace, build, kustomization, path), ...others].map(asFinding),
    ...placedIn(workspace, warnings.filter(isOfDeprecation), kustomization, path).map((problem) =>
      finding(problem, 'deprecated/kustomization-field', 'warning'),
    ),
    ...placedIn(workspace, warnings.filter(isOfSize), kustomization, path).map((problem) =>
      finding(problem, 'info/too-large', 'info'),
    ),
  ];
  if (!known.has(build)) known.set(build, new Map());
  known.get(build)!.set(key, found);
  return found;
}

function certainIn(
  workspace: Workspace,
  { problems }: BuildResult,
  kustomization: string,
  path: string,
): readonly BuildProblem[] {
  const certain = problems.filter((problem) => isOfFile(problem) && isKnown(problem));
  return placedIn(workspace, certain, kustomization, path);
}

/**
 * The problems that the kustomization causes, at their places. What is wrong with an object of a base because of the
 * kustomization is wrong at the field of the kustomization.
 */
function placedIn(
  workspace: Workspace,
  problems: readonly BuildProblem[],
  kustomization: string,
  path: string,
): readonly BuildProblem[] {
  return problems.flatMap((problem) => {
    const { file } = problem.origin.source;
    if (problem.kustomization !== kustomization) return [];
    const isOwn = file === kustomization || workspace.ownership.usersOf(file).includes(kustomization);
    if (isOwn) return file === path ? [problem] : [];
    return path === kustomization ? [{ ...problem, origin: placeOf(workspace, path, problem.field) }] : [];
  });
}

/** The place of the deepest part of a field that is written. */
function placeOf(workspace: Workspace, path: string, field: Path): Origin {
  const [first] = workspace.file(path)?.documents ?? [];
  const source = { file: path, start: first?.start ?? 0 };
  const root = first && parseManifest(first.document.text).root;
  for (let length = field.length; length > 0; length -= 1) {
    const node = nodeAt(root, field.slice(0, length));
    if (node) return { source, start: node.start, end: node.end };
  }
  return { source, start: root?.start ?? 0, end: root?.start ?? 0 };
}

function asFinding(problem: BuildProblem): Found {
  const { kind } = problem.reason;
  const isOfKustomize = kind === 'outside' && !problem.reason.isFar;
  const found = finding(problem, 'kustomize/build', kind === 'outside' ? 'warning' : 'error');
  const isInline = problem.origin.source.file === problem.kustomization;
  const isOfText = ofText.has(kind) || (ofManifest.has(kind) && !isInline);
  return {
    ...found,
    ...(ofAbsence.has(kind) && { unfinished: 'map' }),
    ...(isOfKustomize && { isOfKustomize }),
    ...(isOfText && { isOfText }),
  };
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

function isOfFile({ reason }: BuildProblem): boolean {
  return ofFile.has(reason.kind);
}

function isOfDeprecation({ reason }: BuildProblem): boolean {
  return reason.kind === 'deprecated-field';
}

function isOfSize({ reason }: BuildProblem): boolean {
  return reason.kind === 'too-many-objects';
}

type Kind = Reason['kind'];

/** What is wrong with a kustomization by its own text, of which the schema says the same. */
const ofText: ReadonlySet<Kind> = new Set<Kind>([
  'unreadable-kustomization',
  'empty-kustomization',
  'wrong-header',
  'unknown-field',
  'wrong-type',
]);

/** A field that is missing, at the map that lacks it. */
const ofAbsence: ReadonlySet<Kind> = new Set<Kind>([
  'no-kind',
  'no-name',
  'no-patch',
  'no-target',
  'unnamed-generator',
  'unnamed-reference',
  'incomplete-operation',
  'incomplete-replacement',
  'target-without-select',
  'missing-setting',
]);

/** What is wrong with any YAML. */
const ofManifest: ReadonlySet<Kind> = new Set<Kind>(['invalid-yaml', 'key-not-text', 'duplicate-key']);

/** What kustomize refuses regardless of the objects in the build. */
const ofFile: ReadonlySet<Kind> = new Set<Kind>([
  'unreadable-kustomization',
  'empty-kustomization',
  'several-kustomizations',
  'wrong-header',
  'unknown-field',
  'wrong-type',
  'unknown-order',
  'unused-sort-options',
  'unknown-openapi-version',
  'openapi-version-and-path',
  'unreadable-schema',
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
  'incomplete-operation',
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
  'unknown-cloud',
  'unknown-subject-mode',
  'negative-position',
]);

/** A path with a variable is filled in before kustomize reads it. */
function isKnown({ reason }: BuildProblem): boolean {
  if (!('path' in reason) || typeof reason.path !== 'string') return true;
  return !/\$\{|\{\{|<</.test(reason.path);
}
