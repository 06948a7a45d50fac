// Notes on Kubernetes' workloads and what stands around them: https://kubernetes.io/docs/concepts/workloads/ and the API
// reference of v1.36.
import { type FieldNotes, type KindNotes, under } from './note.ts';

const probe = (of: string, failing: string): FieldNotes => ({
  [of]: failing,
  [`${of}.initialDelaySeconds`]: 'Seconds from the container’s start to the first probe; 0 where left out.',
  [`${of}.periodSeconds`]: 'Seconds between probes; 10 where left out.',
  [`${of}.timeoutSeconds`]: 'Seconds a probe may take; 1 where left out, which a busy node can miss.',
  [`${of}.failureThreshold`]: 'Failures in a row that count; 3 where left out.',
  [`${of}.httpGet.port`]: 'Number, or the name of one of the container’s ports.',
});

const container: FieldNotes = {
  image:
    'Without a tag `latest` is meant, and pulled anew at each start. A digest (`name@sha256:…`) can’t change under you.',
  imagePullPolicy: 'Left out: `Always` for the tag `latest` or none, else `IfNotPresent`.',
  command: 'Replaces the image’s entry point; not run by a shell, so `$(NAME)` is replaced and `$NAME` isn’t.',
  args: 'Replaces the image’s arguments, also where only `command` is set.',
  'env.value': 'Always text: numbers and `true` need quotes. `$(NAME)` takes in variables defined before it.',
  'env.valueFrom': 'Read when the container starts; a later change of the source isn’t noticed.',
  envFrom: 'Every key of a ConfigMap or Secret as a variable, read when the container starts.',
  'ports.containerPort': 'Tells people and tools only: a port is reachable whether it stands here or not.',
  'resources.requests': 'What the scheduler reserves on a node. Left out where limits are set: the limits.',
  'resources.limits': 'Above its memory limit a container is killed, above its CPU limit it is slowed down.',
  ...probe(
    'livenessProbe',
    'Restarts the container when it fails. A slow start or a slow dependency must not fail it: use `startupProbe` for the first.',
  ),
  ...probe(
    'readinessProbe',
    'Takes the pod out of its Services while it fails, and holds up a rollout. Left out, a running container counts as ready.',
  ),
  ...probe('startupProbe', 'The other probes wait until it succeeds once; then it is done.'),
  'securityContext.runAsNonRoot':
    'Refuses to start as user 0; the image must name its user by number, or `runAsUser` does.',
  'securityContext.readOnlyRootFilesystem': 'Nothing can be written but to volumes: give `/tmp` an emptyDir.',
  'securityContext.privileged': 'Root on the node, in effect. Most namespaces’ pod security refuses it.',
  'volumeMounts.subPath':
    'A file or folder of the volume. What is mounted so isn’t updated when its ConfigMap changes.',
};

const pod: FieldNotes = {
  ...under('containers', container),
  initContainers:
    'Run one after the other, each to its end, before the containers start. With `restartPolicy: Always` one stays beside them.',
  ...under('initContainers', {
    image: container.image!,
    restartPolicy: '`Always` makes it a sidecar: it starts before the containers and runs along with them.',
  }),
  serviceAccountName: 'Account of the pod’s own namespace it calls the API server as; `default` where left out.',
  automountServiceAccountToken:
    'Whether the pod gets a token of its account; true where neither pod nor account says otherwise.',
  imagePullSecrets: 'Secrets of type `kubernetes.io/dockerconfigjson` in the pod’s own namespace.',
  nodeSelector: 'Labels a node must have, all of them. Where no node has them the pod stays pending.',
  tolerations: 'Taints of nodes the pod puts up with. They let it onto such nodes and draw it to none.',
  topologySpreadConstraints:
    'How evenly pods are spread over zones or nodes. Without `labelSelector` no pod is counted.',
  priorityClassName: 'Pods of lower priority are evicted to make room for it.',
  terminationGracePeriodSeconds: 'Seconds from SIGTERM to SIGKILL; 30 where left out.',
  hostNetwork: 'Uses the node’s network and ports: two such pods with one port can’t share a node.',
  'securityContext.fsGroup':
    'Group the volumes belong to. On large volumes changing it takes time; see `fsGroupChangePolicy`.',
  'volumes.emptyDir': 'Starts empty and goes with the pod. `medium: Memory` counts against the memory limit.',
  'volumes.hostPath': 'A path of the node. What is written there stays on that node, and pods elsewhere don’t see it.',
  'volumes.configMap.optional': 'Without it the pod waits until the ConfigMap is there.',
};

const template = under('spec.template.spec', pod);

const workload: FieldNotes = {
  ...template,
  'spec.selector': 'Which pods are its own: the labels must stand in the template too. It can’t be changed later.',
};

