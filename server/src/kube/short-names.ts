// The short names that kubectl accepts for Kubernetes' own kinds. The API server defines them in code; those of other
// kinds are in their CRDs.
import type { GroupKind } from './identity.ts';

const kinds: Readonly<Record<string, GroupKind>> = {
  cm: '/ConfigMap',
  ep: '/Endpoints',
  ev: '/Event',
  limits: '/LimitRange',
  no: '/Node',
  ns: '/Namespace',
  po: '/Pod',
  pv: '/PersistentVolume',
  pvc: '/PersistentVolumeClaim',
  quota: '/ResourceQuota',
  rc: '/ReplicationController',
  sa: '/ServiceAccount',
  svc: '/Service',
  deploy: 'apps/Deployment',
  ds: 'apps/DaemonSet',
  rs: 'apps/ReplicaSet',
  sts: 'apps/StatefulSet',
  cj: 'batch/CronJob',
  hpa: 'autoscaling/HorizontalPodAutoscaler',
  pdb: 'policy/PodDisruptionBudget',
  ing: 'networking.k8s.io/Ingress',
  netpol: 'networking.k8s.io/NetworkPolicy',
  sc: 'storage.k8s.io/StorageClass',
  pc: 'scheduling.k8s.io/PriorityClass',
  csr: 'certificates.k8s.io/CertificateSigningRequest',
  crd: 'apiextensions.k8s.io/CustomResourceDefinition',
  crds: 'apiextensions.k8s.io/CustomResourceDefinition',
};

export function kindOfShortName(name: string): GroupKind | undefined {
  return Object.hasOwn(kinds, name) ? kinds[name] : undefined;
}
