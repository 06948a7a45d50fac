// Fixes that need a value of the author's: they write the field with the structure that completion would insert there, and
// leave its values as tab stops, with the values that completion would offer.

import { parseManifest } from '../../syntax/manifest.ts';
import { entryAt, nodeAt } from '../../syntax/navigate.ts';
import type { MapNode, Path } from '../../syntax/tree.ts';
import { nameIn } from '../../validation/fixes.ts';
import { breakOf, columnOf, lineEnd } from '../../validation/moves.ts';
import { reworded } from '../../workspace/document.ts';
import { factsOf } from '../../workspace/facts.ts';
import { complete } from '../completion/completion.ts';
import { expand } from '../completion/expand.ts';
import { type Completion, choice, escapeSnippet } from '../completion/item.ts';
import { writeScalar } from '../completion/skeleton.ts';
import { applied, type Candidate, type FixEdit, problemsIn, type Subject } from './subject.ts';

/** The field that is missing at `path`, or the first missing field on the way to it; the likeliest value comes first. */
export function* missingFields(subject: Subject, path: Path): Iterable<Candidate> {
  const candidate = missingField(subject, path);
  if (candidate) yield* withEachFirst(candidate);
}

function missingField(subject: Subject, path: Path): Candidate | undefined {
  const { text } = subject.document;
  const { root } = subject.manifest;
  for (let depth = path.length - 1; depth >= 0; depth -= 1) {
    const at = path.slice(0, depth);
    const key = path[depth];
    const node = nodeAt(root, at);
    if (node === undefined) continue;
    const map = node.type === 'map' ? node : undefined;
    if (!map || typeof key !== 'string') return undefined;
    const entry = entryAt(root, [...at, key]);
    if (entry) return enteredValue(subject, [...at, key]);
    const edit = map.flow ? addedInFlow(subject, map, key) : addedInBlock(subject, text, map, key);
    return edit && { title: `Add ${key}`, kind: 'add', edits: [withRequired(subject, [...at, key], edit)] };
  }
  return undefined;
}

