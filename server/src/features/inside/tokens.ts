// Semantic tokens of the texts inside a document, which editors color as one long string: keys, numbers and words of YAML.
import { type InnerText, innerText } from '../../syntax/inner-text.ts';
import { type Manifest, parseManifest } from '../../syntax/manifest.ts';
import { splitDocuments } from '../../syntax/split.ts';
import { type Node, type ScalarNode, unknown } from '../../syntax/tree.ts';
import type { SemanticToken } from '../semantic-token.ts';
import { type Holder, textsIn } from './inside.ts';

/** In offsets of the document. */
export function insideTokens(
  { root, text }: Pick<Manifest, 'root' | 'text'>,
  holders: readonly Holder[],
): readonly SemanticToken[] {
  return textsIn(root, holders).flatMap(({ field, scalar }) => {
    const inner = innerText(scalar, text);
    return splitDocuments(inner.text).flatMap((segment) => {
      const manifest = parseManifest(segment.text);
      const isFile = field.holds === 'merge-patch' && manifest.root?.type === 'scalar';
      if (!manifest.root || manifest.template || isFile) return [];
      return tokensIn(manifest.root).map((token) => outside(token, inner, segment.start));
    });
  });
}

function outside(token: SemanticToken, inner: InnerText, start: number): SemanticToken {
  return { ...token, start: inner.outer(start + token.start), end: inner.outer(start + token.end) };
}

function tokensIn(root: Node): readonly SemanticToken[] {
  const found: SemanticToken[] = [];
  const pending: Node[] = [root];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.type === 'seq') pending.push(...node.items);
    else if (node.type === 'map') {
      for (const { key, value } of node.entries) {
        found.push({ start: key.start, end: key.end, type: 'property' });
        pending.push(value);
      }
    } else if (node.type === 'scalar') {
      const type = typeOf(node);
      if (type) found.push({ start: node.start, end: node.end, type });
    }
  }
  return found;
}

function typeOf({ value, style }: ScalarNode): SemanticToken['type'] | undefined {
  if (style !== 'plain' || value === unknown) return undefined;
  if (typeof value === 'bigint' || typeof value === 'number') return 'number';
  return typeof value === 'boolean' || value === null ? 'keyword' : undefined;
}
