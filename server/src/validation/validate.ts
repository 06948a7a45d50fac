// The verdict of an API server on a document: the problems of its objects (judge.ts) as findings in its text.
import type { SchemaStore } from '../schema/schema.ts';
import type { Finding, RuleId } from '../syntax/finding.ts';
import type { Manifest } from '../syntax/manifest.ts';
import type { Path, Value } from '../syntax/tree.ts';
import { isList, isObject, type ObjectValue, own, toValue, valueAt } from '../syntax/value.ts';
import { judge } from './judge.ts';
import type { Problem } from './problem.ts';
import { findingOf } from './report.ts';

export interface ValidateOptions {
  /** Whether what is done to the object before the server gets it may solve the problem: then it isn't reported. */
  maySupply?(problem: Problem, object: Identity): boolean;
}

/** The name is absent where it can't be known. */
export interface Identity {
  readonly kind: string;
  readonly name: string | undefined;
  /** The value at the problem's path. */
  readonly value: Value | undefined;
}

/**
 * Findings of a document. Empty where the text isn't YAML (its own findings say so), for Go templates, and for documents
 * that are no Kubernetes objects or of unknown kinds.
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

/** Whether the tree still says what the author meant: no finding about the text, or harmless ones only. */
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
