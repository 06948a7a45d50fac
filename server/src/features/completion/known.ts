// Values of fields whose schema lists none although the values are known: the API server checks some in code; for others
// (verbs, resources, topology keys) only a few values are common.
import { type Gvk, groupKindOf } from '../../kube/identity.ts';
import type { SchemaStore } from '../../schema/schema.ts';
import { nodeAt } from '../../syntax/navigate.ts';
import type { Node } from '../../syntax/tree.ts';
import { resolveAlias } from '../../syntax/value.ts';
import { type Field, rowPath } from '../place.ts';
import type { Candidate } from './item.ts';
import { usualKindRank } from './usual.ts';

/** The end of a field's path to its values, the likeliest first. */
type Table = Readonly<Record<string, readonly string[]>>;

const anywhere: Table = {
  'valueFrom.fieldRef.fieldPath': [
    'metadata.name',
    'metadata.namespace',
    'metadata.uid',
    'spec.nodeName',
    'spec.serviceAccountName',
    'status.podIP',
    'status.hostIP',
  ],
  'resourceFieldRef.resource': ['limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory'],
  'securityContext.capabilities.drop[*]': ['ALL', 'NET_RAW'],
  'securityContext.capabilities.add[*]': ['NET_BIND_SERVICE', 'NET_ADMIN', 'SYS_PTRACE', 'SYS_ADMIN'],
  topologyKey: ['kubernetes.io/hostname', 'topology.kubernetes.io/zone', 'topology.kubernetes.io/region'],
  priorityClassName: ['system-cluster-critical', 'system-node-critical'],
  'nodeSelector.kubernetes.io/os': ['linux', 'windows'],
  'nodeSelector.kubernetes.io/arch': ['amd64', 'arm64'],
};

const byGroup: Readonly<Record<string, Table>> = {
  '': {
    type: [
      'Opaque',
      'kubernetes.io/dockerconfigjson',
      'kubernetes.io/tls',
      'kubernetes.io/basic-auth',
      'kubernetes.io/ssh-auth',
      'kubernetes.io/service-account-token',
    ],
  },
  autoscaling: {
    'metrics[*].type': ['Resource', 'ContainerResource', 'Pods', 'Object', 'External'],
    'resource.name': ['cpu', 'memory'],
    'containerResource.name': ['cpu', 'memory'],
    'target.type': ['Utilization', 'AverageValue', 'Value'],
  },
  'kustomize.config.k8s.io': {
    behavior: ['create', 'merge', 'replace'],
    'sortOptions.order': ['fifo', 'legacy'],
    'buildMetadata[*]': ['originAnnotations', 'transformerAnnotations', 'managedByLabel'],
    'secretGenerator[*].type': ['Opaque', 'kubernetes.io/tls', 'kubernetes.io/dockerconfigjson'],
  },
  'networking.k8s.io': { 'paths[*].path': ['/'] },
  'apiextensions.k8s.io': {
    'spec.scope': ['Namespaced', 'Cluster'],
    'additionalPrinterColumns[*].type': ['string', 'integer', 'number', 'boolean', 'date'],
    'x-kubernetes-list-type': ['map', 'set', 'atomic'],
    'x-kubernetes-map-type': ['granular', 'atomic'],
    type: ['string', 'integer', 'boolean', 'object', 'array', 'number'],
    format: ['date-time', 'int32', 'int64', 'byte', 'duration', 'uri', 'ipv4', 'ipv6', 'cidr'],
  },
  'rbac.authorization.k8s.io': {
    'subjects[*].kind': ['ServiceAccount', 'Group', 'User'],
    'subjects[*].apiGroup': ['rbac.authorization.k8s.io'],
    'rules[*].verbs[*]': ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', '*'],
  },
  'source.toolkit.fluxcd.io': {
    'layerSelector.mediaType': ['application/vnd.cncf.helm.chart.content.v1.tar+gzip'],
  },
  'cluster.x-k8s.io': { 'unhealthyNodeConditions[*].type': ['Ready'] },
  'infrastructure.cluster.x-k8s.io': {
    'rootVolume.type': ['gp3', 'gp2', 'io2', 'io1', 'st1', 'sc1', 'standard'],
    'nonRootVolumes[*].type': ['gp3', 'gp2', 'io2', 'io1', 'st1', 'sc1', 'standard'],
    'managedDisk.storageAccountType': ['Premium_LRS', 'StandardSSD_LRS', 'Standard_LRS', 'Premium_ZRS', 'UltraSSD_LRS'],
  },
};

