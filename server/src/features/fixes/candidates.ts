// What could fix a problem, by its facts: the remedies of the verdict, the value that was probably meant, another shape of
// the value, and at last a value of the author's. Whoever offers a candidate verifies it first.
import { entryAt, nodeAt, printPath } from '../../syntax/navigate.ts';
import type { Node, Path } from '../../syntax/tree.ts';
import { unknown } from '../../syntax/tree.ts';
import { fixesOf, nameIn } from '../../validation/fixes.ts';
import { removal } from '../../validation/moves.ts';
import type { Problem, Remedy } from '../../validation/problem.ts';
import { isSecretValue } from '../../validation/secrets.ts';
import type { Located } from '../../validation/validate.ts';
import { withContents } from './contents.ts';
import { regrouped, rehomed, rehomedTogether } from './homes.ts';
import { movedFixes, upgraded } from './moved-fixes.ts';
import { enteredValues, missingFields } from './placeholder.ts';
import { reshaped } from './shapes.ts';
import { type Candidate, fieldOf, problemsIn, type Subject } from './subject.ts';
import { realigned, reopened } from './syntax-fixes.ts';
import { meantValues, servedVersions } from './value-fixes.ts';

/** In order of preference; each is made only when it is asked for. */
export function* candidatesFor(subject: Subject, located: Located): Iterable<Candidate> {
  const { problem, prefix } = located;
  const { facts } = problem;
  const around = wrongShape(subject, located);
  if (around) {
    yield* candidatesFor(subject, around);
    return;
  }
  const path = [...prefix, ...problem.path];
  const moves = movedFixes(subject, located);
  const elsewhere = moves.length > 0 ? moves : regrouped(subject, located);
  yield* elsewhere;
  // The value is right, but not there: a similar one isn't meant.
  if (elsewhere.length > 0 && facts.is === 'enum') return;
  yield* rehomedTogether(subject, located);
  yield* remediesOf(subject, problem, path, prefix);
  yield* rehomed(subject, located);
  if (facts.is === 'several-forms' || facts.is === 'excluded') {
    for (const field of facts.fields) yield* removed(subject, [...path, field]);
  }
  if (facts.is === 'needs-one') {
    for (const field of facts.fields) yield* missingFields(subject, [...path, field]);
  }
  if (isMissing(subject, problem, path)) {
    yield* missingFields(subject, path);
    return;
  }
  if (facts.is === 'unserved' || facts.is === 'deprecated') {
    const served = servedVersions(subject, path);
    const named = facts.is === 'unserved' ? facts.instead : [];
    for (const version of served.length > 0 ? served : named) yield* compact([upgraded(subject, located, version)]);
    return;
  }
  yield* withValues(subject, problem, path, prefix);
  const schema = facts.is === 'type' ? fieldOf(subject, path)?.schema : undefined;
  if (schema) {
    const shapes = reshaped(subject, path, schema);
    yield* shapes;
    for (const shape of shapes) yield* compact([withContents(subject, path, shape)]);
    const entry = entryAt(subject.manifest.root, path);
    if (entry) yield* reopened(subject, entry.key);
  }
  if (facts.is === 'unknown-field') {
    const entry = entryAt(subject.manifest.root, path);
    // Where its object has the field, no free map is meant to have it. What the lines below a key without a value are read as
    // may be its value.
    const isKnown = problem.remedies?.some(({ kind }) => kind === 'move') === true;
    if (entry && (!isKnown || isEmpty(entry.value))) yield* realigned(subject, entry.key);
    // If no key of the map is known, the map isn't what is meant there.
    if (!selecting.has(printPath(problem.path)))
      yield* removed(subject, isForeign(subject, path) ? path.slice(0, -1) : path);
  }
  if (problem.rule === 'schema/duplicate-item') yield* removed(subject, path.slice(0, lastItem(path) + 1));
}

/** What patches choose objects by, outside metadata: which of them an object would lack without it isn't known here. */
const selecting: ReadonlySet<string> = new Set(['labels', 'annotations']);

/** Whether the map has several keys, and its schema none of them. */
function isForeign(subject: Subject, path: Path): boolean {
  const map = nodeAt(subject.manifest.root, path.slice(0, -1));
  const known = fieldOf(subject, path.slice(0, -1))?.schema.properties ?? {};
  if (map?.type !== 'map' || path.length < 2 || map.entries.length < 2) return false;
  return map.entries.every(({ key }) => !Object.hasOwn(known, key.text));
}

/** In a map that must be a list every key is unknown: what to fix is the map. */
function wrongShape(subject: Subject, { problem, prefix }: Located): Located | undefined {
  if (problem.facts.is !== 'unknown-field') return undefined;
  return problemsIn(subject).find((other) => {
    const { facts, path } = other.problem;
    if (facts.is !== 'type' || other.prefix.length !== prefix.length || path.length >= problem.path.length)
      return false;
    return path.every((step, index) => step === problem.path[index]);
  });
}

