// The defaults of a snippet's placeholders that name what must exist (other objects, files): a default that isn't there is
// replaced by what is, or left for the author to fill in.
import { type GroupKind, type Gvk, groupKindOf, groupOf, gvkOf, kindName } from '../../kube/identity.ts';
import { kindRow } from '../../kube/kinds.ts';
import { builtinNameCheck } from '../../kube/names.ts';
import { type Within, withinOf } from '../../kube/references.ts';
import { folderOf, foldersUp, resolvePath } from '../../kustomize/paths.ts';
import type { Schema, SchemaStore } from '../../schema/schema.ts';
import { compose } from '../../syntax/compose.ts';
import { nodeAt, printPath, stringAt } from '../../syntax/navigate.ts';
import { nodes } from '../../syntax/reader.ts';
import type { Node, Path } from '../../syntax/tree.ts';
import { keyName, toValue } from '../../syntax/value.ts';
import { judge } from '../../validation/judge.ts';
import type { Document } from '../../workspace/document.ts';
import { latestHomesOf } from '../../workspace/homes.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { childSchema, type Field, fieldAt, objectAt, rowPath } from '../place.ts';
import { isAppliedRepeatedly, isThere, isUnbuilt, missingFrom } from './applied.ts';
import { expand } from './expand.ts';
import { fileCandidates, holdsEncrypted, namesFile } from './files.ts';
import { type Candidate, choice } from './item.ts';
import { Kept } from './kept.ts';
import { othersOf } from './others.ts';
import { hasOwnNames, neededNames, ownNameCandidates } from './own-names.ts';
import { filesListedBy } from './reach.ts';
import { isMadeInCluster, nameable, type Place, targetKinds } from './references.ts';
import { writeScalar } from './skeleton.ts';
import { fits } from './values.ts';

interface Around {
  readonly workspace: Workspace;
  /** Path of the file. */
  readonly path: string;
  readonly schemas: SchemaStore;
}

/**
 * The lines of whole objects; what another object of the same lines defines is there. Their name is left to fill in if the
 * cluster has such an object already; undefined if the name can't be another. `isTested`: the lines are of a snippet of
 * ours, in which a test finds nothing to report whatever the name.
 */
export function settledObject(
  lines: readonly string[],
  around: Around,
  { isTested }: { readonly isTested: boolean },
): readonly string[] | undefined {
  const objects = objectsIn(lines);
  const isBeside = namesAmong(objects);
  const changed = objects.flatMap(({ own, slots }, index) => {
    const { root } = slots;
    const settledLines = settled(own, slots, (path) =>
      isBeside(stringAt(root, path)) ? undefined : placeIn(root, path, around),
    );
    return index === 0 ? settledLines : ['---', ...settledLines];
  });
  const named = objects.flatMap(({ slots: { root } }) => namedIn(root) ?? []);
  const { workspace, path, schemas } = around;
  const isTaken = named.some(
    ({ gvk, namespace, name }) =>
      isThere(workspace, path, groupKindOf(gvk), namespace, name) || isAppliedRepeatedly(workspace, path),
  );
  const isRefused = named.some(({ root, gvk, name }) =>
    isTested ? builtinNameCheck(gvk)(name) !== undefined : isNameRefused(root, gvk, schemas),
  );
  if (!isTaken && !isRefused) return changed;
  const at = changed.findIndex((line) => /^ {2}name: \$\{1:[^}]*\}$/.test(line));
  const allowed = isTaken ? [] : (nameSchema(schemas.lookup(named[0]!.gvk)?.schema)?.enum ?? []);
  return at === -1 ? undefined : changed.with(at, `  name: ${choice(1, allowed.map(writeScalar))}`);
}

interface ObjectLines {
  readonly own: readonly string[];
  readonly slots: Slots;
}

function objectsIn(lines: readonly string[]): readonly ObjectLines[] {
  const ends = [...lines.entries()].flatMap(([index, line]) => (line === '---' ? [index] : []));
  const most = lastStop(lines);
  return [...ends, lines.length].map((end, index) => {
    const start = index === 0 ? 0 : ends[index - 1]! + 1;
    const own = lines.slice(start, end);
    return { own, slots: slotsOf(own, lines.slice(0, start), most) };
  });
}

/** Whether a name is that of one of several objects. */
function namesAmong(objects: readonly ObjectLines[]): (name: string | undefined) => boolean {
  const names = objects.length > 1 ? objects.map(({ slots }) => stringAt(slots.root, ['metadata', 'name'])) : [];
  return (name) => names.includes(name);
}

interface Named {
  readonly root: Node | undefined;
  readonly gvk: Gvk;
  readonly namespace: string;
  readonly name: string;
}

function namedIn(root: Node | undefined): Named | undefined {
  const gvk = gvkOf(stringAt(root, ['apiVersion']) ?? '', stringAt(root, ['kind']) ?? '');
  const [name, namespace = ''] = ['name', 'namespace'].map((of) => stringAt(root, ['metadata', of]));
  return gvk && name !== undefined ? { root, gvk, namespace, name } : undefined;
}

