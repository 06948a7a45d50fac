// `replacements`: copies a value of one object, or a given one, to fields of others (api/filters/replacement).
import { type Path, unknown } from '../../syntax/tree.ts';
import type { Reason } from '../build-problem.ts';
import {
  type Built,
  type BuiltMap,
  type BuiltScalar,
  builtAt,
  builtFrom,
  isNull,
  mapBuilt,
  type Origin,
  textAt,
} from '../built.ts';
import { spread } from '../cells.ts';
import { decode } from '../config/shape.ts';
import { replacement as replacementShape } from '../config/shapes.ts';
import { type FieldPath, fieldPathOf, isTextual, isUntextual, lookUp, type Update, updateAt } from '../field-path.ts';
import { withKept, withoutKept } from '../kept.ts';
import { type BuiltObject, effectiveNamespace, idOf, type ObjectId, previousIds } from '../objects.ts';
import { plainValue } from '../scalars.ts';
import { matchesInside, updateInside } from './replace-inside.ts';
import { readSelector, selectsId, selectsMarks, type Target } from './selector.ts';
import {
  filledText,
  isOn,
  isString,
  itemsAt,
  mapsOf,
  type Objects,
  type Step,
  type Transformer,
} from './transformer.ts';

export const replacementTransformer: Transformer = (objects, step) =>
  replacedBy(objects, step, readReplacements(step, mapsOf(step, 'replacements')));

export function replacedBy(objects: Objects, step: Step, replacements: readonly Replacement[]): Objects {
  const mistyped: Mistyped = new Map();
  const done = replacements.reduce((before, one) => replaced(before, step, one, mistyped), objects);
  // What a later one replaces as a whole is never printed.
  if (mistyped.size > 0)
    for (const { value } of done)
      mapBuilt(value, (scalar) => {
        const found = mistyped.get(scalar);
        if (found) step.report(found.reason, found.field, found.origin);
        return scalar;
      });
  return done;
}

/** Texts that kustomize set in place of a value of another type, which it refuses only when it prints them. */
type Mistyped = Map<Built, { readonly reason: Reason; readonly field: Path; readonly origin: Origin }>;

/** A replacement, where it is listed, and where the path in problems starts. */
interface Replacement {
  readonly entry: BuiltMap;
  readonly field: Path;
}

export function readReplacements(step: Step, entries: readonly (readonly [BuiltMap, Path])[]): readonly Replacement[] {
  return entries.flatMap(([entry, field]): readonly Replacement[] => {
    const path = filledText(entry, ['path']);
    if (!path) return [{ entry, field }];
    const source = builtAt(entry, ['source']);
    if ((source && !isNull(source)) || itemsAt(entry, ['targets']).length > 0) {
      step.report({ kind: 'path-and-replacement' }, field, entry.origin);
      return [];
    }
    return inFile(step, path, [...field, 'path']).map((one) => ({ entry: one, field }));
  });
}

/** A file has one replacement or a list of them. */
function inFile(step: Step, path: BuiltScalar, field: Path): readonly BuiltMap[] {
  const [document] = step.documentsOf(path.text, field, path.origin) ?? [];
  const root = document?.manifest.root;
  const failed = document?.manifest.findings.some(({ severity }) => severity === 'error');
  const value = root && !failed && document ? builtFrom(root, document.locate, 'configuration') : undefined;
  const entries = value?.kind === 'list' ? value.items : value ? [value] : [];
  if (document && (failed || value?.kind === 'scalar' || !value))
    step.report({ kind: 'unreadable-replacement' }, field, value?.origin ?? path.origin);
  return entries.flatMap((one): BuiltMap[] => {
    const decoding = { strict: false, converts: true };
    const decoded = decode(one, replacementShape, decoding, (reason, _path, origin) =>
      step.report(reason, field, origin),
    );
    return decoded?.kind === 'map' ? [decoded] : [];
  });
}

