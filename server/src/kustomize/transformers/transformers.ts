// The transformers in kustomize's order (api/internal/target/kusttarget_configplugin.go), with the names of their plugins,
// which annotations of `buildMetadata` mention once for each time they run.
import { type BuiltMap, builtAt, isNull } from '../built.ts';
import { imageTransformer } from './images.ts';
import { annotationTransformer, labelTransformer } from './labels.ts';
import { prefixTransformer, suffixTransformer } from './names.ts';
import { namespaceTransformer } from './namespace.ts';
import { json6902Transformer, patchesInSteps, strategicMergeTransformer } from './patches.ts';
import { replacementTransformer } from './replacements.ts';
import { replicaTransformer } from './replicas.ts';
import { filledText, itemsAt, type Transformer, type TransformerInSteps } from './transformer.ts';

interface Listed {
  readonly plugin: string;
  readonly transform: Transformer | TransformerInSteps;
  /** How often the plugin runs. */
  readonly runs: (fields: BuiltMap) => number;
  /** The transformer calls what records a run after each. */
  readonly recordsRuns?: true;
}

const each = (field: string) => (fields: BuiltMap) => itemsAt(fields, [field]).length;
const once = (field: string) => (fields: BuiltMap) => Math.min(1, each(field)(fields));
const ifSet = (field: string) => (fields: BuiltMap) => (filledText(fields, [field]) ? 1 : 0);

export const transformers: readonly Listed[] = [
  {
    plugin: 'PatchStrategicMergeTransformer',
    transform: strategicMergeTransformer,
    runs: once('patchesStrategicMerge'),
  },
  { plugin: 'PatchTransformer', transform: patchesInSteps, runs: each('patches'), recordsRuns: true },
  { plugin: 'NamespaceTransformer', transform: namespaceTransformer, runs: ifSet('namespace') },
  { plugin: 'PrefixTransformer', transform: prefixTransformer, runs: ifSet('namePrefix') },
  { plugin: 'SuffixTransformer', transform: suffixTransformer, runs: ifSet('nameSuffix') },
  { plugin: 'LabelTransformer', transform: labelTransformer, runs: labelRuns },
  {
    plugin: 'AnnotationsTransformer',
    transform: annotationTransformer,
    runs: (fields) => (hasEntries(fields, 'commonAnnotations') ? 1 : 0),
  },
  {
    plugin: 'PatchJson6902Transformer',
    transform: json6902Transformer,
    runs: each('patchesJson6902'),
    recordsRuns: true,
  },
  { plugin: 'ReplicaCountTransformer', transform: replicaTransformer, runs: each('replicas') },
  {
    plugin: 'ImageTagTransformer',
    transform: imageTransformer,
    runs: (fields) => each('images')(fields) + each('imageTags')(fields),
  },
  { plugin: 'ReplacementTransformer', transform: replacementTransformer, runs: once('replacements') },
];

/** The one for `commonLabels` runs also without any. */
function labelRuns(fields: BuiltMap): number {
  const labels = each('labels')(fields);
  return labels > 0 || hasEntries(fields, 'commonLabels') ? labels + 1 : 0;
}

function hasEntries(fields: BuiltMap, field: string): boolean {
  const map = builtAt(fields, [field]);
  return map !== undefined && !isNull(map) && map.kind === 'map' && map.entries.size > 0;
}
