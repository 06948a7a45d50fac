// Validates one object offline as an API server would: reports, as data, why it would refuse to create the object under
// fieldValidation=Strict, or to update an existing one.
import { apiVersionOf } from '../kube/identity.ts';
import type { KindSchema, Schema, SchemaStore } from '../schema/schema.ts';
import type { Value } from '../syntax/tree.ts';
import { isObject, type ObjectValue } from '../syntax/value.ts';
import { withoutConsequences } from './consequences.ts';
import { judgeCustom } from './custom.ts';
import { identify, kindProblems } from './kind.ts';
import { withHome } from './misplaced.ts';
import { judgeNative } from './native.ts';
import type { Problem } from './problem.ts';

/**
 * All problems of an object. Empty if it isn't a Kubernetes object; of a kind that the store doesn't know, only the kind is
 * judged. For an update, `was` is the object that it replaces; update rules apply only if apiVersion and kind are the same.
 */
export function judge(object: Value, store: SchemaStore, was?: Value): readonly Problem[] {
  if (!isObject(object)) return [];
  const identity = identify(object, store);
  if ('problems' in identity) return identity.problems;
  const { gvk } = identity;
  const kind = store.lookup(gvk);
  const ofKind = kindProblems(gvk, kind, store);
  if (!kind || (!kind.served && !kind.builtin)) return ofKind;
  const ofObject = judgeAs(object, kind, store, was);
  return ofKind.length === 0 ? ofObject : [...ofKind, ...ofObject];
}

/** The problems of an object of a known kind. */
function judgeAs(object: ObjectValue, kind: KindSchema, store: SchemaStore, was?: Value): readonly Problem[] {
  const before =
    isObject(was) && was.apiVersion === apiVersionOf(kind.gvk) && was.kind === kind.gvk.kind ? was : undefined;
  const problems = kind.builtin
    ? judgeNative(object, kind, before)
    : judgeCustom(object, kind, objectMetaOf(store), before);
  return explained(problems, object, kind.schema);
}

/** Adds to each unknown field where it belongs, and drops problems that only follow from an unknown field. */
export function explained(problems: readonly Problem[], object: ObjectValue, schema: Schema): readonly Problem[] {
  if (!problems.some(({ facts }) => facts.is === 'unknown-field')) return problems;
  return withoutConsequences(problems.map((problem) => withHome(problem, object, schema)));
}

const objectMetas = new WeakMap<SchemaStore, { readonly schema: Schema | undefined }>();

/** The OpenAPI schema of ObjectMeta in the store's Kubernetes release. */
function objectMetaOf(store: SchemaStore): Schema | undefined {
  const known = objectMetas.get(store);
  if (known) return known.schema;
  const schema = store.lookup({ group: '', version: 'v1', kind: 'Namespace' })?.schema.properties?.metadata;
  objectMetas.set(store, { schema });
  return schema;
}
