// Moves a field of a manifest to another path and writes its value in another form, as a change of the text: comments and
// style of the moved lines are kept.
import type { Form } from '../../kube/moved.ts';
import { parseDuration } from '../../kube/values/duration.ts';
import type { TextEdit } from '../../syntax/finding.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { entryAt, nodeAt } from '../../syntax/navigate.ts';
import type { Entry, MapNode, Node, Path } from '../../syntax/tree.ts';
import { keyName } from '../../syntax/value.ts';
import { columnOf, lineEnd, removal } from '../../validation/moves.ts';
import { isEntangled, patchTextEdits } from './patch-texts.ts';
import { afterColon, inFlow, linesOf, type Printed, source, sourceOf } from './print.ts';
import { lineBreaks } from './shapes.ts';
import { applied } from './subject.ts';

/**
 * The text with the field at another path, or without it; undefined if that can't be done by moving text, or if an alias would
 * lose its anchor.
 */
export function relocated(text: string, from: Path, to: Path | undefined, form?: Form): string | undefined {
  const moved = movedText(text, from, to, form);
  const isKept = moved === undefined || !text.includes('*') || loose(moved) <= loose(text);
  return isKept ? moved : undefined;
}

/** The number of aliases without an anchor before them. */
function loose(text: string): number {
  const { root } = parseManifest(text);
  const pending: Node[] = root ? [root] : [];
  let count = 0;
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.type === 'seq') pending.push(...node.items);
    else if (node.type === 'map') pending.push(...node.entries.map(({ value }) => value));
    else if (node.type === 'alias' && node.target === undefined) count += 1;
  }
  return count;
}

function movedText(text: string, from: Path, to: Path | undefined, form: Form | undefined): string | undefined {
  const { root } = parseManifest(text);
  const entry = entryAt(root, from);
  const parent = nodeAt(root, from.slice(0, -1));
  if (!root || !entry || parent?.type !== 'map' || !parent.entries.includes(entry)) return undefined;
  if (to === undefined) return without(text, root, from, undefined);
  const value = isEntangled(text, entry.value, form) ? undefined : written(text, entry.value, form);
  if (value === undefined) return undefined;
  const [reached, map] = deepestMap(root, to);
  const rest = to.slice(reached);
  const key = rest[0];
  // A list on the way, or a value where the new field would be.
  if (!map || rest.length === 0 || rest.some((step) => typeof step !== 'string')) return undefined;
  if (map.entries.some((one) => one !== entry && keyName(one.key) === key)) return undefined;
  const nested = rest
    .slice(1)
    .reduceRight<Printed>((inner, step) => ({ is: 'map', entries: [[String(step), inner]] }), value);
  if (map === parent) {
    const edits = patchTextEdits(text, entry.value, form);
    const renamed = { start: entry.key.start, end: entry.key.end, text: String(key) };
    return edits && rest.length === 1
      ? applied(text, [renamed, ...edits])
      : inPlace(text, map, entry, String(key), nested);
  }
  const removed = without(text, root, from, entry.value);
  if (removed === undefined) return undefined;
  return added(removed, to.slice(0, reached), String(key), nested);
}

/** The smallest edit from one text to another. */
export function changedPart(before: string, after: string): TextEdit {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let tail = 0;
  while (tail < most - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) };
}

/** The last map along a path, and how many steps lead to it. */
function deepestMap(root: Node, path: Path): readonly [number, MapNode | undefined] {
  let map: MapNode | undefined;
  let reached = 0;
  for (let depth = 0; depth < path.length; depth += 1) {
    const node = nodeAt(root, path.slice(0, depth));
    if (node === undefined) break;
    if (node.type === 'map') [reached, map] = [depth, node];
    else if (node.type !== 'seq') break;
  }
  return [reached, map];
}

function inPlace(text: string, map: MapNode, { key, value }: Entry, name: string, put: Printed): string | undefined {
  const flow = inFlow(put);
  const after = map.flow ? flow && ` ${flow}` : lineBreaks(text, afterColon(put, columnOf(text, key.start)));
  if (after === undefined) return undefined;
  const end = Math.max(value.end, key.end + 1);
  return applied(text, [{ start: key.start, end, text: `${name}:${after}` }]);
}

/**
 * Removes an entry, and the maps around it that would be empty without it. Comments stay, each on a line of its own, apart from
 * those in the value that is moved.
 */
function without(text: string, root: Node, path: Path, moved: Node | undefined): string | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const at = path.slice(0, length);
    const entry = entryAt(root, at);
    const map = nodeAt(root, at.slice(0, -1));
    if (!entry || map?.type !== 'map' || !map.entries.includes(entry)) return undefined;
    if (map.entries.length === 1 && typeof at.at(-2) === 'string') continue;
    const edits = removal(text, map, entry);
    return (
      edits &&
      applied(
        text,
        edits.map((edit) => withComments(text, edit, map, entry, moved)),
      )
    );
  }
  return undefined;
}

