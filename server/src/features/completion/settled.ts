// The defaults of a snippet's placeholders that name what must exist (other objects, files): a default that isn't there is
// replaced by what is, or left for the author to fill in.
import { type Gvk, groupKindOf, gvkOf, kindName } from '../../kube/identity.ts';
import { kindRow } from '../../kube/kinds.ts';
import { builtinNameCheck } from '../../kube/names.ts';
import { type Within, withinOf } from '../../kube/references.ts';
import { folderOf, foldersUp, resolvePath } from '../../kustomize/paths.ts';
import type { SchemaStore } from '../../schema/schema.ts';
import { compose } from '../../syntax/compose.ts';
import { nodeAt, printPath, stringAt } from '../../syntax/navigate.ts';
import { nodes } from '../../syntax/reader.ts';
import type { Node, Path } from '../../syntax/tree.ts';
import { keyName, toValue } from '../../syntax/value.ts';
import { judge } from '../../validation/judge.ts';
import { latestHomesOf } from '../../workspace/homes.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { childSchema, type Field, fieldAt, objectAt, rowPath } from '../place.ts';
import { isAppliedRepeatedly, isThere, missingFrom } from './applied.ts';
import { expand } from './expand.ts';
import { fileCandidates, namesFile } from './files.ts';
import { choice } from './item.ts';
import { hasOwnNames, ownNameCandidates } from './own-names.ts';
import { isMadeInCluster, namesOf, type Place, targetKinds } from './references.ts';

interface Around {
  readonly workspace: Workspace;
  /** Path of the file. */
  readonly path: string;
  readonly schemas: SchemaStore;
}

/**
 * The lines of a whole object; what another object of the same lines defines is there. Its name is left to fill in if the
 * cluster has such an object already; undefined if the name can't be another. `isTested`: the lines are of a snippet of
 * ours, in which a test finds nothing to report whatever the name.
 */
export function settledObject(
  lines: readonly string[],
  around: Around,
  { isTested }: { readonly isTested: boolean },
): readonly string[] | undefined {
  if (lines.includes('---')) return lines;
  const { root } = slotsOf(lines);
  const changed = settled(lines, (path) => {
    const object = objectAt(root, path);
    // Most fields name nothing, and the schema of a kind takes time to read.
    if (!root || !object.gvk || !namesSomething(object.gvk, path.slice(object.path.length))) return undefined;
    const field = fieldAt(root, path, around.schemas);
    return field && { ...around, root, field };
  });
  const gvk = gvkOf(stringAt(root, ['apiVersion']) ?? '', stringAt(root, ['kind']) ?? '');
  const [name, namespace = ''] = ['name', 'namespace'].map((of) => stringAt(root, ['metadata', of]));
  if (!gvk || name === undefined) return changed;
  const { workspace, path } = around;
  const isTaken = isThere(workspace, path, groupKindOf(gvk), namespace, name) || isAppliedRepeatedly(workspace, path);
  const isRefused = isTested ? builtinNameCheck(gvk)(name) !== undefined : isNameRefused(root, gvk, around.schemas);
  if (!isTaken && !isRefused) return changed;
  const at = changed.findIndex((line) => /^ {2}name: \$\{1:[^}]*\}$/.test(line));
  return at === -1 ? undefined : changed.with(at, '  name: $1');
}

/** Whether the name doesn't fit what else is in the object: that of an APIService is made of its version and group. */
function isNameRefused(root: Node | undefined, gvk: Gvk, schemas: SchemaStore): boolean {
  if (!root || schemas.lookup(gvk)?.builtin !== true) return false;
  return judge(toValue(root), schemas).some(
    ({ path, severity }) => severity === 'error' && printPath(path) === 'metadata.name',
  );
}

/** Whether a field of the kind may name another object, a part of its own object, or a file. */
function namesSomething(gvk: Gvk, path: Path): boolean {
  const at = rowPath(path);
  const references = kindRow(groupKindOf(gvk))?.references ?? [];
  if (references.some((one) => one.path === at || `${one.path}.name` === at)) return true;
  return hasOwnNames(gvk, at) || namesFile(gvk, at);
}

/** The lines of a part of the map at a field. `root` is the tree of the document around it. */
export function settledPart(lines: readonly string[], around: Around, root: Node, field: Field): readonly string[] {
  return settled(lines, (path) => {
    if (!namesSomething(field.kind.gvk, [...field.path, ...path])) return undefined;
    const inside = path.reduce<Field['schema'] | undefined>((at, step) => at && childSchema(at, step), field.schema);
    return inside && { ...around, root, field: { ...field, path: [...field.path, ...path], schema: inside } };
  });
}

/** A line whose value has a placeholder. */
interface Slot {
  readonly line: number;
  /** Everything before the value. */
  readonly head: string;
  readonly stop: number;
  readonly value: string;
  /** In the snippet. */
  readonly path: Path;
}

interface Slots {
  readonly root: Node | undefined;
  readonly slots: readonly Slot[];
}

