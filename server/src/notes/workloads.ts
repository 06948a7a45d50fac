// Notes on Kubernetes workloads and related kinds: https://kubernetes.io/docs/concepts/workloads/ and the API reference of
// v1.36.
import { type FieldNotes, type KindNotes, under } from './note.ts';

const probe = (of: string, failing: string): FieldNotes => ({
  [of]: failing,
  [`${of}.initialDelaySeconds`]: 'Seconds from the start of the container to the first probe; 0 if omitted.',
  [`${of}.periodSeconds`]: 'Seconds between probes; 10 if omitted.',
  [`${of}.timeoutSeconds`]: 'Timeout of a probe in seconds; 1 if omitted, which can be too short on a busy node.',
  [`${of}.failureThreshold`]: 'Number of consecutive failures before the probe has failed; 3 if omitted.',
  [`${of}.httpGet.port`]: 'Port number, or the name of a port of the container.',
});

const container: FieldNotes = {
  image:
    'Image reference. Without a tag, `latest` is used and pulled at each start. A digest (`name@sha256:…`) pins the content.',
  imagePullPolicy: 'If omitted: `Always` for the tag `latest` or no tag, otherwise `IfNotPresent`.',
  command: 'Replaces the image’s entrypoint. Not run in a shell: `$(NAME)` is expanded, `$NAME` isn’t.',
  args: 'Replaces the image’s arguments, which are also dropped if only `command` is set.',
  'env.value': 'Always a string: quote numbers and `true`. `$(NAME)` expands variables defined earlier.',
  'env.valueFrom': 'Read when the container starts; later changes of the source have no effect.',
  envFrom: 'Sets every key of a ConfigMap or Secret as a variable when the container starts.',
  'ports.containerPort': 'Informational: a port is reachable whether or not it is listed.',
  'resources.requests': 'Resources that the scheduler reserves on a node; the limits if omitted and limits are set.',
  'resources.limits': 'A container that exceeds its memory limit is killed; at its CPU limit it is throttled.',
  ...probe(
    'livenessProbe',
    'Restarts the container when it fails. It must not fail during a slow start, for which `startupProbe` exists, or because of a slow dependency.',
  ),
  ...probe(
    'readinessProbe',
    'Removes the pod from its Services while it fails, and blocks a rollout. If omitted, a running container is considered ready.',
  ),
  ...probe('startupProbe', 'The other probes start once it has succeeded; then it stops.'),
  'securityContext.runAsNonRoot':
    'Refuses to start the container as user 0. The user must be numeric, in the image or in `runAsUser`.',
  'securityContext.readOnlyRootFilesystem': 'Only volumes are writable: mount an emptyDir at `/tmp`.',
  'securityContext.privileged': 'Effectively root on the node. The Pod Security level of most namespaces rejects it.',
  'volumeMounts.subPath':
    'Path of a file or directory in the volume. A subPath mount isn’t updated when its ConfigMap changes.',
};

const pod: FieldNotes = {
  ...under('containers', container),
  initContainers:
    'Run in order, each to completion, before the containers start. With `restartPolicy: Always`, one keeps running as a sidecar.',
  ...under('initContainers', {
    image: container.image!,
    restartPolicy: '`Always` makes it a sidecar: it starts before the containers and keeps running alongside them.',
  }),
  serviceAccountName: 'Service account in the pod’s namespace for access to the API server; `default` if omitted.',
  automountServiceAccountToken:
    'Whether the account’s token is mounted into the pod; true if set on neither the pod nor the account.',
  imagePullSecrets: 'Secrets of type `kubernetes.io/dockerconfigjson` in the pod’s namespace.',
  nodeSelector: 'Labels that a node must have, all of them. If no node has them, the pod remains pending.',
  tolerations: 'Node taints that the pod tolerates. They allow the pod on such nodes but don’t attract it to them.',
  topologySpreadConstraints:
    'How evenly pods are spread over zones or nodes. Without `labelSelector` no pods are counted.',
  priorityClassName: 'Pods with lower priority are evicted to make room for this pod.',
  terminationGracePeriodSeconds: 'Seconds between SIGTERM and SIGKILL; 30 if omitted.',
  hostNetwork: 'Uses the node’s network and ports: two such pods with the same port can’t run on one node.',
  'securityContext.fsGroup':
    'Group that owns the volumes. Changing the ownership of large volumes is slow; see `fsGroupChangePolicy`.',
  'volumes.emptyDir': 'Starts empty and is deleted with the pod. `medium: Memory` counts towards the memory limit.',
  'volumes.hostPath': 'Path on the node. Data written there stays on that node; pods on other nodes don’t see it.',
  'volumes.configMap.optional': 'If not true, the pod waits until the ConfigMap exists.',
};

const template = under('spec.template.spec', pod);

const workload: FieldNotes = {
  ...template,
  'spec.selector': 'Selects the pods of this workload; must match the labels in the template. Immutable.',
};

