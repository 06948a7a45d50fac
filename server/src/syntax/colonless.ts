// A long text in which one key lacks its colon, above what is nested in it: as it is while the key is typed. Read as it
// stands, that line and all below it would be one key, and everything would be parsed again for each letter. Here the text
// is read with the colon, and its absence is the one finding.
import type { Composed } from './compose.ts';
import { colonMissing } from './regions.ts';
import type { Entry, Node, ScalarNode } from './tree.ts';

/** A word alone on its line, above a line that is indented more and has a key: YAML allows no key on several lines. */
const word = /^( *)(?:- +)*([\w./-]+)[ \t]*\n(?:[ \t]*\n)*\1 +(?:- +)*["']?[\w./-]+["']?:(?:[ \t\r\n]|$)/gm;

/** `read` reads the text with the colon. Undefined if that isn't all that is wrong. */
export function composeColonless(text: string, read: (text: string) => Composed): Composed | undefined {
  const found = [...text.matchAll(word)];
  const [line] = found;
  if (!line || found.length > 1) return undefined;
  const [whole, , key] = line as unknown as readonly [string, string, string];
  const start = line.index + whole.indexOf(key, whole.search(/[^ -]|-\S/));
  const end = start + key.length;
  const { root, findings, aliases, anchors, merges } = read(`${text.slice(0, end)}:${text.slice(end)}`);
  if (!root || findings.length > 0 || aliases.length > 0 || anchors.size > 0 || merges) return undefined;
  // The line may also be text of a block scalar, for example.
  if (!hasKey(root, start, key)) return undefined;
  return { root: before(root, end), findings: [colonMissing(key, start)], aliases, anchors, merges };
}

function hasKey(root: Node, start: number, key: string): boolean {
  let node: Node | undefined = root;
  while (node) {
    if (node.type === 'seq') node = node.items.findLast((item) => item.start <= start);
    else if (node.type === 'map') {
      const entry: Entry | undefined = node.entries.findLast((one) => one.key.start <= start);
      if (entry?.key.start === start) return entry.key.text === key;
      node = entry?.value;
    } else return false;
  }
  return false;
}

/** The node without the character at an offset. */
function before(node: Node, at: number): Node {
  if (node.end <= at) return node;
  const start = node.start > at ? node.start - 1 : node.start;
  const end = node.end - 1;
  switch (node.type) {
    case 'map':
      return {
        ...node,
        start,
        end,
        entries: node.entries.map(({ key, value }) => ({
          key: before(key, at) as ScalarNode,
          value: before(value, at),
        })),
      };
    case 'seq':
      return { ...node, start, end, items: node.items.map((item) => before(item, at)) };
    default:
      return { ...node, start, end };
  }
}
