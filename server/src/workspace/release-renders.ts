// What is wrong with the objects that Helm renders of the HelmReleases of a cluster, and which value of a release is at fault:
// the one without which the object has no such problem.
import { defaultsFrom, placeOf } from '../charts/judge.ts';
import { type ReleaseValues, type ValuePlace, valuesOf } from '../charts/layers.ts';
import {
  asksCluster,
  isWhole,
  mayVary,
  type Rendered,
  type RenderedObject,
  type RenderRequest,
} from '../charts/render.ts';
import { type BuiltMap, builtAt, isNull, textAt } from '../kustomize/built.ts';
import { sha256 } from '../kustomize/sha256.ts';
import type { SchemaStore } from '../schema/schema.ts';
import type { Path, Value } from '../syntax/tree.ts';
import { hasUnknown, isList, isObject, type ObjectValue, valueAt } from '../syntax/value.ts';
import { judge } from '../validation/judge.ts';
import type { Problem } from '../validation/problem.ts';
import { chartOfApplied, helmRelease, knownText, type ReleaseChart } from './charts.ts';
import { fleetOf } from './fleets.ts';
import type { Home } from './homes.ts';
import type { AppliedObject } from './parts.ts';
import { inNamespace, valuesFilesOf } from './release-values.ts';
import type { Workspace } from './workspace.ts';

export interface RenderProblem {
  readonly facts:
    | { readonly is: 'refused'; readonly why: string }
    | { readonly is: 'object'; readonly rendered: RenderedObject; readonly problem: Problem };
  /** Undefined if no value of the release is at fault. */
  readonly place: ValuePlace | undefined;
  /** Whether nothing of the cluster, and no other version of the chart, can make a difference. */
  readonly isCertain: boolean;
  /** A value of a Secret may be in the words. */
  readonly isSecret: boolean;
}

interface Known {
  readonly workspace: Workspace;
  readonly found: ReleaseChart;
  readonly store: SchemaStore;
  readonly kubernetes: string | undefined;
  /** The ConfigMaps and Secrets that were read, as they were. */
  readonly read: readonly (readonly [kind: string, name: string, object: BuiltMap | undefined])[];
  /** What was asked, with the answers. */
  readonly asked: readonly (readonly [request: RenderRequest, answer: Rendered | undefined])[];
  readonly problems: readonly RenderProblem[];
}

const known = new WeakMap<BuiltMap, Known>();
const none: readonly never[] = [];

/** Of the release with a name in a namespace of the cluster. */
export function renderProblems(
  workspace: Workspace,
  home: Home,
  namespace: string,
  name: string,
): readonly RenderProblem[] {
  const [release] = workspace.renders.isOn ? home.find(helmRelease, namespace, name) : none;
  return release ? problemsOfRelease(workspace, home, release) : none;
}

/** Of one release. The same (`===`) until something that it depends on changes; empty where Helm doesn't run. */
function problemsOfRelease(workspace: Workspace, home: Home, release: AppliedObject): readonly RenderProblem[] {
  const { value, namespace } = release;
  const found = chartOfApplied(workspace, home, value, namespace);
  if (!found || !isComplete(release)) return none;
  const { schemas, renders } = workspace;
  const isElsewhere = builtAt(value, ['spec', 'kubeConfig']) !== undefined;
  const targets = schemas.withTargets(isElsewhere ? {} : fleetOf(workspace).targetsOf(release.applier));
  const store = schemas.storeFor(value.origin.source.file, targets);
  const kubernetes = versionOf(targets.kubernetes);
  const find = inNamespace(home, namespace);
  const before = known.get(value);
  const isSame =
    before?.workspace === workspace &&
    before.found === found &&
    before.store === store &&
    before.kubernetes === kubernetes &&
    before.read.every(([kind, name, object]) => find(kind, name) === object) &&
    before.asked.every(([request, answer]) => renders.rendered(request) === answer);
  if (isSame) return before.problems;
  const read: (readonly [string, string, BuiltMap | undefined])[] = [];
  const values = valuesOf(value, (kind, name) => {
    const object = find(kind, name);
    read.push([kind, name, object]);
    return object;
  });
  const asked: (readonly [RenderRequest, Rendered | undefined])[] = [];
  const ask = (request: RenderRequest) => {
    const answer = renders.rendered(request);
    asked.push([request, answer]);
    return answer;
  };
  const request = requestOf(release, found, values, kubernetes);
  const context: Context = {
    ...{ values, found, store, ask },
    isSecret: read.some(([kind]) => kind === 'Secret'),
    isPatched: builtAt(value, ['spec', 'postRenderers']) !== undefined,
  };
  const problems = request ? [...problemsOf(request, context)] : none;
  known.set(value, { workspace, found, store, kubernetes, read, asked, problems });
  return problems;
}

export interface RenderedRelease {
  readonly found: ReleaseChart;
  /** Undefined if it isn't known yet, or Helm doesn't render it. */
  readonly objects: readonly RenderedObject[] | undefined;
  /** What another run gives. */
  readonly again: readonly RenderedObject[] | undefined;
  /** The namespace of objects that have none. */
  readonly namespace: string;
  /** The ConfigMaps and Secrets that its values are in. */
  readonly read: readonly BuiltMap[];
}

