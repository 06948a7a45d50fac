// Lets the resolver of references read YAML trees: aliases and merge keys are resolved, and holes are unknown.
import type { Reader } from '../kube/references.ts';
import { entryOf } from './navigate.ts';
import type { Node } from './tree.ts';
import { resolveAlias } from './value.ts';

export const nodes: Reader<Node> = {
  field(node, key) {
    const map = resolveAlias(node);
    return map?.type === 'map' ? entryOf(map, key)?.value : undefined;
  },
  items(node) {
    const list = resolveAlias(node);
    return list?.type === 'seq' ? list.items : [];
  },
  text(node) {
    const scalar = resolveAlias(node);
    return scalar?.type === 'scalar' && typeof scalar.value === 'string' ? scalar.value : undefined;
  },
  isTrue(node) {
    const scalar = resolveAlias(node);
    return scalar?.type === 'scalar' && scalar.value === true;
  },
};
