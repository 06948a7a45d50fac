// The interface of a transformer, and what a build provides to it.
import type { Gvk } from '../../kube/identity.ts';
import type { Schema } from '../../schema/schema.ts';
import type { Steps } from '../../syntax/steps.ts';
import { type Path, unknown } from '../../syntax/tree.ts';
import type { Reason } from '../build-problem.ts';
import { type Built, type BuiltMap, type BuiltScalar, builtAt, isNull, type Origin } from '../built.ts';
import type { TransformerConfig } from '../config/field-specs.ts';
import type { Changed } from '../field-spec.ts';
import type { BuildDocument, BuiltObject, IsNamespaced } from '../objects.ts';

/** The schema of a kind; undefined if kustomize has none. */
export type SchemaOf = (gvk: Gvk) => Schema | undefined;

export type Objects = readonly BuiltObject[];

/**
 * Applies one field of a kustomization to the objects, and reports what fails. kustomize runs one plugin for each entry of
 * some fields, and records it in the objects each time, which the next entry may change: `ran` does so.
 */
export type Transformer = (objects: Objects, step: Step, ran?: Ran) => Objects;

/** The same, with a step after each entry. */
export type TransformerInSteps = (objects: Objects, step: Step, ran: Ran) => Steps<Objects>;

export type Ran = (objects: Objects) => Objects;

/** One kustomization of a build. */
export interface Step {
  readonly fields: BuiltMap;
  /** The fields that transformers change. */
  readonly config: TransformerConfig;
  readonly isNamespaced: IsNamespaced;
  readonly schemaOf: SchemaOf;
  /** The name of the folder. */
  readonly folderName: string;
  /** Undefined if nothing was made of the folder before. */
  readonly changes: Changes | undefined;
  /** The documents of a file that a field references; if it can't be read, that is reported. */
  documentsOf(path: string, field: Path, origin: Origin): readonly BuildDocument[] | undefined;
  /** The content of a file that a field references; if it can't be read, that is reported. */
  contentOf(path: string, field: Path, origin: Origin): FileContent | undefined;
  /** The documents of an inline string. */
  documentsIn(scalar: BuiltScalar): readonly BuildDocument[];
  report(reason: Reason, field: Path, origin: Origin): void;
  /** Marks the result as incomplete: the field has an effect that isn't supported yet. */
  leaveOut(field: string): void;
}

/** The step with other fields, and with what the run has now. */
export function stepWith(step: Step, fields: Partial<Step>): Step {
  const { isNamespaced, schemaOf } = step;
  return { ...step, isNamespaced, schemaOf, ...fields };
}

/** What the changes of a folder made of its objects. */
export interface Changes {
  /** When it was accumulated last, in the order of the changes; empty once it is accumulated. */
  earlier: readonly Made[];
  readonly now: Made[];
  /** Something was made of several objects together, so that a change of one may change others. */
  dependsOnAll: boolean;
}

/** Returns undefined if the object is gone. */
export type ChangeOfOne = (object: BuiltObject, report: Step['report']) => BuiltObject | undefined;

export interface Made {
  /** What the change depends on besides the object, its names and those of the others. */
  readonly by: readonly unknown[];
  readonly from: Objects;
  /** Of each object in `from`. */
  readonly to: readonly (BuiltObject | undefined)[];
  /** The indexes of the objects for which something was reported. */
  readonly reported: ReadonlySet<number>;
  readonly result: Objects;
  readonly change: ChangeOfOne;
}

/**
 * Changes every object, unless the same change of the same object was made when the folder was accumulated last, and nothing
 * was reported then.
 */
export function changeAgain(
  objects: Objects,
  { changes, report }: Pick<Step, 'changes' | 'report'>,
  by: readonly unknown[],
  change: ChangeOfOne,
): Objects {
  if (!changes) return withoutGone(objects.map((object) => change(object, report)));
  const before = changes.earlier[changes.now.length];
  const isSame = before?.by.length === by.length && by.every((one, index) => one === before.by[index]);
  const reported = new Set<number>();
  const to = objects.map((object, index) => {
    if (isSame && before.from[index] === object && !before.reported.has(index)) return before.to[index];
    return change(object, (...problem) => {
      reported.add(index);
      report(...problem);
    });
  });
  const result = withoutGone(to);
  changes.now.push({ by, from: objects, to, reported, result, change });
  return result;
}

