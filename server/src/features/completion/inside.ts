// What is inside an object that a reference names: keys of a ConfigMap, ports of a Service and the like (kube/insides).
import { nodeAt } from '../../syntax/navigate.ts';
import type { Node } from '../../syntax/tree.ts';
import { keyName, resolveAlias } from '../../syntax/value.ts';

/** The values at a path such as `data.*` or `spec.ports[*].name`. */
export function valuesInside(target: Node, path: string): readonly (string | number)[] {
  return valuesAt(target, path.split(/\.|(?=\[)/));
}

function valuesAt(node: Node, steps: readonly string[]): readonly (string | number)[] {
  const [step, ...rest] = steps;
  const target = resolveAlias(node);
  if (step === undefined) {
    if (target?.type !== 'scalar') return [];
    // `key=value` and `key=path` in a generator.
    if (typeof target.value === 'string') return [target.value.replace(/=.*$/s, '').replace(/^.*\//, '')];
    return typeof target.value === 'bigint' ? [Number(target.value)] : [];
  }
  if (step === '*') return target?.type === 'map' ? target.entries.flatMap(({ key }) => keyName(key) ?? []) : [];
  if (step === '[*]') return target?.type === 'seq' ? target.items.flatMap((item) => valuesAt(item, rest)) : [];
  const next = nodeAt(node, [step]);
  return next ? valuesAt(next, rest) : [];
}
