// The transformers in kustomize's order (api/internal/target/kusttarget_configplugin.go), and the fields that have none
// yet.
import { namespaceTransformer } from './namespace.ts';
import { json6902Transformer, patchesTransformer, strategicMergeTransformer } from './patches.ts';
import type { Transformer } from './transformer.ts';

export const transformers: readonly Transformer[] = [
  strategicMergeTransformer,
  patchesTransformer,
  namespaceTransformer,
  json6902Transformer,
];

/** Fields that affect the build but aren't supported; the result lists those that are set as incomplete. */
export const unsupported: readonly string[] = [
  'namePrefix',
  'nameSuffix',
  'commonLabels',
  'labels',
  'commonAnnotations',
  'images',
  'imageTags',
  'replicas',
  'replacements',
  'vars',
  'configMapGenerator',
  'secretGenerator',
  'helmCharts',
  'helmChartInflationGenerator',
  'generators',
  'transformers',
  'validators',
  'configurations',
  'crds',
  'openapi',
  'buildMetadata',
];

/** Fields that have no effect by themselves. */
export const inert: readonly string[] = [
  'apiVersion',
  'kind',
  'metadata',
  'generatorOptions',
  'helmGlobals',
  'sortOptions',
];