function replaced(objects: Objects, step: Step, { entry, field }: Replacement, mistyped: Mistyped): Objects {
  const targets = builtAt(entry, ['targets']);
  const given = builtAt(entry, ['sourceValue']);
  const source = builtAt(entry, ['source']);
  const hasValue = isString(given);
  const hasSource = source !== undefined && !isNull(source);
  if ((!hasValue && !hasSource) || !targets || isNull(targets)) {
    step.report({ kind: 'incomplete-replacement' }, field, entry.origin);
    return objects;
  }
  if (hasValue && hasSource) {
    step.report({ kind: 'source-and-value' }, field, entry.origin);
    return objects;
  }
  const copied: Copied | undefined = hasValue
    ? { value: { ...given, value: plainValue(given.text), untagged: true } }
    : sourceValue(objects, step, source!, [...field, 'source']);
  if (!copied) return objects;
  return itemsAt(entry, ['targets'], field).reduce(
    (done, [target, at]) =>
      target.kind === 'map' ? withTarget(done, step, { target, copied, field: at, mistyped }) : done,
    objects,
  );
}

/** What is copied. kustomize has no copy of a whole source: when that is a target too, what comes after gets its new value. */
interface Copied {
  value: Built;
  /** The index of the source's object and its path in that; undefined for a value of its own. */
  readonly from?: { readonly object: number; readonly path: FieldPath };
}

/** After a change of an object. */
function follow(copied: Copied, object: number, value: BuiltMap): void {
  const now = copied.from?.object === object ? lookUp(value, copied.from.path) : undefined;
  if (now !== undefined && now !== 'invalid') copied.value = now;
}

function sourceValue(objects: Objects, step: Step, source: Built, field: Path): Copied | undefined {
  const report = (reason: Reason, origin: Origin) => void step.report(reason, field, origin);
  const wanted = idIn(source);
  const found = objects.filter((object) => idsOf(object, step).some((id) => isWanted(id, wanted)));
  const title = [wanted.kind, wanted.namespace, wanted.name].filter((part) => part !== '').join(' ');
  const [object, ...others] = found;
  if (!object || others.length > 0) {
    const all = found.map((one) => one.value.origin);
    report(
      object ? { kind: 'several-sources', source: title, others: all } : { kind: 'no-source', source: title },
      source.origin,
    );
    return undefined;
  }
  const path = textAt(source, ['fieldPath']) || 'metadata.name';
  const steps = fieldPathOf(path);
  const value = lookUp(touchesKept(steps) ? withKept(object, step.isNamespaced) : object.value, steps);
  const isEmpty = value === undefined || value === 'invalid' || isNull(value) || sizeOf(value) === 0;
  if (isEmpty) {
    report({ kind: 'no-source-field', path }, builtAt(source, ['fieldPath'])?.origin ?? source.origin);
    return undefined;
  }
  const delimiter = textAt(source, ['options', 'delimiter']) ?? '';
  if (delimiter === '') return { value, from: { object: objects.indexOf(object), path: steps } };
  if (value.kind !== 'scalar') {
    report({ kind: 'delimiter-of-container', path }, source.origin);
    return undefined;
  }
  const index = indexIn(source);
  const part = index < 0 ? undefined : value.text.split(delimiter)[index];
  if (part !== undefined)
    return { value: { ...value, value: typeof value.value === 'string' ? part : plainValue(part), text: part } };
  report({ kind: 'index-out-of-range', index: String(index) }, builtAt(source, ['options'])!.origin);
  return undefined;
}

function sizeOf(value: Built): number {
  return value.kind === 'map' ? value.entries.size : value.kind === 'list' ? value.items.length : 1;
}

function indexIn(options: Built): number {
  const index = builtAt(options, ['options', 'index']);
  return index?.kind === 'scalar' ? Number(typeof index.value === 'symbol' ? 0 : index.value) : 0;
}

function idIn(built: Built) {
  const part = (name: string) => textAt(built, [name]) ?? '';
  return {
    group: part('group'),
    version: part('version'),
    kind: part('kind'),
    name: part('name'),
    namespace: part('namespace'),
  };
}

/** An id to be matched. kustomize doesn't consider scope here: without a namespace, the current one is `default`. */
interface Candidate {
  readonly id: ObjectId;
  readonly namespace: string;
}

export function idsOf(
  { value, previous }: BuiltObject,
  { isNamespaced }: Pick<Step, 'isNamespaced'>,
): readonly Candidate[] {
  const now = idOf(value);
  return [
    { id: now, namespace: now.namespace },
    ...previousIds({ value, previous }).map((id) => ({
      id,
      namespace: effectiveNamespace(id, isNamespaced) ?? '_non_namespaceable_',
    })),
  ];
}