export const workloads: readonly KindNotes[] = [
  { group: '', kind: 'Pod', fields: under('spec', pod) },
  {
    group: 'apps',
    kind: 'Deployment',
    fields: {
      ...workload,
      'spec.replicas':
        'How many pods; 1 where left out. Leave it out where an autoscaler sets it, or each apply sets it back.',
      'spec.strategy.type':
        '`RollingUpdate` where left out. `Recreate` ends all old pods before the first new one starts.',
      'spec.strategy.rollingUpdate.maxSurge': 'Pods above `replicas` during an update, rounded up; 25% where left out.',
      'spec.strategy.rollingUpdate.maxUnavailable':
        'Pods that may be missing during an update, rounded down; 25% where left out. Can’t be 0 together with `maxSurge`.',
      'spec.progressDeadlineSeconds':
        'Seconds without progress after which the rollout counts as failed; 600 where left out. Nothing is rolled back.',
      'spec.revisionHistoryLimit': 'Old ReplicaSets kept to roll back to; 10 where left out.',
      'spec.minReadySeconds': 'How long a pod must be ready to count as available; 0 where left out.',
      'spec.paused': 'Changes of the template are not rolled out while it is true.',
    },
  },
  {
    group: 'apps',
    kind: 'StatefulSet',
    fields: {
      ...workload,
      'spec.serviceName':
        'Headless Service that gives each pod its name in DNS. You create it; it can’t be changed later.',
      'spec.volumeClaimTemplates':
        'A claim for each pod, kept when the pod goes. They can’t be changed: a larger disk is set in the claims.',
      'spec.podManagementPolicy':
        '`OrderedReady` where left out: one pod after the other, each waits until the one before is ready.',
    },
  },
  { group: 'apps', kind: 'DaemonSet', fields: workload },
  {
    group: 'batch',
    kind: 'Job',
    fields: {
      ...template,
      'spec.backoffLimit': 'Failed pods after which the Job has failed; 6 where left out.',
      'spec.ttlSecondsAfterFinished':
        'Seconds after its end until the Job is deleted; left out, it stays. Flux makes a deleted Job again.',
      'spec.activeDeadlineSeconds': 'Seconds after which the Job is stopped and has failed.',
    },
  },
  {
    group: 'batch',
    kind: 'CronJob',
    fields: {
      'spec.schedule':
        'Minute, hour, day, month, weekday; in the time zone of `timeZone`, else of the controller, mostly UTC.',
      'spec.concurrencyPolicy':
        '`Allow` where left out: a run starts though the one before still runs. `Forbid` skips it, `Replace` ends the old one.',
      'spec.startingDeadlineSeconds':
        'How many seconds late a run may start; one that is later is left out. Less than 10 may miss every run.',
      'spec.suspend': 'No new runs; those that run go on.',
    },
  },
  {
    group: '',
    kind: 'Service',
    fields: {
      'spec.selector':
        'Labels of the pods it leads to, in its own namespace. Where none fits it has no endpoints, and no error says so.',
      'spec.type': '`ClusterIP` where left out; `NodePort` and `LoadBalancer` are reachable from outside.',
      'spec.clusterIP': '`None` makes it headless: DNS answers with the pods’ own addresses. Can’t be changed later.',
      'spec.ports.targetPort': 'Number, or the name of a container’s port; `port` where left out.',
      'spec.ports.name': 'Needed where there are several ports.',
      'spec.externalTrafficPolicy':
        '`Local` keeps the client’s address and uses only nodes with a pod; `Cluster` where left out.',
      'spec.sessionAffinity': '`ClientIP` leads a client to the same pod for three hours.',
    },
  },
  {
    group: 'networking.k8s.io',
    kind: 'Ingress',
    fields: {
      'spec.ingressClassName':
        'Which controller serves it. Left out, the default class does, and where there is none nobody.',
      'spec.rules.http.paths.pathType': '`Prefix` goes by whole segments: `/foo` fits `/foo/bar`, not `/foobar`.',
      'spec.tls.secretName': 'Secret of type `kubernetes.io/tls` in the Ingress’s own namespace.',
    },
  },
  {
    group: 'autoscaling',
    kind: 'HorizontalPodAutoscaler',
    fields: {
      'spec.minReplicas': 'Never fewer pods than these; 1 where left out.',
      'spec.scaleTargetRef': 'What is scaled; its `replicas` should not stand in Git then.',
    },
  },
  {
    group: 'policy',
    kind: 'PodDisruptionBudget',
    fields: {
      'spec.minAvailable': 'Pods that must stay during evictions. Equal to the replicas it blocks every drain.',
      'spec.maxUnavailable': 'Pods that may be missing during evictions; 0 blocks every drain.',
    },
  },
  {
    group: '',
    kind: 'PersistentVolumeClaim',
    fields: {
      'spec.storageClassName': 'Left out, the default class; `""` asks for a volume without class.',
      'spec.accessModes': '`ReadWriteOnce` is one node, `ReadWriteOncePod` one pod; `ReadWriteMany` few storages can.',
      'spec.resources.requests': 'May be raised later where the class allows it, never lowered.',
    },
  },
];
