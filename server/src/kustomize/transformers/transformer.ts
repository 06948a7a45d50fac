// The interface of a transformer, and what a build provides to it.
import type { Gvk } from '../../kube/identity.ts';
import type { Schema } from '../../schema/schema.ts';
import { type Path, unknown } from '../../syntax/tree.ts';
import type { Reason } from '../build-problem.ts';
import type { Built, BuiltMap, BuiltScalar, Origin } from '../built.ts';
import type { BuildDocument, BuiltObject, IsNamespaced } from '../objects.ts';

/** The schema of a kind; undefined if kustomize has none. */
export type SchemaOf = (gvk: Gvk) => Schema | undefined;

/** Applies one field of a kustomization to the objects, and reports what fails. */
export type Transformer = (objects: readonly BuiltObject[], step: Step) => readonly BuiltObject[];

/** One kustomization of a build. */
export interface Step {
  readonly fields: BuiltMap;
  readonly isNamespaced: IsNamespaced;
  readonly schemaOf: SchemaOf;
  /** The documents of a file that a field references; if it can't be read, that is reported. */
  documentsOf(path: string, field: Path, origin: Origin): readonly BuildDocument[] | undefined;
  /** The documents of an inline string. */
  documentsIn(field: Path): readonly BuildDocument[];
  report(reason: Reason, field: Path, origin: Origin): void;
  /** Marks the result as incomplete: the field has an effect that isn't supported yet. */
  leaveOut(field: string): void;
}

/** The items of a list with their paths; empty if the field is missing or null. Another type is reported. */
export function itemsOf(step: Step, field: string): readonly (readonly [Built, Path])[] {
  const value = step.fields.entries.get(field);
  if (!value || (value.kind === 'scalar' && value.value === null)) return [];
  if (value.kind === 'list') return value.items.map((item, index) => [item, [field, index]] as const);
  step.report({ kind: 'wrong-type', expected: 'list' }, [field], value.origin);
  return [];
}

/** A hole may be a string. */
export function isString(value: Built | undefined): value is BuiltScalar {
  return value?.kind === 'scalar' && (typeof value.value === 'string' || value.value === unknown);
}

/** The items of a list of strings, with their paths and origins. Other types are reported. */
export function stringsOf(step: Step, field: string): readonly (readonly [string, Path, Origin])[] {
  return itemsOf(step, field).flatMap(([item, path]) => {
    if (isString(item)) return [[item.text, path, item.origin] as const];
    step.report({ kind: 'wrong-type', expected: 'string' }, path, item.origin);
    return [];
  });
}
