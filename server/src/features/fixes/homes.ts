// Fixes for an unknown field by the schema around it: the reference names a group and not a version, or the reverse; the map
// beside it has such fields, or keys of the author's own; the map that it belongs in doesn't exist yet.
import { apiVersionOf, gvkOf } from '../../kube/identity.ts';
import type { Schema } from '../../schema/schema.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { entryAt, nodeAt, printPath, stringAt } from '../../syntax/navigate.ts';
import type { Node, Path } from '../../syntax/tree.ts';
import { fixesOf } from '../../validation/fixes.ts';
import { homesBeside } from '../../validation/misplaced.ts';
import { moveEdits } from '../../validation/moves.ts';
import type { Located } from '../../validation/validate.ts';
import { writeScalar } from '../completion/skeleton.ts';
import { changedPart, relocated } from './relocate.ts';
import { pairOf, replaced } from './shapes.ts';
import { applied, type Candidate, fieldOf, problemsIn, type Subject } from './subject.ts';

/** For a missing `apiGroup` beside an `apiVersion`, and the reverse. */
export function regrouped(subject: Subject, { problem, prefix }: Located): readonly Candidate[] {
  const path = [...prefix, ...problem.path];
  const name = path.at(-1);
  const other = name === 'apiGroup' ? 'apiVersion' : 'apiGroup';
  if (problem.facts.is === 'missing' && (name === 'apiGroup' || name === 'apiVersion'))
    return converted(subject, [...path.slice(0, -1), other]);
  return problem.facts.is === 'unknown-field' ? converted(subject, path) : [];
}

/** `apiVersion: apps/v1` as `apiGroup: apps`, and the reverse, where the map has the one field and not the other. */
function converted(subject: Subject, path: Path): readonly Candidate[] {
  const { root } = subject.manifest;
  const name = path.at(-1);
  if (name !== 'apiGroup' && name !== 'apiVersion') return [];
  const other = name === 'apiGroup' ? 'apiVersion' : 'apiGroup';
  const { properties = {} } = fieldOf(subject, path.slice(0, -1))?.schema ?? {};
  const entry = entryAt(root, path);
  const isFree = entryAt(root, [...path.slice(0, -1), other]) === undefined;
  if (entry?.value.type !== 'scalar' || !isFree) return [];
  if (Object.hasOwn(properties, name) || !Object.hasOwn(properties, other)) return [];
  const value = name === 'apiVersion' ? groupOf(entry.value.text) : versionOf(subject, path, entry.value.text);
  if (value === undefined) return [];
  const edits = [
    { start: entry.key.start, end: entry.key.end, text: other },
    { start: entry.value.start, end: entry.value.end, text: writeScalar(value) },
  ];
  return [{ title: `Change it to ${other}`, kind: 'move', edits, certain: true }];
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.replace(/\/[^/]*$/, '') : '';
}

/** The stored version of the kind that stands beside the group. */
function versionOf({ manifest, schemas }: Subject, path: Path, group: string): string | undefined {
  const kind = stringAt(manifest.root, [...path.slice(0, -1), 'kind']);
  const gvk = kind === undefined ? undefined : gvkOf(group === '' ? 'v1' : `${group}/v1`, kind);
  const served = gvk ? schemas.versions(gvk.group, gvk.kind).filter((one) => one.served) : [];
  const version = served.find((one) => one.storage) ?? served[0];
  return version && apiVersionOf(version.gvk);
}

/** Enough to choose from. */
const mostHomes = 3;

/** An unknown field in the map that it belongs in; the likeliest first. */
export function* rehomed(subject: Subject, { problem, prefix }: Located): Iterable<Candidate> {
  const { facts } = problem;
  if (facts.is !== 'unknown-field') return;
  const path = [...prefix, ...problem.path];
  yield* paired(subject, path);
  if (facts.home) {
    yield* moved(subject, path, [...prefix, ...facts.home]);
    return;
  }
  if (facts.nearest !== undefined) return;
  const parent = path.slice(0, -1);
  const schema = fieldOf(subject, parent)?.schema;
  const value = nodeAt(subject.manifest.root, path);
  if (!schema || !value) return;
  const beside = homesBeside(schema, String(path.at(-1)));
  const homes = beside.length > 0 ? beside : freeMaps(schema, value).map((name) => [name]);
  if (homes.length > mostHomes) return;
  for (const home of homes) {
    yield* movedTogether(subject, parent, foreignIn(subject, parent, schema), [...parent, ...home]);
    yield* moved(subject, path, [...parent, ...home]);
  }
}

