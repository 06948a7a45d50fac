// Notes on cluster.x-k8s.io ClusterClass and what its patches take
// (https://cluster-api.sigs.k8s.io/tasks/experimental-features/cluster-class/).
import { checks, deletion, order, readiness, remediation, rollout, taints } from './machines.ts';
import type { FieldNotes, KindNotes } from './note.ts';
import { under } from './note.ts';

const template = (what: string): string =>
  `Template of the ${what}, in the ClusterClass’s namespace; its kind ends in \`Template\`. Naming another one changes every cluster of the class.`;

const names = 'Default for clusters of the class; each may set its own.';

const worker = (config: string, machines: string): FieldNotes => ({
  class: 'What clusters name to get workers of this class; unique here, and not to be removed while a cluster uses it.',
  'bootstrap.templateRef': template(`workers’ bootstrap data, such as \`${config}\``),
  'infrastructure.templateRef': template(`workers’ infrastructure, such as \`${machines}\``),
  metadata: 'Labels and annotations for the workers, under those that the cluster’s entry sets.',
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
        failureDomain: `Where the machines are made. ${names}`,
        'naming.template':
          'Go template for names of MachineDeployments; `{{ .cluster.name }}-{{ .machineDeployment.topologyName }}-{{ .random }}` by default.',
      }),
      ...under('spec.workers.machinePools', worker('KubeadmConfigTemplate', 'AWSMachinePoolTemplate')),
      'spec.kubernetesVersions':
        'Versions that clusters may have, oldest first and without a gap between minors. Clusters may then go several minors up at once: the controller takes each step.',
      'spec.availabilityGates': `Further conditions of the Cluster that must be true before it counts as available. ${names}`,
      'spec.variables':
        'What clusters may set, with the schema that their values are checked against; used in patches.',
      'spec.variables.name':
        'Unique, without dots, and not `builtin`, which stands for values that the controller provides.',
      'spec.variables.required':
        'Whether each cluster must give the variable. A new required one without a default breaks updates of all clusters there are.',
      'spec.variables.schema.openAPIV3Schema':
        'OpenAPI v3 schema, as in a CRD but a part of it. Defaults here are written into each cluster; fields that aren’t declared are refused.',
      'spec.patches':
        'Changes to the templates, in order, from each cluster’s variables. A change of them changes every cluster of the class, which may replace all machines.',
      'spec.patches.enabledIf':
        'Go template over the variables; the patch applies where it renders to `true`, and always if left out. Quote it, as it begins with a brace.',
      'spec.patches.definitions': 'Inline JSON patches. Give these or `external`, not both.',
      'spec.patches.definitions.selector':
        'Which templates to patch. `apiVersion` and `kind` must be those of the reference in this class, exactly, or nothing is patched.',
      'spec.patches.definitions.selector.matchResources':
        'Where the template is used: in the control plane, as the cluster’s infrastructure, or by workers of the named classes.',
      'spec.patches.definitions.selector.matchResources.controlPlane':
        'The control plane’s template and that of its machines; `kind` tells them apart.',
      'spec.patches.definitions.selector.matchResources.machineDeploymentClass.names':
        'Names of worker classes; a `*` may stand at the beginning or the end.',
      'spec.patches.definitions.jsonPatches.op':
        '`add`, `replace` or `remove`. `replace` and `remove` fail where there is nothing yet, `add` where the parent is missing.',
      'spec.patches.definitions.jsonPatches.path':
        'JSON pointer into the template, such as `/spec/template/spec/instanceType`; only its spec can be patched. Lists only take `0`, to put first, and `-`, to append.',
      'spec.patches.definitions.jsonPatches.value': 'The value as it is. Give this or `valueFrom`.',
      'spec.patches.definitions.jsonPatches.valueFrom.variable':
        'A variable, or a part as in `network.cidrs[0]`, or one of `builtin`, such as `builtin.cluster.name`. It keeps its type.',
      'spec.patches.definitions.jsonPatches.valueFrom.template':
        'Go template over the variables whose result is read as YAML: a string that looks like a number must be quoted in it.',
      'spec.patches.external.generatePatchesExtension':
        'Handler of a runtime extension that makes the patches, as `handler.extension`. Needs the feature gate `RuntimeSDK`.',
    },
  },
];
