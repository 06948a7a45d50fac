// The known texts of built objects at paths of kind rows, such as `spec.dependsOn[*].readyExpr`.
import { type Path, unknown } from '../syntax/tree.ts';
import { type Built, type BuiltScalar, builtAt } from './built.ts';

export interface PlacedText {
  readonly text: string;
  readonly value: BuiltScalar;
  readonly path: Path;
}

/** The scalars at a dotted path with `[*]` for items, without holes and null. `around` is the path of the node itself. */
export function textsAt(node: Built | undefined, at: string, around: Path = []): readonly PlacedText[] {
  return [...textsIn(node, stepsOf(at), around)];
}

const steps = new Map<string, readonly string[]>();

function stepsOf(at: string): readonly string[] {
  const known = steps.get(at) ?? at.split(/\.|(?=\[)/);
  steps.set(at, known);
  return known;
}

function* textsIn(node: Built | undefined, [step, ...rest]: readonly string[], path: Path): Iterable<PlacedText> {
  if (!node) return;
  if (step === undefined) {
    const isText = node.kind === 'scalar' && node.value !== null;
    if (isText && node.value !== unknown && !node.text.includes('${')) yield { text: node.text, value: node, path };
    return;
  }
  if (step === '[*]') {
    if (node.kind !== 'list') return;
    for (const [index, item] of node.items.entries()) yield* textsIn(item, rest, [...path, index]);
    return;
  }
  yield* textsIn(builtAt(node, [step]), rest, [...path, step]);
}
