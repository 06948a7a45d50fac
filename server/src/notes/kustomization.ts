// Notes on kustomize's own file: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/ and kustomize's api
// module of v0.21.
import { deprecated, type FieldNotes, type KindNotes } from './note.ts';

const fields: FieldNotes = {
  resources:
    'Manifest files, directories with a kustomization, or URLs of such directories. Only listed files are built: other files in the directory are ignored.',
  components:
    'Directories whose kustomization is a `Component`. A component is applied to the resources accumulated so far, so it can patch `resources`; order matters.',
  namespace: 'Sets the namespace of every namespaced object, even if the object already has one.',
  namePrefix: 'Prefix for the name of every object, and for the references to it that kustomize knows.',
  nameSuffix: 'Suffix for the name of every object, and for the references to it that kustomize knows.',
  labels: 'Labels for every object; selectors and pod templates are unchanged unless enabled.',
  'labels.includeSelectors':
    'Adds the labels to selectors and pod templates too. The selector of an existing Deployment is immutable: the Deployment must be deleted and recreated.',
  'labels.includeTemplates': 'Adds the labels to pod templates but not to selectors.',
  commonLabels: deprecated('Deprecated: use `labels`, which changes selectors only with `includeSelectors: true`.'),
  commonAnnotations: 'Annotations for every object and every pod template.',
  patches:
    'Patches to objects, each a strategic merge or JSON patch. Without `target` the patch itself must identify its object by apiVersion, kind and name.',
  'patches.target':
    'Objects to patch, which must match all given fields. Group, kind, name and namespace are anchored regular expressions.',
  'patches.path': 'File that contains the patch. Set either this or `patch`.',
  'patches.patch': 'Inline patch. Set either this or `path`.',
  patchesStrategicMerge: deprecated('Deprecated: use `patches`, which accepts the same files as `path`.'),
  patchesJson6902: deprecated('Deprecated: use `patches`, which accepts the same entries.'),
  images: 'New names, tags or digests for images, wherever a pod references them.',
  'images.name': 'Name of the image in the objects, without the tag.',
  imageTags: deprecated('Deprecated: use `images`, which accepts the same entries.'),
  replicas: 'Number of replicas by name, for Deployments, StatefulSets, ReplicaSets and ReplicationControllers.',
  configMapGenerator:
    'ConfigMaps generated from files and literals. Their names end in a hash of the content, so that pods restart when it changes.',
  'configMapGenerator.behavior': '`create` by default; `merge` and `replace` change a ConfigMap that a base generates.',
  'configMapGenerator.env': deprecated('Deprecated: use `envs`, a list of such files.'),
  secretGenerator:
    'Secrets generated from files and literals, with a hash of the content in their names. The files are in plain text in Git unless they are encrypted.',
  'secretGenerator.behavior': '`create` by default; `merge` and `replace` change a Secret that a base generates.',
  'secretGenerator.env': deprecated('Deprecated: use `envs`, a list of such files.'),
  'generatorOptions.disableNameSuffixHash':
    'Omits the hash from names. Pods then don’t restart when the content changes.',
  replacements: 'Copies a value from one object to fields of other objects; replaces `vars`.',
  vars: deprecated('Deprecated: use `replacements`, which copies values between objects.'),
  bases: deprecated('Deprecated: use `resources`, which accepts directories too.'),
  helmCharts: 'Helm charts to render. Requires `--enable-helm`, which Flux doesn’t set: use a HelmRelease there.',
  helmChartInflationGenerator: deprecated('Deprecated: use `helmCharts`.'),
  crds: 'Files that declare which fields of custom resources contain names, so that prefixes are applied to them.',
  openapi: 'File with the schemas of custom resources, so that lists in patches are merged by key.',
};

export const kustomization: readonly KindNotes[] = ['Kustomization', 'Component'].map((kind) => ({
  group: 'kustomize.config.k8s.io',
  kind,
  fields,
}));
