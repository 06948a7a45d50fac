// A key that is unknown where it stands, but known in a map around or beside it: the indentation is wrong, or a level was
// forgotten. The finding says where it belongs, and its first fix takes it there.

import type { Schema, SchemaStore } from '../schema/schema.ts';
import type { Finding, Fix } from '../syntax/finding.ts';
import type { Manifest } from '../syntax/manifest.ts';
import { entryAt, nodeAt, placeAt } from '../syntax/navigate.ts';
import type { Entry, MapNode, Path } from '../syntax/tree.ts';
import { resolveAlias } from '../syntax/value.ts';
import { fixesOf } from '../validation/fixes.ts';
import { fieldOf } from '../validation/problem.ts';
import { fieldAt, objectAt } from './place.ts';

/** The findings of a document with what belongs elsewhere told so; what is missing only because of that is left out. */
export function withHomes(findings: readonly Finding[], manifest: Manifest, schemas: SchemaStore): readonly Finding[] {
  const homes: string[] = [];
  const told = findings.map((finding) => {
    // A misspelt key has its remedy.
    const isElsewhere =
      finding.rule === 'schema/unknown-field' && !finding.fixes?.some(({ title }) => title.startsWith('Rename'));
    const place = isElsewhere ? placeAt(manifest.root, finding.start) : undefined;
    if (!place?.onKey || !place.entry) return finding;
    const home = homeOf(manifest, place.path, schemas);
    const plain = withoutMove(finding);
    if (!home) return plain;
    const inObject = home.slice(objectAt(manifest.root, place.path).path.length);
    homes.push(fieldOf([...inObject, place.path.at(-1)!]));
    const where = inObject.length === 0 ? 'at the top level' : `into ${fieldOf(inObject)}`;
    const remedy = { kind: 'move', into: home } as const;
    const moves = [
      ...deeper(manifest, place.path, place.entry, home),
      ...fixesOf({ ...problem(place.path), remedies: [remedy] }, manifest, place.path),
    ].slice(0, 1);
    const message = `${plain.message.replace(/ Known are .*$/, '')} It belongs ${where}: check the indentation.`;
    return { ...plain, message, fixes: [...moves, ...(plain.fixes ?? [])] };
  });
  const isBecause = ({ rule, path }: Finding) =>
    rule === 'schema/required' &&
    path !== undefined &&
    homes.some((home) => home === path || home.startsWith(`${path}.`));
  return homes.length === 0 ? told : told.filter((finding) => !isBecause(finding));
}

/** Without the advice to move it to a map that has such a key already. */
function withoutMove(finding: Finding): Finding {
  const fixes = (finding.fixes ?? []).filter(({ title }) => !title.startsWith('Move'));
  return { ...finding, fixes, message: finding.message.replace(/ It belongs .*: check the indentation\.$/, '') };
}

const problem = (path: Path) => ({ rule: 'schema/unknown-field', path, field: '', on: 'key', message: '' }) as const;

/** The nearest map around that knows the name and hasn't got it, else the one map beside that does. */
function homeOf({ root }: Manifest, path: Path, schemas: SchemaStore): Path | undefined {
  const name = String(path.at(-1));
  const parent = path.slice(0, -1);
  const object = objectAt(root, path).path;
  const schemaAt = (at: Path) => fieldAt(root, at, schemas)?.schema;
  for (let length = parent.length - 1; length >= object.length; length -= 1) {
    const at = parent.slice(0, length);
    if (!knows(schemaAt(at), name)) continue;
    if (!has(root, [...at, name])) return at;
    break;
  }
  const own = schemaAt(parent);
  const beside = own ? below(own, name) : [];
  const [home] = beside;
  if (beside.length !== 1 || !home) return undefined;
  return has(root, [...parent, ...home, name]) ? undefined : [...parent, ...home];
}

function has(root: Manifest['root'], path: Path): boolean {
  return nodeAt(root, path) !== undefined;
}

function knows(schema: Schema | undefined, name: string): boolean {
  return schema?.properties !== undefined && Object.hasOwn(schema.properties, name);
}

/** Maps a level down that know the name; where none does, two levels down. The controllers' `status` is no home. */
function below(schema: Schema, name: string): readonly Path[] {
  const children = Object.entries(schema.properties ?? {}).filter(([key]) => key !== 'status');
  const near = children.filter(([, child]) => knows(child, name)).map(([key]) => [key]);
  if (near.length > 0) return near;
  return children.flatMap(([key, child]) =>
    Object.entries(child.properties ?? {})
      .filter(([, inner]) => knows(inner, name))
      .map(([inner]) => [key, inner]),
  );
}

/**
 * Where the key's own lines only need to stand deeper: behind the last line of a map a level down, or below levels that are
 * missing and get written.
 */
function deeper({ root, text }: Manifest, path: Path, { key, value }: Entry, home: Path): readonly Fix[] {
  const levels = home.slice(path.length - 1);
  const [parent, target] = [path.slice(0, -1), home].map((at) => mapAt(root, at));
  const lineStart = text.lastIndexOf('\n', key.start - 1) + 1;
  const indent = text.slice(lineStart, key.start);
  if (home.length < path.length || !parent || parent.flow || !/^ *$/.test(indent)) return [];
  let before = '';
  let more = ' '.repeat(2 * levels.length);
  if (target) {
    const last = target.entries.at(-1);
    if (target.flow || !last || target.start > key.start) return [];
    const column = target.start - (text.lastIndexOf('\n', target.start - 1) + 1);
    const between = text.slice(Math.max(last.value.end, last.key.end), lineStart);
    if (column <= indent.length || between.trim() !== '') return [];
    more = ' '.repeat(column - indent.length);
  } else if (isOpen(root, home)) {
    // The level is there, with nothing below it but this.
    const open = entryAt(root, home)!.key;
    if (levels.length !== 1 || open.start > key.start || text.slice(open.end + 1, lineStart).trim() !== '') return [];
  } else {
    if (has(root, [...path.slice(0, -1), levels[0]!])) return [];
    const eol = text.includes('\r\n') ? '\r\n' : '\n';
    before = levels.map((level, depth) => `${indent}${' '.repeat(2 * depth)}${level}:${eol}`).join('');
  }
  const edits = [{ start: lineStart, end: lineStart, text: before + more }];
  for (let at = nextLine(text, lineStart); at < value.end; at = nextLine(text, at)) {
    if (text[at] !== '\n' && text[at] !== '\r') edits.push({ start: at, end: at, text: more });
  }
  return [{ title: `Move into ${fieldOf(home)}`, edits }];
}

/** A key with nothing behind its colon. */
function isOpen(root: Manifest['root'], path: Path): boolean {
  const node = nodeAt(root, path);
  return node?.type === 'scalar' && node.style === 'absent';
}

function mapAt(root: Manifest['root'], path: Path): MapNode | undefined {
  const node = nodeAt(root, path);
  const map = node && resolveAlias(node);
  return map?.type === 'map' ? map : undefined;
}

/** Where the next line begins. */
function nextLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end + 1;
}
