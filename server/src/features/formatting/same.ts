// Whether two texts are the same document but for white space: the same tree with the same values and styles, and the same
// anchors, tags and comments in the same order.
import { layoutOf, type Token } from '../../syntax/layout.ts';
import type { Manifest } from '../../syntax/manifest.ts';
import type { Node } from '../../syntax/tree.ts';

export function isSameDocument(a: Manifest, b: Manifest): boolean {
  if (a.findings.length !== b.findings.length || !isSameNode(a.root, b.root)) return false;
  const [first, second] = [marksOf(a), marksOf(b)];
  return first.length === second.length && first.every((mark, index) => mark === second[index]);
}

function isSameNode(a: Node | undefined, b: Node | undefined): boolean {
  if (!a || !b) return a === b;
  if (a.type === 'map' && b.type === 'map') {
    return (
      a.flow === b.flow &&
      a.entries.length === b.entries.length &&
      a.entries.every((entry, index) => {
        const other = b.entries[index]!;
        return isSameNode(entry.key, other.key) && isSameNode(entry.value, other.value);
      })
    );
  }
  if (a.type === 'seq' && b.type === 'seq') {
    const isSameLength = a.flow === b.flow && a.items.length === b.items.length;
    return isSameLength && a.items.every((item, index) => isSameNode(item, b.items[index]));
  }
  if (a.type === 'alias' && b.type === 'alias') return a.name === b.name;
  if (a.type !== 'scalar' || b.type !== 'scalar') return false;
  return a.style === b.style && Object.is(a.value, b.value) && a.text === b.text;
}

/** Everything between the scalars. */
function marksOf({ text, root }: Manifest): readonly string[] {
  return (layoutOf(text, root) ?? []).flatMap((token: Token) =>
    token.type === 'leaf' ? [] : [text.slice(token.start, token.end).trimEnd()],
  );
}
