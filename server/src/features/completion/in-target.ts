// Values of fields that name something inside the object of a reference beside them, as listed in kube/insides.
import { groupKindOf } from '../../kube/identity.ts';
import { insides } from '../../kube/insides.ts';
import { kindRow } from '../../kube/kinds.ts';
import { nodeAt } from '../../syntax/navigate.ts';
import type { Node, Path } from '../../syntax/tree.ts';
import { keyName, resolveAlias } from '../../syntax/value.ts';
import { rowPath } from '../place.ts';
import type { Candidate } from './item.ts';
import { type Place, targetsNamed } from './references.ts';

export function insideCandidates(place: Place): readonly Candidate[] {
  const { field } = place;
  const at = rowPath(field.path);
  const found = (kindRow(groupKindOf(field.kind.gvk))?.references ?? []).flatMap((reference) => {
    const around = reference.path.slice(0, Math.max(0, reference.path.lastIndexOf('.')));
    return insides.flatMap((inside) => {
      if (!inside.to.some((one) => reference.to.includes(one))) return [];
      const fits = (map: string) => inside.at.some((end) => at === `${map}.${end}`);
      if (!fits(reference.path) && !fits(around)) return [];
      const to = pathTo(reference.path, field.path);
      const targets = to ? targetsNamed(place, reference, to) : [];
      return targets.flatMap((target) => inside.from.flatMap((path) => valuesAt(target, path.split(/\.|(?=\[)/))));
    });
  });
  return [...new Set(found)].map((value, rank) => ({ value, kind: 'reference', rank }));
}

/** The path of the reference, with the list items that the field is in. */
function pathTo(reference: string, path: Path): Path | undefined {
  const steps = reference.split(/\.|(?=\[)/);
  const found = steps.map((step, index) => (step === '[*]' ? path[index] : step));
  return found.every((step) => step !== undefined) ? found : undefined;
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
