// Labels used elsewhere. A selector must match the labels of its pods, which are usually in the same file, else in a file
// nearby.
import { type GroupKind, groupKindOf } from '../../kube/identity.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { nodeAt, stringAt } from '../../syntax/navigate.ts';
import type { Node, Path } from '../../syntax/tree.ts';
import { keyName, resolveAlias } from '../../syntax/value.ts';
import type { SourceFile } from '../../workspace/document.ts';
import type { Cursor } from '../cursor.ts';
import { type Field, rowPath } from '../place.ts';
import type { Candidate } from './item.ts';
import { sharedLength } from './seen.ts';
import { isLabelMap } from './usual.ts';

/** Label keys to their values. */
export type Labels = ReadonlyMap<string, ReadonlySet<string>>;

/** Paths of labels and label selectors in objects of Kubernetes and Cluster API. */
const places: readonly Path[] = [
  ['metadata', 'labels'],
  ['spec', 'selector'],
  ['spec', 'selector', 'matchLabels'],
  ['spec', 'podSelector', 'matchLabels'],
  ['spec', 'template', 'metadata', 'labels'],
];

export function isLabels(field: Field): boolean {
  return isLabelMap(field) && field.path.at(-2) !== 'namespaceSelector';
}

/**
 * For the selector of a workload: the labels of its own pods, if they are written. The API server rejects a selector that
 * doesn't match them.
 */
export function labelsOfPods(root: Node, { object, path }: Field): Labels | undefined {
  const isSelector = path[0] === 'spec' && path[1] === 'selector' && (path.length === 2 || path[2] === 'matchLabels');
  if (!isSelector) return undefined;
  const labels = new Map<string, Set<string>>();
  collect(nodeAt(root, [...object.path, 'spec', 'template', 'metadata', 'labels']), labels);
  return labels.size > 0 ? labels : undefined;
}

/** Labels for a map of labels or a selector; those of its own pods take precedence. */
export function labelsFor(cursor: Cursor, root: Node, field: Field): Labels {
  const own = labelsOfPods(root, field);
  if (own) return own;
  const inFile = labelsOf(cursor.workspace.file(cursor.path));
  return inFile.size === 0 && isPodSelector(field) ? labelsNear(cursor, root, field) : inFile;
}

/** Fields that select pods of other objects. */
const podSelectors: Readonly<Record<GroupKind, string>> = {
  '/Service': 'spec.selector',
  'policy/PodDisruptionBudget': 'spec.selector.matchLabels',
  'networking.k8s.io/NetworkPolicy': 'spec.podSelector.matchLabels',
};

function isPodSelector({ kind, path }: Field): boolean {
  return podSelectors[groupKindOf(kind.gvk)] === rowPath(path);
}

const workloads: readonly GroupKind[] = ['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet'];

/** Of the pods of the workload with the object's name, else of the nearest workloads. */
function labelsNear({ workspace, path }: Cursor, root: Node, { object }: Field): Labels {
  const name = stringAt(root, [...object.path, 'metadata', 'name']);
  const found = workloads.flatMap((kind) => [...workspace.index.definitionsOf(kind)]);
  const meant = found.filter((one) => one.name === name);
  const nearest = (meant.length > 0 ? meant : found)
    .toSorted((a, b) => sharedLength(path, b.path) - sharedLength(path, a.path))
    .slice(0, mostWorkloads);
  const labels = new Map<string, Set<string>>();
  for (const { document, object: one } of nearest) {
    const at = [...one.path, 'spec', 'template', 'metadata', 'labels'];
    collect(nodeAt(parseManifest(document.text).root, at), labels);
  }
  return labels;
}

const mostWorkloads = 8;

/** Labels of a file's objects. Enough documents are read to cover a workload and the objects that belong to it. */
function labelsOf(file: SourceFile | undefined): Labels {
  const labels = new Map<string, Set<string>>();
  for (const { document } of file?.documents.slice(0, 20) ?? []) {
    if (document.facts.objects.length === 0) continue;
    const { root } = parseManifest(document.text);
    for (const { path } of document.facts.objects.slice(0, 20)) {
      for (const place of places) collect(nodeAt(root, [...path, ...place]), labels);
    }
  }
  return labels;
}

function collect(node: Node | undefined, labels: Map<string, Set<string>>): void {
  const map = node && resolveAlias(node);
  for (const { key, value } of map?.type === 'map' ? map.entries : []) {
    const name = keyName(key);
    if (name === undefined || value.type !== 'scalar' || typeof value.value !== 'string') continue;
    labels.set(name, (labels.get(name) ?? new Set()).add(value.value));
  }
}

/** Values that the label under the cursor has elsewhere. */
export function labelValues(path: Path, labels: Labels): readonly Candidate[] {
  const values = labels.get(String(path.at(-1)));
  return [...(values ?? [])].map((value, index) => ({ value, kind: 'value', rank: index }));
}
