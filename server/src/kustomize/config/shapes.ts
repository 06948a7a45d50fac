// The types of a kustomization and of the configurations it references (api/types).
import type { Shape } from './shape.ts';

const texts: Shape = { list: 'text' };
const labels: Shape = { map: 'text' };
const gvk = { group: 'text', version: 'text', kind: 'text' } as const;
const id = { ...gvk, name: 'text', namespace: 'text' } as const;

export const fieldSpec: Shape = { fields: { ...gvk, path: 'text', create: 'flag' } };
export const fieldSpecs: Shape = { list: fieldSpec };

export const selector: Shape = { fields: { ...id, annotationSelector: 'text', labelSelector: 'text' } };

export const patch = {
  path: 'text',
  patch: 'text',
  target: selector,
  options: { fields: { allowNameChange: 'flag', allowKindChange: 'flag' } },
} as const satisfies Readonly<Record<string, Shape>>;

export const image: Shape = {
  fields: { name: 'text', newName: 'text', tagSuffix: 'text', newTag: 'text', digest: 'text' },
};

export const replica: Shape = { fields: { name: 'text', count: 'integer' } };

const fieldOptions: Shape = { fields: { delimiter: 'text', index: 'integer', encoding: 'text', create: 'flag' } };

const replacementFields = {
  source: { fields: { ...id, fieldPath: 'text', options: fieldOptions } },
  targets: {
    list: { fields: { select: selector, reject: { list: selector }, fieldPaths: texts, options: fieldOptions } },
  },
  sourceValue: 'text',
} as const satisfies Readonly<Record<string, Shape>>;

export const replacement: Shape = { fields: replacementFields };
export const replacements: Shape = { list: { fields: { ...replacementFields, path: 'text' } } };

const generatorOptions: Shape = {
  fields: { labels, annotations: labels, disableNameSuffixHash: 'flag', immutable: 'flag' },
};

export const configMapArgs = {
  namespace: 'text',
  name: 'text',
  behavior: 'text',
  literals: texts,
  files: texts,
  envs: texts,
  env: 'text',
  options: generatorOptions,
} as const satisfies Readonly<Record<string, Shape>>;

export const secretArgs = { ...configMapArgs, type: 'text' } as const satisfies Readonly<Record<string, Shape>>;

export const objectMeta: Shape = { fields: { name: 'text', namespace: 'text', labels, annotations: labels } };

const label: Shape = {
  fields: {
    pairs: labels,
    includeSelectors: 'flag',
    includeTemplates: 'flag',
    includeVolumeClaimTemplates: 'flag',
    fields: fieldSpecs,
  },
};

const variable: Shape = {
  fields: {
    name: 'text',
    objref: { fields: { ...id, apiVersion: 'text' } },
    fieldref: { fields: { fieldPath: 'text' } },
  },
};

const chart = {
  name: 'text',
  version: 'text',
  repo: 'text',
  releaseName: 'text',
  namespace: 'text',
  nameTemplate: 'text',
  valuesFile: 'text',
  additionalValuesFiles: texts,
  valuesInline: { map: 'anything' },
  valuesMerge: 'text',
  includeCRDs: 'flag',
  skipHooks: 'flag',
  apiVersions: texts,
  kubeVersion: 'text',
  skipTests: 'flag',
  debug: 'flag',
  devel: 'flag',
} as const satisfies Readonly<Record<string, Shape>>;

/** A list whose entries this build doesn't run. */
const unread: Shape = { list: 'anything' };

export const kustomization: Shape = {
  fields: {
    apiVersion: 'text',
    kind: 'text',
    metadata: objectMeta,
    openapi: { map: 'text' },
    namePrefix: 'text',
    nameSuffix: 'text',
    namespace: 'text',
    commonLabels: labels,
    labels: { list: label },
    commonAnnotations: labels,
    patchesStrategicMerge: texts,
    patchesJson6902: { list: { fields: patch } },
    patches: { list: { fields: patch } },
    images: { list: image },
    imageTags: { list: image },
    replacements,
    replicas: { list: replica },
    vars: { list: variable },
    sortOptions: {
      fields: { order: 'text', legacySortOptions: { fields: { orderFirst: texts, orderLast: texts } } },
    },
    resources: texts,
    components: texts,
    crds: texts,
    bases: texts,
    configMapGenerator: { list: { fields: configMapArgs } },
    secretGenerator: { list: { fields: secretArgs } },
    helmGlobals: { fields: { chartHome: 'text', configHome: 'text' } },
    helmCharts: { list: { fields: chart } },
    helmChartInflationGenerator: unread,
    generatorOptions,
    configurations: texts,
    generators: texts,
    transformers: texts,
    validators: texts,
    buildMetadata: texts,
  },
};

const nameReference: Shape = { list: { fields: { ...gvk, fieldSpecs } } };

export const transformerConfig: Shape = {
  fields: {
    namePrefix: fieldSpecs,
    nameSuffix: fieldSpecs,
    namespace: fieldSpecs,
    commonLabels: fieldSpecs,
    labels: fieldSpecs,
    templateLabels: fieldSpecs,
    volumeClaimTemplateLabels: fieldSpecs,
    commonAnnotations: fieldSpecs,
    nameReference,
    varReference: fieldSpecs,
    images: fieldSpecs,
    replicas: fieldSpecs,
  },
};