export function knownValues(root: Node, field: Field, schemas: SchemaStore): readonly Candidate[] {
  const { gvk } = field.kind;
  const at = rowPath(field.path);
  const values = isRole(gvk) ? ruleValues(at, root, field, schemas) : undefined;
  const known = values ?? openKinds(at, schemas) ?? tableValues(byGroup[gvk.group], at) ?? tableValues(anywhere, at);
  return (known ?? []).map((value, index) => ({ value, kind: 'value', rank: 20 + index }));
}

function tableValues(table: Table | undefined, at: string): readonly string[] | undefined {
  const ends = Object.keys(table ?? {}).filter((end) => at === end || at.endsWith(`.${end}`));
  // A path may end in both `type` and `additionalPrinterColumns[*].type`; the longer one, which is more specific, is used.
  const longest = ends.toSorted((a, b) => b.length - a.length)[0];
  return longest === undefined ? undefined : table?.[longest];
}

/** The target of a kustomize patch may be of any kind. */
function openKinds(at: string, schemas: SchemaStore): readonly string[] | undefined {
  if (!/(?:^|\.)(?:(?:patches|ignore)\[\*\]\.target|source|select|reject\[\*\])\.kind$/.test(at)) return undefined;
  const kinds = schemas.kinds().filter(({ served }) => served);
  return distinct(byUse(kinds.map(({ gvk }) => gvk)).map(({ kind }) => kind));
}

function isRole({ group, kind }: Gvk): boolean {
  return group === 'rbac.authorization.k8s.io' && (kind === 'Role' || kind === 'ClusterRole');
}

/** API groups, or the resources of the groups already listed in the rule. */
function ruleValues(at: string, root: Node, field: Field, schemas: SchemaStore): readonly string[] | undefined {
  const served = schemas.kinds().filter((kind) => kind.served);
  if (at === 'rules[*].apiGroups[*]') return distinct([...byUse(served.map(({ gvk }) => gvk)).map(groupOf), '*']);
  if (at !== 'rules[*].resources[*]') return undefined;
  const groups = stringsAt(root, [...field.object.path, ...field.path.slice(0, 2), 'apiGroups']);
  const meant = groups.length === 0 ? served : served.filter(({ gvk }) => groups.includes(gvk.group));
  const plurals = new Map(meant.map(({ gvk, plural }) => [groupKindOf(gvk), plural]));
  return distinct([...byUse(meant.map(({ gvk }) => gvk)).map((gvk) => plurals.get(groupKindOf(gvk))!), '*']);
}

function groupOf({ group }: Gvk): string {
  return group;
}

function byUse(kinds: readonly Gvk[]): readonly Gvk[] {
  const rank = (gvk: Gvk) => usualKindRank(groupKindOf(gvk));
  return kinds.toSorted((a, b) => rank(a) - rank(b) || (a.kind < b.kind ? -1 : 1));
}

function stringsAt(root: Node, path: Field['path']): readonly string[] {
  const node = nodeAt(root, path);
  const list = node && resolveAlias(node);
  const items = list?.type === 'seq' ? list.items : [];
  return items.flatMap((item) => (item.type === 'scalar' && typeof item.value === 'string' ? [item.value] : []));
}

/** The strings already in the list around an item; they aren't suggested again. */
export function siblings(root: Node, { object, path }: Field): ReadonlySet<string> {
  if (typeof path.at(-1) !== 'number') return new Set();
  return new Set(stringsAt(root, [...object.path, ...path.slice(0, -1)]));
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
