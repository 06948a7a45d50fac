// The style that most of a file has where several are good: whether lists are indented below their key, and whether braces
// and brackets are padded with spaces.
import type { Manifest } from '../../syntax/manifest.ts';
import type { MapNode, Node, SeqNode } from '../../syntax/tree.ts';

export interface Style {
  /** Whether a list is indented below its key; undefined where as many lists are as aren't. */
  readonly indentsLists: boolean | undefined;
  readonly padsBraces: boolean | undefined;
  readonly padsBrackets: boolean | undefined;
}

export function styleOf(manifests: readonly Manifest[]): Style {
  const votes: Votes = { lists: 0, braces: 0, brackets: 0 };
  for (const { text, root } of manifests) if (root) count(text, root, votes);
  return {
    indentsLists: majority(votes.lists),
    padsBraces: majority(votes.braces),
    padsBrackets: majority(votes.brackets),
  };
}

/** Positive where more have the style than not. */
interface Votes {
  lists: number;
  braces: number;
  brackets: number;
}

function majority(votes: number): boolean | undefined {
  return votes === 0 ? undefined : votes > 0;
}

function count(text: string, root: Node, votes: Votes): void {
  const pending: Node[] = [root];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.type !== 'map' && node.type !== 'seq') continue;
    if (node.flow) {
      const padded = paddingOf(text, node);
      if (padded !== undefined) votes[node.type === 'map' ? 'braces' : 'brackets'] += padded ? 1 : -1;
    }
    if (node.type === 'seq') for (const item of node.items) pending.push(item);
    else {
      for (const { key, value } of node.entries) {
        if (value.type === 'seq' && !value.flow && !node.flow)
          votes.lists += columnOf(text, value.start) > columnOf(text, key.start) ? 1 : -1;
        pending.push(value);
      }
    }
  }
}

/** Undefined for an empty or multi-line collection. */
function paddingOf(text: string, { start, end }: MapNode | SeqNode): boolean | undefined {
  const inner = text.slice(start + 1, end - 1);
  if (inner.trim() === '' || inner.includes('\n')) return undefined;
  return inner.startsWith(' ');
}

function columnOf(text: string, offset: number): number {
  return offset - text.lastIndexOf('\n', offset - 1) - 1;
}
