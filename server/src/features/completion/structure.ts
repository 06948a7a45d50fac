// Keys that are inserted together although the schema requires none or only some of them: keys that the API server
// requires in code, and keys without which an object has no use.
import { type Gvk, groupKindOf } from '../../kube/identity.ts';
import type { Path } from '../../syntax/tree.ts';
import { rowPath } from '../place.ts';

/** A field's path, or the end of it, to its keys. */
type Table = Readonly<Record<string, readonly string[]>>;

const containers: Table = { 'containers[*]': ['image'], 'initContainers[*]': ['image'] };

const workload: Table = {
  ...containers,
  'spec.selector': ['matchLabels'],
  'spec.template': ['metadata', 'spec'],
  'template.metadata': ['labels'],
};

const rules: Table = { 'rules[*]': ['apiGroups', 'resources', 'verbs'] };

const byKind: Readonly<Record<string, Table>> = {
  'apps/Deployment': workload,
  'apps/StatefulSet': workload,
  'apps/DaemonSet': workload,
  '/Pod': containers,
  'batch/Job': { ...containers, 'spec.template': ['spec'], 'template.spec': ['restartPolicy'] },
  'batch/CronJob': {
    ...{ ...containers, 'spec.jobTemplate': ['spec'], 'spec.template': ['spec'] },
    ...{ 'jobTemplate.spec': ['template'], 'template.spec': ['restartPolicy'] },
  },
  '/Service': { spec: ['selector', 'ports'] },
  '/PersistentVolumeClaim': { spec: ['accessModes', 'resources'], 'spec.resources': ['requests'] },
  'networking.k8s.io/Ingress': {
    'spec.rules[*]': ['host', 'http'],
    'paths[*]': ['path'],
    backend: ['service'],
    'backend.service': ['port'],
    'service.port': ['number'],
  },
  'rbac.authorization.k8s.io/Role': rules,
  'rbac.authorization.k8s.io/ClusterRole': rules,
  'policy/PodDisruptionBudget': { 'spec.selector': ['matchLabels'] },
  'cluster.x-k8s.io/MachineDeployment': {
    'spec.selector': ['matchLabels'],
    'template.spec.bootstrap': ['configRef'],
  },
  'kustomize.toolkit.fluxcd.io/Kustomization': { spec: ['path'] },
};

export function writtenTogether(gvk: Gvk, path: Path): readonly string[] {
  const table = byKind[groupKindOf(gvk)];
  if (!table) return [];
  const at = rowPath(path);
  const end = Object.keys(table)
    .filter((one) => at === one || at.endsWith(`.${one}`))
    .toSorted((a, b) => b.length - a.length)[0];
  return end === undefined ? [] : table[end]!;
}
