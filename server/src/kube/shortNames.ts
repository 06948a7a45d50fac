// The abbreviations that kubectl takes for kinds, of Kubernetes, Cluster API and Flux: their own API declares them, which
// only a server tells (`kubectl api-resources`).
import type { GroupKind } from './identity.ts';

const table: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '': {
    ...{ cm: 'ConfigMap', ep: 'Endpoints', ev: 'Event', limits: 'LimitRange', no: 'Node', ns: 'Namespace', po: 'Pod' },
    ...{ pv: 'PersistentVolume', pvc: 'PersistentVolumeClaim', quota: 'ResourceQuota', rc: 'ReplicationController' },
    ...{ sa: 'ServiceAccount', svc: 'Service' },
  },
  apps: { deploy: 'Deployment', ds: 'DaemonSet', rs: 'ReplicaSet', sts: 'StatefulSet' },
  batch: { cj: 'CronJob' },
  autoscaling: { hpa: 'HorizontalPodAutoscaler' },
  policy: { pdb: 'PodDisruptionBudget' },
  'networking.k8s.io': { ing: 'Ingress', netpol: 'NetworkPolicy' },
  'storage.k8s.io': { sc: 'StorageClass' },
  'scheduling.k8s.io': { pc: 'PriorityClass' },
  'apiextensions.k8s.io': { crd: 'CustomResourceDefinition', crds: 'CustomResourceDefinition' },
  'cluster.x-k8s.io': {
    ...{ cl: 'Cluster', cc: 'ClusterClass', ma: 'Machine', md: 'MachineDeployment', mhc: 'MachineHealthCheck' },
    ...{ mp: 'MachinePool', ms: 'MachineSet' },
  },
  'controlplane.cluster.x-k8s.io': { kcp: 'KubeadmControlPlane' },
  'kustomize.toolkit.fluxcd.io': { ks: 'Kustomization' },
  'helm.toolkit.fluxcd.io': { hr: 'HelmRelease' },
  'source.toolkit.fluxcd.io': {
    ...{ gitrepo: 'GitRepository', helmrepo: 'HelmRepository', hc: 'HelmChart', ocirepo: 'OCIRepository' },
  },
  'image.toolkit.fluxcd.io': { imgpol: 'ImagePolicy', imgrepo: 'ImageRepository', imgupd: 'ImageUpdateAutomation' },
};

const kinds: ReadonlyMap<string, GroupKind> = new Map(
  Object.entries(table).flatMap(([group, names]) =>
    Object.entries(names).map(([short, kind]): [string, GroupKind] => [short, `${group}/${kind}`]),
  ),
);

export function kindOfShortName(name: string): GroupKind | undefined {
  return kinds.get(name.toLowerCase());
}