function isWanted({ id, namespace }: Candidate, wanted: ReturnType<typeof idIn>): boolean {
  const { gvk, name } = id;
  return (
    (wanted.name === '' || wanted.name === name) &&
    (wanted.namespace === '' || wanted.namespace === (namespace || 'default')) &&
    (wanted.group === '' || wanted.group === gvk.group) &&
    (wanted.version === '' || wanted.version === gvk.version) &&
    (wanted.kind === '' || wanted.kind === gvk.kind)
  );
}

interface TargetEntry {
  readonly target: BuiltMap;
  readonly copied: Copied;
  readonly field: Path;
  readonly mistyped: Mistyped;
}

function withTarget(objects: Objects, step: Step, { target, copied, field, mistyped }: TargetEntry): Objects {
  const select = builtAt(target, ['select']);
  if (select?.kind !== 'map') {
    step.report({ kind: 'target-without-select' }, field, target.origin);
    return objects;
  }
  const isAsked = () => objects.length > 0;
  const selected = readSelector(step, select, [...field, 'select'], isAsked);
  const rejected = itemsAt(target, ['reject'], field).flatMap(([item, at]) =>
    item.kind === 'map' ? [readSelector(step, item, at, isAsked)] : [],
  );
  if (selected === 'invalid' || rejected.includes('invalid')) return objects;
  const rejects = rejected.filter((one) => one !== 'invalid');
  const paths = itemsAt(target, ['fieldPaths'], field).flatMap(([item, at]) =>
    isString(item) ? [[item, at] as const] : [],
  );
  const touches = paths.some(([{ text }]) => touchesKept(fieldPathOf(text)));
  return objects.map((object, index) => {
    if (!isTarget(object, step, selected, rejects)) return object;
    const before = touches ? withKept(object, step.isNamespaced) : object.value;
    let done = before;
    const named: readonly (readonly [string, Path, Origin])[] =
      paths.length > 0
        ? paths.map(([{ text, origin }, at]) => [text, at, origin] as const)
        : [['metadata.name', field, target.origin]];
    for (const [path, at, origin] of named) {
      const made =
        copied.from?.object === index ? withBlank(done, { path, origin, value: copied.value, target }) : done;
      follow(copied, index, made);
      const result = withValue(made, step, { path, origin, value: copied.value, target, field: at, mistyped });
      if ('failed' in result) {
        step.report(result.failed, at, origin);
        return object;
      }
      done = result;
      follow(copied, index, done);
      const key = fieldPathOf(path)
        .slice(1)
        .find((one) => !isTextual(one));
      if (key !== undefined && isOn(target, ['options', 'create']) && isUntextual(done, key))
        step.report({ kind: 'key-not-text', key }, at, origin);
    }
    if (done === before) return object;
    const after = spread(before, done);
    return touches ? withoutKept(object, after) : { ...object, value: after };
  });
}

function isTarget(object: BuiltObject, step: Step, selected: Target, rejects: readonly Target[]): boolean {
  if (!selectsMarks(selected, object.value)) return false;
  const byMarks = rejects.filter(({ labels, annotations }) => labels.length + annotations.length > 0);
  if (byMarks.some((one) => selectsMarks(one, object.value))) return false;
  const ids = idsOf(object, step);
  const byId = rejects.filter(({ patterns }) => patterns.size > 0);
  if (byId.some((one) => ids.some(({ id, namespace }) => selectsId(one, id, namespace)))) return false;
  return ids.some(({ id, namespace }) => selectsId(selected, id, namespace));
}

/** Whether the path may lead to annotations in which kustomize keeps what it knows of an object. */
function touchesKept([first, second]: FieldPath): boolean {
  const [metadata, annotations] = [
    [first, 'metadata'],
    [second, 'annotations'],
  ].map(([step, name]) => step === undefined || step === name || step === '*');
  return metadata === true && annotations === true;
}

/** Characters. A cluster stores no longer object, and texts that are put into themselves double with each replacement. */
const longestText = 1_500_000;

interface Placement {
  readonly path: string;
  readonly origin: Origin;
  readonly value: Built;
  readonly target: BuiltMap;
}

interface Setting extends Placement {
  readonly field: Path;
  readonly mistyped: Mistyped;
}

