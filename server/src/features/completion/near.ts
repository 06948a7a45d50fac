// An object as far as it is near a field: what is far from the field in a long object is unknown, which brings no problem,
// so that judging the object takes the same time however long it is.
import { type Node, type Path, unknown, type Value } from '../../syntax/tree.ts';
import { isMerge, keyName, markUnknownKeys, toValue } from '../../syntax/value.ts';

/** Characters of what is around the field; judging more for every suggestion would take too long. */
const most = 8_000;

/** Of those, without the rest of long texts: those that are nearest, and the shortest of the others, such as rules. */
const mostNear = 5_000;
const mostShort = 1_500;

/** A longer text, such as a description, takes no longer to judge. */
const mostOfScalar = 60;

/** The value of a node, without what is far from `path` in it. */
export function nearValue(node: Node, path: Path): Value {
  if (node.end - node.start <= most) return toValue(node);
  return nearest(node, path, chosenOf(besideOf(node, path)));
}

/** The nodes beside the path, those beside its end first. Scalars are always read: some of them decide what the rest means. */
function besideOf(node: Node, path: Path): readonly Node[] {
  const [step, ...rest] = path;
  if (isMerged(node)) return [node];
  const children = node.type === 'seq' ? node.items : node.type === 'map' ? node.entries.map(({ value }) => value) : [];
  const at = childAt(node, step);
  const beside = children.filter((child) => child !== at && child.type !== 'scalar');
  return at ? [...besideOf(at, rest), ...beside] : beside;
}

/** What is merged can't be told apart from what is written here. */
function isMerged(node: Node): boolean {
  return node.type === 'map' && node.entries.some(isMerge);
}

function childAt(node: Node, step: Path[number] | undefined): Node | undefined {
  if (node.type === 'seq') return typeof step === 'number' ? node.items[step] : undefined;
  return node.type === 'map' ? node.entries.find(({ key }) => keyName(key) === step)?.value : undefined;
}

function chosenOf(beside: readonly Node[]): ReadonlySet<Node> {
  const chosen = new Set<Node>();
  const choose = (nodes: readonly Node[], budget: number) => {
    let left = budget;
    for (const one of nodes) {
      const after = leftAfter(one, left);
      if (after < 0) continue;
      chosen.add(one);
      left = after;
    }
  };
  choose(beside, mostNear);
  const others = beside.filter((one) => !chosen.has(one));
  choose(
    others.toSorted((a, b) => a.end - a.start - (b.end - b.start)),
    mostShort,
  );
  return chosen;
}

function nearest(node: Node, path: Path, chosen: ReadonlySet<Node>): Value {
  const [step, ...rest] = path;
  const at = childAt(node, step);
  const other = (child: Node) => (child.type === 'scalar' || chosen.has(child) ? toValue(child) : unknown);
  const inner = (child: Node) => (child === at ? nearest(child, rest, chosen) : other(child));
  if (node.type === 'seq' && node.items.length > 0) return node.items.map(inner);
  if (node.type !== 'map' || node.entries.length === 0) return toValue(node);
  if (isMerged(node)) return chosen.has(node) ? toValue(node) : unknown;
  const entries = node.entries.flatMap(({ key, value }): readonly (readonly [string, Value])[] => {
    const name = keyName(key);
    return name === undefined ? [] : [[name, inner(value)]];
  });
  const map = Object.fromEntries(entries);
  if (node.entries.some(({ key }) => keyName(key) === undefined)) markUnknownKeys(map);
  return map;
}

/** Of the characters; below zero if they aren't enough. What they aren't enough for isn't read to its end. */
function leftAfter(node: Node, left: number): number {
  if (node.type === 'scalar') return left - Math.min(node.end - node.start, mostOfScalar);
  if (node.type !== 'map' && node.type !== 'seq') return left - (node.end - node.start);
  const inner = node.type === 'map' ? node.entries.flatMap(({ key, value }) => [key, value]) : node.items;
  let rest = left - 2 * inner.length;
  for (const one of inner) {
    if (rest < 0) break;
    rest = leftAfter(one, rest);
  }
  return rest;
}
