// Notes on kustomize's own file: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ and kustomize's api
// module of v0.21.
import type { FieldNotes, KindNotes } from './note.ts';

const fields: FieldNotes = {
  resources:
    'Files with objects, folders with a kustomization of their own, or URLs of such folders. Only what stands here is built: a file that is in the folder alone is not.',
  components:
    'Folders whose kustomization is a `Component`. A component is applied to what this kustomization has by then, so it can patch `resources`; the order counts.',
  namespace: 'Set in every namespaced object, also where one is written already.',
  namePrefix: 'Put before the name of every object, and before the references to it that kustomize knows.',
  nameSuffix: 'Put behind the name of every object, and behind the references to it that kustomize knows.',
  labels: 'Labels for every object; selectors and pod templates stay as they are unless told otherwise.',
  'labels.includeSelectors':
    'Selectors get the labels too, and so do pod templates. The selector of a running Deployment can’t be changed: it must be deleted and made again.',
  'labels.includeTemplates': 'Pod templates get the labels, selectors don’t.',
  commonLabels:
    'Deprecated: `labels` does the same with `includeSelectors: true`, and leaves selectors alone without it.',
  commonAnnotations: 'Annotations for every object and for pod templates.',
  patches:
    'Changes to objects, each a strategic merge or a JSON patch. Without `target` the patch itself must name its object by apiVersion, kind and name.',
  'patches.target':
    'Which objects are patched: all that fit every part given. Group, kind, name and namespace are regular expressions over the whole name.',
  'patches.path': 'File with the patch; or write it under `patch`.',
  'patches.patch': 'The patch itself; or name its file under `path`.',
  patchesStrategicMerge: 'Deprecated: `patches` takes the same files, as `path`.',
  patchesJson6902: 'Deprecated: `patches` takes the same entries.',
  images: 'New name, tag or digest for images, wherever a pod names them.',
  'images.name': 'The image as it stands in the objects, without tag.',
  imageTags: 'Deprecated: `images` takes the same entries.',
  replicas: 'Numbers of replicas by name, for Deployments, StatefulSets, ReplicaSets and ReplicationControllers.',
  configMapGenerator:
    'ConfigMaps made of files and literals. Their names end in a hash of the content, so that pods start again when it changes.',
  'configMapGenerator.behavior': '`create` by default; `merge` and `replace` change a map that a base generates.',
  'configMapGenerator.env': 'Deprecated: `envs` takes a list of such files.',
  secretGenerator:
    'Secrets made of files and literals, named with a hash of the content. The files stand in Git as they are, unless something encrypts them.',
  'secretGenerator.behavior': '`create` by default; `merge` and `replace` change a Secret that a base generates.',
  'secretGenerator.env': 'Deprecated: `envs` takes a list of such files.',
  'generatorOptions.disableNameSuffixHash': 'Names stay without hash. Pods then don’t notice when the content changes.',
  replacements: 'Copies a value from one object to fields of others; what `vars` did.',
  vars: 'Deprecated: `replacements` copies values between objects.',
  bases: 'Deprecated: `resources` takes folders as well.',
  helmCharts:
    'Charts to render here. Works with `--enable-helm` only, which Flux doesn’t set: use a HelmRelease there.',
  helmChartInflationGenerator: 'Deprecated: write `helmCharts`.',
  crds: 'Files that tell which fields of custom resources hold names, so that prefixes reach them.',
  openapi: 'File with the schema of custom resources, so that lists in patches merge by key.',
};

export const kustomization: readonly KindNotes[] = ['Kustomization', 'Component'].map((kind) => ({
  group: 'kustomize.config.k8s.io',
  kind,
  fields,
}));
