// Which lines of a preview and of the files that it is made of belong together.
import type { AppliedPreview } from '../../../server/src/protocol.ts';

/** The line of the preview that comes from a line of a file, or from the nearest line above it; undefined if none does. */
export function lineFrom({ sources, lines }: AppliedPreview, uri: string, line: number): number | undefined {
  const file = sources.indexOf(uri);
  let best: number | undefined;
  let nearest = -1;
  for (const [index, source] of lines.entries()) {
    if (source?.[0] !== file || source[1] > line || source[1] <= nearest) continue;
    nearest = source[1];
    best = index;
  }
  return best;
}

/** The line that a line of the preview comes from. */
export function lineOf(
  { sources, lines }: AppliedPreview,
  line: number,
): { readonly uri: string; readonly line: number } | undefined {
  const source = lines[line];
  const uri = source ? sources[source[0]] : undefined;
  return source && uri !== undefined ? { uri, line: source[1] } : undefined;
}
