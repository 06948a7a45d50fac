// What people mostly write, where neither the schema nor the workspace tells: which keys come first, keys of free-form
// maps, values of the formats.
import type { ValueFormat } from '../../kube/kind.ts';
import type { Schema } from '../../schema/schema.ts';
import type { Path } from '../../syntax/tree.ts';
import { metadataNoteOf } from '../notes/metadata.ts';
import type { Candidate } from './values.ts';

/** In the order they are mostly written in, whatever the kind; a key that isn't here comes behind those that are. */
const usualKeys: readonly string[] = [
  // Flux
  ...['interval', 'url', 'ref', 'chart', 'chartRef', 'sourceRef', 'path', 'prune', 'version', 'targetNamespace'],
  ...['releaseName', 'install', 'upgrade', 'values', 'valuesFrom', 'dependsOn', 'wait', 'timeout', 'retryInterval'],
  ...['kubeConfig', 'healthChecks', 'postBuild', 'decryption', 'patches', 'branch', 'tag', 'semver', 'providerRef'],
  ...['eventSeverity', 'eventSources', 'image', 'imageRepositoryRef', 'policy', 'secretRef'],
  // Cluster API
  ...['clusterName', 'topology', 'classRef', 'controlPlane', 'workers', 'machineDeployments', 'class', 'variables'],
  ...['clusterNetwork', 'controlPlaneRef', 'infrastructureRef', 'machineTemplate', 'kubeadmConfigSpec', 'bootstrap'],
  ...[
    'clusterConfiguration',
    'initConfiguration',
    'joinConfiguration',
    'nodeRegistration',
    'kubeletExtraArgs',
    'files',
  ],
  ...['instanceType', 'region', 'location', 'vmSize', 'checks', 'remediation', 'rollout'],
  // Kubernetes
  ...['replicas', 'selector', 'template', 'serviceName', 'schedule', 'jobTemplate', 'containers', 'initContainers'],
  ...[
    'command',
    'args',
    'type',
    'ports',
    'port',
    'targetPort',
    'containerPort',
    'env',
    'value',
    'valueFrom',
    'envFrom',
  ],
  ...['volumes', 'volumeMounts', 'mountPath', 'resources', 'requests', 'limits', 'cpu', 'memory', 'readinessProbe'],
  ...[
    'livenessProbe',
    'httpGet',
    'serviceAccountName',
    'securityContext',
    'data',
    'stringData',
    'rules',
    'matchLabels',
  ],
  ...['labels', 'annotations', 'ingressClassName', 'host', 'http', 'tls', 'strategy'],
];

const ranks: ReadonlyMap<string, number> = new Map(usualKeys.map((key, index) => [key, index]));

/** Lower comes first. */
export function usualRank(key: string): number {
  return ranks.get(key) ?? usualKeys.length;
}

const ofResources = ['cpu', 'memory', 'ephemeral-storage'];

/** Keys of a map that takes any, by the name the map stands under. */
export function knownKeys(name: string | number | undefined, parent: string | number | undefined): readonly string[] {
  if (name === 'requests' || name === 'limits') return ofResources;
  if (name === 'hard') return ['pods', 'requests.cpu', 'requests.memory', 'limits.memory', 'persistentvolumeclaims'];
  if (name === 'nodeSelector') return ['kubernetes.io/os', 'kubernetes.io/arch', 'topology.kubernetes.io/zone'];
  if (name === 'labels' || name === 'matchLabels') return usualLabels;
  if (name === 'featureGates' && parent === 'manager') return ['ClusterTopology', 'MachinePool', 'RuntimeSDK'];
  return [];
}

const usualLabels = [
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/component',
  'app.kubernetes.io/part-of',
  'app.kubernetes.io/version',
];

const rows = (values: readonly (readonly [string | number, string])[]): readonly Candidate[] =>
  values.map(([value, detail], index) => ({ value, kind: 'value', detail, rank: 20 + index }));
const list = (values: readonly (string | number)[], detail: string) => rows(values.map((value) => [value, detail]));

const durations = list(['30s', '1m', '5m', '10m', '30m', '1h', '24h'], 'duration');
const cpu = list(['50m', '100m', '250m', '500m', 1, 2, 4], 'cores');
const sizes = list(['64Mi', '128Mi', '256Mi', '512Mi', '1Gi', '2Gi', '4Gi'], 'bytes');
const storage = list(['1Gi', '5Gi', '10Gi', '20Gi', '50Gi', '100Gi'], 'bytes');

const formats: Readonly<Partial<Record<ValueFormat, readonly Candidate[]>>> = {
  duration: durations,
  quantity: [...cpu, ...sizes],
  'semver-range': rows([
    ['>=1.0.0', 'this or newer'],
    ['1.x', 'any 1'],
    ['~1.2.0', 'any 1.2'],
    ['>=1.0.0-0', 'pre-releases too'],
  ]),
  cidr: rows([
    ['192.168.0.0/16', '65,536 addresses'],
    ['10.244.0.0/16', '65,536 addresses'],
    ['10.96.0.0/12', '1,048,576 addresses'],
    ['10.0.0.0/24', '256 addresses'],
  ]),
  cron: rows([
    ['0 3 * * *', 'every day at 3:00'],
    ['*/15 * * * *', 'every 15 minutes'],
    ['0 * * * *', 'every hour'],
    ['0 4 * * 0', 'every Sunday at 4:00'],
    ['0 5 1 * *', 'on the first of a month at 5:00'],
  ]),
};

export function formatCandidates(format: ValueFormat | undefined): readonly Candidate[] {
  return (format && formats[format]) ?? [];
}

const share = rows([
  [1, 'machines or pods'],
  [0, 'machines or pods'],
  ['25%', 'of them'],
  ['50%', 'of them'],
]);

/** By the field's name and what its schema takes. */
export function suggestedValues(schema: Schema, path: Path): readonly Candidate[] {
  const name = path.findLast((step) => typeof step === 'string');
  if (name === undefined) return [];
  const noted = metadataNoteOf(path)?.values;
  if (noted) return rows(noted.map((value) => [value, '']));
  if (name === 'cpu') return cpu;
  if (name === 'memory') return sizes;
  if (name === 'storage' || name === 'ephemeral-storage') return storage;
  const { pattern } = schema;
  if (schema.format === 'duration' || (pattern && isDurationPattern(pattern))) return durations;
  if (schema['x-kubernetes-int-or-string'] !== true) return ofString(schema, name);
  if (pattern?.includes('[KMGTPE]i') === true) return [...cpu, ...sizes];
  return /^(?:max[A-Z]|minAvailable|unhealthyLess)/.test(name) ? share : [];
}

function ofString({ type }: Schema, name: string): readonly Candidate[] {
  if (type !== 'string') return [];
  if (/cidrBlocks?$/i.test(name)) return formatCandidates('cidr');
  return name === 'schedule' ? formatCandidates('cron') : [];
}

/** Flux and others write `([0-9]+(\.[0-9]+)?(ms|s|m|h))+`; no other format names these units in a row. */
function isDurationPattern(pattern: string): boolean {
  return pattern.includes('ms|s|m');
}
