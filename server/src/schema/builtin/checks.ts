// Which check belongs to which built-in kind. A kind gets its check here and nowhere else; all its served versions
// share it.
import { type GroupKind, type Gvk, groupKindOf } from '../../kube/identity.ts';
import { webhookConfiguration } from './admission.ts';
import type { BuiltinCheck } from './builtin.ts';
import { persistentVolumeClaim } from './claim.ts';
import { configMap, namespace, secret } from './config.ts';
import { customResourceDefinition } from './definition.ts';
import { ingress, ingressClass, networkPolicy } from './networking.ts';
import { pod } from './pod.ts';
import { role, roleBinding } from './rbac.ts';
import { horizontalPodAutoscaler, podDisruptionBudget } from './scaling.ts';
import { service } from './service.ts';
import { limitRange, persistentVolume, priorityClass, resourceQuota, storageClass } from './storage.ts';
import { cronJob, daemonSet, deployment, job, podTemplate, replicaSet, statefulSet } from './workloads.ts';

const checks: ReadonlyMap<GroupKind, BuiltinCheck> = new Map<GroupKind, BuiltinCheck>([
  ['/ConfigMap', configMap],
  ['/LimitRange', limitRange],
  ['/Namespace', namespace],
  ['/PersistentVolume', persistentVolume],
  ['/PersistentVolumeClaim', persistentVolumeClaim],
  ['/Pod', pod],
  ['/PodTemplate', podTemplate],
  ['/ResourceQuota', resourceQuota],
  ['/Secret', secret],
  ['/Service', service],
  ['admissionregistration.k8s.io/MutatingWebhookConfiguration', webhookConfiguration],
  ['admissionregistration.k8s.io/ValidatingWebhookConfiguration', webhookConfiguration],
  ['apiextensions.k8s.io/CustomResourceDefinition', customResourceDefinition],
  ['apps/DaemonSet', daemonSet],
  ['apps/Deployment', deployment],
  ['apps/ReplicaSet', replicaSet],
  ['apps/StatefulSet', statefulSet],
  ['autoscaling/HorizontalPodAutoscaler', horizontalPodAutoscaler],
  ['batch/CronJob', cronJob],
  ['batch/Job', job],
  ['networking.k8s.io/Ingress', ingress],
  ['networking.k8s.io/IngressClass', ingressClass],
  ['networking.k8s.io/NetworkPolicy', networkPolicy],
  ['policy/PodDisruptionBudget', podDisruptionBudget],
  ['rbac.authorization.k8s.io/ClusterRole', role],
  ['rbac.authorization.k8s.io/ClusterRoleBinding', roleBinding],
  ['rbac.authorization.k8s.io/Role', role],
  ['rbac.authorization.k8s.io/RoleBinding', roleBinding],
  ['scheduling.k8s.io/PriorityClass', priorityClass],
  ['storage.k8s.io/StorageClass', storageClass],
]);

export function builtinCheckOf(gvk: Gvk): BuiltinCheck | undefined {
  return checks.get(groupKindOf(gvk));
}
