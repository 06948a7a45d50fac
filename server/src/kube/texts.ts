// Fields whose text is a document of its own, and what that is; fields that hold JSON pointers into other objects. Completion, hover, findings, formatting and tokens of texts
// inside documents follow from a row.
import { type GroupKind, groupKindOf } from './identity.ts';

export type TextContent =
  /** A strategic merge patch, or a list of JSON 6902 operations. */
  | 'patch'
  /** A strategic merge patch. */
  | 'merge-patch'
  /** A list of JSON 6902 operations. */
  | 'operations'
  /** Whole objects, separated by `---`. */
  | 'objects'
  /** The values of a Helm chart. */
  | 'values'
  /** Any text, mostly of several lines. */
  | 'text';

export interface TextField {
  readonly of: readonly GroupKind[];
  /** The path of the text: dotted, `[*]` for items. */
  readonly at: string;
  readonly holds: TextContent;
  /** Of a patch: the field beside it that selects the objects it is for. Without one, the patch names its object itself. */
  readonly target?: string;
}

const kustomizations: readonly GroupKind[] = [
  'kustomize.config.k8s.io/Kustomization',
  'kustomize.config.k8s.io/Component',
];

/** The content of files on a machine, of any language. */
const files = (of: GroupKind, at: string): TextField => ({ of: [of], at: `${at}.files[*].content`, holds: 'text' });

export const textFields: readonly TextField[] = [
  { of: kustomizations, at: 'patches[*].patch', holds: 'patch', target: 'target' },
  { of: kustomizations, at: 'patchesStrategicMerge[*]', holds: 'merge-patch' },
  { of: kustomizations, at: 'patchesJson6902[*].patch', holds: 'operations', target: 'target' },
  {
    of: ['kustomize.toolkit.fluxcd.io/Kustomization'],
    at: 'spec.patches[*].patch',
    holds: 'patch',
    target: 'target',
  },
  {
    of: ['helm.toolkit.fluxcd.io/HelmRelease'],
    at: 'spec.postRenderers[*].kustomize.patches[*].patch',
    holds: 'patch',
    target: 'target',
  },
  {
    of: ['fluxcd.controlplane.io/FluxInstance'],
    at: 'spec.kustomize.patches[*].patch',
    holds: 'patch',
    target: 'target',
  },
  { of: ['fluxcd.controlplane.io/ResourceSet'], at: 'spec.resourcesTemplate', holds: 'objects' },
  files('bootstrap.cluster.x-k8s.io/KubeadmConfig', 'spec'),
  files('bootstrap.cluster.x-k8s.io/KubeadmConfigTemplate', 'spec.template.spec'),
  files('controlplane.cluster.x-k8s.io/KubeadmControlPlane', 'spec.kubeadmConfigSpec'),
  files('controlplane.cluster.x-k8s.io/KubeadmControlPlaneTemplate', 'spec.template.spec.kubeadmConfigSpec'),
];

/** Keys of ConfigMaps and Secrets whose texts are documents because of the object that uses them. */
export interface UsedText {
  readonly of: GroupKind;
  /** The map with the texts. */
  readonly in: string;
  readonly by: GroupKind;
  /** Only the key that this field of the reference names, or the other one if it names none; otherwise all. */
  readonly key?: { readonly from: string; readonly otherwise: string };
  readonly holds: TextContent;
}

const maps = [
  { of: '/ConfigMap', in: 'data' },
  { of: '/Secret', in: 'stringData' },
] as const;

export const usedTexts: readonly UsedText[] = maps.flatMap((map): readonly UsedText[] => [
  { ...map, by: 'addons.cluster.x-k8s.io/ClusterResourceSet', holds: 'objects' },
  {
    ...{ ...map, by: 'helm.toolkit.fluxcd.io/HelmRelease', holds: 'values' },
    key: { from: 'valuesKey', otherwise: 'values.yaml' },
  },
]);

const byKind = new Map<GroupKind, TextField[]>();
for (const field of textFields) {
  for (const kind of field.of) byKind.set(kind, [...(byKind.get(kind) ?? []), field]);
}

const none: readonly TextField[] = [];

/** The fields of a kind that hold texts. */
export function textFieldsOf(kind: { readonly group: string; readonly kind: string }): readonly TextField[] {
  return byKind.get(groupKindOf(kind)) ?? none;
}

/** A field with a JSON pointer (RFC 6901) into the objects that a selector beside it is for. */
export interface PointerField {
  readonly of: GroupKind;
  readonly at: string;
  /** The path of the selector; its items are those of `at`. */
  readonly target: string;
}

export const pointerFields: readonly PointerField[] = [
  {
    of: 'cluster.x-k8s.io/ClusterClass',
    at: 'spec.patches[*].definitions[*].jsonPatches[*].path',
    target: 'spec.patches[*].definitions[*].selector',
  },
  {
    of: 'helm.toolkit.fluxcd.io/HelmRelease',
    at: 'spec.driftDetection.ignore[*].paths[*]',
    target: 'spec.driftDetection.ignore[*].target',
  },
  {
    of: 'kustomize.toolkit.fluxcd.io/Kustomization',
    at: 'spec.ignore[*].paths[*]',
    target: 'spec.ignore[*].target',
  },
];
