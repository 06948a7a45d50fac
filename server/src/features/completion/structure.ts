// Keys that are inserted together although the schema requires none or only some of them: keys that the API server
// requires in code, and keys without which an object has no use.
import { type Gvk, groupKindOf } from '../../kube/identity.ts';
import { textFieldsOf } from '../../kube/texts.ts';
import type { KindSchema } from '../../schema/schema.ts';
import type { Path } from '../../syntax/tree.ts';
import { rowPath } from '../place.ts';

/** A field's path from the object to its keys. */
type Table = Readonly<Record<string, readonly string[]>>;

const pod = (at: string): Table => ({
  [`${at}.containers[*]`]: ['image'],
  [`${at}.initContainers[*]`]: ['image'],
});

const workload: Table = {
  ...pod('spec.template.spec'),
  'spec.selector': ['matchLabels'],
  'spec.template': ['metadata', 'spec'],
  'spec.template.metadata': ['labels'],
};

/** The specification of a job, and what is around it in a CronJob. */
const job = (at: string): Table => ({
  ...pod(`${at}.template.spec`),
  [`${at}.template`]: ['spec'],
  [`${at}.template.spec`]: ['restartPolicy'],
});

const rules: Table = { 'rules[*]': ['apiGroups', 'resources', 'verbs'] };

const backend = (at: string): Table => ({
  [at]: ['service'],
  [`${at}.service`]: ['port'],
  [`${at}.service.port`]: ['number'],
});

const byKind: Readonly<Record<string, Table>> = {
  'apps/Deployment': workload,
  'apps/StatefulSet': workload,
  'apps/DaemonSet': workload,
  '/Pod': pod('spec'),
  'batch/Job': job('spec'),
  'batch/CronJob': {
    ...{ ...job('spec.jobTemplate.spec'), 'spec.jobTemplate': ['spec'], 'spec.jobTemplate.spec': ['template'] },
  },
  '/Service': { spec: ['selector', 'ports'] },
  '/PersistentVolumeClaim': { spec: ['accessModes', 'resources'], 'spec.resources': ['requests'] },
  'networking.k8s.io/Ingress': {
    spec: ['rules'],
    'spec.rules[*]': ['host', 'http'],
    'spec.rules[*].http.paths[*]': ['path'],
    ...backend('spec.rules[*].http.paths[*].backend'),
    ...backend('spec.defaultBackend'),
  },
  'rbac.authorization.k8s.io/Role': rules,
  'rbac.authorization.k8s.io/ClusterRole': rules,
  'policy/PodDisruptionBudget': { 'spec.selector': ['matchLabels'] },
  'cluster.x-k8s.io/MachineDeployment': {
    'spec.selector': ['matchLabels'],
    'spec.template.spec.bootstrap': ['configRef'],
  },
  'kustomize.toolkit.fluxcd.io/Kustomization': { spec: ['path'], 'spec.healthChecks[*]': ['apiVersion', 'namespace'] },
};

/** What a field holds although its schema takes anything or any text. */
export type Shape = 'map' | 'text';

const shapes: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  'helm.toolkit.fluxcd.io/HelmRelease': { 'spec.values': 'map' },
};

export function shapeOf(gvk: Gvk, path: Path): Shape | undefined {
  const at = rowPath(path);
  return (
    shapes[groupKindOf(gvk)]?.[at] ??
    (textFieldsOf(gvk).some((field) => field.at === at && field.holds !== 'merge-patch') ? 'text' : undefined)
  );
}

export function writtenTogether({ gvk, scope }: KindSchema, path: Path): readonly string[] {
  if (path.length === 1 && path[0] === 'metadata') return scope === 'Namespaced' ? ['name', 'namespace'] : ['name'];
  return byKind[groupKindOf(gvk)]?.[rowPath(path)] ?? [];
}
