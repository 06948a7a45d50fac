// What is wrong with the values of the HelmReleases of a cluster, each with the chart that it gets.
import { type Given, problemsOfValues, type ValuesProblem } from '../charts/judge.ts';
import { type FindValues, valuesOf } from '../charts/layers.ts';
import { type Built, type BuiltMap, builtAt } from '../kustomize/built.ts';
import { helmRelease, knownText, type ReleaseChart } from './charts.ts';
import type { Home } from './homes.ts';
import type { AppliedObject, Part } from './parts.ts';

export interface JudgedValue {
  readonly problem: ValuesProblem;
  /** The release gets this version of its chart and no other. */
  readonly isExact: boolean;
}

type ChartOf = (namespace: string, name: string) => ReleaseChart | undefined;

const known = new WeakMap<ChartOf, readonly JudgedValue[]>();

/** Computed once for the rules that ask for it in one check of a cluster, which have the same `chartOf`. */
export function valuesProblemsIn(home: Home, chartOf: ChartOf): readonly JudgedValue[] {
  const before = known.get(chartOf);
  if (before) return before;
  const found = [...problemsOfAll(home, chartOf)];
  known.set(chartOf, found);
  return found;
}

function* problemsOfAll(home: Home, chartOf: ChartOf): Iterable<JudgedValue> {
  for (const { value, namespace, name } of releasesOf(home)) {
    const found = chartOf(namespace, name);
    if (found) yield* judgedValues(value, found, inNamespace(home, namespace));
  }
}

export function releasesOf(home: Home): readonly AppliedObject[] {
  return home.parts.flatMap((part) => home.directory.derived(part, releasesIn));
}

function releasesIn({ objects }: Part): readonly AppliedObject[] {
  return objects.filter(({ groupKind }) => groupKind === helmRelease);
}

/** `find` finds the ConfigMaps and Secrets that the release reads. */
export function* judgedValues(release: BuiltMap, found: ReleaseChart, find: FindValues): Iterable<JudgedValue> {
  for (const problem of problemsOf(release, found, find)) yield { problem, isExact: found.isExact };
}

export function inNamespace(home: Home, namespace: string): FindValues {
  return (kind, name) => {
    const groupKind = kind === 'Secret' ? '/Secret' : kind === 'ConfigMap' ? '/ConfigMap' : undefined;
    return groupKind && home.find(groupKind, namespace, name)[0]?.value;
  };
}

interface Known {
  readonly found: ReleaseChart;
  /** The ConfigMaps and Secrets that were read, as they were. */
  readonly read: readonly (readonly [kind: string, name: string, object: BuiltMap | undefined])[];
  readonly problems: readonly ValuesProblem[];
}

const judged = new WeakMap<BuiltMap, Known>();

/** Computed again only when the chart or what the values are read from changed. */
function problemsOf(value: BuiltMap, found: ReleaseChart, find: FindValues): readonly ValuesProblem[] {
  const before = judged.get(value);
  if (before?.found === found && before.read.every(([kind, name, object]) => find(kind, name) === object))
    return before.problems;
  const read: (readonly [string, string, BuiltMap | undefined])[] = [];
  const values = valuesOf(value, (kind, name) => {
    const object = find(kind, name);
    read.push([kind, name, object]);
    return object;
  });
  const whole = { origin: (builtAt(value, ['spec', 'values']) ?? builtAt(value, ['spec']) ?? value).origin };
  const given: Given = {
    ...{ chart: found.chart, values, whole },
    ...valuesFilesOf(value, found),
    isUnchecked: isUnchecked(value),
  };
  const problems = problemsOfValues(given);
  judged.set(value, { found, read, problems });
  return problems;
}

/** Relative to the chart or, in Git, to the root of the source. */
export function valuesFilesOf(release: BuiltMap, { chart }: ReleaseChart): Pick<Given, 'valuesFiles'> {
  const list = builtAt(release, ['spec', 'chart', 'spec', 'valuesFiles']);
  if (list?.kind !== 'list' || list.items.length === 0) return { valuesFiles: undefined };
  const isInGit = textIn(release, ['spec', 'chart', 'spec', 'sourceRef', 'kind']) !== 'HelmRepository';
  const folder = (textIn(release, ['spec', 'chart', 'spec', 'chart']) ?? '').replace(/^\.?\/+|\/+$/g, '');
  const texts = list.items.map((item) => {
    const path = textIn(item, [])?.replace(/^\.?\/+/, '');
    if (path === undefined) return undefined;
    if (!isInGit) return chart.files.text(path);
    return path.startsWith(`${folder}/`) ? chart.files.text(path.slice(folder.length + 1)) : undefined;
  });
  return { valuesFiles: texts };
}

function isUnchecked(release: BuiltMap): boolean {
  const isDisabled = (action: string) => {
    const flag = builtAt(release, ['spec', action, 'disableSchemaValidation']);
    return flag?.kind === 'scalar' && flag.value !== false;
  };
  return isDisabled('install') || isDisabled('upgrade');
}

function textIn(built: Built, path: readonly string[]): string | undefined {
  const found = builtAt(built, path);
  return found?.kind === 'scalar' ? knownText(found.text) : undefined;
}
