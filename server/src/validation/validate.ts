// Validates a document: reports the problems of its objects (judge.ts) as findings in its text.
import type { SchemaStore } from '../schema/schema.ts';
import type { Finding, RuleId } from '../syntax/finding.ts';
import { type Manifest, withFields } from '../syntax/manifest.ts';
import { type Path, unknown, type Value } from '../syntax/tree.ts';
import { isList, isObject, markUnknownKeys, type ObjectValue, own, toValue, valueAt } from '../syntax/value.ts';
import { gapPaths, isCertain } from './gaps.ts';
import { judge } from './judge.ts';
import { identify } from './kind.ts';
import type { Problem } from './problem.ts';
import { findingOf } from './report.ts';

/** A problem, its object, and the path from the document's root to the object. */
export interface Located {
  readonly problem: Problem;
  readonly object: ObjectValue;
  readonly prefix: Path;
}

/**
 * Findings of a document. Empty for invalid YAML (which has its own findings), Go templates and documents that aren't
 * Kubernetes objects.
 */
export function validateDocument(manifest: Manifest, store: SchemaStore): readonly Finding[] {
  const read = readableOf(manifest) ?? manifest;
  return problemsOf(manifest, store).map(({ problem, prefix }) => findingOf(problem, read, prefix));
}

/** The problems behind the findings of `validateDocument`, in the same order. */
export function problemsOf(manifest: Manifest, store: SchemaStore): readonly Located[] {
  const { root, sops } = readableOf(manifest) ?? {};
  if (!root) return [];
  const value = toValue(root);
  const gaps = root === manifest.root ? [] : gapPaths(root, manifest.recovered?.gaps ?? []);
  for (const path of gaps) markGap(value, path);
  if (!isObject(value)) return [];
  const problemsIn = (object: ObjectValue, prefix: Path) =>
    judge(sops ? withoutSops(object, store) : object, store)
      .filter((problem) => gaps.length === 0 || isCertain(problem, root, prefix, gaps))
      .map((problem) => ({ problem, object, prefix }));
  if (own(value, 'kind') !== 'List' || own(value, 'apiVersion') !== 'v1') return problemsIn(value, []);
  const items = own(value, 'items');
  return isList(items)
    ? items.flatMap((item, index) => (isObject(item) ? problemsIn(item, ['items', index]) : []))
    : [];
}

/** The manifest with a tree that reflects the text, or most of it; undefined if there is none. */
export function readableOf(manifest: Manifest): Manifest | undefined {
  if (!manifest.root || manifest.template) return undefined;
  if (isReadable(manifest)) return manifest;
  return manifest.recovered && withFields(manifest, { root: manifest.recovered.root });
}

/** Makes unknown what the maps and lists along a path may contain besides what is there, and a scalar at its end. */
function markGap(value: Value, gap: Path): void {
  if (isObject(value)) markUnknownKeys(value);
  gap.forEach((step, index) => {
    const parent = valueAt(value, gap.slice(0, index)) as Record<string | number, Value> | undefined;
    const inner = valueAt(value, gap.slice(0, index + 1));
    if (isObject(inner)) markUnknownKeys(inner);
    else if (!isList(inner) && parent !== undefined && inner !== undefined) parent[step] = unknown;
  });
}

/** Whether the tree reflects the text: it has no syntax errors, or only harmless ones. */
export function isReadable({ findings }: Manifest): boolean {
  return !findings.some(({ rule, severity }) => severity === 'error' && !harmless.has(rule));
}

const harmless: ReadonlySet<RuleId> = new Set([
  'syntax/conflict',
  'syntax/duplicate-key',
  'syntax/not-json',
  'syntax/ignored',
  'syntax/control-character',
]);

/**
 * The object without the block in which SOPS describes what it encrypted: who applies it decrypts it before. Kinds with such a
 * field of their own are decrypted by their controller, in the cluster.
 */
export function withoutSops(object: ObjectValue, store: SchemaStore): ObjectValue {
  if (!Object.hasOwn(object, 'sops')) return object;
  const identity = identify(object, store);
  const schema = 'gvk' in identity ? store.lookup(identity.gvk)?.schema : undefined;
  if (Object.hasOwn(schema?.properties ?? {}, 'sops')) return object;
  const { sops: _own, ...rest } = object;
  return rest;
}