/** With the fields below the added one that its value requires. */
function withRequired(subject: Subject, path: Path, edit: FixEdit): FixEdit {
  const { text } = subject.document;
  const column = /^[^\n]*\n( +)[^\s-]/.exec(edit.text)?.[1];
  if (column === undefined) return edit;
  const now = applied(text, [edit]);
  const manifest = parseManifest(now);
  subject.effort.spend(now.length);
  const missing = problemsIn({ ...subject, document: reworded(subject.document, now), manifest }).flatMap(
    ({ problem, prefix }) => {
      const at = [...prefix, ...problem.path];
      const isBelow = at.length === path.length + 1 && path.every((step, index) => step === at[index]);
      return isBelow && problem.rule === 'schema/required' && !entryAt(manifest.root, at) ? [String(at.at(-1))] : [];
    },
  );
  const last = Math.max(0, ...[...edit.text.matchAll(/\$\{?(\d+)/g)].map((stop) => Number(stop[1])));
  const eol = breakOf(text);
  const lines = missing.map((name, index) => `${eol}${column}${writeScalar(name)}: $${last + 1 + index}`);
  return { ...edit, text: edit.text.replace(/(?:\r?\n)?$/, (end) => lines.join('') + end) };
}

/** Lets the author write the value at `path` again; the likeliest of the known values comes first. */
export function* enteredValues(subject: Subject, path: Path): Iterable<Candidate> {
  const candidate = enteredValue(subject, path);
  const [edit, ...more] = candidate?.edits ?? [];
  if (!candidate || !edit) return;
  const options = more.length === 0 ? optionsOf(edit.text) : undefined;
  const node = nodeAt(subject.manifest.root, path);
  const written = node?.type === 'scalar' ? node.text.toLowerCase() : undefined;
  for (const option of options?.values ?? []) {
    if (option.toLowerCase() !== written) continue;
    const text = expand(options!.lead + escapeSnippet(option) + options!.tail);
    yield { title: `Change to ${option}`, kind: 'replace', edits: [{ ...plain(edit), text }] };
  }
  yield* withEachFirst(candidate);
}

/** The first value may be refused where another isn't; at last, none of them. */
function* withEachFirst(candidate: Candidate): Iterable<Candidate> {
  const [edit, ...more] = candidate.edits;
  const options = edit && more.length === 0 ? optionsOf(edit.text) : undefined;
  for (const option of options?.values.slice(0, mostFirst) ?? []) {
    const values = [option, ...options!.values.filter((other) => other !== option)];
    yield { ...candidate, edits: [{ ...edit!, text: options!.lead + choice(1, values) + options!.tail }] };
  }
  yield candidate;
  if (options) yield { ...candidate, edits: [{ ...edit!, text: `${options.lead}$1${options.tail}` }] };
}

const mostFirst = 4;

/** The values of a snippet that is one choice, and the text around it. */
function optionsOf(snippet: string) {
  const [, lead = '', listed, tail = ''] = /^([\s\S]*?)\$\{1\|((?:\\.|[^|\\])*)\|\}([\s\S]*)$/.exec(snippet) ?? [];
  if (listed === undefined) return undefined;
  const values = listed.split(/(?<!\\),/).map((value) => value.replace(/\\(.)/g, '$1'));
  return { lead, values, tail };
}

function plain({ start, end, text }: FixEdit): FixEdit {
  return { start, end, text };
}

function enteredValue(subject: Subject, path: Path): Candidate | undefined {
  const { text } = subject.document;
  const { root } = subject.manifest;
  const key = path.at(-1);
  const entry = entryAt(root, path);
  const node = nodeAt(root, path);
  if (!node || node.type === 'alias') return undefined;
  const parent = nodeAt(root, path.slice(0, -1));
  const title = `Enter a value for ${nameIn(path)}`;
  if (!entry || typeof key !== 'string') {
    if (parent?.type !== 'seq' || node.type !== 'scalar') return undefined;
    const snippet = filled(subject, text.slice(0, node.start), '$1', text.slice(node.end));
    return { title, kind: 'replace', edits: [{ start: node.start, end: node.end, text: snippet, snippet: true }] };
  }
  // An inherited value belongs to another map.
  if (parent?.type !== 'map' || !parent.entries.includes(entry)) return undefined;
  const [before, after] = [text.slice(0, entry.key.start), text.slice(Math.max(entry.value.end, entry.key.end + 1))];
  const insert = keySnippet(subject, before, key, after);
  const snippet = filled(subject, before, insert, after);
  const edit: FixEdit = { start: before.length, end: text.length - after.length, text: snippet, snippet: true };
  return { title, kind: 'replace', edits: [fromLineStart(text, edit)] };
}

function addedInBlock(subject: Subject, text: string, map: MapNode, key: string): FixEdit | undefined {
  const last = map.entries.at(-1);
  if (!last) return undefined;
  const indent = ' '.repeat(columnOf(text, map.entries[0]!.key.start));
  const stop = lineEnd(text, Math.max(last.value.end, last.key.end));
  const eol = breakOf(text);
  // At the start of the next line, where no editor indents the lines of the snippet again.
  if (stop < text.length) {
    const [before, after] = [text.slice(0, stop + 1) + indent, `${eol}${text.slice(stop + 1)}`];
    const snippet = filled(subject, before, keySnippet(subject, before, key, after), after);
    return { start: stop + 1, end: stop + 1, text: `${indent}${snippet}${eol}`, snippet: true };
  }
  const before = text + eol + indent;
  const snippet = filled(subject, before, keySnippet(subject, before, key, ''), '');
  return fromLineStart(text, { start: stop, end: stop, text: eol + indent + snippet, snippet: true });
}

function addedInFlow(subject: Subject, map: MapNode, key: string): FixEdit {
  const { text } = subject.document;
  const last = map.entries.at(-1);
  const at = last ? Math.max(last.value.end, last.key.end) : map.start + 1;
  const lead = last ? ', ' : '';
  const [before, after] = [text.slice(0, at) + lead, text.slice(at)];
  const snippet = filled(subject, before, keySnippet(subject, before, key, after), after);
  return { start: at, end: at, text: lead + snippet, snippet: true };
}

/** Editors indent the lines of a snippet like the text before it on its line; at the start of a line there is none. */
function fromLineStart(text: string, edit: FixEdit): FixEdit {
  if (!edit.text.includes('\n')) return edit;
  const start = text.lastIndexOf('\n', edit.start - 1) + 1;
  return { ...edit, start, text: escapeSnippet(text.slice(start, edit.start)) + edit.text };
}

/** The key and the structure it requires, as completion inserts it between the two texts. */
function keySnippet(subject: Subject, before: string, key: string, after: string): string {
  const items = completions(subject, before + after, before.length);
  const item = items.find(({ label, kind }) => label === key && kind === 'field');
  const isHere = item && item.start === before.length && item.end === before.length && item.additional === undefined;
  return isHere ? item.insert : `${writeScalar(key)}: $1`;
}

/** More choices are a list to search in. */
const mostChoices = 12;
/** Each tab stop costs a completion. */
const mostStops = 6;

/** The snippet with the values that completion offers at its tab stops, where they stand between the two texts. */
function filled(subject: Subject, before: string, snippet: string, after: string): string {
  let done = '';
  let rest = snippet;
  for (let stops = 0; stops < mostStops; stops += 1) {
    const stop = /(?<!\\)\$(\d+)/.exec(rest);
    if (!stop) break;
    const head = done + rest.slice(0, stop.index);
    const tail = rest.slice(stop.index + stop[0].length);
    const lead = before + expand(head);
    const values = completions(subject, lead + expand(tail) + after, lead.length)
      .filter(({ kind }) => kind !== 'field' && kind !== 'resource')
      .map((item) => expand(item.insert).trim())
      .filter((value) => value !== '' && !value.includes('\n'));
    done = head + choice(Number(stop[1]), [...new Set(values)].slice(0, mostChoices));
    rest = tail;
  }
  return done + rest;
}

function completions({ workspace, path, effort }: Subject, text: string, offset: number): readonly Completion[] {
  if (effort.isSpent) return [];
  // A completion reads the text twice or more.
  effort.spend(2 * text.length);
  const document = { text, facts: factsOf(text) };
  const cursor = { workspace, path, document, start: 0, offset, manifest: parseManifest(text) };
  return complete(cursor).toSorted((a, b) => (a.sort < b.sort ? -1 : a.sort > b.sort ? 1 : 0));
}
