// Fixes for an unknown field by the schema around it: the reference names a group and not a version, or the reverse; the map
// beside it has such fields, or keys of the author's own; the map that it belongs in doesn't exist yet.
import { apiVersionOf, gvkOf } from '../../kube/identity.ts';
import type { Schema } from '../../schema/schema.ts';
import { entryAt, nodeAt, printPath, stringAt } from '../../syntax/navigate.ts';
import type { Node, Path } from '../../syntax/tree.ts';
import { fixesOf } from '../../validation/fixes.ts';
import { homesBeside } from '../../validation/misplaced.ts';
import type { Located } from '../../validation/validate.ts';
import { writeScalar } from '../completion/skeleton.ts';
import { changedPart, relocated } from './relocate.ts';
import { pairOf, replaced } from './shapes.ts';
import { type Candidate, fieldOf, type Subject } from './subject.ts';

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
    yield* movedTogether(subject, parent, schema, [...parent, ...home]);
    yield* moved(subject, path, [...parent, ...home]);
  }
}

/** All fields of the map that its schema doesn't have, if there are several. */
function movedTogether(subject: Subject, parent: Path, schema: Schema, home: Path): readonly Candidate[] {
  const { text } = subject.document;
  const map = nodeAt(subject.manifest.root, parent);
  const names = map?.type === 'map' ? map.entries.map(({ key }) => key.text) : [];
  const foreign = names.filter((name) => !Object.hasOwn(schema.properties ?? {}, name));
  if (foreign.length < 2 || foreign.length > mostTogether) return [];
  let now: string | undefined = text;
  for (const name of foreign) now = now && relocated(now, [...parent, name], [...home, name]);
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

/** With its lines if it can be done by moving them, else written anew there. */
function moved(subject: Subject, path: Path, home: Path): readonly Candidate[] {
  const { text } = subject.document;
  const byLines = fixesOf([{ kind: 'move', into: home }], subject.manifest, path);
  if (byLines.length > 0) return byLines;
  const put = relocated(text, path, [...home, String(path.at(-1))]);
  if (put === undefined) return [];
  return [{ title: `Move into ${printPath(home)}`, kind: 'move', edits: [changedPart(text, put)] }];
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