/** Undefined if nothing is named there. */
function placeIn(root: Node | undefined, path: Path, around: Around): Place | undefined {
  const object = objectAt(root, path);
  // Most fields name nothing, and the schema of a kind takes time to read.
  if (!root || !object.gvk || !namesSomething(object.gvk, path.slice(object.path.length))) return undefined;
  const field = fieldAt(root, path, around.schemas);
  return field && { ...around, root, field };
}

/**
 * Whether the name doesn't fit what else is in the object: that of an APIService is made of its version and group. Most CRDs
 * say nothing about the names of their objects.
 */
function isNameRefused(root: Node | undefined, gvk: Gvk, schemas: SchemaStore): boolean {
  const { builtin, schema } = schemas.lookup(gvk) ?? {};
  const isLimited = builtin === true || (schema !== undefined && limitsNames(schema));
  if (!root || !isLimited) return false;
  return judge(toValue(root), schemas).some(({ path, rule, severity }) => {
    if (severity !== 'error') return false;
    return printPath(path) === 'metadata.name' || (rule === 'schema/rule' && path.length === 0);
  });
}

function limitsNames(schema: Schema): boolean {
  const rules = schema['x-kubernetes-validations'] ?? [];
  return nameSchema(schema) !== undefined || rules.some(({ rule }) => rule.includes('metadata.'));
}

function nameSchema(schema: Schema | undefined): Schema | undefined {
  return schema?.properties?.metadata?.properties?.name;
}

/** Whether a field of the kind may name another object, a part of its own object, or a file. */
function namesSomething(gvk: Gvk, path: Path): boolean {
  const at = rowPath(path);
  const references = kindRow(groupKindOf(gvk))?.references ?? [];
  if (references.some((one) => one.path === at || `${one.path}.name` === at)) return true;
  return hasOwnNames(gvk, at) || namesFile(gvk, at) || generatedKind(gvk, at) !== undefined;
}

/** What references of parts can name, by the object that has them, the part and the place in it. */
const optionsLast = new Kept<string, readonly string[] | undefined>();

/**
 * The lines of a part of the map at a field. `root` is the tree of the document around it, with the placeholder; `edited` is
 * the document itself.
 */
export function settledPart(
  lines: readonly string[],
  around: Around & { readonly edited: Document },
  root: Node,
  field: Field,
): readonly string[] {
  const { workspace, path: file, edited, schemas } = around;
  const owned = workspace.ownership.asApplied.of(file);
  const kept = optionsLast.while(workspace, [...othersOf(workspace, file, edited), schemas, owned]);
  const own = ['namespace', 'name'].map((of) => stringAt(root, [...field.object.path, 'metadata', of]));
  const at = [groupKindOf(field.kind.gvk), ...own, printPath([...field.object.path, ...field.path])].join('\n');
  const placeOf = (path: Path): Place | undefined => {
    if (!namesSomething(field.kind.gvk, [...field.path, ...path])) return undefined;
    const inside = path.reduce<Field['schema'] | undefined>((at, step) => at && childSchema(at, step), field.schema);
    return inside && { ...around, root, field: { ...field, path: [...field.path, ...path], schema: inside } };
  };
  const whole = withNeededItems(lines, placeOf);
  return settled(whole, slotsOf(whole), placeOf, (path, compute) =>
    kept([at, printPath(path), ...whole].join('\n'), compute),
  );
}

/** The item of a list once for each name that has to have one, such as those of the variables that a class uses. */
function withNeededItems(lines: readonly string[], placeOf: (path: Path) => Place | undefined): readonly string[] {
  for (const { line, head, path } of slotsOf(lines).slots) {
    const place = /- (?:[\w./-]+: )?$/.test(head) ? placeOf(path) : undefined;
    const names = (place && neededNames(place, place.root, place.field)) ?? [];
    if (names.length === 0) continue;
    const isAfter = (one: string, at: number) => at > line && one.search(/\S/) <= head.indexOf('-');
    const end = lines.findIndex(isAfter);
    const [item, rest] = [lines.slice(line + 1, end === -1 ? undefined : end), end === -1 ? [] : lines.slice(end)];
    const most = lastStop(lines);
    const items = names.flatMap((name, nth) => [head + name, ...item.map((one) => withLaterStops(one, nth * most))]);
    return [...lines.slice(0, line), ...items, ...rest];
  }
  return lines;
}