/** Of lines that are removed. */
function withComments(text: string, edit: TextEdit, map: MapNode, entry: Entry, moved: Node | undefined): TextEdit {
  const removed = text.slice(edit.start, edit.end);
  if (map.flow || edit.text !== '' || !removed.includes('#')) return edit;
  const column = columnOf(text, map.entries[0]!.key.start);
  const comments = commentsOf(text, edit, entry, moved).map((one) => `${' '.repeat(column)}${one}`);
  if (comments.length === 0) return edit;
  const isLast = !removed.endsWith('\n');
  return { ...edit, text: comments.map((one) => (isLast ? `\n${one}` : `${one}\n`)).join('') };
}

/** In a range, outside of keys and values. */
function commentsOf(text: string, { start, end }: TextEdit, entry: Entry, moved: Node | undefined): readonly string[] {
  const spans = [...wordsOf(entry), ...(moved ? [moved] : [])];
  const blanked = spans.reduce(
    (now, span) =>
      now.slice(0, span.start - start) +
      text.slice(span.start, span.end).replaceAll(/[^\n]/g, ' ') +
      now.slice(span.end - start),
    text.slice(start, end),
  );
  return blanked.split('\n').flatMap((line) => /#.*/.exec(line)?.[0].trimEnd() ?? []);
}

function* wordsOf({ key, value }: Entry): Iterable<{ readonly start: number; readonly end: number }> {
  yield key;
  const pending: Node[] = [value];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.type === 'seq') pending.push(...node.items);
    else if (node.type === 'map') {
      yield* node.entries.map((one) => one.key);
      pending.push(...node.entries.map((one) => one.value));
    } else yield node;
  }
}

/** The text with one more field in a map; undefined if the map has the field, or is none. */
export function added(text: string, at: Path, key: string, value: Printed): string | undefined {
  const { root } = parseManifest(text);
  const map = nodeAt(root, at);
  const last = map?.type === 'map' ? map.entries.at(-1) : undefined;
  if (map?.type !== 'map' || !last || map.entries.some((one) => keyName(one.key) === key)) return undefined;
  if (map.flow) {
    const flow = inFlow(value);
    return flow && applied(text, [{ start: last.value.end, end: last.value.end, text: `, ${key}: ${flow}` }]);
  }
  const stop = lineEnd(text, Math.max(last.value.end, last.key.end));
  const end = text[stop - 1] === '\r' ? stop - 1 : stop;
  const column = columnOf(text, map.entries[0]!.key.start);
  const put = lineBreaks(text, `\n${' '.repeat(column)}${key}:${afterColon(value, column)}`);
  return applied(text, [{ start: end, end, text: put }]);
}

function written(text: string, node: Node, form: Form | undefined): Printed | undefined {
  switch (form) {
    case undefined:
      return sourceOf(text, node);
    case 'seconds': {
      if (node.type !== 'scalar') return undefined;
      const duration = parseDuration(node.text);
      return duration.ok ? source(String(duration.value / 1_000_000_000n)) : undefined;
    }
    case 'group':
      return node.type === 'scalar' ? source(node.text.replace(/\/[^/]*$/, '')) : undefined;
    case 'port-number':
      return node.type === 'scalar' && typeof node.value === 'bigint' ? sourceOf(text, node) : undefined;
    case 'port-name':
      return node.type === 'scalar' && typeof node.value === 'string' ? sourceOf(text, node) : undefined;
    case 'cpu-metric': {
      const target = mapOf({ type: source('Utilization'), averageUtilization: sourceOf(text, node) });
      const resource = mapOf({ name: source('cpu'), target });
      return { is: 'list', items: [mapOf({ type: source('Resource'), resource })] };
    }
    case 'item':
      return { is: 'list', items: [sourceOf(text, node)] };
    case 'patches':
      return node.type === 'seq' ? { is: 'list', items: node.items.map((item) => patchOf(text, item)) } : undefined;
    case 'json-patches': {
      const items = node.type === 'seq' ? node.items.map((item) => jsonPatchOf(text, item)) : [undefined];
      const known = items.filter((item) => item !== undefined);
      return known.length === items.length ? { is: 'list', items: known } : undefined;
    }
  }
}

function mapOf(fields: Readonly<Record<string, Printed>>): Printed {
  return { is: 'map', entries: Object.entries(fields) };
}

function patchOf(text: string, node: Node): Printed {
  return { is: 'map', entries: [['patch', block(sourceOf(text, node))]] };
}

function jsonPatchOf(text: string, node: Node): Printed | undefined {
  if (node.type !== 'map') return undefined;
  return {
    is: 'map',
    entries: node.entries.map(({ key, value }) => {
      const inner = sourceOf(text, value);
      return [key.text, key.text === 'patch' ? block(inner) : inner];
    }),
  };
}

/** A value as the text of a block scalar. */
function block(value: Printed): Printed {
  return source(['|', ...linesOf(value)].join('\n'));
}
