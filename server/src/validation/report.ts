// Turns a problem of an object into a finding in a text: the range to underline, the message and the fixes.
import type { Finding } from '../syntax/finding.ts';
import type { Manifest } from '../syntax/manifest.ts';
import { entryAt, nodeAt, printPath } from '../syntax/navigate.ts';
import type { Node, Path } from '../syntax/tree.ts';
import { resolveAlias } from '../syntax/value.ts';
import { brokenByAbsence } from './consequences.ts';
import { fixesOf } from './fixes.ts';
import type { Problem } from './problem.ts';
import { isSecretValue } from './secrets.ts';
import { sentenceOf, sentenceWithoutValue } from './words.ts';

/** `prefix` is the path from the document's root to the object with the problem, which may be an item of a List. */
export function findingOf(problem: Problem, manifest: Manifest, prefix: Path): Finding {
  const path = prefix.length === 0 ? problem.path : [...prefix, ...problem.path];
  const { start, end } = spanOf(manifest, path, problem.on);
  const fixes = problem.remedies ? fixesOf(problem.remedies, manifest, path, prefix) : [];
  const unfinished = unfinishedOf(problem, isValue(nodeAt(manifest.root, path)));
  return {
    rule: problem.rule,
    severity: problem.severity,
    start,
    end,
    message: isSecretValue(manifest, prefix, problem.path) ? sentenceWithoutValue(problem) : sentenceOf(problem),
    path: problem.field ?? printPath(problem.path),
    ...(unfinished && { unfinished }),
    ...(fixes.length > 0 && { fixes }),
  };
}

/** Whether fields that are added may resolve the problem, and where. `atValue`: the value at its path is a scalar. */
export function unfinishedOf({ rule, facts, sought }: Problem, atValue: boolean): Finding['unfinished'] {
  if (facts.is === 'missing' || facts.is === 'unidentified') return 'map';
  if (facts.is === 'length') return facts.bound === 'least' ? 'map' : undefined;
  if (sought || facts.is === 'needs-one') return 'object';
  return brokenByAbsence.has(rule) && !atValue ? 'object' : undefined;
}

/** Whether the node is a scalar that is written. */
export function isValue(node: Node | undefined): boolean {
  const target = node && resolveAlias(node);
  return target?.type === 'scalar' && target.style !== 'absent';
}

const identity: ReadonlySet<string | undefined> = new Set(['apiVersion', 'kind', 'metadata.name']);

/**
 * Whether a patch could solve the problem by adding fields. kustomize itself needs the identity of an object, so that no
 * patch can supply it.
 */
export function maySupply({ unfinished, path }: Finding): boolean {
  return unfinished !== undefined && !identity.has(path);
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The range of the path, or of its nearest existing part: a missing field is reported at the key of its map. */
function spanOf({ root, text }: Manifest, path: Path, on: 'key' | 'value'): Span {
  if (!root) return { start: 0, end: Math.min(1, text.length) };
  const entry = entryAt(root, path);
  if (entry)
    return on === 'key' || entry.value.start === entry.value.end || isLong(entry.value, text) ? entry.key : entry.value;
  const node = path.length === 0 ? undefined : nodeAt(root, path);
  if (node) return isLong(node, text) ? headOf(node) : node;
  return path.length === 0 ? headOf(root) : spanOf({ root, text } as Manifest, path.slice(0, -1), 'key');
}

function isLong(node: Node, text: string): boolean {
  return node.type !== 'alias' && text.slice(node.start, node.end).includes('\n');
}

/** The first key of a map, the first item of a list. */
function headOf(node: Node): Span {
  const target = node.type === 'alias' ? node : resolveAlias(node);
  if (target?.type === 'map' && target.entries[0]) return target.entries[0].key;
  if (target?.type === 'seq' && target.items[0]) return headOf(target.items[0]);
  return node.end - node.start > 200 ? { start: node.start, end: node.start + 1 } : node;
}
