// `replicas`: sets the count of the workloads with a name (api/internal/builtins/ReplicaCountTransformer.go).
import type { Path } from '../../syntax/tree.ts';
import { type BuiltMap, type BuiltScalar, builtAt, textAt } from '../built.ts';
import { type FieldSpec, isSelected } from '../config/field-specs.ts';
import { changeFields } from '../field-spec.ts';
import { idOf, previousIds } from '../objects.ts';
import { changeEach, mapsOf, type Objects, type Step, type Transformer } from './transformer.ts';

export const replicaTransformer: Transformer = (objects, step) =>
  mapsOf(step, 'replicas').reduce(
    (done, [replica, field]) => scaled(done, step, { replica, specs: step.config.replicas, field }),
    objects,
  );

interface Scaling {
  readonly replica: BuiltMap;
  readonly specs: readonly FieldSpec[];
  readonly field: Path;
}

/** Names are compared with those before and after they were changed. */
export function scaled(objects: Objects, step: Step, { replica, specs, field }: Scaling): Objects {
  const name = textAt(replica, ['name']) ?? '';
  const count = countOf(replica);
  let found = false;
  let done = objects;
  for (const spec of specs) {
    done = changeEach(done, step, field, (value, { previous }) => {
      const ids = [...previousIds({ value, previous }), idOf(value)];
      if (!ids.some((id) => id.name === name && isSelected(id.gvk, spec.gvk))) return value;
      found = true;
      return changeFields(value, spec, {
        creates: 'scalar',
        origin: count.origin,
        to: (written) =>
          written.kind === 'scalar'
            ? count
            : { fault: { reason: { kind: 'not-a-scalar', path: spec.path }, origin: written.origin } },
      });
    });
  }
  if (!found)
    step.report({ kind: 'nothing-to-scale', name }, field, builtAt(replica, ['name'])?.origin ?? replica.origin);
  return done;
}

function countOf(replica: BuiltMap): BuiltScalar {
  const written = builtAt(replica, ['count']);
  if (written?.kind === 'scalar' && written.value !== null) {
    const { value } = written;
    return typeof value === 'number' ? { ...written, value: BigInt(value), text: String(value) } : written;
  }
  return { kind: 'scalar', value: 0n, text: '0', origin: replica.origin };
}
