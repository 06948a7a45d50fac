// Cases for configuration, access, limits, storage and scaling.
import type { KindCases } from './case.ts';

const metadata = { name: 'web', namespace: 'default' } as const;
const rbac = 'rbac.authorization.k8s.io';
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } as const;

export const platform: readonly KindCases[] = [
  {
    good: { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'a.b': 'c' } },
    bad: [
      ['data', { 'a b': 'c' }, 'data[a b]'],
      ['binaryData', { 'a.b': 'YQ==' }, 'data[a.b]'],
      ['data', { a: 1 }, 'data.a'],
    ],
  },
  {
    good: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': 'YQ==', 'tls.key': 'YQ==' },
    },
    bad: [
      ['data[tls.key]', undefined],
      ['stringData', { 'a b': 'c' }, 'data[a b]'],
    ],
  },
  {
    good: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'web' } },
    bad: [
      ['metadata.name', 'a.b'],
      ['spec', { finalizers: ['mine'] }, 'spec.finalizers'],
    ],
  },
  {
    good: { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    bad: [
      ['metadata.name', 'A'],
      ['metadata.labels', { 'a b': 'c' }],
    ],
  },
  {
    good: {
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata,
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    },
    bad: [
      ['rules[0].verbs', []],
      ['rules[0].apiGroups', []],
      ['rules[0].resources', []],
      ['rules[0].nonResourceURLs', ['/x']],
      ['metadata.name', 'a/b'],
    ],
  },
  {
    good: {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'web' },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'ServiceAccount', name: 'a', namespace: 'b' }],
    },
    bad: [
      ['roleRef.kind', 'Role'],
      ['roleRef.name', ''],
      ['roleRef.apiGroup', 'x'],
      ['subjects[0].namespace', undefined],
      ['subjects[0].kind', 'Robot'],
      ['subjects[0].name', ''],
      ['subjects[0].apiGroup', 'x'],
    ],
  },
  {
    good: {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata,
      spec: { hard: { 'requests.cpu': '1', pods: '3' }, scopes: ['NotBestEffort'] },
    },
    bad: [
      ['spec.hard', { storage: '1' }, 'spec.hard[storage]'],
      ['spec.hard', { pods: '1.5' }, 'spec.hard[pods]'],
      ['spec.scopes', ['Sometimes']],
      ['spec.scopes', ['BestEffort']],
      [
        'spec.scopeSelector',
        { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In' }] },
        'spec.scopeSelector.matchExpressions.values',
      ],
    ],
  },
  {
    good: {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata,
      spec: {
        limits: [
          {
            type: 'Container',
            min: { cpu: '10m' },
            max: { cpu: '1' },
            default: { cpu: '500m' },
            defaultRequest: { cpu: '100m' },
          },
        ],
      },
    },
    bad: [
      ['spec.limits[0].type', 'Robot'],
      ['spec.limits[0].min.cpu', '2', 'spec.limits[0].min[cpu]'],
      ['spec.limits[0].default.cpu', '2', 'spec.limits[0].default[cpu]'],
      ['spec.limits[0].defaultRequest.cpu', '1m', 'spec.limits[0].defaultRequest[cpu]'],
      ['spec.limits[0].defaultRequest', { storage: '1' }, 'spec.limits[0].defaultRequest[storage]'],
      ['spec.limits[0].type', 'Pod', 'spec.limits[0].default'],
      ['spec.limits[0].maxLimitRequestRatio', { cpu: '1000' }, 'spec.limits[0].maxLimitRequestRatio[cpu]'],
    ],
  },
  {
    good: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec: claim },
    bad: [
      ['spec.accessModes', []],
      ['spec.accessModes', ['Sometimes']],
      ['spec.accessModes', ['ReadWriteOncePod', 'ReadWriteOnce']],
      ['spec.resources', {}, 'spec.resources[storage]'],
      ['spec.resources.requests.storage', '0', 'spec.resources[storage]'],
      ['spec.volumeMode', 'Sometimes'],
      ['spec.storageClassName', 'A'],
      ['spec.dataSourceRef', { kind: 'X', name: 'y' }],
    ],
  },
  {
    good: {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'disk' },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        csi: { driver: 'a.example', volumeHandle: 'x' },
      },
    },
    bad: [
      ['spec.capacity', {}],
      ['spec.capacity.storage', '0', 'spec.capacity[storage]'],
      ['spec.csi', undefined, 'spec'],
      ['spec.hostPath', { path: '/x' }, 'spec.csi'],
      ['spec.csi.driver', ''],
      ['spec.csi.volumeHandle', ''],
      ['spec.csi.nodePublishSecretRef', { name: 'a' }, 'spec.csi.nodePublishSecretRef.namespace'],
      ['spec.persistentVolumeReclaimPolicy', 'Sometimes'],
      ['spec.nodeAffinity', {}, 'spec.nodeAffinity.required'],
    ],
  },
  {
    good: {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'fast' },
      provisioner: 'ebs.csi.aws.com',
    },
    bad: [
      ['provisioner', ''],
      ['provisioner', 'a b'],
      ['reclaimPolicy', 'Recycle'],
      ['volumeBindingMode', 'Sometimes'],
      [
        'allowedTopologies',
        [{ matchLabelExpressions: [{ key: 'zone', values: ['a', 'a'] }] }],
        'allowedTopologies[0].matchLabelExpressions[0].values[1]',
      ],
      [
        'allowedTopologies',
        [{ matchLabelExpressions: [{ key: 'zone', values: [] }] }],
        'allowedTopologies[0].matchLabelExpressions[0].values',
      ],
      [
        'allowedTopologies',
        [
          { matchLabelExpressions: [{ key: 'zone', values: ['a', 'b'] }] },
          { matchLabelExpressions: [{ key: 'zone', values: ['b', 'a'] }] },
        ],
        'allowedTopologies[1].matchLabelExpressions',
      ],
    ],
  },
  {
    good: {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'VolumeAttributesClass',
      metadata: { name: 'fast' },
      driverName: 'a.example',
      parameters: { iops: '1' },
    },
    bad: [
      ['driverName', ''],
      ['parameters', {}],
    ],
  },
  {
    good: {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSIDriver',
      metadata: { name: 'a.example' },
      spec: { tokenRequests: [{ audience: 'a' }] },
    },
    bad: [
      ['spec.fsGroupPolicy', 'Sometimes'],
      ['spec.volumeLifecycleModes', ['Never']],
      ['spec.tokenRequests', [{ audience: 'a' }, { audience: 'a' }], 'spec.tokenRequests[1].audience'],
      ['spec.tokenRequests[0].expirationSeconds', 5],
      ['spec.nodeAllocatableUpdatePeriodSeconds', 1],
    ],
  },
  {
    good: {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSINode',
      metadata: { name: 'node' },
      spec: { drivers: [{ name: 'a.example', nodeID: 'x' }] },
    },
    bad: [
      ['spec.drivers[0].name', ''],
      ['spec.drivers[0].nodeID', ''],
      ['spec.drivers[0].topologyKeys', ['a', 'a'], 'spec.drivers[0]'],
      ['spec.drivers[0].allocatable', { count: -1 }, 'spec.drivers[0].allocatable.count'],
    ],
  },
  {
    good: {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'VolumeAttachment',
      metadata: { name: 'a' },
      spec: { attacher: 'a.example', nodeName: 'node', source: { persistentVolumeName: 'disk' } },
    },
    bad: [
      ['spec.attacher', ''],
      ['spec.nodeName', ''],
      ['spec.source', {}],
      ['spec.source.persistentVolumeName', 'A'],
    ],
  },
  {
    good: { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec: { minAvailable: 1, selector: {} } },
    bad: [
      ['spec.maxUnavailable', 1, 'spec'],
      ['spec.minAvailable', -1],
      ['spec.minAvailable', '101%'],
      ['spec.minAvailable', 'some'],
      ['spec.unhealthyPodEvictionPolicy', 'Sometimes'],
    ],
  },
  {
    good: {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata,
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        maxReplicas: 3,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
        ],
      },
    },
    bad: [
      ['spec.maxReplicas', 0],
      ['spec.minReplicas', 4, 'spec.maxReplicas'],
      ['spec.scaleTargetRef.kind', ''],
      ['spec.scaleTargetRef.apiVersion', ''],
      ['spec.metrics[0].type', 'Sometimes'],
      ['spec.metrics[0].resource.target.averageUtilization', 0],
      [
        'spec.behavior',
        { scaleUp: { stabilizationWindowSeconds: 4000 } },
        'spec.behavior.scaleUp.stabilizationWindowSeconds',
      ],
      ['spec.behavior', { scaleUp: { policies: [] } }, 'spec.behavior.scaleUp.policies'],
    ],
  },
  {
    good: { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' }, value: 1000 },
    bad: [
      ['value', 2000000000],
      ['metadata.name', 'system-mine'],
      ['preemptionPolicy', 'Sometimes'],
    ],
  },
];
