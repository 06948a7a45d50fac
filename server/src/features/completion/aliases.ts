// Completion after `*`: the anchors of the document that an alias can refer to, each with a summary of its node.
import { compose } from '../../syntax/compose.ts';
import type { Node } from '../../syntax/tree.ts';
import type { Completion } from './item.ts';
import type { Probe } from './probe.ts';

/** Anchors above the cursor, the nearest first. An anchor whose node contains the cursor is excluded. */
export function aliasItems(text: string, { token, path }: Probe): readonly Completion[] {
  const merging = path.at(-1) === '<<';
  const above = [...compose(text).anchors].filter(
    ([, node]) => node.start <= token.start && node.end <= token.start && (!merging || node.type === 'map'),
  );
  return above.toReversed().map(([name, node], index) => ({
    label: `*${name}`,
    kind: 'reference',
    detail: summaryOf(node),
    sort: String(index).padStart(4, '0'),
    insert: `*${name}`,
    start: token.start,
    end: token.end,
  }));
}

function summaryOf(node: Node): string {
  if (node.type === 'scalar') return node.text.length > 40 ? `${node.text.slice(0, 40)}…` : node.text;
  return node.type === 'seq' ? 'list' : 'map';
}
