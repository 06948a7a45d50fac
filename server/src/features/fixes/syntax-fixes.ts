// Fixes for invalid YAML. Each candidate is tried, and offered only if it leaves fewer errors; candidates that place a key
// where the schema has it are preferred.
import { type Composed, compose } from '../../syntax/compose.ts';
import type { Finding, TextEdit } from '../../syntax/finding.ts';
import { checkKeys } from '../../syntax/keys.ts';
import { placeAt } from '../../syntax/navigate.ts';
import type { Node, Path } from '../../syntax/tree.ts';
import { isMerge } from '../../syntax/value.ts';
import { nameIn } from '../../validation/fixes.ts';
import { removal } from '../../validation/moves.ts';
import { below, indented, type Line, lineAt, linesOf, type Repair, underOpenKey } from './alignment.ts';
import { applied, type Candidate, type Subject } from './subject.ts';

/** Each candidate costs a parse of the document; texts that are too long or too deeply nested are not tried. */
const mostTried = 24;
const longest = 30_000;
const deepest = 8;

/**
 * First one that leaves no error and puts its key where the schema has it; after it those that leave the fewest errors. Each
 * is parsed only when it is asked for.
 */
export function* syntaxCandidates(
  text: string,
  finding: Finding,
  hasField: (root: Node | undefined, path: Path) => boolean,
): Iterable<Candidate> {
  if (text.length > longest) return;
  const before = errorsIn(text, compose(text));
  const same = (found: readonly Finding[]) => found.filter(({ rule }) => rule === finding.rule).length;
  const others: (Candidate & { readonly rank: number })[] = [];
  for (const { key, ...fix } of distinct(candidates(text, finding)).slice(0, mostTried)) {
    const fixed = applied(text, fix.edits);
    const composed = compose(fixed);
    const after = errorsIn(fixed, composed);
    // Fewer errors in total and of this rule: a fix to another line does not fix this finding. The parser reports an error
    // where it can't read on, which may be of another rule than the line that slipped.
    const isFixed = same(before) === 0 || same(after) < same(before);
    if (after.length >= before.length || !isFixed) continue;
    const known = key === undefined || isKnown(composed.root, key, hasField);
    if (known && after.length === 0) yield fix;
    else others.push({ ...fix, rank: 2 * after.length + (known ? 0 : 1) });
  }
  const least = Math.min(...others.map(({ rank }) => rank));
  for (const { rank, ...fix } of others.toSorted((x, y) => x.rank - y.rank)) if (rank <= least + 1) yield fix;
}

/** The line of an unknown field at the columns of the lines around it: where it may have been meant to be. */
export function realigned({ document: { text } }: Subject, { start }: Pick<Finding, 'start'>): readonly Candidate[] {
  if (text.length > longest) return [];
  // The unknown field itself is likelier than the line below it.
  const repairs = distinct([...underOpenKey(text, start), ...indented(text, { start }, 'line first')]);
  return repairs.slice(0, mostRealigned).map(({ key: _key, ...fix }) => fix);
}

const mostRealigned = 10;

/** The key above without a value, if this line was its value. */
export function reopened({ document: { text } }: Subject, { start }: Pick<Finding, 'start'>): readonly Candidate[] {
  const repairs = text.length > longest ? [] : distinct(underOpenKey(text, start));
  return repairs.map(({ key: _key, ...fix }) => fix);
}

function distinct(repairs: readonly Repair[]): readonly Repair[] {
  const known = new Map<string, Repair>();
  for (const repair of repairs) {
    const key = JSON.stringify(repair.edits);
    if (!known.has(key)) known.set(key, repair);
  }
  return [...known.values()];
}

function errorsIn(text: string, composed: Composed): readonly Finding[] {
  return [...composed.findings, ...checkKeys(composed, text)].filter(({ severity }) => severity === 'error');
}

function isKnown(
  root: Node | undefined,
  key: number,
  hasField: (root: Node | undefined, path: Path) => boolean,
): boolean {
  const place = placeAt(root, key);
  return place?.onKey === true && hasField(root, place.path);
}

function candidates(text: string, finding: Finding): readonly Repair[] {
  if (finding.rule === 'syntax/duplicate-key') return unrepeated(text, finding);
  return [...quotedVariables(text, finding), ...likely(text, finding), ...general(text, finding)];
}

