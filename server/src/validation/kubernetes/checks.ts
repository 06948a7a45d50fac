// The registry of checks by built-in kind, and the only place where a check is registered. All served versions of a kind
// share one check.
import { type GroupKind, type Gvk, groupKindOf } from '../../kube/identity.ts';
import { webhookConfiguration } from './admission.ts';
import type { BuiltinCheck } from './builtin.ts';
import { persistentVolumeClaim } from './claim.ts';
import {
  apiService,
  binding,
  certificateSigningRequest,
  controllerRevision,
  lease,
  node,
  runtimeClass,
  storageVersionMigration,
} from './cluster.ts';
import { configMap, namespace, secret } from './config.ts';
import { csiDriver, csiNode, csiStorageCapacity, volumeAttachment, volumeAttributesClass } from './csi.ts';
import { customResourceDefinition } from './definition.ts';
import { deviceClass, resourceClaim, resourceClaimTemplate } from './devices.ts';
import { endpointSlice, endpoints, ipAddress, serviceCidr } from './endpoints.ts';
import { event } from './event.ts';
import { flowSchema, priorityLevelConfiguration } from './flow.ts';
import { limitRange, resourceQuota } from './limits.ts';
import { ingress, ingressClass, networkPolicy } from './networking.ts';
import { pod } from './pod.ts';
import { admissionPolicyBinding, mutatingAdmissionPolicy, validatingAdmissionPolicy } from './policies.ts';
import { role, roleBinding } from './rbac.ts';
import { accessReview, rulesReview, tokenReview } from './reviews.ts';
import { horizontalPodAutoscaler, podDisruptionBudget } from './scaling.ts';
import { service } from './service.ts';
import { deviceTaintRule, resourceSlice } from './slice.ts';
import { persistentVolume, priorityClass, storageClass } from './storage.ts';
import {
  cronJob,
  daemonSet,
  deployment,
  job,
  podTemplate,
  replicaSet,
  replicationController,
  statefulSet,
} from './workloads.ts';

const checks: ReadonlyMap<GroupKind, BuiltinCheck> = new Map<GroupKind, BuiltinCheck>([
  ['/Binding', binding],
  ['/ConfigMap', configMap],
  ['/Endpoints', endpoints],
  ['/Event', event],
  ['/LimitRange', limitRange],
  ['/Namespace', namespace],
  ['/Node', node],
  ['/PersistentVolume', persistentVolume],
  ['/PersistentVolumeClaim', persistentVolumeClaim],
  ['/Pod', pod],
  ['/PodTemplate', podTemplate],
  ['/ReplicationController', replicationController],
  ['/ResourceQuota', resourceQuota],
  ['/Secret', secret],
  ['/Service', service],
  ['/ServiceAccount', () => undefined],
  ['admissionregistration.k8s.io/MutatingAdmissionPolicy', mutatingAdmissionPolicy],
  ['admissionregistration.k8s.io/MutatingAdmissionPolicyBinding', admissionPolicyBinding],
  ['admissionregistration.k8s.io/MutatingWebhookConfiguration', webhookConfiguration],
  ['admissionregistration.k8s.io/ValidatingAdmissionPolicy', validatingAdmissionPolicy],
  ['admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding', admissionPolicyBinding],
  ['admissionregistration.k8s.io/ValidatingWebhookConfiguration', webhookConfiguration],
  ['apiextensions.k8s.io/CustomResourceDefinition', customResourceDefinition],
  ['apiregistration.k8s.io/APIService', apiService],
  ['apps/ControllerRevision', controllerRevision],
  ['apps/DaemonSet', daemonSet],
  ['apps/Deployment', deployment],
  ['apps/ReplicaSet', replicaSet],
  ['apps/StatefulSet', statefulSet],
  ['authentication.k8s.io/TokenReview', tokenReview],
  ['authorization.k8s.io/LocalSubjectAccessReview', accessReview],
  ['authorization.k8s.io/SelfSubjectAccessReview', accessReview],
  ['authorization.k8s.io/SelfSubjectRulesReview', rulesReview],
  ['authorization.k8s.io/SubjectAccessReview', accessReview],
  ['autoscaling/HorizontalPodAutoscaler', horizontalPodAutoscaler],
  ['batch/CronJob', cronJob],
  ['batch/Job', job],
  ['certificates.k8s.io/CertificateSigningRequest', certificateSigningRequest],
  ['coordination.k8s.io/Lease', lease],
  ['discovery.k8s.io/EndpointSlice', endpointSlice],
  ['events.k8s.io/Event', event],
  ['flowcontrol.apiserver.k8s.io/FlowSchema', flowSchema],
  ['flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration', priorityLevelConfiguration],
  ['networking.k8s.io/IPAddress', ipAddress],
  ['networking.k8s.io/Ingress', ingress],
  ['networking.k8s.io/IngressClass', ingressClass],
  ['networking.k8s.io/NetworkPolicy', networkPolicy],
  ['networking.k8s.io/ServiceCIDR', serviceCidr],
  ['node.k8s.io/RuntimeClass', runtimeClass],
  ['policy/PodDisruptionBudget', podDisruptionBudget],
  ['rbac.authorization.k8s.io/ClusterRole', role],
  ['rbac.authorization.k8s.io/ClusterRoleBinding', roleBinding],
  ['rbac.authorization.k8s.io/Role', role],
  ['rbac.authorization.k8s.io/RoleBinding', roleBinding],
  ['resource.k8s.io/DeviceClass', deviceClass],
  ['resource.k8s.io/ResourceClaim', resourceClaim],
  ['resource.k8s.io/ResourceClaimTemplate', resourceClaimTemplate],
  ['resource.k8s.io/ResourceSlice', resourceSlice],
  ['scheduling.k8s.io/PriorityClass', priorityClass],
  ['resource.k8s.io/DeviceTaintRule', deviceTaintRule],
  ['storagemigration.k8s.io/StorageVersionMigration', storageVersionMigration],
  ['storage.k8s.io/CSIDriver', csiDriver],
  ['storage.k8s.io/CSINode', csiNode],
  ['storage.k8s.io/CSIStorageCapacity', csiStorageCapacity],
  ['storage.k8s.io/StorageClass', storageClass],
  ['storage.k8s.io/VolumeAttachment', volumeAttachment],
  ['storage.k8s.io/VolumeAttributesClass', volumeAttributesClass],
]);

export function builtinCheckOf(gvk: Gvk): BuiltinCheck | undefined {
  return checks.get(groupKindOf(gvk));
}
