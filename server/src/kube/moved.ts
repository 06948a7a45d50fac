// Fields that a newer version of an API moved, renamed, wrote in another form or dropped. Sources: Cluster API
// docs/book/src/developer/providers/migrations/v1.10-to-v1.11.md and the two versions in its CRDs; the release notes of Flux
// and the two versions of its Go types; the deprecation guide of Kubernetes (reference/using-api/deprecation-guide).
import type { GroupKind } from './identity.ts';

export interface MovedField {
  /** The path in the older version: dotted, `[*]` for items. */
  readonly from: string;
  /** The path in the newer version, with the same items; absent if the field has no successor. */
  readonly to?: string;
  readonly as?: Form;
  /** A map that has no use without the field. */
  readonly drops?: string;
  /** Fields of the value that the older version sets by default and the newer one requires. */
  readonly defaults?: Readonly<Record<string, string>>;
}

/** How the value changes. */
export type Form =
  /** A duration such as `10m` becomes a number of seconds. */
  | 'seconds'
  /** An apiVersion becomes its API group. */
  | 'group'
  /** A value becomes the only item of a list. */
  | 'item'
  /** A port, if it is a number, or if it is a name. */
  | 'port-number'
  | 'port-name'
  /** A percentage becomes the metric of a scaler for the use of CPU. */
  | 'cpu-metric'
  /** Patches that are maps become patches with text. */
  | 'patches'
  /** JSON patches with a target: their operations become text. */
  | 'json-patches';

const timeouts = ['nodeDrainTimeout', 'nodeVolumeDetachTimeout', 'nodeDeletionTimeout'];

function under(prefix: string, fields: readonly MovedField[]): readonly MovedField[] {
  return fields.map(({ from, to, drops, ...rest }) => ({
    from: `${prefix}.${from}`,
    ...(to !== undefined && { to: `${prefix}.${to}` }),
    ...(drops !== undefined && { drops: `${prefix}.${drops}` }),
    ...rest,
  }));
}

/** A reference names the API group instead of a version, and nothing that its object implies. */
function reference(path: string, to = path): readonly MovedField[] {
  return [
    { from: `${path}.apiVersion`, to: `${to}.apiGroup`, as: 'group' },
    ...['namespace', 'uid', 'resourceVersion', 'fieldPath'].map((name) => ({ from: `${path}.${name}` })),
    ...(to === path ? [] : [{ from: path, to }]),
  ];
}

/** References to templates keep the version, and drop the rest. */
function template(path: string, to: string): readonly MovedField[] {
  return [
    ...['namespace', 'uid', 'resourceVersion', 'fieldPath'].map((name) => ({ from: `${path}.${name}` })),
    { from: path, to },
  ];
}

const deletion: readonly MovedField[] = timeouts.map((name) => ({
  ...{ from: name, to: `deletion.${name}Seconds`, as: 'seconds' },
}));

const naming: readonly MovedField[] = [{ from: 'machineNamingStrategy', to: 'machineNaming' }];

const machine: readonly MovedField[] = [
  ...reference('bootstrap.configRef'),
  ...reference('infrastructureRef'),
  ...deletion,
];

const conditions = (from: string, to: string): readonly MovedField[] => [
  { from: `${from}[*].timeout`, to: `${to}[*].timeoutSeconds`, as: 'seconds' },
];

/** `checks` and `remediation` of a health check, with their paths before. */
const healthCheck: readonly MovedField[] = [
  { from: 'nodeStartupTimeout', to: 'checks.nodeStartupTimeoutSeconds', as: 'seconds' },
  ...conditions('unhealthyConditions', 'unhealthyConditions'),
  ...conditions('unhealthyMachineConditions', 'unhealthyMachineConditions'),
  { from: 'unhealthyConditions', to: 'checks.unhealthyNodeConditions' },
  { from: 'unhealthyMachineConditions', to: 'checks.unhealthyMachineConditions' },
  ...conditions('checks.unhealthyNodeConditions', 'checks.unhealthyNodeConditions'),
  ...conditions('checks.unhealthyMachineConditions', 'checks.unhealthyMachineConditions'),
  { from: 'maxUnhealthy', to: 'remediation.triggerIf.unhealthyLessThanOrEqualTo' },
  { from: 'unhealthyRange', to: 'remediation.triggerIf.unhealthyInRange' },
  ...template('remediationTemplate', 'remediation.templateRef'),
];

const topologyHealthCheck: readonly MovedField[] = [
  { from: 'machineHealthCheck.enable', to: 'healthCheck.enabled' },
  ...under('machineHealthCheck', healthCheck).map(({ to, ...rest }) => ({
    ...rest,
    ...(to !== undefined && { to: to.replace('machineHealthCheck', 'healthCheck') }),
  })),
  { from: 'machineHealthCheck', to: 'healthCheck' },
];

