// What the rules about single objects of a kind find in an object that is tried: what one of them reports isn't suggested.
import { type GroupKind, groupKindOf, gvkOf } from '../../kube/identity.ts';
import { type Built, type Origin, stringOf } from '../../kustomize/built.ts';
import type { ClusterProblem, ObjectRule } from '../../rules/rule.ts';
import { objectRules } from '../../rules/rules.ts';
import { type Scalar, unknown, type Value } from '../../syntax/tree.ts';
import { isList, isObject, own } from '../../syntax/value.ts';
import type { Problem } from '../../validation/problem.ts';

/** The values are in no file. */
const origin: Origin = { source: { file: '', start: 0 }, start: 0, end: 0 };

/** Whether there are rules about its kind. */
export function hasRules(object: Value): boolean {
  const groupKind = kindOf(object);
  return groupKind !== undefined && rulesFor(groupKind).length > 0;
}

/** Only what would be an error or a warning; both are errors here. */
export function ruleProblems(object: Value): readonly Problem[] {
  const groupKind = kindOf(object);
  return problemsBy(groupKind === undefined ? [] : rulesFor(groupKind), object, groupKind);
}

/** Likewise, of the rules about objects of any kind. */
export function generalProblems(object: Value): readonly Problem[] {
  return problemsBy(general, object, kindOf(object));
}

const general = objectRules.filter(({ kinds, severity }) => severity !== 'info' && kinds === undefined);

function problemsBy(rules: readonly ObjectRule[], object: Value, groupKind: GroupKind | undefined): readonly Problem[] {
  if (groupKind === undefined || rules.length === 0) return [];
  const built = builtOf(object);
  if (built.kind !== 'map') return [];
  return rules.flatMap((rule) =>
    [...rule.check(built, groupKind)]
      .filter((problem) => (problem.severity ?? rule.severity) !== 'info')
      .map((problem) => asProblem(rule, problem)),
  );
}

function kindOf(object: Value): GroupKind | undefined {
  if (!isObject(object)) return undefined;
  const [apiVersion, kind] = [own(object, 'apiVersion'), own(object, 'kind')];
  const gvk = typeof apiVersion === 'string' && typeof kind === 'string' ? gvkOf(apiVersion, kind) : undefined;
  return gvk && groupKindOf(gvk);
}

const byKind = new Map<GroupKind, readonly ObjectRule[]>();

function rulesFor(groupKind: GroupKind): readonly ObjectRule[] {
  const known =
    byKind.get(groupKind) ??
    objectRules.filter(({ kinds, severity }) => severity !== 'info' && kinds?.includes(groupKind));
  byKind.set(groupKind, known);
  return known;
}

function asProblem({ id }: ObjectRule, { path = [], on, message }: ClusterProblem): Problem {
  return { rule: id, severity: 'error', path, on: on ?? 'value', facts: { is: 'check', sentence: message } };
}

/** Objects that are tried one after the other share most of their values. */
const known = new WeakMap<object, Built>();

function builtOf(value: Value): Built {
  if (!isList(value) && !isObject(value)) return scalarOf(value);
  const before = known.get(value);
  if (before) return before;
  const entries = isObject(value) ? Object.entries(value).map(([key, one]) => [key, builtOf(one)] as const) : [];
  const built: Built = isList(value)
    ? { kind: 'list', items: value.map(builtOf), origin }
    : { kind: 'map', entries: new Map(entries), origin };
  known.set(value, built);
  return built;
}

function scalarOf(value: Scalar): Built {
  // What is left to fill in may be anything, as a variable may.
  if (value === unknown) return { ...stringOf('${ANY}', origin), value: unknown };
  return typeof value === 'string' ? stringOf(value, origin) : { kind: 'scalar', value, text: String(value), origin };
}