/** All fields beside the unknown one that belong in the same map, where it is several: the slip was at the line above them. */
export function rehomedTogether(subject: Subject, { problem: { facts, path }, prefix }: Located): readonly Candidate[] {
  if (facts.is !== 'unknown-field' || !facts.home) return [];
  const parent = [...prefix, ...path.slice(0, -1)];
  const home = [...prefix, ...facts.home];
  const names = problemsIn(subject).flatMap((other): readonly string[] => {
    const at = [...other.prefix, ...other.problem.path];
    if (other.problem.facts.is !== 'unknown-field' || printPath(at.slice(0, -1)) !== printPath(parent)) return [];
    const { home: of } = other.problem.facts;
    return of && printPath([...other.prefix, ...of]) === printPath(home) ? [String(at.at(-1))] : [];
  });
  return movedTogether(subject, parent, names, home);
}

/** The fields of the map that its schema doesn't have. */
function foreignIn({ manifest }: Subject, parent: Path, schema: Schema): readonly string[] {
  const map = nodeAt(manifest.root, parent);
  const names = map?.type === 'map' ? map.entries.map(({ key }) => key.text) : [];
  return names.filter((name) => !Object.hasOwn(schema.properties ?? {}, name));
}

/** Several fields of a map, one after the other. */
function movedTogether(
  { document: { text } }: Subject,
  parent: Path,
  names: readonly string[],
  home: Path,
): readonly Candidate[] {
  if (names.length < 2 || names.length > mostTogether) return [];
  let now: string | undefined = text;
  for (const name of names) now = now && movedIn(now, [...parent, name], home);
  if (now === undefined) return [];
  return [{ title: `Move into ${printPath(home)}`, kind: 'move', edits: [changedPart(text, now)] }];
}

const mostTogether = 12;

/** Of the fields of a schema, the maps with keys of the author's own that can have the value, if most fields are such maps. */
function freeMaps({ properties = {} }: Schema, value: Node): readonly string[] {
  const names = Object.keys(properties);
  const free = names.filter((name) => typeof properties[name]!.additionalProperties === 'object');
  if (value.type !== 'scalar' || 2 * free.length < names.length) return [];
  return free.filter((name) => {
    const values = properties[name]!.additionalProperties;
    return typeof values === 'object' && values.type !== 'object' && values.type !== 'array';
  });
}

function moved(subject: Subject, path: Path, home: Path): readonly Candidate[] {
  const { text } = subject.document;
  const byLines = fixesOf([{ kind: 'move', into: home }], subject.manifest, path);
  if (byLines.length > 0) return byLines;
  const put = movedIn(text, path, home);
  if (put === undefined) return [];
  return [{ title: `Move into ${printPath(home)}`, kind: 'move', edits: [changedPart(text, put)] }];
}

/** With its lines if it can be done by moving them, else written anew there. */
function movedIn(text: string, path: Path, home: Path): string | undefined {
  const { root } = parseManifest(text);
  const lines = root && moveEdits(text, root, path, home);
  return lines ? applied(text, lines) : relocated(text, path, [...home, String(path.at(-1))]);
}

/** `- A: b` in a list whose items have a name and a value. */
function paired(subject: Subject, path: Path): readonly Candidate[] {
  const item = path.slice(0, -1);
  const node = nodeAt(subject.manifest.root, item);
  const schema = typeof item.at(-1) === 'number' ? fieldOf(subject, item)?.schema : undefined;
  const shape = node && schema && pairOf(subject.document.text, node, schema);
  const edits = shape && replaced(subject, item, shape.value);
  return edits ? [{ title: shape.title, kind: 'replace', edits, certain: true }] : [];
}
