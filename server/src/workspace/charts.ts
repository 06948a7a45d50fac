// The charts of HelmReleases: which one a release asks for, by its own fields and those of its source, and its files, from a
// folder of the workspace or from what was fetched.
import type { Chart } from '../charts/chart.ts';
import { readChart } from '../charts/chart.ts';
import type { ChartFiles, StoredChart } from '../charts/files.ts';
import type { GroupKind } from '../kube/identity.ts';
import { compareVersions } from '../kube/values/semver.ts';
import { inRange, parseRange } from '../kube/values/semver-range.ts';
import { type BuiltMap, textAt } from '../kustomize/built.ts';
import { remotesIn, repositoryIn } from '../kustomize/flux-source.ts';
import { joinPath, resolvePath } from '../kustomize/paths.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { stringAt } from '../syntax/navigate.ts';
import type { Path } from '../syntax/tree.ts';
import type { Home } from './homes.ts';
import type { Workspace } from './workspace.ts';

export const helmRelease: GroupKind = 'helm.toolkit.fluxcd.io/HelmRelease';

/** The text of a field of an object; undefined if it is missing or unknown. */
export type Texts = (path: Path) => string | undefined;

/** Finds a source; the namespace is that of the reference, undefined for the release's own. */
export type FindSource = (kind: string, namespace: string | undefined, name: string) => Texts | undefined;

export type ChartAddress =
  | {
      readonly is: 'repository';
      /** `https://…` or, for a registry, `oci://…` without the chart's name. */
      readonly repository: string;
      readonly chart: string;
      /** A version or a range; for registries also a tag or a digest. */
      readonly version: string;
    }
  /** Relative to the root of the workspace. */
  | { readonly is: 'folder'; readonly folder: string };

/** The chart of a release, and whether the release gets this version and no other. */
export interface ReleaseChart {
  readonly chart: Chart;
  readonly isExact: boolean;
  /** Relative to the root of the workspace, if the chart is in it. */
  readonly folder: string | undefined;
}

/** Of a release that a cluster gets, by the sources that the cluster gets. The same (`===`) while its chart is. */
export function chartOfApplied(
  workspace: Workspace,
  home: Home,
  release: BuiltMap,
  namespace: string,
): ReleaseChart | undefined {
  return chartFrom(workspace, addressOfApplied(workspace, home, release, namespace));
}

export function chartOfRelease(workspace: Workspace, release: Texts, find: FindSource): ReleaseChart | undefined {
  return chartFrom(workspace, chartAddress(workspace, release, find));
}

interface Addressed {
  readonly address: ChartAddress | undefined;
  readonly found: readonly {
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly source: BuiltMap | undefined;
  }[];
}

const addressed = new WeakMap<BuiltMap, Addressed>();

/** Computed again only if it finds other sources: an edit changes few of them, and a cluster has many releases. */
function addressOfApplied(
  workspace: Workspace,
  home: Home,
  release: BuiltMap,
  namespace: string,
): ChartAddress | undefined {
  const sourceIn = (kind: string, within: string, name: string) =>
    home.find(`source.toolkit.fluxcd.io/${kind}`, within, name)[0]?.value;
  const before = addressed.get(release);
  if (before?.found.every((one) => sourceIn(one.kind, one.namespace, one.name) === one.source)) return before.address;
  const found: Addressed['found'][number][] = [];
  const address = chartAddress(workspace, textsOf(release), (kind, within = namespace, name) => {
    const source = sourceIn(kind, within, name);
    found.push({ kind, namespace: within, name, source });
    return source && textsOf(source);
  });
  // Which repository is this one doesn't follow from the objects.
  const isKept = found.length > 0 && found.every(({ kind }) => kind !== 'GitRepository');
  if (isKept) addressed.set(release, { address, found });
  return address;
}

function textsOf(object: BuiltMap): Texts {
  return (path) => knownText(textAt(object, path));
}

function chartFrom(workspace: Workspace, address: ChartAddress | undefined): ReleaseChart | undefined {
  const chart = address && chartAt(workspace, address);
  if (!address || !chart) return undefined;
  const isExact = address.is === 'folder' || isPinned(address.version);
  const folder = address.is === 'folder' ? address.folder : undefined;
  const ofChart = releaseCharts.get(chart) ?? [true, false].map((is): ReleaseChart => ({ chart, isExact: is, folder }));
  releaseCharts.set(chart, ofChart);
  return ofChart[isExact ? 0 : 1];
}

