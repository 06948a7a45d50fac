// What changes with the value at the cursor: the aliases of an anchor at the value, or at a map or list around it.
import { nodeAt } from '../../syntax/navigate.ts';
import type { Node, Path } from '../../syntax/tree.ts';
import { keyName } from '../../syntax/value.ts';

const none: readonly Path[] = [];

/** The other paths of the value at `path`. What a merge takes over isn't followed. */
export function echoesOf(root: Node, path: Path): readonly Path[] {
  const depths = new Map<Node, number>();
  for (let depth = 1; depth <= path.length; depth += 1) {
    const node = nodeAt(root, path.slice(0, depth));
    if (node) depths.set(node, depth);
  }
  const aliases = aliasesIn(root);
  if (aliases.length === 0) return none;
  return aliases.flatMap(({ at, target }) => {
    const depth = depths.get(target);
    return depth === undefined ? [] : [[...at, ...path.slice(depth)]];
  });
}

interface Alias {
  readonly at: Path;
  readonly target: Node;
}

/** Each tree is asked about several times. */
const known = new WeakMap<Node, readonly Alias[]>();

function aliasesIn(root: Node): readonly Alias[] {
  const before = known.get(root);
  if (before) return before;
  const found: Alias[] = [];
  collect(root, [], found);
  known.set(root, found);
  return found;
}

function collect(node: Node, at: (string | number)[], found: Alias[]): void {
  if (node.type === 'alias') {
    if (node.target) found.push({ at: [...at], target: node.target });
  } else if (node.type === 'map') {
    for (const { key, value } of node.entries) inside(value, keyName(key) ?? '', at, found);
  } else if (node.type === 'seq') {
    for (const [index, item] of node.items.entries()) inside(item, index, at, found);
  }
}

function inside(node: Node, step: string | number, at: (string | number)[], found: Alias[]): void {
  if (node.type === 'scalar' || step === '<<') return;
  at.push(step);
  collect(node, at, found);
  at.pop();
}
