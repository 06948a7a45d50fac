// Reads which files a kustomization applies, which are patches and which are data. The fields are those of sigs.k8s.io/kustomize/api/types/kustomization.go, including legacy forms.
import type { Node, Value } from '../syntax/tree.ts';
import { isObject, type ObjectValue, toValue } from '../syntax/value.ts';

export interface KustomizationFacts {
  /** The files and folders it applies: `resources`, `components`, `bases`, `crds`. As written, including remote ones. */
  readonly applies: readonly string[];
  /** Patch files. */
  readonly patches: readonly string[];
  /** Data files: those of generators, Helm values, configuration of transformers and schemas. */
  readonly inputs: readonly string[];
  /** Folders of components, whose patches apply to all objects of this kustomization. */
  readonly components: readonly string[];
  /** Set on all applied objects. */
  readonly namespace?: string;
}

/** Undefined for a value without any field of a kustomization: a file without apiVersion and kind may be anything. */
export function readKustomization(root: Node): KustomizationFacts | undefined {
  const value = toValue(root);
  if (!isObject(value) || !Object.keys(value).some((key) => ownFields.has(key))) return undefined;
  const text = (key: string) => texts(value[key]);
  const namespace = value.namespace;
  return {
    applies: [...text('resources'), ...text('components'), ...text('bases'), ...text('crds')],
    patches: [
      ...text('patchesStrategicMerge').filter((patch) => !patch.includes('\n')),
      ...maps(value.patches).flatMap((patch) => texts([patch.path ?? null])),
      ...maps(value.patchesJson6902).flatMap((patch) => texts([patch.path ?? null])),
      // kustomize's first format listed patch files under `patches` as plain names.
      ...text('patches'),
    ],
    inputs: [
      ...text('configurations'),
      ...text('transformers'),
      ...text('generators'),
      ...text('validators'),
      ...maps(value.replacements).flatMap((one) => texts([one.path ?? null])),
      ...generators(value).flatMap(generatorFiles),
      ...maps(value.helmCharts).flatMap((chart) => [
        ...texts([chart.valuesFile ?? null]),
        ...texts(chart.additionalValuesFiles),
      ]),
      ...maps([value.openapi ?? null]).flatMap((one) => texts([one.path ?? null])),
    ],
    components: text('components'),
    ...(typeof namespace === 'string' && { namespace }),
  };
}

/** Those that tell a kustomization from other files. */
export const kustomizationFields: readonly string[] = [
  'resources',
  'components',
  'bases',
  'crds',
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
  'configMapGenerator',
  'secretGenerator',
  'helmCharts',
  'namePrefix',
  'nameSuffix',
  'commonLabels',
  'commonAnnotations',
  'images',
  'replacements',
  'transformers',
  'generators',
];

const ownFields = new Set(kustomizationFields);

function generators(value: ObjectValue): readonly ObjectValue[] {
  return [...maps(value.configMapGenerator), ...maps(value.secretGenerator)];
}

/** Entries of `files` are `path` or `key=path`. */
function generatorFiles(generator: ObjectValue): readonly string[] {
  const files = texts(generator.files).map((file) => file.slice(file.indexOf('=') + 1));
  return [...files, ...texts(generator.envs), ...texts([generator.env ?? null])];
}

function texts(value: Value | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function maps(value: Value | undefined): readonly ObjectValue[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
