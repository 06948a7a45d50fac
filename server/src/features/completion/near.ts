// An object as far as it is near a field: what is far from the field in a long object is unknown, which brings no problem,
// so that judging the object takes the same time however long it is.
import { type Node, type Path, unknown, type Value } from '../../syntax/tree.ts';
import { isMerge, keyName, markUnknownKeys, toValue } from '../../syntax/value.ts';

/** Characters of what is around the field; judging more for every suggestion would take too long. */
const most = 8_000;

/** Of those, without the rest of long texts. */
const mostNear = 5_000;

/** A longer text, such as a description, takes no longer to judge. */
const mostOfScalar = 60;

/** The value of a node, without what is far from `path` in it. */
export function nearValue(node: Node, path: Path): Value {
  return node.end - node.start <= most ? toValue(node) : nearest(node, path, { left: mostNear });
}

interface Budget {
  left: number;
}

/** What is on the path comes first, then what is beside its end, last what is beside its start. */
function nearest(node: Node, path: Path, budget: Budget): Value {
  const [step, ...rest] = path;
  const inner = (child: Node) => nearest(child, rest, budget);
  const other = (child: Node) => (affords(child, budget) ? toValue(child) : unknown);
  if (node.type === 'seq' && node.items.length > 0) {
    const at = typeof step === 'number' ? node.items[step] : undefined;
    const value = at && inner(at);
    return node.items.map((item) => (item === at ? value! : other(item)));
  }
  if (node.type !== 'map' || node.entries.length === 0) return other(node);
  // What is merged can't be told apart from what is written here.
  if (node.entries.some(isMerge)) return other(node);
  const at = node.entries.find(({ key }) => keyName(key) === step);
  const value = at && inner(at.value);
  const entries = node.entries.flatMap((entry): readonly (readonly [string, Value])[] => {
    const name = keyName(entry.key);
    return name === undefined ? [] : [[name, entry === at ? value! : other(entry.value)]];
  });
  const map = Object.fromEntries(entries);
  if (node.entries.some(({ key }) => keyName(key) === undefined)) markUnknownKeys(map);
  return map;
}

/** Scalars are always read: some of them decide what the rest means. */
function affords(node: Node, budget: Budget): boolean {
  if (node.type === 'scalar') return true;
  const left = leftAfter(node, budget.left);
  if (left < 0) return false;
  budget.left = left;
  return true;
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