/** The item of the list that repeats another: the path itself or one around it. */
function lastItem(path: Path): number {
  return path.findLastIndex((step) => typeof step === 'number');
}

/** Where nothing else fixes the problem: another value of the author's, or none. */
export function* lastResorts(subject: Subject, { problem, prefix }: Located): Iterable<Candidate> {
  const path = [...prefix, ...problem.path];
  if (isMissing(subject, problem, path)) return;
  yield* enteredValues(subject, path);
  // Without these it is no object.
  if (problem.path.length > 1 || !/^(?:apiVersion|kind|metadata)$/.test(String(problem.path[0]))) {
    yield* removed(subject, path);
  }
}

function isMissing({ manifest }: Subject, { rule }: Problem, path: Path): boolean {
  const written = nodeAt(manifest.root, path);
  return written === undefined || (rule === 'schema/required' && isEmpty(written));
}

function* withValues(subject: Subject, problem: Problem, path: Path, prefix: Path): Iterable<Candidate> {
  const node = nodeAt(subject.manifest.root, path);
  if (node?.type !== 'scalar' || node.value === unknown) return;
  const isSecret = isSecretValue(subject.manifest, prefix, problem.path);
  for (const { value, certain, title } of meantValues(subject, problem, path)) {
    const remedy: Remedy =
      problem.on === 'key' && problem.facts.is !== 'unknown-field'
        ? { kind: 'rename', to: String(value) }
        : { kind: 'replace', value };
    // The apiVersion of an unknown kind may be the one to change.
    const fixes = fixesOf([remedy], subject.manifest, path, prefix);
    const words = title ?? (isSecret ? 'Correct this value' : undefined);
    for (const fix of fixes)
      yield { ...fix, ...(words !== undefined && { title: words }), ...(certain && { certain: true }) };
  }
}

/** The remedies of the verdict that need nothing from the author. */
function remediesOf(
  subject: Subject,
  { remedies = [], facts }: Problem,
  path: Path,
  prefix: Path,
): readonly Candidate[] {
  const complete = remedies.filter(({ kind }) => kind !== 'add' && kind !== 'remove');
  return fixesOf(complete, subject.manifest, path, prefix).map((fix) =>
    isCertain(fix.kind!, facts) ? { ...fix, certain: true } : fix,
  );
}

/** Whether the change keeps what the author wrote, in the right form. */
function isCertain(kind: Remedy['kind'], facts: Problem['facts']): boolean {
  // A string of several words may be meant as several items.
  if (kind === 'wrap') return facts.is !== 'type' || typeof facts.found !== 'string' || !/\s/.test(facts.found);
  if (kind === 'quote' || kind === 'space') return true;
  if (kind === 'rename' && facts.is === 'unknown-field') return true;
  return kind === 'replace' && facts.is === 'type';
}

function* removed({ document, manifest }: Subject, path: Path): Iterable<Candidate> {
  const { text } = document;
  const entry = entryAt(manifest.root, path);
  const parent = nodeAt(manifest.root, path.slice(0, -1));
  const key = path.at(-1);
  if (typeof key === 'string') {
    if (!entry || parent?.type !== 'map' || !parent.entries.includes(entry)) return;
    const edits = removal(text, parent, entry);
    if (edits) yield { title: `Remove ${nameIn(path)}`, kind: 'remove', edits };
    return;
  }
  const edits = parent?.type === 'seq' && typeof key === 'number' ? itemRemoval(text, parent, key) : undefined;
  if (edits) yield { title: 'Remove this item', kind: 'remove', edits };
}

function itemRemoval(
  text: string,
  list: Extract<Node, { type: 'seq' }>,
  index: number,
): Candidate['edits'] | undefined {
  const [item, next, previous] = [list.items[index]!, list.items[index + 1], list.items[index - 1]];
  if (!item || list.items.length < 2) return undefined;
  if (list.flow) {
    if (next) return [{ start: item.start, end: next.start, text: '' }];
    return previous ? [{ start: previous.end, end: item.end, text: '' }] : undefined;
  }
  const from = text.lastIndexOf('\n', item.start - 1) + 1;
  if (!/^ *- +$/.test(text.slice(from, item.start))) return undefined;
  const stop = text.indexOf('\n', item.end);
  return stop === -1
    ? [{ start: Math.max(0, from - 1), end: text.length, text: '' }]
    : [{ start: from, end: stop + 1, text: '' }];
}

function isEmpty(node: Node): boolean {
  return node.type === 'scalar' && (node.value === null || node.value === '');
}

function compact<T>(values: readonly (T | undefined)[]): readonly T[] {
  return values.filter((value) => value !== undefined);
}
