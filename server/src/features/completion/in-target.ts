// Values of fields that name something inside the object of a reference beside them, as listed in kube/insides.
import { groupKindOf } from '../../kube/identity.ts';
import { insides } from '../../kube/insides.ts';
import { kindRow } from '../../kube/kinds.ts';
import type { Path } from '../../syntax/tree.ts';
import { rowPath } from '../place.ts';
import { valuesInside } from './inside.ts';
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
      return targets.flatMap((target) => inside.from.flatMap((path) => valuesInside(target, path)));
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
