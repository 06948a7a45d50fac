// Finds the place of a problem of an applied object: where the value at fault is written, be it the object's own document, a
// patch, the source of a variable or what changed the value afterwards.
import { type Built, type BuiltMap, isAbsent, type Origin } from '../kustomize/built.ts';
import { type Finding, moved } from '../syntax/finding.ts';
import { type Manifest, parseManifest } from '../syntax/manifest.ts';
import { nodeAt, printPath } from '../syntax/navigate.ts';
import type { Path } from '../syntax/tree.ts';
import { resolveAlias } from '../syntax/value.ts';
import type { Problem } from '../validation/problem.ts';
import { findingOf, unfinishedOf } from '../validation/report.ts';
import { readableOf } from '../validation/validate.ts';
import { sentenceOf, sentenceWithoutValue } from '../validation/words.ts';
import type { ObjectFacts } from '../workspace/facts.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** A finding in a file, in offsets of the file; and the other places that the value comes from. */
export interface PlacedFinding {
  readonly file: string;
  readonly finding: Finding;
  /** A variable is in the text of the value at fault. */
  readonly hasVariable: boolean;
  /** It is about a value that is there, which a transformer may replace. */
  readonly isValue: boolean;
  /** Of the object's own document, if the finding is in it. */
  readonly object: ObjectFacts | undefined;
  readonly related: readonly Related[];
}

