// Validates one object offline as an API server would: reports, as data, why it would refuse to create the object under
// fieldValidation=Strict, or to update an existing one.
import { apiVersionOf } from '../kube/identity.ts';
import { isSameAt } from '../schema/same-at.ts';
import type { KindSchema, Schema, SchemaStore } from '../schema/schema.ts';
import type { Value } from '../syntax/tree.ts';
import { isObject, type ObjectValue } from '../syntax/value.ts';
import { withoutConsequences } from './consequences.ts';
import { judgeCustom } from './custom.ts';
import { identify, kindProblems } from './kind.ts';
import { withHome, withOtherField } from './misplaced.ts';
import { judgeNative } from './native.ts';
import type { Problem } from './problem.ts';

/**
 * All problems of an object. Empty if it isn't a Kubernetes object; of a kind that the store doesn't know, only the kind is
 * judged. For an update, `was` is the object that it replaces; update rules apply only if apiVersion and kind are the same.
 */
export function judge(object: Value, store: SchemaStore, was?: Value): readonly Problem[] {
  return judgeBy(object, store, (problems, ...kind) => acceptedElsewhere(problems, ...kind, store, was), was);
}

/** As `judge`, but what another release accepts is refused: for those who ask whether the assumed one accepts. */
export function judgeAssumed(object: Value, store: SchemaStore): readonly Problem[] {
  return judgeBy(object, store, (problems) => problems);
}

function judgeBy(
  object: Value,
  store: SchemaStore,
  settle: (problems: readonly Problem[], object: ObjectValue, kind: KindSchema) => readonly Problem[],
  was?: Value,
): readonly Problem[] {
  if (!isObject(object)) return [];
  const identity = identify(object, store);
  if ('problems' in identity) return identity.problems;
  const { gvk } = identity;
  const kind = store.lookup(gvk);
  const ofKind = kindProblems(gvk, kind, store);
  if (!kind || (!kind.served && !kind.builtin)) return ofKind;
  const ofObject = settle(judgeAs(object, kind, store, was), object, kind);
  return ofKind.length === 0 ? ofObject : [...ofKind, ...ofObject];
}

/**
 * Where it isn't known which release a cluster runs, what another one of them accepts isn't refused for certain: it is an
 * info about the versions.
 */
function acceptedElsewhere(
  problems: readonly Problem[],
  object: ObjectValue,
  kind: KindSchema,
  store: SchemaStore,
  was: Value | undefined,
): readonly Problem[] {
  if (kind.line || !problems.some(({ severity }) => severity === 'error')) return problems;
  const others = (store.others?.(kind.gvk) ?? []).filter((one) => one.served || one.builtin);
  return others.reduce<readonly Problem[]>((left, other) => {
    const differs = (problem: Problem) =>
      isRefusal(problem) && !isOfEveryRelease(problem, kind) && !isSameAt(kind.schema, other.schema, problem.path);
    if (!left.some(differs)) return left;
    const there = new Set(judgeAs(object, other, store, was).filter(isRefusal).map(keyOf));
    const here = new Set(left.filter(isRefusal).map(keyOf));
    // It refuses something else instead, maybe for the same reason.
    if ([...there].some((one) => !here.has(one))) return left;
    return left.map((problem) => {
      if (!differs(problem) || there.has(keyOf(problem))) return problem;
      const { path, on } = problem;
      const facts = { is: 'elsewhere', problem, origin: kind.origin, accepting: other.origin } as const;
      return { rule: 'info/other-version', severity: 'info', path, on, facts };
    });
  }, problems);
}

/** The checks of built-in kinds that the API server has in Go see the object, not its schema, and are those of all releases. */
function isOfEveryRelease({ facts }: Problem, { builtin }: KindSchema): boolean {
  return builtin && facts.is === 'check';
}

function isRefusal({ severity }: Problem): boolean {
  return severity === 'error';
}

function keyOf({ rule, path }: Problem): string {
  return `${rule} ${JSON.stringify(path)}`;
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

/**
 * Adds to each unknown field, and to a value that another field accepts, where it belongs, and drops problems that only follow
 * from an unknown field.
 */
export function explained(problems: readonly Problem[], object: ObjectValue, schema: Schema): readonly Problem[] {
  const placed = problems.map((problem) => withOtherField(problem, object, schema));
  if (!problems.some(({ facts }) => facts.is === 'unknown-field')) return placed;
  return withoutConsequences(placed.map((problem) => withHome(problem, object, schema)));
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
