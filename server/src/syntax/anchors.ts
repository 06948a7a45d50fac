// The anchors of a document with their aliases. An alias means the nearest anchor of its name above it.
import { layoutOf } from './layout.ts';
import type { Manifest } from './manifest.ts';

/** A range in the document, with the `&` or `*`. */
export interface Mark {
  readonly start: number;
  readonly end: number;
}

export interface Anchor extends Mark {
  readonly name: string;
  readonly aliases: readonly Mark[];
}

const known = new WeakMap<Manifest, readonly Anchor[]>();

/** In the order of the text; empty for a text with syntax that the tree doesn't explain. */
export function anchorsIn(manifest: Manifest): readonly Anchor[] {
  const found = known.get(manifest) ?? read(manifest);
  known.set(manifest, found);
  return found;
}

/** The anchor whose name or one of whose aliases is at an offset; both ends of a mark belong to it. */
export function anchorAt(manifest: Manifest, offset: number): Anchor | undefined {
  const isAt = ({ start, end }: Mark) => start <= offset && offset <= end;
  return anchorsIn(manifest).find((anchor) => isAt(anchor) || anchor.aliases.some(isAt));
}

function read({ text, root }: Manifest): readonly Anchor[] {
  if (!text.includes('&')) return [];
  const found: (Anchor & { readonly aliases: Mark[] })[] = [];
  const latest = new Map<string, { readonly aliases: Mark[] }>();
  for (const { type, start, end } of layoutOf(text, root) ?? []) {
    const name = text.slice(start + 1, end);
    if (type === 'anchor') {
      const anchor = { name, start, end, aliases: [] };
      latest.set(name, anchor);
      found.push(anchor);
    } else if (type === 'leaf' && text[start] === '*') latest.get(name)?.aliases.push({ start, end });
  }
  return found;
}