/** Of the release with a name in a namespace of the cluster. */
export function chartNamed(
  workspace: Workspace,
  home: Home,
  namespace: string,
  name: string,
): ReleaseChart | undefined {
  const [release] = home.find(helmRelease, namespace, name);
  return release && chartOfApplied(workspace, home, release.value, namespace);
}

/** A whole version, be it as a tag, or a digest. Tags such as `latest` move. */
function isPinned(version: string): boolean {
  return /^(?:sha256:[0-9a-f]+|v?\d+\.\d+\.\d+(?:[-+_][\w.+-]*)?)$/.test(version);
}

const releaseCharts = new WeakMap<Chart, readonly ReleaseChart[]>();

/** The sources that a cluster gets. */
export function inHome(home: Home, own: string): FindSource {
  return (kind, namespace, name) => {
    const [found] = home.find(`source.toolkit.fluxcd.io/${kind}`, namespace ?? own, name);
    return found && textsOf(found.value);
  };
}

/** The sources in any file; the namespace decides only where several have the name. */
export function inFiles(workspace: Workspace, own: string | undefined): FindSource {
  return (kind, namespace, name) => {
    const all = workspace.index.definitions(`source.toolkit.fluxcd.io/${kind}`, name);
    const wanted = namespace ?? own;
    const found = all.find(({ object }) => object.namespace === wanted) ?? all[0];
    if (!found) return undefined;
    const { root } = parseManifest(found.document.text);
    return (path) => knownText(stringAt(root, [...found.object.path, ...path]));
  };
}