export const workloads: readonly KindNotes[] = [
  { group: '', kind: 'Pod', fields: under('spec', pod) },
  {
    group: 'apps',
    kind: 'Deployment',
    fields: {
      ...workload,
      'spec.replicas':
        'Number of pods; 1 if omitted. Omit it if an autoscaler sets it; otherwise each apply resets it.',
      'spec.strategy.type':
        '`RollingUpdate` if omitted. `Recreate` stops all old pods before the first new one starts.',
      'spec.strategy.rollingUpdate.maxSurge':
        'Number of pods above `replicas` during an update, or a percentage, rounded up; 25% if omitted.',
      'spec.strategy.rollingUpdate.maxUnavailable':
        'Number of pods that can be unavailable during an update, or a percentage, rounded down; 25% if omitted. It must not be 0 if `maxSurge` is 0.',
      'spec.progressDeadlineSeconds':
        'Seconds without progress after which the rollout is marked as failed; 600 if omitted. It is not rolled back.',
      'spec.revisionHistoryLimit': 'Number of old ReplicaSets kept for rollback; 10 if omitted.',
      'spec.minReadySeconds': 'Seconds that a pod must be ready before it is available; 0 if omitted.',
      'spec.paused': 'If true, changes to the template are not rolled out.',
    },
  },
  {
    group: 'apps',
    kind: 'StatefulSet',
    fields: {
      ...workload,
      'spec.serviceName': 'Headless Service that provides the pods’ DNS names. You must create it. Immutable.',
      'spec.volumeClaimTemplates':
        'Creates a claim for each pod, which is kept when the pod is deleted. Immutable: to enlarge a disk, change the claims.',
      'spec.podManagementPolicy':
        '`OrderedReady` if omitted: pods are created one at a time, each after the previous one is ready.',
    },
  },
  { group: 'apps', kind: 'DaemonSet', fields: workload },
  {
    group: 'batch',
    kind: 'Job',
    fields: {
      ...template,
      'spec.backoffLimit': 'Number of failed pods after which the Job fails; 6 if omitted.',
      'spec.ttlSecondsAfterFinished':
        'Seconds after completion until the Job is deleted; kept if omitted. Flux recreates a deleted Job.',
      'spec.activeDeadlineSeconds': 'Seconds after which the Job is stopped and marked as failed.',
    },
  },
  {
    group: 'batch',
    kind: 'CronJob',
    fields: {
      'spec.schedule':
        'Minute, hour, day, month, weekday, in the time zone `timeZone`; if that is omitted, in the controller’s time zone, usually UTC.',
      'spec.concurrencyPolicy':
        '`Allow` if omitted: a run starts even if the previous one is still running. `Forbid` skips the new run, `Replace` stops the previous one.',
      'spec.startingDeadlineSeconds':
        'Maximum delay of a run in seconds; a run that is later is skipped. With less than 10, all runs can be missed.',
      'spec.suspend': 'If true, no new runs start; existing runs continue.',
    },
  },
  {
    group: '',
    kind: 'Service',
    fields: {
      'spec.selector':
        'Selects the pods in this namespace that receive traffic. If no pod matches, the Service has no endpoints, and no error is reported.',
      'spec.type': '`ClusterIP` if omitted; `NodePort` and `LoadBalancer` are reachable from outside the cluster.',
      'spec.clusterIP': '`None` makes the Service headless: DNS returns the addresses of the pods. Immutable.',
      'spec.ports.targetPort': 'Port number, or the name of a container port; `port` if omitted.',
      'spec.ports.name': 'Required if there are several ports.',
      'spec.externalTrafficPolicy':
        '`Local` preserves the client’s address and uses only nodes with a pod; `Cluster` if omitted.',
      'spec.sessionAffinity': '`ClientIP` routes a client to the same pod for three hours.',
    },
  },
  {
    group: 'networking.k8s.io',
    kind: 'Ingress',
    fields: {
      'spec.ingressClassName':
        'Class of the controller that serves the Ingress. If omitted, the default class; without one, no controller serves it.',
      'spec.rules.http.paths.pathType':
        '`Prefix` matches whole path segments: `/foo` matches `/foo/bar`, not `/foobar`.',
      'spec.tls.secretName': 'Secret of type `kubernetes.io/tls` in the Ingress’s namespace.',
    },
  },
  {
    group: 'autoscaling',
    kind: 'HorizontalPodAutoscaler',
    fields: {
      'spec.minReplicas': 'Minimum number of pods; 1 if omitted.',
      'spec.scaleTargetRef': 'Workload to scale. Omit its `replicas` in Git.',
    },
  },
  {
    group: 'policy',
    kind: 'PodDisruptionBudget',
    fields: {
      'spec.minAvailable':
        'Number of pods that must remain available during evictions. A value equal to the replicas blocks every drain.',
      'spec.maxUnavailable': 'Number of pods that can be unavailable during evictions; 0 blocks every drain.',
    },
  },
  {
    group: '',
    kind: 'PersistentVolumeClaim',
    fields: {
      'spec.storageClassName': 'If omitted, the default class; `""` requests a volume without a class.',
      'spec.accessModes':
        '`ReadWriteOnce` allows one node, `ReadWriteOncePod` one pod; few storage systems support `ReadWriteMany`.',
      'spec.resources.requests': 'Can be increased later if the class allows it, but never decreased.',
    },
  },
];
