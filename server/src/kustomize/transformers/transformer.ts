// The interface of a transformer, and what a build provides to it.
import type { Gvk } from '../../kube/identity.ts';
import type { Schema } from '../../schema/schema.ts';
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

/** What the changes of a folder made of its objects. */
export interface Changes {
  /** When it was accumulated last, in the order of the changes. */
  readonly earlier: readonly Made[];
  readonly now: Made[];
}

export interface Made {
  /** What the change depends on besides the object. */
  readonly by: readonly unknown[];
  readonly from: Objects;
  /** Undefined where something was reported. */
  readonly to: readonly (BuiltObject | undefined)[];
}

/**
 * Changes every object, unless the same change of the same object was made when the folder was accumulated last, and nothing
 * was reported then.
 */
export function changeAgain(
  objects: Objects,
  { changes, report }: Pick<Step, 'changes' | 'report'>,
  by: readonly unknown[],
  change: (object: BuiltObject, report: Step['report']) => BuiltObject,
): Objects {
  if (!changes) return objects.map((object) => change(object, report));
  const before = changes.earlier[changes.now.length];
  const isSame = before?.by.length === by.length && by.every((one, index) => one === before.by[index]);
  const to: (BuiltObject | undefined)[] = [];
  const changed = objects.map((object, index) => {
    const known = isSame && before.from[index] === object ? before.to[index] : undefined;
    if (known) {
      to.push(known);
      return known;
    }
    let isReported = false;
    const now = change(object, (...problem) => {
      isReported = true;
      report(...problem);
    });
    to.push(isReported ? undefined : now);
    return now;
  });
  changes.now.push({ by, from: objects, to });
  return changed;
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