function withValue(
  object: BuiltMap,
  step: Step,
  { path, origin, value, target, field, mistyped }: Setting,
): BuiltMap | { readonly failed: Reason } {
  const steps: FieldPath = fieldPathOf(path);
  const creates = isOn(target, ['options', 'create']) ? { creates: value.kind } : {};
  const set = (old: Built, created: boolean) => {
    const made = placed(old, value, { target, origin, path, created, field, mistyped });
    if ('failed' in made || made.kind !== 'scalar' || made.text.length <= longestText) return made;
    step.leaveOut('replacements');
    return old;
  };
  const printable = (made: ReturnType<typeof set>) => {
    const found = 'failed' in made ? undefined : mistyped.get(made);
    return found ? { failed: found.reason } : made;
  };
  const update: Update = { ...creates, origin, set };
  // A text that is JSON or YAML is printed at once.
  const within: Update = { ...update, set: (old, created) => printable(set(old, created)) };
  const inside = updateInside(object, steps, within);
  if (inside === 'unsupported') step.leaveOut('replacements');
  if (inside !== undefined) return inside === 'unsupported' ? object : inside;
  const updated = updateAt(object, steps, {
    ...update,
    matchesInside: (scalar, rest) => matchesInside(scalar, rest, within),
  });
  if ('failed' in updated) return updated;
  if (updated.matches === 0) return { failed: { kind: 'no-target-field', path } };
  return updated.value.kind === 'map' ? updated.value : object;
}

/** The object in which the map or list to be set is created, which the value to be copied may be around. */
function withBlank(object: BuiltMap, { path, origin, value, target }: Placement): BuiltMap {
  if (value.kind === 'scalar' || !isOn(target, ['options', 'create'])) return object;
  const made = updateAt(object, fieldPathOf(path), { creates: value.kind, origin, set: (old) => old });
  return 'failed' in made || made.value.kind !== 'map' ? object : made.value;
}

interface Placing extends Omit<Setting, 'value'> {
  /** The field had no value. */
  readonly created: boolean;
}

/** A scalar keeps its type and gets the other's text; anything else is replaced. */
function placed(
  old: Built,
  value: Built,
  { target, origin, path, created, field, mistyped }: Placing,
): Built | { readonly failed: Reason } {
  const from: Origin = { ...value.origin, through: origin };
  const delimiter = textAt(target, ['options', 'delimiter']) ?? '';
  let text = value.kind === 'scalar' ? value.text : '';
  if (delimiter !== '') {
    if (old.kind !== 'scalar') return { failed: { kind: 'delimiter-of-container', path } };
    text = joined(old.text, text, delimiter, indexIn(target));
  }
  if (old.kind !== 'scalar') {
    if (value.kind !== 'scalar') return { ...value, origin: from };
    return { ...value, text, value: typeof value.value === 'string' ? text : plainValue(text), origin: from };
  }
  const read = created || (old.untagged && !old.quoted) ? plainValue(text) : retyped(old, text);
  const { untagged, quoted, cell } = old;
  const made: BuiltScalar = {
    ...{ kind: 'scalar', value: read === undefined ? old.value : read, text, origin: from },
    ...((untagged || created) && { untagged: true }),
    ...((untagged || created) && old.emptyInFlow && { emptyInFlow: true }),
    ...(quoted && { quoted }),
    ...(cell && { cell }),
  };
  if (read === undefined)
    mistyped.set(made, { reason: { kind: 'value-of-another-type', value: text, path }, field, origin });
  return made;
}

function joined(old: string, value: string, delimiter: string, index: number): string {
  const parts = old.split(delimiter);
  if (index < 0) return [value, ...parts].join(delimiter);
  return (index >= parts.length ? [...parts, value] : parts.with(index, value)).join(delimiter);
}

/** The text as a value of the old one's type; undefined if it isn't one. */
function retyped(old: BuiltScalar, text: string): BuiltScalar['value'] | undefined {
  if (typeof old.value === 'string') return text;
  if (old.value === unknown) return unknown;
  const read = plainValue(text);
  if (typeof old.value === 'number' && typeof read === 'bigint') return Number(read);
  return typeof read === typeof old.value && (read === null) === (old.value === null) ? read : undefined;
}