/** Without variables and templates. */
export function knownText(text: string | undefined): string | undefined {
  return text === undefined || text === '' || /\$\{|<<|\{\{/.test(text) ? undefined : text;
}

/** Undefined if the chart is in another Git repository, or can't be told. */
export function chartAddress(workspace: Workspace, release: Texts, find: FindSource): ChartAddress | undefined {
  const kind = release(['spec', 'chartRef', 'kind']);
  const name = release(['spec', 'chartRef', 'name']);
  if (kind !== undefined && name !== undefined) {
    const source = find(kind, release(['spec', 'chartRef', 'namespace']), name);
    if (!source) return undefined;
    if (kind === 'OCIRepository') return inRegistry(source);
    if (kind === 'HelmChart') return ofSpec(workspace, (path) => source(['spec', ...path]), find);
    return undefined;
  }
  return ofSpec(workspace, (path) => release(['spec', 'chart', 'spec', ...path]), find);
}

/** Of `spec.chart.spec`, and the spec of a HelmChart, which has the same fields. */
function ofSpec(workspace: Workspace, spec: Texts, find: FindSource): ChartAddress | undefined {
  const [chart, kind, name] = [['chart'], ['sourceRef', 'kind'], ['sourceRef', 'name']].map(spec);
  if (chart === undefined || kind === undefined || name === undefined) return undefined;
  const source = find(kind, spec(['sourceRef', 'namespace']), name);
  const url = source?.(['spec', 'url']);
  if (kind === 'GitRepository') {
    const folder = isOwn(workspace, name, url) ? resolvePath('', chart.replace(/^\/+/, '')) : undefined;
    return folder === undefined ? undefined : { is: 'folder', folder };
  }
  if (kind !== 'HelmRepository' || url === undefined) return undefined;
  return { is: 'repository', repository: withoutSlash(url), chart, version: spec(['version']) ?? '*' };
}

function inRegistry(source: Texts): ChartAddress | undefined {
  const [, repository, chart] = /^(oci:\/\/.+)\/([^/]+)\/*$/.exec(source(['spec', 'url']) ?? '') ?? [];
  if (repository === undefined || chart === undefined) return undefined;
  const [digest, semver, tag] = ['digest', 'semver', 'tag'].map((field) => source(['spec', 'ref', field]));
  return { is: 'repository', repository, chart, version: digest ?? semver ?? tag ?? 'latest' };
}

function isOwn(workspace: Workspace, name: string, url: string | undefined): boolean {
  if (workspace.ownership.isOwn(`GitRepository/${name}`)) return true;
  const remotes = remotesIn(workspace.data.text('.git/config') ?? '');
  return url !== undefined && remotes.map(repositoryIn).includes(repositoryIn(url));
}

export function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

/**
 * The version that Flux takes: the one that is written or, of a range, the highest. Source: GetChartVersion of
 * internal/helm/repository/chart_repository.go of source-controller.
 */
export function chosenVersion(versions: readonly StoredChart[], wanted: string): StoredChart | undefined {
  const exact = versions.find(({ text, names }) => text === wanted || names.includes(wanted));
  if (exact) return exact;
  const plain = wanted.replaceAll('_', '+');
  const range = parseRange(wanted === '' ? '*' : plain);
  if (!range.ok) return undefined;
  const fitting = versions.filter(({ version }) => inRange(version, range.value));
  return fitting.toSorted((a, b) => compareVersions(b.version, a.version))[0];
}

interface Known {
  readonly edition: number;
  readonly chart: Chart | undefined;
}

const folders = new WeakMap<Workspace, Map<string, Known>>();
const stored = new WeakMap<ChartFiles, Chart | undefined>();

const chosenBefore = new WeakMap<readonly StoredChart[], Map<string, StoredChart | undefined>>();

function chosenAmong(versions: readonly StoredChart[], wanted: string): StoredChart | undefined {
  if (versions.length === 0) return undefined;
  const known = chosenBefore.get(versions) ?? new Map<string, StoredChart | undefined>();
  chosenBefore.set(versions, known);
  if (!known.has(wanted)) known.set(wanted, chosenVersion(versions, wanted));
  return known.get(wanted);
}

/** Undefined if it isn't in files. */
export function chartAt(workspace: Workspace, address: ChartAddress): Chart | undefined {
  if (address.is === 'folder') return chartIn(workspace, address.folder);
  const { repository, chart, version } = address;
  const chosen = chosenAmong(workspace.charts.versions(repository, chart), version);
  const files = chosen && workspace.charts.files(repository, chart, chosen.text);
  if (!files) return undefined;
  if (!stored.has(files)) stored.set(files, readChart(files));
  return stored.get(files);
}

/** Read again only after something in the folder changed. */
function chartIn(workspace: Workspace, folder: string): Chart | undefined {
  const known = folders.get(workspace) ?? new Map<string, Known>();
  folders.set(workspace, known);
  const before = known.get(folder);
  const changed = before && workspace.changedSince(before.edition);
  const isSame = changed && !changed.some((path) => folder === '' || path.startsWith(`${folder}/`));
  const chart = isSame ? before.chart : readChart(filesIn(workspace, folder));
  known.set(folder, { edition: workspace.edition, chart });
  return chart;
}

function filesIn(workspace: Workspace, folder: string): ChartFiles {
  const prefix = folder === '' ? '' : `${folder}/`;
  const listed = workspace.below(folder).map((path) => path.slice(prefix.length));
  const others =
    workspace.data.below(folder) ?? unlisted.filter((path) => workspace.data.kindOf(prefix + path) === 'file');
  return {
    paths: [...new Set([...listed, ...others])].sort(),
    bytes: (path) => {
      const file = workspace.file(joinPath(folder, path));
      return file ? encoder.encode(file.text) : workspace.data.bytes(joinPath(folder, path));
    },
    text: (path) => {
      const file = joinPath(folder, path);
      return workspace.file(file)?.text ?? workspace.data.text(file);
    },
    archive: (path) => {
      const bytes = workspace.data.bytes(joinPath(folder, path));
      return bytes && workspace.charts.unpack(bytes);
    },
  };
}

const encoder = new TextEncoder();

/** What most charts have besides YAML files, for sources that can't list folders. */
const unlisted = ['templates/_helpers.tpl', 'templates/NOTES.txt'];

/** Where the schema of a chart's values is from, for people. */
export function originOf({ name, version, jsonSchema }: Chart): string {
  const file = jsonSchema === undefined ? 'values.yaml' : 'values.schema.json and values.yaml';
  return `${name} ${version}, ${file}`;
}

/** Whether a file that isn't YAML may be part of a chart in the workspace. */
export function isInChart(workspace: Workspace, path: string): boolean {
  const steps = path.split('/');
  return steps.some((_, index) => workspace.hasFile([...steps.slice(0, index), 'Chart.yaml'].join('/')));
}
