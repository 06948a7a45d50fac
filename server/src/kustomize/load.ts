// Finds and reads the kustomization of a folder, and reports what kustomize refuses in the file itself.
import type { Path } from '../syntax/tree.ts';
import type { BuildFiles, FileDocument } from './build-files.ts';
import type { BuildProblem, Reason } from './build-problem.ts';
import { type Built, type BuiltMap, builtFrom, isNull, locateIn, type Origin, type Source, textAt } from './built.ts';
import { decode } from './config/shape.ts';
import { kustomization as kustomizationShape } from './config/shapes.ts';
import { joinPath, kustomizationNames } from './paths.ts';

export interface Loaded {
  /** The path of the kustomization. */
  readonly path: string;
  readonly folder: string;
  readonly isComponent: boolean;
  readonly fields: BuiltMap;
  /** The fields it sets that the build doesn't support. */
  readonly unsupported: readonly string[];
}

/** Fields that run Helm, which is never done. */
const unsupported: readonly string[] = ['helmCharts', 'helmChartInflationGenerator'];

/** Fields that later versions may drop, with those that replace them (api/types/kustomization.go, CheckDeprecatedFields). */
const deprecated: ReadonlyMap<string, string> = new Map([
  ['bases', 'resources'],
  ['commonLabels', 'labels'],
  ['imageTags', 'images'],
  ['patchesJson6902', 'patches'],
  ['patchesStrategicMerge', 'patches'],
  ['vars', 'replacements'],
]);

type Document = FileDocument['manifest'];

/** Undefined if there is none or it can't be read, which is reported. `warn` is called with what is deprecated. */
export function kustomizationIn(
  folder: string,
  files: BuildFiles,
  report: (problem: BuildProblem) => void,
  warn: (problem: BuildProblem) => void = () => {},
): Loaded | undefined {
  const paths = kustomizationNames.map((name) => joinPath(folder, name));
  const found = paths.filter((path) => files.kindOf(path) === 'file');
  const path = found[0] ?? paths[0]!;
  const source: Source = { file: path, start: 0 };
  const reportAt = (reason: Reason, origin: Origin, field: Path = []) =>
    report({ reason, kustomization: path, field, origin });
  const top = locateIn(source)(0, 0);
  if (found.length === 0) reportAt({ kind: 'no-kustomization', path: folder }, top);
  if (found.length > 1) reportAt({ kind: 'several-kustomizations', files: found }, top);
  if (found.length !== 1) return undefined;
  const document = files.documents(path)?.[0]?.manifest;
  const read = document ? readIn(document, path, folder) : unreadable(path, top);
  for (const problem of read.problems) report(problem);
  for (const warning of read.warnings) warn(warning);
  return read.loaded;
}

/** What is in a document, which many builds read. */
interface Read {
  readonly loaded: Loaded | undefined;
  readonly problems: readonly BuildProblem[];
  readonly warnings: readonly BuildProblem[];
}

function unreadable(path: string, origin: Origin): Read {
  const problem: BuildProblem = {
    reason: { kind: 'unreadable-kustomization' },
    kustomization: path,
    field: [],
    origin,
  };
  return { loaded: undefined, problems: [problem], warnings: [] };
}

const known = new WeakMap<Document, Map<string, Read>>();

function readIn(document: Document, path: string, folder: string): Read {
  let places = known.get(document);
  if (!places) known.set(document, (places = new Map()));
  const read = places.get(path) ?? readDocument(document, path, folder);
  places.set(path, read);
  return read;
}

function readDocument(document: Document, path: string, folder: string): Read {
  const problems: BuildProblem[] = [];
  const warnings: BuildProblem[] = [];
  const loaded = loadedFrom(document, path, folder, problems, warnings);
  return { loaded, problems, warnings };
}

function loadedFrom(
  document: Document,
  path: string,
  folder: string,
  problems: BuildProblem[],
  warnings: BuildProblem[],
): Loaded | undefined {
  const source: Source = { file: path, start: 0 };
  const locate = locateIn(source);
  const top = locate(0, 0);
  const reportAt = (reason: Reason, origin: Origin, field: Path = []) =>
    void problems.push({ reason, kustomization: path, field, origin });
  const error = document.findings.find(isError);
  if (document.template || error) {
    reportAt({ kind: 'unreadable-kustomization' }, error ? locate(error.start, error.end) : top);
    return undefined;
  }
  const root = document.root && builtFrom(document.root, locate, 'configuration', document.text);
  if (root?.kind !== 'map') {
    const kind = !root || isNull(root) ? 'empty-kustomization' : 'unreadable-kustomization';
    reportAt({ kind }, root?.origin ?? top);
    return undefined;
  }
  let isValid = true;
  const decoded = decode(root, kustomizationShape, { strict: true, converts: false }, (reason, field, origin) => {
    isValid = false;
    reportAt(reason, origin, field);
  });
  if (decoded?.kind !== 'map') return undefined;
  const isComponent = textAt(decoded, ['kind']) === 'Component';
  checkHeader(decoded, isComponent, reportAt);
  for (const [name, instead] of deprecated) {
    const written = decoded.entries.get(name);
    const reason: Reason = { kind: 'deprecated-field', name, instead };
    if (written && !isNull(written))
      warnings.push({ reason, kustomization: path, field: [name], origin: written.origin });
  }
  if (
    isValid &&
    ![...decoded.entries].some(([name, value]) => name !== 'apiVersion' && name !== 'kind' && isSet(value))
  )
    reportAt({ kind: 'empty-kustomization' }, root.origin);
  return withFields({ path, folder, isComponent, fields: decoded, unsupported: [] }, decoded);
}

/** Of a repeated key, the last is used. */
function isError({ severity, rule }: { readonly severity: string; readonly rule: string }): boolean {
  return severity === 'error' && rule !== 'syntax/duplicate-key';
}

/** The kustomization with other fields. */
export function withFields(loaded: Loaded, fields: BuiltMap): Loaded {
  return { ...loaded, fields, unsupported: unsupported.filter((name) => holdsAnything(fields.entries.get(name))) };
}

function checkHeader(
  root: BuiltMap,
  isComponent: boolean,
  reportAt: (reason: Reason, origin: Origin, field: Path) => void,
): void {
  const kind = textAt(root, ['kind']) || 'Kustomization';
  const apiVersion = textAt(root, ['apiVersion']) ?? '';
  const expected = `kustomize.config.k8s.io/${isComponent ? 'v1alpha1' : 'v1beta1'}`;
  const isKind = isComponent || kind === 'Kustomization';
  if (isKind && (apiVersion === '' || apiVersion === expected)) return;
  const field = isKind ? 'apiVersion' : 'kind';
  const written = root.entries.get(field)!;
  reportAt({ kind: 'wrong-header', apiVersion, of: kind }, written.origin, [field]);
}

/** kustomize distinguishes an empty list from a missing one, but not an empty string. */
function isSet(value: Built): boolean {
  return value.kind !== 'scalar' || (!isNull(value) && value.text !== '');
}

function holdsAnything(value: Built | undefined): boolean {
  if (!value) return false;
  if (value.kind === 'list') return value.items.length > 0;
  return value.kind === 'map' ? value.entries.size > 0 : isSet(value);
}
