// The findings of rules about clusters, in the files that the values come from. A problem that several clusters have is
// reported once.

import { groupedBy } from '../kube/grouped.ts';
import type { GroupKind } from '../kube/identity.ts';
import type { Origin } from '../kustomize/built.ts';
import { type ClusterProblem, type ClusterRule, type ObjectRule, problemsInSteps } from '../rules/rule.ts';
import { clusterRules } from '../rules/rules.ts';
import type { Finding, Fix } from '../syntax/finding.ts';
import { internalRule } from '../syntax/guard.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { entryAt, nodeAt } from '../syntax/navigate.ts';
import { atOnce, type Steps, unless } from '../syntax/steps.ts';
import { chartNamed } from '../workspace/charts.ts';
import type { Applier, Cluster } from '../workspace/cluster.ts';
import { fleetOf } from '../workspace/fleets.ts';
import { folderLike } from '../workspace/folder-like.ts';
import { type Home, homesOf } from '../workspace/homes.ts';
import { renderProblems } from '../workspace/release-renders.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { type ObjectProblem, problemsOfObject } from './object-problems.ts';

interface Placed {
  readonly rule: ClusterRule | ObjectRule;
  readonly home: Home;
  readonly problem: ClusterProblem;
}

/** The problems of a cluster, and the answers from outside of it that they depend on. */
interface Known {
  readonly homes: readonly Home[];
  readonly placed: readonly Placed[];
  readonly asked: readonly Asked[];
}

interface Asked {
  readonly ask: () => unknown;
  readonly answer: unknown;
}

/** In offsets of the file. */
export function clusterFindings(workspace: Workspace, path: string): readonly Finding[] {
  const placed = atOnce(problemsByFile(workspace)).get(path) ?? [];
  if (placed.length === 0) return [];
  const clusters = new Set(
    fleetOf(workspace)
      .chainsOf(path)
      .map(({ cluster }) => cluster),
  );
  const groups = groupedBy(placed, ({ rule, problem: { origin, message, severity } }) =>
    JSON.stringify([rule.id, origin.source.start + origin.start, message, severity]),
  );
  return [...groups.values()].map((same) => findingOf(workspace, same, clusters));
}

interface Found {
  readonly edition: number;
  readonly byFile: ReadonlyMap<string, readonly Placed[]>;
}

const found = new WeakMap<Workspace, Found>();

/** The problems of all clusters. Steps are given up when the workspace changes; the result is that of the last state then. */
export function* problemsByFile(workspace: Workspace): Steps<Found['byFile']> {
  const { edition } = workspace;
  const before = found.get(workspace);
  if (before?.edition === edition) return before.byFile;
  const isOver = () => workspace.edition !== edition;
  const placed: Placed[] = [];
  yield* unless(isOver, fleetOf(workspace).steps());
  const clusters = isOver() ? [] : fleetOf(workspace).clusters();
  for (const cluster of clusters) {
    const problems = yield* unless(isOver, problemsOf(workspace, cluster));
    if (problems) placed.push(...problems.placed);
    if (isOver()) break;
  }
  if (isOver()) return before?.byFile ?? new Map();
  const byFile = groupedBy(placed, ({ problem }) => problem.origin.source.file);
  found.set(workspace, { edition, byFile });
  return byFile;
}

function findingOf(workspace: Workspace, same: readonly Placed[], clusters: ReadonlySet<string>): Finding {
  const { rule, problem } = same[0]!;
  const found = findingAt(workspace, rule, problem);
  const names = [...new Set(same.map(({ home }) => home.name))];
  const isEverywhere = [...clusters].every((one) => names.includes(one));
  const where = names.length === 1 ? `In cluster ${names[0]}: ` : `In ${names.length} clusters (${list(names)}): `;
  return isEverywhere ? found : { ...found, message: `${where}${found.message}` };
}

/** In offsets of the file. */
export function findingAt(
  workspace: Workspace,
  rule: Pick<ClusterRule, 'id' | 'severity'>,
  problem: ClusterProblem,
): Finding {
  const { start, end, add } = rangeOf(workspace, problem);
  const fix = fixOf(workspace, problem, { start, end }, add);
  return {
    rule: problem.isInternal ? internalRule : rule.id,
    severity: problem.isInternal ? 'info' : (problem.severity ?? rule.severity),
    start,
    end: Math.max(end, start + 1),
    message: problem.message,
    ...(problem.unfinished && { unfinished: problem.unfinished }),
    ...(fix && { fixes: [fix] }),
  };
}

interface Place {
  readonly start: number;
  readonly end: number;
}

