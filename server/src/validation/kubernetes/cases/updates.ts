// Updates of built-in kinds: changes that the server refuses, and similar ones that it accepts. The unit tests check our
// verdict against them, and the live tier checks them against a real server.
import type { Bad, Json } from './case.ts';

export interface UpdateCases {
  /** The existing object. */
  readonly was: Json;
  readonly refused: readonly Bad[];
  readonly accepted: readonly (readonly [path: string, value: Json | undefined])[];
}

const template: Json = {
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image: 'registry.example.com/web:1' }] },
};
const image = 'spec.template.spec.containers[0].image';

const selecting = (kind: string): UpdateCases => ({
  was: {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: `update-${kind.toLowerCase()}` },
    spec: { selector: { matchLabels: { app: 'web' } }, template },
  },
  refused: [
    ['spec.selector.matchLabels.tier', 'front', 'spec.selector'],
    ['spec.selector.matchExpressions', [{ key: 'app', operator: 'Exists' }], 'spec.selector'],
  ],
  accepted: [
    [image, 'registry.example.com/web:2'],
    ['spec.selector.matchExpressions', []],
    ['spec.minReadySeconds', 5],
  ],
});

const statefulSet: UpdateCases = {
  was: {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'update-statefulset' },
    spec: {
      serviceName: 'db',
      selector: { matchLabels: { app: 'web' } },
      template,
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
    },
  },
  refused: [
    ['spec.serviceName', 'other', 'spec'],
    ['spec.podManagementPolicy', 'Parallel', 'spec'],
    ['spec.volumeClaimTemplates[0].spec.resources.requests.storage', '2Gi', 'spec'],
    ['spec.volumeClaimTemplates[0].spec.accessModes', ['ReadWriteMany'], 'spec'],
  ],
  accepted: [
    ['spec.replicas', 3],
    [image, 'registry.example.com/web:2'],
    ['spec.podManagementPolicy', 'OrderedReady'],
    ['spec.volumeClaimTemplates[0].spec.volumeMode', 'Filesystem'],
    ['spec.volumeClaimTemplates[0].spec.resources.requests.storage', '1024Mi'],
    ['spec.revisionHistoryLimit', 3],
    ['spec.persistentVolumeClaimRetentionPolicy', { whenDeleted: 'Delete' }],
  ],
};

const jobSpec = {
  template: {
    spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'registry.example.com/main:1' }] },
  },
};

const job: UpdateCases = {
  was: { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'update-job' }, spec: jobSpec },
  refused: [
    [image, 'registry.example.com/main:2', 'spec.template'],
    ['spec.completionMode', 'Indexed'],
  ],
  accepted: [
    ['spec.parallelism', 2],
    ['spec.backoffLimit', 4],
    ['spec.completionMode', 'NonIndexed'],
    ['spec.template.spec.dnsPolicy', 'ClusterFirst'],
  ],
};

const suspended: UpdateCases = {
  was: {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'update-suspended' },
    spec: { ...jobSpec, suspend: true },
  },
  refused: [],
  accepted: [['spec.template.spec.nodeSelector', { zone: 'a' }]],
};

const claim: UpdateCases = {
  was: {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'update-claim' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'fast',
      resources: { requests: { storage: '1Gi' } },
    },
  },
  refused: [
    ['spec.accessModes', ['ReadWriteMany'], 'spec'],
    ['spec.volumeMode', 'Block', 'spec'],
    ['spec.storageClassName', 'slow', 'spec'],
  ],
  accepted: [
    ['spec.volumeMode', 'Filesystem'],
    ['spec.volumeName', 'pv-1'],
  ],
};

const configMap: UpdateCases = {
  was: {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'update-frozen' },
    immutable: true,
    data: { level: 'info' },
    binaryData: { seed: 'YQ==' },
  },
  refused: [
    ['data.level', 'debug', 'data'],
    ['data.more', 'x', 'data'],
    ['binaryData.seed', 'Yg==', 'binaryData'],
    ['immutable', false],
    ['immutable', undefined],
  ],
  accepted: [['metadata.labels', { a: 'b' }]],
};

const openMap: UpdateCases = {
  was: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'update-open' }, data: { level: 'info' } },
  refused: [],
  accepted: [
    ['data.level', 'debug'],
    ['immutable', true],
  ],
};

const frozenSecret: UpdateCases = {
  was: {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'update-secret' },
    immutable: true,
    data: { user: 'YWRtaW4=' },
  },
  refused: [
    ['data.user', 'cm9vdA==', 'data'],
    ['stringData', { user: 'root' }, 'data'],
    ['type', 'example.com/login'],
  ],
  accepted: [
    ['stringData', { user: 'admin' }],
    ['type', 'Opaque'],
  ],
};

const binding = (kind: string): UpdateCases => ({
  was: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: { name: `update-${kind.toLowerCase()}` },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
  },
  refused: [['roleRef.name', 'edit', 'roleRef']],
  accepted: [['subjects', [{ kind: 'ServiceAccount', name: 'a', namespace: 'default' }]]],
});

const storageClass: UpdateCases = {
  was: {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'update-storage' },
    provisioner: 'csi.example.com',
    parameters: { type: 'ssd' },
  },
  refused: [
    ['provisioner', 'other.example.com'],
    ['parameters.type', 'hdd', 'parameters'],
    ['reclaimPolicy', 'Retain'],
    ['volumeBindingMode', 'WaitForFirstConsumer'],
  ],
  accepted: [
    ['reclaimPolicy', 'Delete'],
    ['volumeBindingMode', 'Immediate'],
    ['allowVolumeExpansion', true],
  ],
};

const ingressClass: UpdateCases = {
  was: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: 'update-ingress' },
    spec: { controller: 'example.com/ingress' },
  },
  refused: [['spec.controller', 'example.com/other']],
  accepted: [['spec.parameters', { kind: 'IngressParameters', name: 'shared', scope: 'Cluster' }]],
};

export const updates: readonly UpdateCases[] = [
  ...['Deployment', 'DaemonSet', 'ReplicaSet'].map(selecting),
  statefulSet,
  job,
  suspended,
  claim,
  configMap,
  openMap,
  frozenSecret,
  ...['RoleBinding', 'ClusterRoleBinding'].map(binding),
  storageClass,
  ingressClass,
];
