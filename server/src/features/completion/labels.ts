// Labels used elsewhere in the file. A selector must match the labels of its pods, which are usually in the same file.
import { parseManifest } from '../../syntax/manifest.ts';
import { nodeAt } from '../../syntax/navigate.ts';
import type { Node, Path } from '../../syntax/tree.ts';
import { keyName, resolveAlias } from '../../syntax/value.ts';
import type { SourceFile } from '../../workspace/document.ts';
import type { Field } from '../place.ts';
import type { Candidate } from './item.ts';
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

/** Labels of a file's objects. Enough documents are read to cover a workload and the objects that belong to it. */
export function labelsOf(file: SourceFile | undefined): Labels {
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

/** Values that the label under the cursor has elsewhere in the file. */
export function labelValues(path: Path, labels: Labels): readonly Candidate[] {
  const values = labels.get(String(path.at(-1)));
  return [...(values ?? [])].map((value, index) => ({ value, kind: 'value', detail: 'in this file', rank: index }));
}
