// Notes on cluster.x-k8s.io ClusterClass and its patches
// (https://cluster-api.sigs.k8s.io/tasks/experimental-features/cluster-class/).
import { checks, deletion, order, readiness, remediation, rollout, taints } from './machines.ts';
import type { FieldNotes, KindNotes } from './note.ts';
import { under } from './note.ts';

const template = (what: string): string =>
  `Template of the ${what}, in the ClusterClass’s namespace; its kind ends in \`Template\`. Referencing another template changes every cluster of the class.`;

const names = 'Default for clusters of the class; each cluster can override it.';

const worker = (config: string, machines: string): FieldNotes => ({
  class:
    'Name by which clusters reference this class of workers; unique in the ClusterClass. It can’t be removed while a cluster uses it.',
  'bootstrap.templateRef': template(`workers’ bootstrap data, such as \`${config}\``),
  'infrastructure.templateRef': template(`workers’ infrastructure, such as \`${machines}\``),
  metadata: 'Labels and annotations for the workers. Those in the cluster’s topology take precedence.',
});

export const clusterClass: readonly KindNotes[] = [
  {
    group: 'cluster.x-k8s.io',
    kind: 'ClusterClass',
    fields: {
      'spec.infrastructure.templateRef': template('provider’s cluster object'),
      'spec.infrastructure.naming.template':
        'Go template for the name of the provider’s cluster object; `{{ .cluster.name }}-{{ .random }}` by default.',
      'spec.controlPlane.templateRef': template('control plane'),
      'spec.controlPlane.machineInfrastructure.templateRef': template('control plane’s machines'),
      'spec.controlPlane.naming.template':
        'Go template for the name of the control plane object; `{{ .cluster.name }}-{{ .random }}` by default.',
      ...under('spec.controlPlane', { ...deletion, ...taints, readinessGates: readiness.readinessGates! }),
      ...under('spec.controlPlane.healthCheck', { ...under('checks', checks), ...under('remediation', remediation) }),
      ...under('spec.workers.machineDeployments', {
        ...worker('KubeadmConfigTemplate', 'AWSMachineTemplate'),
        ...deletion,
        ...order,
        ...readiness,
        ...taints,
        'rollout.strategy.type': rollout['rollout.strategy.type']!,
        ...under('healthCheck', { ...under('checks', checks), ...under('remediation', remediation) }),
        failureDomain: `Failure domain in which the machines are created. ${names}`,
        'naming.template':
          'Go template for the names of MachineDeployments; `{{ .cluster.name }}-{{ .machineDeployment.topologyName }}-{{ .random }}` by default.',
      }),
      ...under('spec.workers.machinePools', worker('KubeadmConfigTemplate', 'AWSMachinePoolTemplate')),
      'spec.kubernetesVersions':
        'Versions that clusters can use, oldest first and without gaps between minor versions. Clusters can then upgrade several minor versions at once: the controller performs each step.',
      'spec.availabilityGates': `Additional Cluster conditions that must be true before the Cluster is available. ${names}`,
      'spec.variables':
        'Variables that clusters can set, each with the schema that validates its values; used in patches.',
      'spec.variables.name':
        'Name of the variable: unique, without dots, and not `builtin`, which is reserved for values from the controller.',
      'spec.variables.required':
        'Whether every cluster must set the variable. Adding a required variable without a default makes updates of existing clusters fail.',
      'spec.variables.schema.openAPIV3Schema':
        'OpenAPI v3 schema, a subset of the schemas in CRDs. Defaults are written into each cluster; unknown fields are rejected.',
      'spec.patches':
        'Patches to the templates, applied in order, based on each cluster’s variables. Changing them changes every cluster of the class, which can replace all machines.',
      'spec.patches.enabledIf':
        'Go template over the variables; the patch applies if the template renders to `true`, or if omitted. Quote it, since it begins with a brace.',
      'spec.patches.definitions': 'Inline JSON patches. Set either this or `external`.',
      'spec.patches.definitions.selector':
        'Templates to patch. `apiVersion` and `kind` must exactly match the reference in this class; otherwise nothing is patched.',
      'spec.patches.definitions.selector.matchResources':
        'Where the template is used: by the control plane, as the cluster’s infrastructure, or by workers of the named classes.',
      'spec.patches.definitions.selector.matchResources.controlPlane':
        'Templates of the control plane and of its machines; `kind` distinguishes between them.',
      'spec.patches.definitions.selector.matchResources.machineDeploymentClass.names':
        'Names of worker classes; `*` is allowed at the beginning or the end.',
      'spec.patches.definitions.jsonPatches.op':
        '`add`, `replace` or `remove`. `replace` and `remove` fail if the path doesn’t exist, `add` if the parent is missing.',
      'spec.patches.definitions.jsonPatches.path':
        'JSON pointer into the template, such as `/spec/template/spec/instanceType`; only the spec can be patched. In lists only `0`, to prepend, and `-`, to append, are allowed.',
      'spec.patches.definitions.jsonPatches.value': 'Literal value. Set either this or `valueFrom`.',
      'spec.patches.definitions.jsonPatches.valueFrom.variable':
        'A variable, a path within one, such as `network.cidrs[0]`, or a built-in variable, such as `builtin.cluster.name`. The value keeps its type.',
      'spec.patches.definitions.jsonPatches.valueFrom.template':
        'Go template over the variables whose result is parsed as YAML: quote a string that looks like a number.',
      'spec.patches.external.generatePatchesExtension':
        'Runtime extension handler that generates the patches, as `handler.extension`. Requires the feature gate `RuntimeSDK`.',
    },
  },
];
