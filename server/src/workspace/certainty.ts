// What of a fleet is certain: which of its clusters may be none, and which appliers could be built from everything they need.
import type { Reason } from '../kustomize/build-problem.ts';
import type { Applier, Cluster } from './cluster.ts';

/**
 * The clusters that may be none: Kustomizations that nothing applies are often left from earlier. Where no entry point is
 * certain, those are the small ones.
 */
export function doubtfulOf(clusters: readonly Cluster[]): readonly Cluster[] {
  const assumed = clusters.filter(({ isAssumed }) => isAssumed);
  if (assumed.length < clusters.length) return assumed;
  const most = Math.max(...assumed.map(({ appliers }) => appliers.length));
  return assumed.filter(({ appliers }) => appliers.length < most / 2);
}

const whole = new WeakMap<Applier, boolean>();

/** Whether everything that it and its own appliers do could be built. */
export function isWhole(applier: Applier): boolean {
  const known = whole.get(applier);
  if (known !== undefined) return known;
  const { problems, incomplete } = applier.result;
  const isBuilt = problems.length === 0 && incomplete.every((field) => adding.has(field));
  const result = isBuilt && (!applier.by || isWhole(applier.by));
  whole.set(applier, result);
  return result;
}

/** Fields that only add objects, or whose values are holes: without them, the others are known. */
const adding: ReadonlySet<string> = new Set([
  ...['resources', 'bases', 'generators', 'configMapGenerator', 'secretGenerator', 'helmCharts'],
  ...['helmChartInflationGenerator', 'crds', 'name suffix', 'decryption'],
]);

/** Whether something that changes objects, such as a patch or a transformer, couldn't be read, so that any value may differ. */
export function lacksChanges({ result: { problems } }: Applier): boolean {
  return problems.some(
    ({ reason, field, isOfTransformer }) =>
      isOfTransformer === true || (ofPaths.has(reason.kind) && !adding.has(String(field[0]))),
  );
}

const ofPaths: ReadonlySet<Reason['kind']> = new Set<Reason['kind']>([
  ...(['missing', 'no-kustomization', 'not-a-folder', 'absolute', 'outside', 'cycle'] as const),
  ...(['resource-as-component', 'ambiguous-path'] as const),
]);