function settled(lines: readonly string[], placeOf: (path: Path) => Place | undefined): readonly string[] {
  const { root, slots } = slotsOf(lines);
  return slots.reduce((changed, { line, head, stop, value, path }) => {
    const place = placeOf(path);
    const options =
      place && root && (optionsOf(place, value, root, path) ?? partsFor(place, value) ?? filesFor(place, value));
    return options ? changed.with(line, head + choice(stop, options.slice(0, mostOptions))) : changed;
  }, lines);
}

const mostOptions = 8;

/** The names to choose from; undefined if nothing is known against the name that is there. `path` leads to it in the snippet. */
function optionsOf(place: Place, name: string, snippet: Node, path: Path): readonly string[] | undefined {
  const { field } = place;
  const at = rowPath(field.path);
  const reference = kindRow(groupKindOf(field.kind.gvk))?.references?.find(
    (one) => one.path === at || `${one.path}.name` === at,
  );
  if (!reference) return undefined;
  const isPlain = reference.path === at;
  const around = nodeAt(snippet, isPlain ? path : path.slice(0, -1));
  const chosen = isPlain ? undefined : stringAt(around, ['kind']);
  const targets = targetKinds(place, reference).filter((one) => chosen === undefined || kindName(one) === chosen);
  if (targets.length === 0) return undefined;
  const found = namesOf(place, targets, reference, around).filter(({ namespace }) => namespace === undefined);
  const names = [...new Set(found.map(({ value }) => String(value)))];
  if (names.includes(name)) return undefined;
  const isMissing = missingFrom(place, reference);
  const within: Within = around ? withinOf(around, reference, nodes) : { is: 'own' };
  if (targets.some((target) => isMissing(target, name, within))) return names;
  if (targets.some(isMadeInCluster)) return undefined;
  // Where nothing is known of a cluster, the example may be as good as any name.
  return names.length > 0 || latestHomesOf(place.workspace, place.path).some(({ isWhole }) => isWhole)
    ? names
    : undefined;
}

/** The parts of the object to choose from, such as the variables of a ClusterClass; undefined if it has the one named, or none. */
function partsFor({ workspace, path, root, field }: Place, name: string): readonly string[] | undefined {
  const parts = ownNameCandidates({ workspace, path }, root, field).map(({ value }) => String(value));
  return parts.length === 0 || parts.includes(name) ? undefined : parts;
}

/** The files to choose from; undefined if the field names none, or the one that is there exists. */
function filesFor(place: Place, value: string): readonly string[] | undefined {
  const { workspace, path, field } = place;
  const isDelivered = field.kind.gvk.group === 'kustomize.toolkit.fluxcd.io';
  const target = resolvePath(isDelivered ? '' : folderOf(path), value);
  if (!namesFile(field.kind.gvk, rowPath(field.path)) || target === undefined) return undefined;
  const isAround = !isDelivered && foldersUp(folderOf(path)).includes(target);
  if (!isAround && (workspace.hasFile(target) || workspace.hasFolder(target))) return undefined;
  return fileCandidates(place, false, mostOptions).map((one) => String(one.value));
}

/** By the lines: the same objects are offered again and again. */
const known = new Map<string, Slots>();

const mostKnown = 400;

function slotsOf(lines: readonly string[]): Slots {
  const snippet = lines.join('\n');
  const before = known.get(snippet);
  if (before) return before;
  const text = expand(snippet);
  const { root } = compose(text);
  const scalars = new Map(root ? scalarLines(root, text, []) : []);
  const numbers = lines.flatMap((line) => [...line.matchAll(/\$\{?(\d+)/g)].map(([, number]) => Number(number)));
  let most = Math.max(0, ...numbers);
  const slots = lines.flatMap((one, line): readonly Slot[] => {
    const [, head, rest] = keyAndValue.exec(one) ?? [];
    const scalar = scalars.get(line);
    if (head === undefined || !rest?.includes('$') || !scalar) return [];
    const [, own] = placeholder.exec(rest) ?? [];
    most += own === undefined ? 1 : 0;
    return [{ line, head, stop: own === undefined ? most : Number(own), ...scalar }];
  });
  const found = { root, slots };
  if (known.size >= mostKnown) known.clear();
  known.set(snippet, found);
  return found;
}

const keyAndValue = /^( *(?:- )*(?:[\w./-]+: )?)(\S.*)$/;
const placeholder = /^(?:\.\/)?\$\{(\d+):[^{}$]*\}$/;

/** The scalars by the line that they are on. */
function scalarLines(
  node: Node,
  text: string,
  path: Path,
): readonly (readonly [number, { readonly path: Path; readonly value: string }])[] {
  switch (node.type) {
    case 'map':
      return node.entries.flatMap(({ key, value }) => scalarLines(value, text, [...path, keyName(key) ?? '']));
    case 'seq':
      return node.items.flatMap((item, index) => scalarLines(item, text, [...path, index]));
    case 'scalar':
      return [[text.slice(0, node.start).split('\n').length - 1, { path, value: node.text }]];
    default:
      return [];
  }
}