/** The text at the place must be the value, in quotes or not. */
function fixOf(
  workspace: Workspace,
  { origin, remedy }: ClusterProblem,
  { start, end }: Place,
  add: ((key: string, value: string) => string) | undefined,
): Fix | undefined {
  if (!remedy) return undefined;
  if (remedy.is === 'add') {
    const text = add?.(remedy.key, remedy.value);
    const title = `Add ${remedy.key}: ${remedy.value}`;
    return text === undefined ? undefined : { title, kind: 'add', edits: [{ start: end, end, text }] };
  }
  const text = workspace.file(origin.source.file)?.text.slice(start, end) ?? '';
  const quote = /^(["']?)[\w.:/@-]+\1$/.exec(text)?.[1];
  if (quote === undefined) return undefined;
  const edits = [{ start: start + quote.length, end: end - quote.length, text: remedy.by }];
  return { title: `Replace with ${remedy.by}`, kind: 'replace', edits };
}

/**
 * In offsets of the file: the value in its object's own document, else where it was written. `add` writes a key after it, if
 * it is on a line of a block.
 */
function rangeOf(
  workspace: Workspace,
  { origin, object, path, on }: ClusterProblem,
): Place & { readonly add?: (key: string, value: string) => string } {
  const { source } = origin;
  const written = { start: source.start + origin.start, end: source.start + origin.end };
  const own = object && path && object.origin.source.file === source.file ? object.origin : undefined;
  const placed = own && workspace.file(source.file)?.documents.find((one) => one.start === own.source.start);
  if (!own || !path || !placed) return written;
  const { root } = parseManifest(placed.document.text);
  const at = placed.document.facts.objects.find((one) => nodeAt(root, one.path)?.start === own.start)?.path;
  const entry = at && entryAt(root, [...at, ...path]);
  if (!entry) return written;
  const node = on === 'key' ? entry.key : entry.value;
  const isSame = on === 'key' || (node.type === 'alias' && node.target?.start === origin.start);
  if (isSame) return { start: placed.start + node.start, end: placed.start + node.end };
  const parent = nodeAt(root, [...at, ...path.slice(0, -1)]);
  const { text } = placed.document;
  const isWritten = node.start === origin.start && /^[ \t]*(?:#.*)?$/m.exec(text.slice(node.end))?.index === 0;
  if (!isWritten || parent?.type !== 'map' || parent.flow) return written;
  const column = entry.key.start - text.lastIndexOf('\n', entry.key.start) - 1;
  return { ...written, add: (key, value) => `\n${' '.repeat(column)}${key}: ${value}` };
}

const mostNames = 3;

function list(names: readonly string[]): string {
  return names.length <= mostNames ? names.join(', ') : `${names.slice(0, mostNames).join(', ')}, …`;
}

const known = new WeakMap<Cluster, Known>();

const ofResults = new WeakMap<Applier['result'], readonly ObjectProblem[]>();

/** What the rules about single objects find in those that it applies. */
function ofApplier({ result }: Applier): readonly ObjectProblem[] {
  const before = ofResults.get(result);
  if (before) return before;
  const found = result.objects.flatMap(({ value }) => problemsOfObject(value));
  ofResults.set(result, found);
  return found;
}

function* problemsOf(workspace: Workspace, cluster: Cluster): Steps<Known> {
  const homes = homesOf(workspace, cluster);
  const before = known.get(cluster);
  if (before?.homes === homes && before.asked.every(({ ask, answer }) => ask() === answer)) return before;
  const asked: Asked[] = [];
  const asking =
    <Q extends readonly string[], A>(ask: (...question: Q) => A) =>
    (...question: Q): A => {
      const answer = ask(...question);
      asked.push({ ask: () => ask(...question), answer });
      return answer;
    };
  const outside = {
    unapplied: asking((groupKind: GroupKind, name: string) => unapplied(workspace, groupKind, name)),
    isDefined: asking((groupKind: GroupKind, name: string) => workspace.index.definitions(groupKind, name).length > 0),
    hasFolder: asking((path: string) => workspace.hasFolder(path)),
    folderLike: asking((path: string) => folderLike(workspace, path)),
  };
  const placed: Placed[] = [];
  for (const home of homes) {
    const chartOf = asking((namespace: string, name: string) => chartNamed(workspace, home, namespace, name));
    const rendering = asking((namespace: string, name: string) => renderProblems(workspace, home, namespace, name));
    const origin = originIn(home);
    for (const rule of clusterRules) {
      const problems = yield* problemsInSteps(rule, origin, () =>
        rule.check({ ...outside, home, chartOf, renderProblems: rendering }),
      );
      for (const problem of problems) placed.push({ rule, home, problem });
      yield;
    }
    for (const applier of home.appliers) {
      for (const one of ofApplier(applier)) placed.push({ ...one, home });
      yield;
    }
  }
  const now: Known = { homes, placed, asked };
  known.set(cluster, now);
  return now;
}

/** Of the first object: to list all of them takes long if no rule asks for them. */
function originIn({ parts }: Home): Origin | undefined {
  return parts.find(({ objects }) => objects.length > 0)?.objects[0]?.value.origin;
}

/** A file that defines the object, though nothing applies it, not even a kustomization that may be applied by hand. */
function unapplied(workspace: Workspace, groupKind: GroupKind, name: string): string | undefined {
  const paths = workspace.index.definitions(groupKind, name).map(({ path }) => path);
  return paths.filter((path) => !fleetOf(workspace).hasApplier(path)).sort()[0];
}
