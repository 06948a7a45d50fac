// The verdict of an API server on one object, offline: what it would refuse on creation under fieldValidation=Strict, or
// as the update of an object that exists, as data.
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
 * Everything wrong with an object; empty for what is no Kubernetes object and for kinds the store doesn't know. `was` is
 * the object that it replaces, where it is an update; its rules apply between objects of one apiVersion and kind only.
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

/** What is wrong with an object of a kind that is known. */
function judgeAs(object: ObjectValue, kind: KindSchema, store: SchemaStore, was?: Value): readonly Problem[] {
  const before =
    isObject(was) && was.apiVersion === apiVersionOf(kind.gvk) && was.kind === kind.gvk.kind ? was : undefined;
  const problems = kind.builtin
    ? judgeNative(object, kind, before)
    : judgeCustom(object, kind, objectMetaOf(store), before);
  return explained(problems, object, kind.schema);
}

/** The problems with the places unknown fields belong in, without those that are only consequences of such a field. */
export function explained(problems: readonly Problem[], object: ObjectValue, schema: Schema): readonly Problem[] {
  if (!problems.some(({ facts }) => facts.is === 'unknown-field')) return problems;
  return withoutConsequences(problems.map((problem) => withHome(problem, object, schema)));
}

const objectMetas = new WeakMap<SchemaStore, { readonly schema: Schema | undefined }>();

/** The OpenAPI of ObjectMeta, as the store's Kubernetes release has it. */
function objectMetaOf(store: SchemaStore): Schema | undefined {
  const known = objectMetas.get(store);
  if (known) return known.schema;
  const schema = store.lookup({ group: '', version: 'v1', kind: 'Namespace' })?.schema.properties?.metadata;
  objectMetas.set(store, { schema });
  return schema;
}