function withLaterStops(line: string, by: number): string {
  return line.replace(/\$(\{?)(\d+)/g, (_, brace: string, stop: string) => `$${brace}${Number(stop) + by}`);
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

function settled(
  lines: readonly string[],
  { root, slots }: Slots,
  placeOf: (path: Path) => Place | undefined,
  kept = (_path: Path, compute: () => readonly string[] | undefined) => compute(),
): readonly string[] {
  return slots.reduce((changed, { line, head, stop, value, path }) => {
    const place = placeOf(path);
    const options =
      place &&
      root &&
      (kept(path, () => optionsOf(place, value, root, path)) ??
        partsFor(place, value) ??
        filesFor(place, value) ??
        namesInstead(place, value));
    return options ? changed.with(line, head + choice(stop, options.slice(0, mostOptions).map(writeScalar))) : changed;
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
  const named = nameable(place, targets, reference, around);
  // Templates of other tools have names that no object can have.
  const isName = (value: string) => targets.some((target) => builtinNameCheck(partsOf(target))(value) === undefined);
  const isFitting = ({ namespace, value }: Candidate) =>
    namespace === undefined && fits(field.schema, value) && isName(String(value));
  const ofName = named.reached.filter(({ definition }) => definition.name === name);
  if (firstNames(named.fitting(ofName), isFitting).length > 0) return undefined;
  const names = firstNames(named.fitting(named.reached), isFitting);
  // What is there and isn't among the names would be refused, such as a dependency on itself.
  if (ofName.length > 0) return names;
  const isMissing = missingFrom(place, reference);
  const within: Within = around ? withinOf(around, reference, nodes) : { is: 'own' };
  if (targets.some((target) => isMissing(target, name, within))) return names;
  if (targets.some(isMadeInCluster)) return undefined;
  // Where nothing is known of a cluster, the example may be as good as any name. What is typed may be what refuses its build.
  const isKnown = latestHomesOf(place.workspace, place.path).some(({ isWhole }) => isWhole) || isUnbuilt(place);
  return names.length > 0 || isKnown ? names : undefined;
}

/** No more than there are options: each takes time to look at. */
function firstNames(candidates: Iterable<Candidate>, isFitting: (one: Candidate) => boolean): readonly string[] {
  const names = new Set<string>();
  for (const one of candidates) {
    if (isFitting(one) && names.add(String(one.value)).size === mostOptions) break;
  }
  return [...names];
}

function partsOf(target: GroupKind): Gvk {
  return { group: groupOf(target), version: '', kind: kindName(target) };
}

/** The parts of the object to choose from, such as the variables of a ClusterClass; undefined if it has the one named, or none. */
function partsFor({ workspace, path, root, field }: Place, name: string): readonly unknown[] | undefined {
  const parts = ownNameCandidates({ workspace, path }, root, field).map(({ value }) => value);
  return parts.length === 0 || parts.some((part) => String(part) === name) ? undefined : parts;
}

/** The files to choose from; undefined if the field names none, or a kustomization has the one that is there. */
function filesFor(place: Place, value: string): readonly string[] | undefined {
  const { workspace, path, field } = place;
  const isDelivered = field.kind.gvk.group === 'kustomize.toolkit.fluxcd.io';
  const target = resolvePath(isDelivered ? '' : folderOf(path), value);
  if (!namesFile(field.kind.gvk, rowPath(field.path)) || target === undefined) return undefined;
  const isAround = !isDelivered && foldersUp(folderOf(path)).includes(target);
  // A folder that happens to have the name of the example may be applied already, or not be one to apply.
  if (!isDelivered && !isAround && (workspace.hasFile(target) || workspace.hasFolder(target))) return undefined;
  const found = fileCandidates(place, false, mostOptions).map((one) => String(one.value));
  const isOpen = !isDelivered || nodeAt(place.root, [...field.object.path, 'spec', 'decryption']) !== undefined;
  return isOpen ? found : found.filter((folder) => !holdsEncrypted(workspace, resolvePath('', folder) ?? ''));
}

/** None, if the name of a generator is taken or would be that of several objects; undefined if it can stay. */
function namesInstead({ workspace, path, field }: Place, name: string): readonly string[] | undefined {
  const made = generatedKind(field.kind.gvk, rowPath(field.path));
  if (made === undefined) return undefined;
  const files = filesListedBy(workspace, path);
  const isTaken = workspace.index.definitions(made, name).some((one) => files.has(one.path));
  return isTaken || isAppliedRepeatedly(workspace, path) ? [] : undefined;
}

/** The kind of the objects that a generator of a kustomization makes, at the field of their name. */
function generatedKind({ group }: Gvk, at: string): GroupKind | undefined {
  if (group !== 'kustomize.config.k8s.io') return undefined;
  if (at === 'configMapGenerator[*].name') return '/ConfigMap';
  return at === 'secretGenerator[*].name' ? '/Secret' : undefined;
}

/** By the lines: the same objects are offered again and again. */
const known = new Map<string, Slots>();

const mostKnown = 400;

/** `above` are the lines of the snippet before these, whose stops may be repeated; new stops follow those of all and `from`. */
function slotsOf(lines: readonly string[], above: readonly string[] = [], from = 0): Slots {
  const snippet = [...above, ...lines].join('\n');
  const key = `${from} ${above.length} ${snippet}`;
  const before = known.get(key);
  if (before) return before;
  const text = expand(snippet).split('\n').slice(above.length).join('\n');
  const { root } = compose(text);
  const scalars = new Map(root ? scalarLines(root, text, []) : []);
  let most = Math.max(from, lastStop(lines));
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
  known.set(key, found);
  return found;
}

function lastStop(lines: readonly string[]): number {
  const numbers = lines.flatMap((line) => [...line.matchAll(/\$\{?(\d+)/g)].map(([, number]) => Number(number)));
  return Math.max(0, ...numbers);
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