function withoutGone(objects: readonly (BuiltObject | undefined)[]): Objects {
  return objects.includes(undefined) ? objects.filter((one) => one !== undefined) : (objects as Objects);
}

/** Whether changes were made after the first `count`, and lead from some objects to others: nothing else was made of them. */
function isChain({ now }: Changes, count: number, from: Objects, to: Objects): boolean {
  let reached = from;
  for (const { from, result } of now.slice(count)) {
    if (from !== reached) return false;
    reached = result;
  }
  return now.length > count && reached === to;
}

/** Notes whether each object is transformed by itself. */
export function* noted(
  changes: Changes | undefined,
  objects: Objects,
  transform: (objects: Objects) => Objects | Steps<Objects>,
): Steps<Objects> {
  const count = changes?.now.length ?? 0;
  const made = transform(objects);
  const done = 'next' in made ? yield* made : made;
  yield;
  if (changes && !isChain(changes, count, objects, done)) changes.dependsOnAll = true;
  return done;
}

export interface FileContent {
  /** Undefined if the file isn't UTF-8. */
  readonly text: string | undefined;
  readonly bytes: Uint8Array | undefined;
  /** The whole file. */
  readonly origin: Origin;
}

/** The items of a list with their paths; empty if the field is missing or null. */
export function itemsOf({ fields }: Pick<Step, 'fields'>, field: string): readonly (readonly [Built, Path])[] {
  return itemsAt(fields, [field]).map(([item, path]) => [item, path] as const);
}

/** The items of the list at a path, with their paths. */
export function itemsAt(built: Built, path: Path, base: Path = []): readonly (readonly [Built, Path])[] {
  const value = builtAt(built, path);
  return value?.kind === 'list' ? value.items.map((item, index) => [item, [...base, ...path, index]] as const) : [];
}

/** The maps of a list of maps, with their paths; a null counts as an empty map. */
export function mapsOf(step: Pick<Step, 'fields'>, field: string): readonly (readonly [BuiltMap, Path])[] {
  return itemsOf(step, field).flatMap(([item, path]): (readonly [BuiltMap, Path])[] => {
    if (item.kind === 'map') return [[item, path]];
    return isNull(item) ? [[{ kind: 'map', entries: new Map(), origin: item.origin }, path]] : [];
  });
}

/** A hole may be a string. */
export function isString(value: Built | undefined): value is BuiltScalar {
  return value?.kind === 'scalar' && (typeof value.value === 'string' || value.value === unknown);
}

/** The scalar at a path if it is a text that isn't empty. */
export function filledText(built: Built, path: Path): BuiltScalar | undefined {
  const value = builtAt(built, path);
  return isString(value) && value.text !== '' ? value : undefined;
}

/** Whether the value at a path is `true`. */
export function isOn(built: Built, path: Path): boolean {
  const value = builtAt(built, path);
  return value?.kind === 'scalar' && value.value === true;
}

/** The items of a list of strings, with their paths and origins; a null counts as an empty string. */
export function stringsOf(step: Pick<Step, 'fields'>, field: string): readonly (readonly [string, Path, Origin])[] {
  return itemsOf(step, field).flatMap(([item, path]) => {
    if (isString(item)) return [[item.text, path, item.origin] as const];
    return isNull(item) ? [['', path, item.origin] as const] : [];
  });
}

/**
 * Changes every object; a fault is reported, and its object stays as it is. With `by`, the change depends on nothing else but
 * the object, and is made only once.
 */
export function changeEach(
  objects: Objects,
  step: Step,
  field: Path,
  change: (value: BuiltMap, object: BuiltObject) => Changed<BuiltMap>,
  by?: readonly unknown[],
): Objects {
  const changed = (object: BuiltObject, report: Step['report']): BuiltObject => {
    const value = change(object.value, object);
    if (!('fault' in value)) return value === object.value ? object : { ...object, value };
    report(value.fault.reason, field, value.fault.origin);
    return object;
  };
  return by ? changeAgain(objects, step, by, changed) : objects.map((object) => changed(object, step.report));
}
