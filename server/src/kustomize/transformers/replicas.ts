// `replicas`: sets the count of the workloads with a name (api/internal/builtins/ReplicaCountTransformer.go).
import type { Path } from '../../syntax/tree.ts';
import { type BuiltMap, type BuiltScalar, builtAt, textAt } from '../built.ts';
import { type FieldSpec, isSelected } from '../config/field-specs.ts';
import { type Changed, changeFields } from '../field-spec.ts';
import { type BuiltObject, idOf, previousIds } from '../objects.ts';
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
  const isScaled = ({ value, previous }: Pick<BuiltObject, 'value' | 'previous'>, spec: FieldSpec) =>
    [...previousIds({ value, previous }), idOf(value)].some((id) => id.name === name && isSelected(id.gvk, spec.gvk));
  const found = objects.some((object) => specs.some((spec) => isScaled(object, spec)));
  let done = objects;
  for (const spec of specs) {
    const change = (value: BuiltMap, { previous }: BuiltObject): Changed<BuiltMap> =>
      isScaled({ value, previous }, spec)
        ? changeFields(value, spec, {
            creates: 'scalar',
            origin: count.origin,
            to: (written) =>
              written.kind === 'scalar'
                ? count
                : { fault: { reason: { kind: 'not-a-scalar', path: spec.path }, origin: written.origin } },
          })
        : value;
    done = changeEach(done, step, field, change, [replica, spec]);
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
