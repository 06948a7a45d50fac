// A Helm chart as its files describe it: metadata, default values, the schema of its values, and its subcharts. Templates are
// read as text only; nothing of a chart is ever executed.
import { parseManifest } from '../syntax/manifest.ts';
import type { Node, Value } from '../syntax/tree.ts';
import { isList, isObject, type ObjectValue, own, toValue } from '../syntax/value.ts';
import type { ChartFiles } from './files.ts';

export interface Chart {
  readonly name: string;
  readonly version: string;
  readonly files: ChartFiles;
  /** Its templates are only used by other charts. */
  readonly isLibrary: boolean;
  /** The text of `values.yaml`; empty if there is none. */
  readonly valuesText: string;
  /** The JSON Schema in `values.schema.json`. */
  readonly jsonSchema: unknown;
  readonly dependencies: readonly Dependency[];
}

/** A subchart, in `charts/` or only listed. */
export interface Dependency {
  /** Its name in the values: the alias or the chart's own name. */
  readonly name: string;
  /** Paths in the parent's values; the first one with a boolean decides whether the subchart is used. */
  readonly conditions: readonly string[];
  readonly tags: readonly string[];
  /** Whether values of the subchart become values of its parent. */
  readonly isImported: boolean;
  /** Undefined if it isn't in the chart's files. */
  readonly chart: Chart | undefined;
}

const deepest = 8;

/** Undefined if the files are no chart. */
export function readChart(files: ChartFiles, depth = 0): Chart | undefined {
  const metadata = yamlValue(files.text('Chart.yaml'));
  if (!isObject(metadata)) return undefined;
  const name = textOf(metadata, 'name');
  if (name === undefined) return undefined;
  return {
    ...{ name, files, version: textOf(metadata, 'version') ?? '' },
    isLibrary: metadata.type === 'library',
    valuesText: files.text('values.yaml') ?? '',
    jsonSchema: jsonOf(files.text('values.schema.json')),
    dependencies: depth < deepest ? dependenciesOf(files, metadata, depth) : [],
  };
}

/** The tree of a text with values; undefined if it has none, or isn't valid YAML. */
export function valuesRoot(text: string): Node | undefined {
  const { root, findings } = parseManifest(text);
  return root?.type === 'map' && !findings.some(({ severity }) => severity === 'error') ? root : undefined;
}

function dependenciesOf(files: ChartFiles, metadata: ObjectValue, depth: number): readonly Dependency[] {
  const present = [...subcharts(files)].flatMap((one) => readChart(one, depth + 1) ?? []);
  // Of two with the same name, the first one.
  const byName = new Map(present.toReversed().map((chart) => [chart.name, chart]));
  const requirements = yamlValue(files.text('requirements.yaml'));
  const sources: readonly (Value | undefined)[] = [metadata, requirements];
  const listed = sources.flatMap((one): readonly Value[] => {
    const list = isObject(one) ? own(one, 'dependencies') : undefined;
    return isList(list) ? list : none;
  });
  const found = listed.flatMap((one): readonly Dependency[] => {
    if (!isObject(one)) return [];
    const chartName = textOf(one, 'name');
    if (chartName === undefined) return [];
    const chart = byName.get(chartName);
    const conditions = (textOf(one, 'condition') ?? '').split(',').map((path) => path.trim());
    const imports = own(one, 'import-values');
    return [
      {
        name: textOf(one, 'alias') ?? chartName,
        conditions: conditions.filter((path) => path !== ''),
        tags: isList(one.tags) ? one.tags.filter((tag) => typeof tag === 'string') : [],
        isImported: isList(imports) && imports.length > 0,
        chart,
      },
    ];
  });
  // Helm also loads what is in charts/ without being listed.
  const used = new Set(found.map(({ chart }) => chart));
  const others = present.filter((chart) => !used.has(chart));
  const unlisted = others.map((chart): Dependency => ({ ...always, name: chart.name, chart }));
  return [...found, ...unlisted];
}

const none: readonly Value[] = [];

const always = { conditions: [], tags: [], isImported: false };

function* subcharts(files: ChartFiles): Iterable<ChartFiles> {
  const below = new Map<string, string[]>();
  for (const path of files.paths) {
    const [, folder, name] = /^charts\/([^/]+)\/(.*)$/s.exec(path) ?? [];
    if (folder === undefined) continue;
    const names = below.get(folder);
    if (names) names.push(name!);
    else below.set(folder, [name!]);
  }
  for (const path of files.paths) {
    const [, folder] = /^charts\/([^/]+)\/Chart\.yaml$/.exec(path) ?? [];
    if (folder !== undefined) yield filesBelow(files, `charts/${folder}/`, below.get(folder)!);
    else if (/^charts\/[^/]+\.tgz$/.test(path)) {
      const archive = files.archive(path);
      if (archive) yield archive;
    }
  }
}

function filesBelow(files: ChartFiles, prefix: string, paths: readonly string[]): ChartFiles {
  return {
    paths,
    text: (path) => files.text(prefix + path),
    bytes: (path) => files.bytes(prefix + path),
    archive: (path) => files.archive(prefix + path),
  };
}

function yamlValue(text: string | undefined): Value | undefined {
  const { root } = parseManifest(text ?? '');
  return root && toValue(root);
}

function jsonOf(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

function textOf(map: ObjectValue, key: string): string | undefined {
  const value = own(map, key);
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
}