const rolloutStrategy = (from: string): MovedField => ({
  ...{ from, to: 'rollout.strategy', defaults: { type: 'RollingUpdate' } },
});

const rollout: readonly MovedField[] = [
  { from: 'strategy.rollingUpdate.deletePolicy', to: 'deletion.order' },
  { from: 'rollout.strategy.rollingUpdate.deletePolicy', to: 'deletion.order' },
];

const topologyWorkers: readonly MovedField[] = [
  ...rollout,
  { from: 'strategy.remediation.maxInFlight', to: 'healthCheck.remediation.maxInFlight' },
  rolloutStrategy('strategy'),
  { from: 'variables.overrides[*].definitionFrom' },
  ...deletion,
  ...topologyHealthCheck,
];

const topology: readonly MovedField[] = [
  { from: 'class', to: 'classRef.name' },
  { from: 'classNamespace', to: 'classRef.namespace' },
  { from: 'rolloutAfter' },
  { from: 'variables[*].definitionFrom' },
  ...under('controlPlane', [...deletion, ...topologyHealthCheck]),
  ...under('workers.machineDeployments[*]', topologyWorkers),
  ...under('workers.machinePools[*]', topologyWorkers),
];

const kubeadm: readonly MovedField[] = [
  {
    from: 'clusterConfiguration.apiServer.timeoutForControlPlane',
    to: 'initConfiguration.timeouts.controlPlaneComponentHealthCheckSeconds',
    as: 'seconds',
  },
  { from: 'joinConfiguration.discovery.timeout', to: 'joinConfiguration.timeouts.tlsBootstrapSeconds', as: 'seconds' },
  {
    from: 'initConfiguration.bootstrapTokens[*].ttl',
    to: 'initConfiguration.bootstrapTokens[*].ttlSeconds',
    as: 'seconds',
  },
  ...['clusterConfiguration', 'initConfiguration', 'joinConfiguration'].flatMap((name) => [
    { from: `${name}.apiVersion` },
    { from: `${name}.kind` },
  ]),
  { from: 'clusterConfiguration.kubernetesVersion' },
  { from: 'clusterConfiguration.clusterName' },
  { from: 'clusterConfiguration.networking' },
  { from: 'useExperimentalRetryJoin' },
];

/** `replicated` controllers: their template is a machine, and its minimum of ready seconds moved into it. */
const replicated: readonly MovedField[] = [
  ...under('template.spec', machine),
  { from: 'minReadySeconds', to: 'template.spec.minReadySeconds' },
];

const controlPlane: readonly MovedField[] = [
  ...reference('machineTemplate.infrastructureRef', 'machineTemplate.spec.infrastructureRef'),
  ...reference('machineTemplate.spec.infrastructureRef'),
  { from: 'machineTemplate.readinessGates', to: 'machineTemplate.spec.readinessGates' },
  ...timeouts.map((name): MovedField => {
    return { from: `machineTemplate.${name}`, to: `machineTemplate.spec.deletion.${name}Seconds`, as: 'seconds' };
  }),
  rolloutStrategy('rolloutStrategy'),
  { from: 'rolloutAfter', to: 'rollout.after' },
  { from: 'rolloutBefore', to: 'rollout.before' },
  { from: 'remediationStrategy.retryPeriod', to: 'remediation.retryPeriodSeconds', as: 'seconds' },
  { from: 'remediationStrategy.minHealthyPeriod', to: 'remediation.minHealthyPeriodSeconds', as: 'seconds' },
  { from: 'remediationStrategy', to: 'remediation' },
  ...naming,
  ...under('kubeadmConfigSpec', kubeadm),
];

const classWorkers: readonly MovedField[] = [
  ...template('template.bootstrap.ref', 'bootstrap.templateRef'),
  ...template('template.infrastructure.ref', 'infrastructure.templateRef'),
  { from: 'template.metadata', to: 'metadata' },
  { from: 'namingStrategy', to: 'naming' },
  ...topologyWorkers,
];

const clusterClass: readonly MovedField[] = [
  ...template('infrastructure.ref', 'infrastructure.templateRef'),
  ...template('controlPlane.ref', 'controlPlane.templateRef'),
  ...template('controlPlane.machineInfrastructure.ref', 'controlPlane.machineInfrastructure.templateRef'),
  { from: 'infrastructureNamingStrategy', to: 'infrastructure.naming' },
  { from: 'controlPlane.namingStrategy', to: 'controlPlane.naming' },
  ...under('controlPlane', [...deletion, ...topologyHealthCheck]),
  ...under('workers.machineDeployments[*]', classWorkers),
  ...under('workers.machinePools[*]', classWorkers),
  { from: 'patches[*].external.generateExtension', to: 'patches[*].external.generatePatchesExtension' },
  { from: 'patches[*].external.validateExtension', to: 'patches[*].external.validateTopologyExtension' },
  { from: 'variables[*].metadata', to: 'variables[*].deprecatedV1Beta1Metadata' },
];