/** What a cluster gets of a release. Undefined if something of it isn't known, or it is for another cluster. */
export function renderedRelease(workspace: Workspace, home: Home, release: AppliedObject): RenderedRelease | undefined {
  const { value, namespace } = release;
  const isChanged = ['kubeConfig', 'postRenderers'].some((field) => builtAt(value, ['spec', field]) !== undefined);
  const found = chartOfApplied(workspace, home, value, namespace);
  if (!found || isChanged || !isComplete(release)) return undefined;
  const read: BuiltMap[] = [];
  const find = inNamespace(home, namespace);
  const values = valuesOf(value, (kind, name) => {
    const object = find(kind, name);
    if (object) read.push(object);
    return object;
  });
  const kubernetes = versionOf(workspace.schemas.withTargets(fleetOf(workspace).targetsOf(release.applier)).kubernetes);
  const request = requestOf(release, found, values, kubernetes);
  if (!request) return undefined;
  const run = (one: RenderRequest) => {
    const rendered = workspace.renders.rendered(one);
    return rendered?.is === 'objects' ? rendered.objects : undefined;
  };
  const objects = run(request);
  const again = mayVary(found.chart) ? run({ ...request, again: true }) : objects;
  return { found, objects, again, namespace: request.namespace, read };
}

/** Whether nothing that isn't in files changes the release. What is encrypted is an unknown value. */
function isComplete({ applier: { result } }: AppliedObject): boolean {
  return result.incomplete.every((field) => field === 'decryption');
}

/** As Helm takes it. */
function versionOf(version: string | undefined): string | undefined {
  const [, minor, patch = '.0'] = /^v?(\d+\.\d+)(\.\d+)?(?:[-+].*)?$/.exec(version ?? '') ?? [];
  return minor === undefined ? undefined : minor + patch;
}

/** Undefined if something of it isn't known: nothing is guessed. */
export function requestOf(
  { value, namespace }: AppliedObject,
  found: ReleaseChart,
  values: ReleaseValues,
  kubernetes: string | undefined,
): RenderRequest | undefined {
  const { chart } = found;
  if (chart.isLibrary || !isWhole(chart) || hasUnknown(values.merged)) return undefined;
  const { valuesFiles } = valuesFilesOf(value, found);
  const defaults = valuesFiles && defaultsFrom(valuesFiles);
  if (defaults && hasUnknown(defaults)) return undefined;
  const target = builtAt(value, ['spec', 'targetNamespace']);
  const within = target && !isNull(target) ? knownText(textAt(value, ['spec', 'targetNamespace'])) : namespace;
  const name = nameOf(value);
  if (name === undefined || within === undefined || !isName.test(name) || !isName.test(within)) return undefined;
  const hasCrds = textAt(value, ['spec', 'install', 'crds']) !== 'Skip';
  return { chart, defaults, values: values.merged, name, namespace: within, kubernetes, hasCrds };
}

const isName = /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/;

/** Source: GetReleaseName in api/v2/helmrelease_types.go of helm-controller. */
function nameOf(release: BuiltMap): string | undefined {
  const given = builtAt(release, ['spec', 'releaseName']);
  if (given && !isNull(given)) return knownText(textAt(release, ['spec', 'releaseName']));
  const name = knownText(textAt(release, ['metadata', 'name']));
  const target = builtAt(release, ['spec', 'targetNamespace']);
  const namespace = target && !isNull(target) ? knownText(textAt(release, ['spec', 'targetNamespace'])) : '';
  if (name === undefined || namespace === undefined) return undefined;
  return shortenedReleaseName(namespace === '' ? name : `${namespace}-${name}`);
}

/** Helm allows no more characters. */
export const longestReleaseName = 53;

const hashLength = 12;

/** Source: ShortenName in internal/release/name.go of helm-controller. */
export function shortenedReleaseName(name: string): string {
  if (name.length <= longestReleaseName) return name;
  const hash = sha256(new TextEncoder().encode(name)).slice(0, hashLength);
  return `${name.slice(0, longestReleaseName - hashLength - 1)}-${hash}`;
}

interface Context {
  readonly values: ReleaseValues;
  readonly found: ReleaseChart;
  readonly store: SchemaStore;
  readonly ask: (request: RenderRequest) => Rendered | undefined;
  readonly isSecret: boolean;
  /** Post-renderers change the objects. */
  readonly isPatched: boolean;
}

/** Of one release; of a chart with the same fault in each object, the first are enough. */
const mostProblems = 10;
const mostCandidates = 4;