export interface Place {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** Where the object begins that the finding is about, or where the value at fault is used. */
export interface Related extends Place {
  readonly is: 'object' | 'value';
}

/** An object as it is applied. */
export interface Subject {
  readonly workspace: Workspace;
  readonly value: BuiltMap;
  /** Whether the problem is there before anything changes the object. */
  isWritten(problem: Problem): boolean;
}

/** Undefined if the value comes from a file that isn't YAML. */
export function placedFinding(problem: Problem, subject: Subject): PlacedFinding | undefined {
  const found = deepest(subject.value, problem.path);
  const own = ownDocument(subject);
  const isValue = found.isWhole && problem.on === 'value';
  const hasVariable = isValue && isTemplate(found.built, subject);
  const changed = isValue ? changedBy(found.built, problem, subject) : undefined;
  if (own && !changed && isSameNode(found, own)) {
    const { manifest, start, prefix, object } = own;
    const finding = findingOf(problem, manifest, prefix);
    return { file: own.file, finding: moved(finding, start), hasVariable, isValue, object, related: [] };
  }
  const isSecret = isSecretField(subject.value, problem.path) || changed?.isSecret === true;
  const place =
    (changed && rangeOf(changed.origin, subject)) ??
    rangeOf(found.built.origin, subject, isValue ? undefined : keyOf(problem, found)) ??
    rangeOf(subject.value.origin, subject, '');
  if (!place) return undefined;
  const used = changed && rangeOf(found.built.origin, subject);
  const begins = changed ? undefined : ownPlace(subject, place);
  const related: readonly Related[] = [
    ...(used ? [{ ...used, is: 'value' as const }] : []),
    ...(begins ? [{ ...begins, is: 'object' as const }] : []),
  ];
  const unfinished = unfinishedOf(problem, found.isWhole && found.built.kind === 'scalar' && !isAbsent(found.built));
  const finding: Finding = {
    rule: problem.rule,
    severity: problem.severity,
    start: place.start,
    end: place.end,
    message: isSecret ? sentenceWithoutValue(problem) : sentenceOf(problem),
    path: problem.field ?? printPath(problem.path),
    ...(unfinished && { unfinished }),
  };
  return { file: place.file, finding, hasVariable, isValue, object: undefined, related };
}

function isTemplate({ origin }: Built, { workspace }: Subject): boolean {
  const { source, start, end } = origin;
  return (
    workspace
      .file(source.file)
      ?.text.slice(source.start + start, source.start + end)
      .includes('${') ?? false
  );
}

interface Found {
  readonly built: Built;
  /** The part of the problem's path that leads to it. */
  readonly path: Path;
  readonly isWhole: boolean;
}

/** The value at a path, or the nearest around it that exists. */
function deepest(value: BuiltMap, path: Path): Found {
  let built: Built = value;
  for (const [index, step] of path.entries()) {
    let inner: Built | undefined;
    if (built.kind === 'map') inner = built.entries.get(String(step));
    else if (built.kind === 'list' && typeof step === 'number') inner = built.items[step];
    if (!inner) return { built, path: path.slice(0, index), isWhole: false };
    built = inner;
  }
  return { built, path, isWhole: true };
}

interface Changed {
  readonly origin: Origin;
  readonly isSecret: boolean;
}

/** What gave a value the form at fault, if it isn't the value itself. */
function changedBy(built: Built, problem: Problem, subject: Subject): Changed | undefined {
  if (built.kind !== 'scalar') return undefined;
  const variable = built.variables?.[0]?.origin;
  if (variable && !isSame(variable, built.origin)) {
    const isSecret = (built.variables ?? []).some(({ origin }) => isInSecret(origin, subject));
    return { origin: variable, isSecret };
  }
  const { through } = built.origin;
  return through && !subject.isWritten(problem)
    ? { origin: through, isSecret: isInSecret(through, subject) }
    : undefined;
}

function isSame(a: Origin, b: Origin): boolean {
  return a.source.file === b.source.file && a.source.start + a.start === b.source.start + b.start && a.end === b.end;
}

interface OwnDocument {
  readonly file: string;
  readonly start: number;
  readonly manifest: Manifest;
  /** From the document's root to the object. */
  readonly prefix: Path;
  readonly object: ObjectFacts;
}

/** The document that the object begins in; undefined for one that a generator or a ResourceSet makes. */
function ownDocument({ workspace, value }: Subject): OwnDocument | undefined {
  const { source, start } = value.origin;
  const placed = workspace.file(source.file)?.documents.find((one) => one.start === source.start);
  if (!placed) return undefined;
  const written = parseManifest(placed.document.text);
  const manifest = readableOf(written) ?? written;
  const object = placed.document.facts.objects.find(({ path }) => nodeAt(manifest.root, path)?.start === start);
  return object && { file: source.file, start: placed.start, manifest, prefix: object.path, object };
}

/** Whether the value is what the object's own document has at this path. */
function isSameNode({ built, path }: Found, { file, start, manifest, prefix }: OwnDocument): boolean {
  const { source, ...range } = built.origin;
  if (source.file !== file || source.start !== start) return false;
  const node = nodeAt(manifest.root, [...prefix, ...path]);
  const target = node && resolveAlias(node);
  return target !== undefined && target.start === range.start && target.end === range.end;
}

/** The key that a finding is at: that of an unknown field, or of the map in which something is missing. */
function keyOf({ on, path }: Problem, found: Found): string {
  return String((on === 'key' && found.isWhole ? path : found.path).at(-1) ?? '');
}

/** In the text of a file, the range of a value or of its key. A value of several lines is represented by its key. */
function rangeOf(origin: Origin, { workspace }: Subject, key?: string): Place | undefined {
  const { file } = origin.source;
  const text = workspace.file(file)?.text;
  if (text === undefined) return undefined;
  const [start, end] = [origin.source.start + origin.start, origin.source.start + origin.end];
  if (key === undefined && start < end && !text.slice(start, end).includes('\n')) return { file, start, end };
  const before = /(["']?)([\w./-]+)\1\s*:(?:\s|[&!][^\s]*)*$/.exec(text.slice(Math.max(0, start - longestKey), start));
  const isKey = before && (key === undefined || key === before[2]);
  if (isKey) {
    const from = start - before[0].length;
    return { file, start: from, end: from + before[2]!.length + 2 * before[1]!.length };
  }
  const line = /^[^\n:]*/.exec(text.slice(start, Math.max(end, start + 1)))![0].trimEnd();
  return { file, start, end: start + Math.max(1, line.length) };
}

/** In characters, with the space after it. */
const longestKey = 300;

/** Where the object is written, unless the finding is there. */
function ownPlace(subject: Subject, { file }: Place): Place | undefined {
  const { origin } = subject.value;
  return origin.source.file === file ? undefined : rangeOf(origin, subject);
}

function isSecretField(value: BuiltMap, path: Path): boolean {
  const kind = value.entries.get('kind');
  return /^(?:data|stringData)$/.test(String(path[0])) && kind?.kind === 'scalar' && kind.text === 'Secret';
}

function isInSecret({ source }: Origin, { workspace }: Subject): boolean {
  const placed = workspace.file(source.file)?.documents.find(({ start }) => start === source.start);
  return placed?.document.facts.objects.some(({ groupKind }) => groupKind === '/Secret') ?? false;
}
