// Fields that name a part of their own object: a volume, a container, a port, a variable. Data for completion.
import { builtinVariables } from './class-variables.ts';
import { type GroupKind, groupKindOf } from './identity.ts';

export interface OwnName {
  readonly of: GroupKind;
  /** The path of the field: dotted, `[*]` for items. */
  readonly at: string;
  /** The paths of what it may name. The lists that both paths share have the same item, down to the first other step. */
  readonly from: readonly string[];
  /** The paths of templates that name it in their text. */
  readonly templates?: readonly string[];
  /** Each of the names has to be in the list that the field is in: without it, what names it is refused. */
  readonly needed?: true;
  /** Names that every object of the kind has. */
  readonly also?: readonly string[];
  /** What the names are. */
  readonly what: string;
}

const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((probe) => [
  `${probe}.httpGet.port`,
  `${probe}.tcpSocket.port`,
]);
const hooks = ['postStart', 'preStop'].flatMap((hook) => [
  `lifecycle.${hook}.httpGet.port`,
  `lifecycle.${hook}.tcpSocket.port`,
]);

/** In the pods of a kind; `spec` is the path of their specification, `claims` those of the templates of volumes. */
function inPods(of: GroupKind, spec: string, claims: readonly string[] = []): readonly OwnName[] {
  const lists = ['containers', 'initContainers', 'ephemeralContainers'].map((list) => `${spec}.${list}[*]`);
  const containers = lists.slice(0, 2).map((list) => `${list}.name`);
  const inContainer = (container: string): readonly OwnName[] => [
    ...['volumeMounts', 'volumeDevices'].map((mounts) => ({
      ...{ of, at: `${container}.${mounts}[*].name`, from: [`${spec}.volumes[*].name`, ...claims], what: 'volume' },
    })),
    ...[...probes, ...hooks].map((port) => ({
      ...{ of, at: `${container}.${port}`, what: 'port' },
      from: [`${container}.ports[*].name`, `${container}.ports[*].containerPort`],
    })),
    { of, at: `${container}.env[*].valueFrom.resourceFieldRef.containerName`, from: containers, what: 'container' },
    { of, at: `${container}.resources.claims[*].name`, from: [`${spec}.resourceClaims[*].name`], what: 'claim' },
  ];
  const downward = [
    `${spec}.volumes[*].downwardAPI.items[*]`,
    `${spec}.volumes[*].projected.sources[*].downwardAPI.items[*]`,
  ];
  return [
    ...lists.flatMap(inContainer),
    { of, at: `${lists[2]}.targetContainerName`, from: containers, what: 'container' },
    ...downward.map((item) => ({
      ...{ of, at: `${item}.resourceFieldRef.containerName`, from: containers, what: 'container' },
    })),
  ];
}

const template = 'spec.template.spec';
const clusterClass: GroupKind = 'cluster.x-k8s.io/ClusterClass';
const definition = 'spec.patches[*].definitions[*]';

export const ownNames: readonly OwnName[] = [
  ...inPods('/Pod', 'spec'),
  ...['Deployment', 'DaemonSet', 'ReplicaSet'].flatMap((kind) => inPods(`apps/${kind}`, template)),
  ...inPods('apps/StatefulSet', template, ['spec.volumeClaimTemplates[*].metadata.name']),
  ...inPods('batch/Job', template),
  ...inPods('batch/CronJob', 'spec.jobTemplate.spec.template.spec'),
  {
    ...{ of: clusterClass, at: `${definition}.jsonPatches[*].valueFrom.variable` },
    ...{ from: ['spec.variables[*].name'], also: builtinVariables, what: 'variable' },
  },
  {
    ...{ of: clusterClass, at: 'spec.variables[*].name', what: 'variable of a patch', needed: true },
    from: [`${definition}.jsonPatches[*].valueFrom.variable`],
    templates: [`${definition}.jsonPatches[*].valueFrom.template`, 'spec.patches[*].enabledIf'],
  },
  ...['machineDeployment', 'machinePool'].map((kind) => ({
    ...{ of: clusterClass, at: `${definition}.selector.matchResources.${kind}Class.names[*]` },
    ...{ from: [`spec.workers.${kind}s[*].class`], what: 'class' },
  })),
];

const byKind = new Map<GroupKind, Map<string, OwnName>>();
for (const one of ownNames) {
  const known = byKind.get(one.of) ?? new Map<string, OwnName>();
  byKind.set(one.of, known.set(one.at, one));
}

/** The row of a field. */
export function ownNameAt(kind: { readonly group: string; readonly kind: string }, at: string): OwnName | undefined {
  return byKind.get(groupKindOf(kind))?.get(at);
}
