// Values of fields that name something inside the object of a reference beside them: a key of a ConfigMap or a Secret, a
// port of a Service, a class or a variable of a ClusterClass.
import type { GroupKind } from '../../kube/identity.ts';
import { groupKindOf } from '../../kube/identity.ts';
import { kindRow } from '../../kube/kinds.ts';
import { nodeAt } from '../../syntax/navigate.ts';
import type { Node, Path } from '../../syntax/tree.ts';
import { keyName, resolveAlias } from '../../syntax/value.ts';
import { rowPath } from '../place.ts';
import type { Candidate } from './item.ts';
import { type Place, targetsNamed } from './references.ts';

interface Inside {
  readonly to: readonly GroupKind[];
  /** Paths of the fields from the reference's map or, if the reference is a plain name, from the map around it. */
  readonly at: readonly string[];
  /** Paths in the object: `*` are the keys of a map, `[*]` the items of a list. */
  readonly from: readonly string[];
}

const insides: readonly Inside[] = [
  {
    to: ['/ConfigMap', '/Secret'],
    at: ['key', 'valuesKey', 'items[*].key'],
    // The last two are those of a kustomization's generators.
    from: ['data.*', 'stringData.*', 'binaryData.*', 'literals[*]', 'files[*]'],
  },
  { to: ['/Service'], at: ['port.name'], from: ['spec.ports[*].name'] },
  { to: ['/Service'], at: ['port.number'], from: ['spec.ports[*].port'] },
  {
    to: ['cluster.x-k8s.io/ClusterClass'],
    at: ['workers.machineDeployments[*].class'],
    from: ['spec.workers.machineDeployments[*].class'],
  },
  {
    to: ['cluster.x-k8s.io/ClusterClass'],
    at: ['workers.machinePools[*].class'],
    from: ['spec.workers.machinePools[*].class'],
  },
  { to: ['cluster.x-k8s.io/ClusterClass'], at: ['variables[*].name'], from: ['spec.variables[*].name'] },
];

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
