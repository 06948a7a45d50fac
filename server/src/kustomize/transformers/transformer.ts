// What a transformer of a kustomization is, and what it may ask.
import type { Gvk } from '../../kube/identity.ts';
import type { Schema } from '../../schema/schema.ts';
import { type Path, unknown } from '../../syntax/tree.ts';
import type { Reason } from '../build-problem.ts';
import type { Built, BuiltMap, BuiltScalar, Origin } from '../built.ts';
import type { BuildDocument, BuiltObject, IsNamespaced } from '../objects.ts';

/** The schema of a kind, where kustomize has one. */
export type SchemaOf = (gvk: Gvk) => Schema | undefined;

/** Objects in, objects out, in kustomize's order of transformers; what can't be done is reported. */
export type Transformer = (objects: readonly BuiltObject[], step: Step) => readonly BuiltObject[];

/** One kustomization while its fields are applied. */
export interface Step {
  readonly fields: BuiltMap;
  readonly isNamespaced: IsNamespaced;
  readonly schemaOf: SchemaOf;
  /** The documents of a file that a field names; reports what keeps it from being read. */
  documentsOf(path: string, field: Path, origin: Origin): readonly BuildDocument[] | undefined;
  /** The documents of a text that stands in the kustomization. */
  documentsIn(field: Path): readonly BuildDocument[];
  report(reason: Reason, field: Path, origin: Origin): void;
  /** A field does something that isn't built yet. */
  leaveOut(field: string): void;
}

/** The items of a list, with their places; nothing where the field is missing or null. Another type is reported. */
export function itemsOf(step: Step, field: string): readonly (readonly [Built, Path])[] {
  const value = step.fields.entries.get(field);
  if (!value || (value.kind === 'scalar' && value.value === null)) return [];
  if (value.kind === 'list') return value.items.map((item, index) => [item, [field, index]] as const);
  step.report({ kind: 'wrong-type', expected: 'list' }, [field], value.origin);
  return [];
}

/** A hole may be one. */
export function isString(value: Built | undefined): value is BuiltScalar {
  return value?.kind === 'scalar' && (typeof value.value === 'string' || value.value === unknown);
}

/** The same of a list of strings. */
export function stringsOf(step: Step, field: string): readonly (readonly [string, Path, Origin])[] {
  return itemsOf(step, field).flatMap(([item, path]) => {
    if (isString(item)) return [[item.text, path, item.origin] as const];
    step.report({ kind: 'wrong-type', expected: 'string' }, path, item.origin);
    return [];
  });
}