/** Quotes each value with a variable in the braces or brackets of the line: YAML reads `${` there as the begin of a map. */
function quotedVariables(text: string, { start }: Finding): readonly Repair[] {
  const lines = linesOf(text);
  const line = lines[lineAt(lines, start)]!;
  const edits = [...line.text.matchAll(flowVariable)].flatMap(({ 0: value, index }): readonly TextEdit[] => {
    const before = line.text.slice(0, index);
    const isQuoted = [`"`, `'`].some((quote) => (before.split(quote).length - 1) % 2 === 1);
    if (isQuoted || !/[[{]/.test(before) || /\s#/.test(before)) return [];
    return [{ start: line.start + index, end: line.start + index + value.length, text: JSON.stringify(value) }];
  });
  return edits.length === 0 ? [] : [{ title: 'Put it in quotes', kind: 'quote', edits }];
}

/** A plain value with variables in it, up to what ends a value in braces or brackets. */
const flowVariable = /(?:[^\s"'[\]{},$#]|\$(?!\{))*(?:\$\{[^{}"'\n]*\}[^\s"'[\]{},$]*)+/g;

/** Of the rule of the finding. */
function likely(text: string, finding: Finding): readonly Repair[] {
  switch (finding.rule) {
    case 'syntax/tab':
      return [2, 4, 8].map((width) => withoutTabs(text, width));
    case 'syntax/unclosed':
      return closed(text, finding);
    case 'syntax/unknown-alias':
    case 'syntax/nested-map':
      return quoted(text, finding);
    case 'syntax/invalid':
      return '@`%'.includes(text[finding.start] ?? ' ') ? quoted(text, finding) : [];
    case 'syntax/missing-comma':
      return [{ title: 'Add a comma', edits: [{ start: finding.start, end: finding.start, text: ', ' }] }];
    case 'syntax/indentation':
    case 'syntax/missing-colon':
    case 'syntax/missing-dash':
      return [...punctuated(text, finding), ...indented(text, finding)];
    default:
      return [];
  }
}

/** The slip can be on another line than the error, and of another kind. */
function general(text: string, finding: Finding): readonly Repair[] {
  const lines = linesOf(text);
  const index = lineAt(lines, finding.start);
  const previous = lines.slice(0, index).findLast(({ column }) => column !== undefined);
  // The key that this line seems to be below, where it isn't aligned with the others there, may have slipped out of their map.
  const above = lines
    .slice(0, index)
    .findLast(({ column = Number.POSITIVE_INFINITY }) => column < (lines[index]!.column ?? 0));
  return [
    ...unclosedQuotes(lines, index),
    ...wholeValue(lines[index]!),
    ...(previous ? [...wholeValue(previous), ...punctuated(text, previous)] : []),
    ...punctuated(text, finding),
    ...indented(text, finding),
    ...(previous ? indented(text, previous) : []),
    ...(above && above !== previous ? indented(text, above, 'line first') : []),
  ];
}

/** Lines above whose value begins with a quote and doesn't end with one. */
function unclosedQuotes(lines: readonly Line[], index: number): readonly Repair[] {
  const found = lines.slice(Math.max(0, index - mostLinesBack), index + 1).flatMap(({ start, text }): Repair[] => {
    const open = /^ *(?:- +)*(?:[^\s"']+: +)?(["'])((?:(?!\1).)+)$/.exec(text);
    if (!open) return [];
    const ends = [text.search(/ +#/), text.trimEnd().length].filter((end) => end > 0);
    return ends.map((end) => ({
      title: 'Close the quote',
      edits: [{ start: start + end, end: start + end, text: open[1]! }],
    }));
  });
  return [...found.slice(-4).reverse(), ...oneQuote(lines[index]!)];
}

/** In braces or brackets on one line: `"a, ` and `b": ` have one quote. */
function oneQuote({ start, text }: Line): readonly Repair[] {
  if (!/[[{]/.test(text) || (text.split('"').length - 1) % 2 === 0) return [];
  const insert = (at: number, title: string): Repair => ({
    ...{ title, edits: [{ start: start + at, end: start + at, text: '"' }] },
  });
  const closing = [...text.matchAll(/(?<=[[{:,] ?)"[^"\\,:[\]{}]*(?=[,\]}]|: )/g)];
  const opening = [...text.matchAll(/(?<=[[{:,] ?)[^"\\,:[\]{}\s]+(?="(?:[,\]}]|: ))/g)];
  return [
    ...closing.map((match) => insert(match.index + match[0].length, 'Close the quote')),
    ...opening.map((match) => insert(match.index, 'Open the quote')),
  ].slice(0, 4);
}

/** A quote that isn't closed ends at the next one, which can be far below. */
const mostLinesBack = 40;

/** Quotes the value of the line. */
function wholeValue({ start, text }: Line): readonly Repair[] {
  const [, lead = '', value = ''] = /^( *(?:- +)*(?:[\w./-]+:[ \t]+|- +))(.*?)(?:[ \t]+#.*)?$/.exec(text) ?? [];
  const bare = value.trimEnd().replace(/^(["'])(.*)\1$/, '$2');
  // As a string with a variable in it, what is a list or a map would be accepted everywhere, being unknown.
  const isCollection = /^(?:\[|\{(?!\{))/.test(bare) && bare.includes('${');
  if (bare === '' || /^["']/.test(bare) || isCollection) return [];
  const [from, to] = [start + lead.length, start + lead.length + value.trimEnd().length];
  return [{ title: 'Put it in quotes', kind: 'quote', edits: [{ start: from, end: to, text: JSON.stringify(bare) }] }];
}

/** The right tab width is the one that places keys where the schema has them. */
function withoutTabs(text: string, width: number): Repair {
  const edits = linesOf(text).flatMap(({ start, text: line }) => {
    const blank = /^[ \t]*/.exec(line)![0];
    const spaces = ' '.repeat(width);
    return blank.includes('\t') ? [{ start, end: start + blank.length, text: blank.replaceAll('\t', spaces) }] : [];
  });
  const [first] = edits;
  const dashes = first ? /^(?:- +)*/.exec(text.slice(first.end))![0].length : 0;
  return { title: 'Indent with spaces', edits, ...(first && { key: first.start + first.text.length + dashes }) };
}

function closed(text: string, { start }: Finding): readonly Repair[] {
  const lines = linesOf(text);
  const { end, text: line, start: lineStart } = lines[lineAt(lines, start)]!;
  const open = text[start]!;
  const rest = line
    .slice(start - lineStart)
    .replace(/[ \t]+#.*$/, '')
    .trimEnd();
  const at = Math.min(start + rest.length, end);
  if (open === '"' || open === "'") return [{ title: 'Close the quote', edits: [{ start: at, end: at, text: open }] }];
  let missing = '';
  for (const char of rest) {
    if (char === '[') missing = `]${missing}`;
    else if (char === '{') missing = `}${missing}`;
    else if (char === missing[0]) missing = missing.slice(1);
    if (missing.length > deepest) return [];
  }
  return missing === '' ? [] : [{ title: `Close it with ${missing}`, edits: [{ start: at, end: at, text: missing }] }];
}

/** Quotes the word alone, or everything after the colon. */
function quoted(text: string, { start, end }: Finding): readonly Repair[] {
  const lines = linesOf(text);
  const line = lines[lineAt(lines, start)]!;
  const rest = text
    .slice(start, line.end)
    .replace(/[ \t]+#.*$/, '')
    .trimEnd();
  const put = (to: number): Repair => ({
    title: 'Put it in quotes',
    kind: 'quote',
    edits: [{ start, end: to, text: JSON.stringify(text.slice(start, to)) }],
  });
  return [put(Math.min(end, start + rest.length)), put(start + rest.length)];
}

/** Removes the second of two equal keys, in block style with its lines. */
function unrepeated(text: string, { start }: Finding): readonly Repair[] {
  const place = placeAt(compose(text).root, start);
  const map = place?.parents.at(-1);
  const entry = place?.entry;
  // Beside a merge key, the entry may set what the merged map has as well: its author means the entry.
  if (!entry || map?.type !== 'map' || map.entries.some(isMerge)) return [];
  const edits = removal(text, map, entry);
  return edits
    ? [{ title: nameIn([entry.key.text]) === 'this' ? 'Remove this key' : `Remove this ${entry.key.text}`, edits }]
    : [];
}

/** Adds a space after a colon or a dash, or a colon after a key. */
function punctuated(text: string, { start }: Pick<Finding, 'start'>): readonly Repair[] {
  const lines = linesOf(text);
  const index = lineAt(lines, start);
  const line = lines[index]!;
  const next = lines.slice(index + 1).find(({ column }) => column !== undefined);
  const insert = (at: number, what: string, title: string, key: number, more: readonly TextEdit[] = []): Repair => ({
    ...{ title, key, edits: [{ start: line.start + at, end: line.start + at, text: what }, ...more] },
  });
  const found: Repair[] = [];
  const [all = '', lead = '', word = '', behind = ''] = /^( *(?:- +)*)([\w./-]+)(.*)$/.exec(line.text) ?? [];
  const key = line.start + lead.length;
  if (/^:[^\s:/]/.test(behind)) {
    found.push(insert(lead.length + word.length + 1, ' ', 'Add a space after the colon', key));
  }
  if (all !== '' && /^-\w/.test(word) && !lead.includes('-')) {
    // The other keys of the item are aligned with its first key, so they move by one column too.
    const more = below(lines, index, lead.length).filter(({ column }) => column === lead.length + 1);
    const edits = more.map(({ start }) => ({ start, end: start, text: ' ' }));
    found.push(insert(lead.length + 1, ' ', 'Add a space after the dash', key + 2, edits));
  }
  const isBare = behind.trim() === '' || /^[ \t]+#/.test(behind);
  const isList = next?.column === lead.length && /^ *- /.test(next.text);
  if (isBare && next?.column !== undefined && (next.column > lead.length || isList)) {
    found.push(insert(lead.length + word.length, ':', `Add a colon after ${word}`, key));
  }
  if (/^[ \t]+[^\s#:]/.test(behind))
    found.push(insert(lead.length + word.length, ':', `Add a colon after ${word}`, key));
  return found;
}
