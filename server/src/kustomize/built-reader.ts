// Reads built objects for kube/references: what is known of a scalar is its value after all changes.
import type { Reader } from '../kube/references.ts';
import type { Built } from './built.ts';

export const builtReader: Reader<Built> = {
  field: (node, key) => (node.kind === 'map' ? node.entries.get(key) : undefined),
  items: (node) => (node.kind === 'list' ? node.items : []),
  text: (node) => (node.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined),
  isTrue: (node) => node.kind === 'scalar' && node.value === true,
};
