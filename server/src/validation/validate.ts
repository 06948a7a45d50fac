// Validates a document: reports the problems of its objects (judge.ts) as findings in its text.
import type { SchemaStore } from '../schema/schema.ts';
import type { Finding, RuleId } from '../syntax/finding.ts';
import type { Manifest } from '../syntax/manifest.ts';
import type { Path, Value } from '../syntax/tree.ts';
import { isList, isObject, type ObjectValue, own, toValue, valueAt } from '../syntax/value.ts';
import { judge } from './judge.ts';
import type { Problem } from './problem.ts';
import { findingOf } from './report.ts';

export interface ValidateOptions {
  /** Whether a later step, such as a kustomization, may fix the problem before the object is applied: it is not reported then. */
  maySupply?(problem: Problem, object: Identity): boolean;
}

/** The name is undefined if it is unknown. */
export interface Identity {
  readonly kind: string;
  readonly name: string | undefined;
  /** The value at the problem's path. */
  readonly value: Value | undefined;
}

/**
 * Findings of a document. Empty for invalid YAML (which has its own findings), Go templates and documents that aren't
 * Kubernetes objects.
 */
export function validateDocument(
  manifest: Manifest,
  store: SchemaStore,
  options: ValidateOptions = {},
): readonly Finding[] {
  const { root, template } = manifest;
  if (!root || template || !isReadable(manifest)) return [];
  const value = toValue(root);
  if (!isObject(value)) return [];
  if (own(value, 'kind') !== 'List' || own(value, 'apiVersion') !== 'v1')
    return objectFindings(value, manifest, store, options, []);
  const items = own(value, 'items');
  if (!isList(items)) return [];
  return items.flatMap((item, index) =>
    isObject(item) ? objectFindings(item, manifest, store, options, ['items', index]) : [],
  );
}

/** Whether the tree reflects the text: it has no syntax errors, or only harmless ones. */
export function isReadable({ findings }: Manifest): boolean {
  return !findings.some(({ rule, severity }) => severity === 'error' && !harmless.has(rule));
}

const harmless: ReadonlySet<RuleId> = new Set([
  'syntax/duplicate-key',
  'syntax/not-json',
  'syntax/ignored',
  'syntax/control-character',
]);

function objectFindings(
  object: ObjectValue,
  manifest: Manifest,
  store: SchemaStore,
  { maySupply }: ValidateOptions,
  prefix: Path,
): readonly Finding[] {
  const problems = judge(manifest.sops ? withoutSops(object) : object, store);
  if (problems.length === 0) return [];
  const kind = own(object, 'kind');
  const name = valueAt(object, ['metadata', 'name']);
  const identity = { kind: String(kind), name: typeof name === 'string' ? name : undefined };
  const isSupplied = (problem: Problem) =>
    maySupply?.(problem, { ...identity, value: valueAt(object, problem.path) }) === true;
  return problems.filter((problem) => !isSupplied(problem)).map((problem) => findingOf(problem, manifest, prefix));
}

function withoutSops(object: ObjectValue): ObjectValue {
  const { sops: _own, ...rest } = object;
  return rest;
}
