// What the rules about single objects of a kind find in an object that is tried: what one of them reports isn't suggested.
import { type GroupKind, groupKindOf, gvkOf } from '../../kube/identity.ts';
import { type Built, type Origin, stringOf } from '../../kustomize/built.ts';
import type { ClusterProblem, ObjectRule } from '../../rules/rule.ts';
import { objectRules } from '../../rules/rules.ts';
import { unknown, type Value } from '../../syntax/tree.ts';
import { isList, isObject, own } from '../../syntax/value.ts';
import type { Problem } from '../../validation/problem.ts';

/** The values are in no file. */
const origin: Origin = { source: { file: '', start: 0 }, start: 0, end: 0 };

/** Only what would be an error or a warning; both are errors here. */
export function ruleProblems(object: Value): readonly Problem[] {
  const [apiVersion, kind] = ['apiVersion', 'kind'].map((name) => (isObject(object) ? own(object, name) : undefined));
  const gvk = typeof apiVersion === 'string' && typeof kind === 'string' ? gvkOf(apiVersion, kind) : undefined;
  const rules = gvk ? rulesFor(groupKindOf(gvk)) : [];
  if (!gvk || rules.length === 0) return [];
  const built = builtOf(object);
  if (built.kind !== 'map') return [];
  return rules.flatMap((rule) =>
    [...rule.check(built, groupKindOf(gvk))]
      .filter((problem) => (problem.severity ?? rule.severity) !== 'info')
      .map((problem) => asProblem(rule, problem)),
  );
}

function rulesFor(groupKind: GroupKind): readonly ObjectRule[] {
  return objectRules.filter(({ kinds }) => kinds?.includes(groupKind));
}

function asProblem({ id }: ObjectRule, { path = [], on, message }: ClusterProblem): Problem {
  return { rule: id, severity: 'error', path, on: on ?? 'value', facts: { is: 'check', sentence: message } };
}

function builtOf(value: Value): Built {
  if (isList(value)) return { kind: 'list', items: value.map(builtOf), origin };
  if (isObject(value)) {
    const entries = Object.entries(value).map(([key, one]) => [key, builtOf(one)] as const);
    return { kind: 'map', entries: new Map(entries), origin };
  }
  // What is left to fill in may be anything, as a variable may.
  if (value === unknown) return { ...stringOf('${ANY}', origin), value: unknown };
  return typeof value === 'string' ? stringOf(value, origin) : { kind: 'scalar', value, text: String(value), origin };
}