const patches: readonly MovedField[] = [
  { from: 'patchesStrategicMerge', to: 'patches', as: 'patches' },
  { from: 'patchesJson6902', to: 'patches', as: 'json-patches' },
];

/** Of an Ingress of `extensions` or `networking.k8s.io/v1beta1`. */
function ingressBackend(from: string, to = from): readonly MovedField[] {
  return [
    { from: `${from}.serviceName`, to: `${to}.service.name` },
    { from: `${from}.servicePort`, to: `${to}.service.port.number`, as: 'port-number' },
    { from: `${from}.servicePort`, to: `${to}.service.port.name`, as: 'port-name' },
  ];
}

const moved: Readonly<Record<GroupKind, readonly MovedField[]>> = {
  'cluster.x-k8s.io/Cluster': under('spec', [
    ...reference('controlPlaneRef'),
    ...reference('infrastructureRef'),
    ...under('topology', topology),
  ]),
  'cluster.x-k8s.io/ClusterClass': under('spec', clusterClass),
  'cluster.x-k8s.io/Machine': under('spec', machine),
  'cluster.x-k8s.io/MachineSet': under('spec', [
    ...replicated,
    { from: 'deletePolicy', to: 'deletion.order' },
    ...naming,
  ]),
  'cluster.x-k8s.io/MachineDeployment': under('spec', [
    ...replicated,
    ...rollout,
    { from: 'strategy.remediation.maxInFlight', to: 'remediation.maxInFlight' },
    rolloutStrategy('strategy'),
    { from: 'rolloutAfter', to: 'rollout.after' },
    ...naming,
    { from: 'progressDeadlineSeconds' },
    { from: 'revisionHistoryLimit' },
  ]),
  'cluster.x-k8s.io/MachinePool': under('spec', replicated),
  'cluster.x-k8s.io/MachineHealthCheck': under('spec', healthCheck),
  'controlplane.cluster.x-k8s.io/KubeadmControlPlane': under('spec', controlPlane),
  'controlplane.cluster.x-k8s.io/KubeadmControlPlaneTemplate': under('spec.template.spec', controlPlane),
  'bootstrap.cluster.x-k8s.io/KubeadmConfig': under('spec', kubeadm),
  'bootstrap.cluster.x-k8s.io/KubeadmConfigTemplate': under('spec.template.spec', kubeadm),
  'kustomize.toolkit.fluxcd.io/Kustomization': under('spec', [...patches, { from: 'validation' }]),
  'source.toolkit.fluxcd.io/GitRepository': under('spec', [{ from: 'gitImplementation' }, { from: 'accessFrom' }]),
  'source.toolkit.fluxcd.io/HelmRepository': under('spec', [{ from: 'accessFrom' }]),
  'source.toolkit.fluxcd.io/Bucket': under('spec', [{ from: 'accessFrom' }]),
  'source.toolkit.fluxcd.io/HelmChart': under('spec', [{ from: 'valuesFile', to: 'valuesFiles', as: 'item' }]),
  'helm.toolkit.fluxcd.io/HelmRelease': under('spec', [
    { from: 'chart.spec.valuesFile', to: 'chart.spec.valuesFiles', as: 'item' },
    // Only sources of kind OCIRepository, HelmChart and ExternalArtifact are valid there.
    { from: 'chart.spec.sourceRef', to: 'chartRef', drops: 'chart' },
    ...under('postRenderers[*].kustomize', patches),
  ]),
  'networking.k8s.io/Ingress': under('spec', [
    ...ingressBackend('backend', 'defaultBackend'),
    { from: 'backend', to: 'defaultBackend' },
    ...ingressBackend('defaultBackend'),
    ...ingressBackend('rules[*].http.paths[*].backend'),
  ]),
  'autoscaling/HorizontalPodAutoscaler': under('spec', [
    { from: 'targetCPUUtilizationPercentage', to: 'metrics', as: 'cpu-metric' },
  ]),
  'notification.toolkit.fluxcd.io/Alert': under('spec', [{ from: 'summary', to: 'eventMetadata.summary' }]),
  'notification.toolkit.fluxcd.io/Provider': under('spec', [{ from: 'interval' }]),
};

/** In the order in which they are applied: fields before the maps around them. */
export function movedFields(groupKind: GroupKind): readonly MovedField[] {
  return Object.hasOwn(moved, groupKind) ? moved[groupKind]! : [];
}
