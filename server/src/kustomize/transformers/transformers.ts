// The transformers, in the order kustomize runs them (api/internal/target/kusttarget_configplugin.go), and the fields that
// no transformer here does anything with yet.
import { namespaceTransformer } from './namespace.ts';
import { json6902Transformer, patchesTransformer, strategicMergeTransformer } from './patches.ts';
import type { Transformer } from './transformer.ts';

export const transformers: readonly Transformer[] = [
  strategicMergeTransformer,
  patchesTransformer,
  namespaceTransformer,
  json6902Transformer,
];

/** Fields that change what is built, and aren't built here: a result says which of them it lacks. */
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

/** Fields that change nothing by themselves. */
export const inert: readonly string[] = [
  'apiVersion',
  'kind',
  'metadata',
  'generatorOptions',
  'helmGlobals',
  'sortOptions',
];