function* problemsOf(request: RenderRequest, context: Context): Iterable<RenderProblem> {
  const { found, store, ask, isPatched } = context;
  const rendered = ask(request);
  const isCertain = found.isExact && !asksCluster(found.chart, request.kubernetes);
  if (rendered?.is === 'refused') {
    const cause = refusedFor(request, rendered.why, ask);
    if (cause === 'unknown') return;
    const place = cause && placeOf(context.values.layers, cause, 'value');
    yield { facts: rendered, place, isCertain, isSecret: context.isSecret };
    return;
  }
  if (rendered?.is !== 'objects' || isPatched) return;
  let count = 0;
  for (const object of rendered.objects)
    for (const problem of refusals(object.value, store)) {
      if ((count += 1) > mostProblems) return;
      const cause = causeOf(request, object, problem, context);
      if (cause === 'unknown') continue;
      const place = cause && placeOf(context.values.layers, cause, problem.on);
      const isSecret = context.isSecret || object.value.kind === 'Secret';
      yield { facts: { is: 'object', rendered: object, problem }, place, isCertain, isSecret };
    }
}

const refused = new WeakMap<ObjectValue, { readonly store: SchemaStore; readonly problems: readonly Problem[] }>();

function refusals(object: ObjectValue, store: SchemaStore): readonly Problem[] {
  const before = refused.get(object);
  if (before?.store === store) return before.problems;
  const problems = judge(object, store).filter(({ severity }) => severity === 'error');
  refused.set(object, { store, problems });
  return problems;
}

/** The path of the value without which Helm renders the release. Helm's words name it, or it isn't looked for. */
function refusedFor(request: RenderRequest, why: string, ask: Context['ask']): Cause {
  const words = new Set(why.match(/[A-Za-z_][\w-]*/g));
  const named = [...pathsIn(request.values, [])].filter((path) => words.has(String(path.at(-1))));
  const likely = named.toSorted((a, b) => b.length - a.length).slice(0, mostCandidates);
  return causeAmong(likely, request, ask, () => true);
}

/** What is asked for isn't known at once: nothing is said before it is. */
type Cause = Path | 'unknown' | undefined;

/** The first path without whose value what Helm renders is as it should be. */
function causeAmong(
  paths: readonly Path[],
  request: RenderRequest,
  ask: Context['ask'],
  isRight: (objects: readonly RenderedObject[]) => boolean,
): Cause {
  const answers = paths.map((path) => ask({ ...request, values: without(request.values, path) as ObjectValue }));
  if (answers.includes(undefined)) return 'unknown';
  return paths.find((_, at) => {
    const answer = answers[at]!;
    return answer.is === 'objects' && isRight(answer.objects);
  });
}

/** The path of the value without which the object is there and hasn't the problem. */
function causeOf(request: RenderRequest, { value }: RenderedObject, problem: Problem, { store, ask }: Context): Cause {
  const key = keyOf(problem);
  return causeAmong(candidates(request.values, value, problem), request, ask, (objects) => {
    const same = objects.find((one) => identityOf(one.value) === identityOf(value));
    return same !== undefined && !refusals(same.value, store).some((one) => keyOf(one) === key);
  });
}

function keyOf({ rule, path }: Problem): string {
  return JSON.stringify([rule, path]);
}

function identityOf({ apiVersion, kind, metadata }: ObjectValue): string {
  const [name, namespace] = [valueAt(metadata, ['name']), valueAt(metadata, ['namespace'])];
  return [apiVersion, kind, namespace, name].map(String).join('\n');
}

/** The values that may be where the problem comes from, the likeliest first: those that are equal, and those of its name. */
function candidates(values: ObjectValue, object: ObjectValue, problem: Problem): readonly Path[] {
  const found = problem.on === 'key' ? undefined : valueAt(object, problem.path);
  const names = problem.path.filter((step) => typeof step === 'string');
  const last = names.at(-1);
  const ranked = [...pathsIn(values, [])].flatMap((path): readonly (readonly [rank: number, path: Path])[] => {
    const value = valueAt(values, path);
    const key = path.findLast((step) => typeof step === 'string');
    const isEqual = isScalar(value) && isScalar(found) && String(value) === String(found);
    const isPart =
      isScalar(value) && typeof found === 'string' && String(value).length > 1 && found.includes(String(value));
    const isNamed = key === last || (last !== undefined && String(key).toLowerCase().endsWith(last.toLowerCase()));
    const rank = isEqual ? (isNamed ? 0 : 1) : isNamed ? 2 : isPart ? 3 : undefined;
    return rank === undefined ? [] : [[rank, path]];
  });
  return ranked
    .toSorted(([a], [b]) => a - b)
    .slice(0, mostCandidates)
    .map(([, path]) => path);
}

function* pathsIn(value: Value, path: Path): Iterable<Path> {
  if (path.length > 0) yield path;
  if (isList(value)) for (const [at, one] of value.entries()) yield* pathsIn(one, [...path, at]);
  else if (isObject(value)) for (const [key, one] of Object.entries(value)) yield* pathsIn(one, [...path, key]);
}

function isScalar(value: Value | undefined): value is string | number | bigint | boolean {
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}

function without(value: Value, [step, ...rest]: Path): Value {
  if (isList(value))
    return value.flatMap((one, at) => (at !== step ? [one] : rest.length === 0 ? [] : [without(one, rest)]));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([key, one]) =>
    key !== step ? [[key, one] as const] : rest.length === 0 ? [] : [[key, without(one, rest)] as const],
  );
  return Object.fromEntries(entries);
}
