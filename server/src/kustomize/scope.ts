// The kinds that kustomize knows, which are those of Kubernetes 1.21 and two newer ones (kyaml/openapi). `namespace` skips
// the cluster-scoped ones, and only lists of kinds of 1.21 are merged by key. kustomize treats other kinds and those of CRDs
// as namespaced, regardless of their scope.
import { apiVersionOf, type Gvk } from '../kube/identity.ts';

const known: Readonly<Record<string, { readonly Cluster?: string; readonly Namespaced?: string }>> = {
  v1: {
    Cluster: 'ComponentStatus Namespace Node NodeProxyOptions PersistentVolume',
    Namespaced:
      'ConfigMap Endpoints Event LimitRange PersistentVolumeClaim Pod PodAttachOptions PodExecOptions PodPortForwardOptions ' +
      'PodProxyOptions PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount ServiceProxyOptions',
  },
  'admissionregistration.k8s.io/v1': { Cluster: 'MutatingWebhookConfiguration ValidatingWebhookConfiguration' },
  'admissionregistration.k8s.io/v1beta1': { Cluster: 'MutatingWebhookConfiguration ValidatingWebhookConfiguration' },
  'apiextensions.k8s.io/v1': { Cluster: 'CustomResourceDefinition' },
  'apiextensions.k8s.io/v1beta1': { Cluster: 'CustomResourceDefinition' },
  'apiregistration.k8s.io/v1': { Cluster: 'APIService' },
  'apiregistration.k8s.io/v1beta1': { Cluster: 'APIService' },
  'apps/v1': { Namespaced: 'ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet' },
  'autoscaling/v1': { Namespaced: 'HorizontalPodAutoscaler Scale' },
  'autoscaling/v2beta1': { Namespaced: 'HorizontalPodAutoscaler' },
  'autoscaling/v2beta2': { Namespaced: 'HorizontalPodAutoscaler' },
  'batch/v1': { Namespaced: 'CronJob Job' },
  'batch/v1beta1': { Namespaced: 'CronJob' },
  'certificates.k8s.io/v1': { Cluster: 'CertificateSigningRequest' },
  'certificates.k8s.io/v1beta1': { Cluster: 'CertificateSigningRequest' },
  'coordination.k8s.io/v1': { Namespaced: 'Lease' },
  'coordination.k8s.io/v1beta1': { Namespaced: 'Lease' },
  'discovery.k8s.io/v1': { Namespaced: 'EndpointSlice' },
  'discovery.k8s.io/v1beta1': { Namespaced: 'EndpointSlice' },
  'events.k8s.io/v1': { Namespaced: 'Event' },
  'events.k8s.io/v1beta1': { Namespaced: 'Event' },
  'extensions/v1beta1': { Namespaced: 'Ingress' },
  'flowcontrol.apiserver.k8s.io/v1beta1': { Cluster: 'FlowSchema PriorityLevelConfiguration' },
  'networking.k8s.io/v1': { Cluster: 'IngressClass', Namespaced: 'Ingress NetworkPolicy' },
  'networking.k8s.io/v1beta1': { Cluster: 'IngressClass', Namespaced: 'Ingress' },
  'node.k8s.io/v1': { Cluster: 'RuntimeClass' },
  'node.k8s.io/v1beta1': { Cluster: 'RuntimeClass' },
  'policy/v1': { Namespaced: 'PodDisruptionBudget' },
  'policy/v1beta1': { Cluster: 'PodSecurityPolicy', Namespaced: 'PodDisruptionBudget' },
  'rbac.authorization.k8s.io/v1': { Cluster: 'ClusterRole ClusterRoleBinding', Namespaced: 'Role RoleBinding' },
  'rbac.authorization.k8s.io/v1beta1': { Cluster: 'ClusterRole ClusterRoleBinding', Namespaced: 'Role RoleBinding' },
  'scheduling.k8s.io/v1': { Cluster: 'PriorityClass' },
  'scheduling.k8s.io/v1beta1': { Cluster: 'PriorityClass' },
  'storage.k8s.io/v1': { Cluster: 'CSIDriver CSINode StorageClass VolumeAttachment' },
  'storage.k8s.io/v1beta1': {
    Cluster: 'CSIDriver CSINode StorageClass VolumeAttachment',
    Namespaced: 'CSIStorageCapacity',
  },
};

/** Cluster-scoped kinds of which kustomize 5.8.3 has no schema; 5.8.1, which Flux 2.9 uses, knows nothing of them. */
const withoutSchema = /^ValidatingAdmissionPolicy(?:Binding)?$/;

/** Whether kustomize has a schema of the kind. */
export function isKnownToKustomize(gvk: Gvk): boolean {
  return scopeOf(gvk) !== undefined;
}

export function isNamespacedForKustomize(gvk: Gvk): boolean {
  if (apiVersionOf(gvk) === 'admissionregistration.k8s.io/v1' && withoutSchema.test(gvk.kind)) return false;
  return scopeOf(gvk) !== 'Cluster';
}

/** Undefined for kinds that kustomize doesn't know. */
export function knownScope(gvk: Gvk): 'Cluster' | 'Namespaced' | undefined {
  return isNamespacedForKustomize(gvk) ? scopeOf(gvk) : 'Cluster';
}

const scopes: ReadonlyMap<string, 'Cluster' | 'Namespaced'> = new Map(
  Object.entries(known).flatMap(([apiVersion, kinds]) =>
    (['Cluster', 'Namespaced'] as const).flatMap((scope) =>
      (kinds[scope]?.split(' ') ?? []).map((kind) => [`${apiVersion} ${kind}`, scope] as const),
    ),
  ),
);

function scopeOf(gvk: Gvk): 'Cluster' | 'Namespaced' | undefined {
  const known = scopesOf.get(gvk);
  if (known) return known === 'unknown' ? undefined : known;
  const scope = scopes.get(`${apiVersionOf(gvk)} ${gvk.kind}`);
  scopesOf.set(gvk, scope ?? 'unknown');
  return scope;
}

const scopesOf = new WeakMap<Gvk, 'Cluster' | 'Namespaced' | 'unknown'>();
