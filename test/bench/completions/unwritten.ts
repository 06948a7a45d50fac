// Which findings are about what isn't written yet: they are questions, which the next words answer.
import type { FileFinding } from '../../../server/src/features/diagnostics.ts';
import { parseManifest } from '../../../server/src/syntax/manifest.ts';
import { placeAt } from '../../../server/src/syntax/navigate.ts';
import type { Node } from '../../../server/src/syntax/tree.ts';
import { keyName } from '../../../server/src/syntax/value.ts';
import { documentAt } from '../../../server/src/workspace/document.ts';
import type { Workspace } from '../../../server/src/workspace/workspace.ts';

/**
 * The finding is about what is written next: a field that isn't there, in a map that is being written. That is a map that
 * holds nothing but what was accepted and, where the text ends at the cursor, any map that was there before.
 */
export function isNotYetWritten(
  workspace: Workspace,
  path: string,
  finding: FileFinding,
  insertedAt: number,
  isLast: boolean,
): boolean {
  const { start, document } = documentAt(workspace.file(path)!, finding.start)!;
  const { root } = parseManifest(document.text);
  if (!root) return false;
  // What a build is refused for has no path.
  if (finding.path === undefined && finding.unfinished !== 'map') return false;
  const { node, isWhole } =
    finding.path === undefined ? placeOf(root, finding.start - start) : deepest(root, finding.path);
  // The editor holds it back as long as the cursor is in the map.
  const isCursorIn = start + node.start <= insertedAt && insertedAt <= start + node.end;
  if (finding.path === undefined && node.type === 'map' && isCursorIn) return true;
  const isBegun = node.type === 'map' && node.entries.length === 1 && insertedAt <= start + node.end;
  if (isWhole && finding.unfinished === undefined && !isBegun) return false;
  if (start + node.start < insertedAt) return isLast || isBegun;
  // An item with several keys is a whole structure.
  return isBegun && isBlank(document.text.slice(insertedAt - start, node.start));
}

/** The map that begins at an offset, or else the innermost node there. */
function placeOf(root: Node, offset: number): Found {
  const place = placeAt(root, offset);
  return { node: (place?.onKey ? place.parents.at(-1) : place?.node) ?? root, isWhole: true };
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}

interface Found {
  readonly node: Node;
  /** The path ends at the node. */
  readonly isWhole: boolean;
}

/** The innermost node on a path as the API server prints it. */
function deepest(root: Node, printed: string): Found {
  const found = innermost(root, printed);
  if (found.isWhole) return found;
  // Fields of a definition's only version are printed as if they were the definition's own.
  const ofVersion = printed.replace(/^spec\./, 'spec.versions[0].').replace(/\.validation(?=\.)/, '.schema');
  const other = innermost(root, ofVersion);
  return other.node.start > found.node.start ? other : found;
}

function innermost(root: Node, printed: string): Found {
  let node = root;
  let rest = printed;
  for (;;) {
    if (rest === '') return { node, isWhole: true };
    const children: readonly (readonly [step: string, value: Node])[] =
      node.type === 'map'
        ? node.entries.map(({ key, value }) => [keyName(key) ?? '', value])
        : node.type === 'seq'
          ? node.items.map((item, index) => [String(index), item])
          : [];
    const next = children.flatMap(([step, value]) => {
      const at = [`.${step}`, step, `[${step}]`].find(
        (one) => rest.startsWith(one) && /^(?:$|[.[])/.test(rest.slice(one.length)),
      );
      return at === undefined ? [] : [{ value, rest: rest.slice(at.length) }];
    })[0];
    if (!next) return { node, isWhole: false };
    ({ value: node, rest } = next);
  }
}

/**
 * A stop is in the finding's range, or directly after the key or dash in it; what is missing may be further inside, also where
 * fields are counted.
 */
export function isAtStop({ start, end, rule }: FileFinding, stops: readonly number[], text: string): boolean {
  const inside =
    rule === 'schema/required' || rule === 'schema/length'
      ? /^:?\s*(?:(?:- *)?[\w.-]+:\s*)*(?:- *)?$/
      : /^["']?:?\s*(?:[|>][-+]?\s*)?(?:- *)?["']?$/;
  return stops.some((stop) => stop >= start && (stop <= end || inside.test(text.slice(end, stop))));
}
