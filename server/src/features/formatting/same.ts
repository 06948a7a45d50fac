// Whether two texts are the same document but for white space: the same tree with the same values and styles, and the same
// anchors, tags and comments in the same order.
import { layoutOf, type Token } from '../../syntax/layout.ts';
import type { Manifest } from '../../syntax/manifest.ts';
import type { Node, Path } from '../../syntax/tree.ts';

/** Texts at the paths for which `isChanged` holds may differ. */
export function isSameDocument(a: Manifest, b: Manifest, isChanged: (path: Path) => boolean = () => false): boolean {
  if (a.findings.length !== b.findings.length || !isSameNode(a.root, b.root, [], isChanged)) return false;
  const [first, second] = [marksOf(a), marksOf(b)];
  return first.length === second.length && first.every((mark, index) => mark === second[index]);
}

function isSameNode(a: Node | undefined, b: Node | undefined, path: Path, isChanged: (path: Path) => boolean): boolean {
  if (!a || !b) return a === b;
  if (a.type === 'map' && b.type === 'map') {
    return (
      a.flow === b.flow &&
      a.entries.length === b.entries.length &&
      a.entries.every((entry, index) => {
        const other = b.entries[index]!;
        const below = [...path, entry.key.text];
        return isSameNode(entry.key, other.key, path, none) && isSameNode(entry.value, other.value, below, isChanged);
      })
    );
  }
  if (a.type === 'seq' && b.type === 'seq') {
    const isSameLength = a.flow === b.flow && a.items.length === b.items.length;
    return (
      isSameLength && a.items.every((item, index) => isSameNode(item, b.items[index], [...path, index], isChanged))
    );
  }
  if (a.type === 'alias' && b.type === 'alias') return a.name === b.name;
  if (a.type !== 'scalar' || b.type !== 'scalar') return false;
  const isSameText = Object.is(a.value, b.value) && a.text === b.text;
  return a.style === b.style && (isSameText || isChanged(path));
}

const none = () => false;

/** Everything between the scalars. */
function marksOf({ text, root }: Manifest): readonly string[] {
  return (layoutOf(text, root) ?? []).flatMap((token: Token) =>
    token.type === 'leaf' ? [] : [text.slice(token.start, token.end).trimEnd()],
  );
}
