// Cases for pods and for the workloads that create them.
import type { Bad, KindCases } from './case.ts';

const template = {
  metadata: { labels: { app: 'web' } },
  spec: {
    containers: [
      {
        name: 'web',
        image: 'registry.example.com/web:1',
        ports: [{ name: 'http', containerPort: 8080 }],
        env: [{ name: 'MODE', value: 'fast' }],
        resources: { requests: { cpu: '100m' }, limits: { cpu: '1' } },
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
        readinessProbe: { httpGet: { path: '/', port: 'http' } },
        securityContext: { runAsUser: 1000 },
      },
    ],
    volumes: [{ name: 'data', emptyDir: {} }],
  },
} as const;

const ofTemplate: readonly Bad[] = [
  ['spec.template.spec.containers', [], 'spec.template.spec.containers'],
  ['spec.template.spec.containers[0].name', 'Web'],
  ['spec.template.spec.containers[0].name', undefined],
  ['spec.template.spec.containers[0].image', ''],
  ['spec.template.spec.containers[0].imagePullPolicy', 'Sometimes'],
  ['spec.template.spec.containers[0].ports[0].containerPort', 0],
  ['spec.template.spec.containers[0].ports[0].name', 'a-name-far-too-long'],
  ['spec.template.spec.containers[0].ports[0].protocol', 'HTTP'],
  ['spec.template.spec.containers[0].env[0].name', ''],
  ['spec.template.spec.containers[0].env[0].valueFrom', { secretKeyRef: { name: 'a', key: 'b' } }],
  [
    'spec.template.spec.containers[0].resources.requests.cpu',
    '2',
    'spec.template.spec.containers[0].resources.requests',
  ],
  ['spec.template.spec.containers[0].volumeMounts[0].name', 'other'],
  ['spec.template.spec.containers[0].volumeMounts[0].mountPath', ''],
  ['spec.template.spec.containers[0].readinessProbe.httpGet.port', 70000],
  ['spec.template.spec.containers[0].readinessProbe.periodSeconds', -1],
  [
    'spec.template.spec.containers[0].livenessProbe',
    { successThreshold: 2, tcpSocket: { port: 1 } },
    'spec.template.spec.containers[0].livenessProbe.successThreshold',
  ],
  ['spec.template.spec.containers[0].lifecycle', { preStop: {} }, 'spec.template.spec.containers[0].lifecycle.preStop'],
  ['spec.template.spec.containers[0].securityContext.runAsUser', -1],
  ['spec.template.spec.volumes[0].name', 'Data'],
  ['spec.template.spec.volumes[0].hostPath', { path: '/x' }],
  ['spec.template.spec.restartPolicy', 'Never'],
  ['spec.template.spec.dnsPolicy', 'Sometimes'],
  ['spec.template.spec.hostAliases', [{ ip: '10.0.0.01', hostnames: ['a'] }], 'spec.template.spec.hostAliases[0].ip'],
  [
    'spec.template.spec.tolerations',
    [{ operator: 'Exists', value: 'x' }],
    'spec.template.spec.tolerations[0].operator',
  ],
  [
    'spec.template.spec.affinity',
    { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } },
    'spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms',
  ],
  [
    'spec.template.spec.topologySpreadConstraints',
    [{ maxSkew: 0, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }],
    'spec.template.spec.topologySpreadConstraints[0].maxSkew',
  ],
  ['spec.template.metadata.labels', { app: 'other' }],
  ['spec.template.metadata.annotations', { 'a b': 'c' }, 'spec.template.annotations'],
];

const selected = { replicas: 1, selector: { matchLabels: { app: 'web' } }, template } as const;
const metadata = { name: 'web', namespace: 'default' } as const;

export const workloads: readonly KindCases[] = [
  {
    good: { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: selected },
    bad: [
      ...ofTemplate,
      ['spec.replicas', -1],
      ['spec.selector', undefined],
      ['spec.selector', {}],
      ['spec.selector.matchLabels', { app: 'a b' }],
      ['spec.strategy', { type: 'Sometimes' }, 'spec.strategy'],
      ['spec.strategy', { type: 'Recreate', rollingUpdate: { maxSurge: 1 } }, 'spec.strategy.rollingUpdate'],
      [
        'spec.strategy',
        { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } },
        'spec.strategy.rollingUpdate.maxUnavailable',
      ],
      ['spec.progressDeadlineSeconds', 0],
      ['spec.revisionHistoryLimit', -1],
      ['spec.minReadySeconds', -1],
      ['metadata.name', 'Web'],
    ],
  },
  {
    good: { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata, spec: selected },
    bad: [
      ['spec.replicas', -1],
      ['spec.selector', {}],
    ],
  },
  {
    good: {
      apiVersion: 'v1',
      kind: 'ReplicationController',
      metadata,
      spec: { ...selected, selector: { app: 'web' } },
    },
    bad: [
      ['spec.selector', { app: 'other' }, 'spec.template.metadata.labels'],
      ['spec.template', undefined],
      ['spec.template.spec.activeDeadlineSeconds', 3],
      ['spec.replicas', -1],
    ],
  },
  {
    good: { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, spec: { selector: selected.selector, template } },
    bad: [
      ['spec.updateStrategy', { type: 'Never' }, 'spec.updateStrategy'],
      [
        'spec.updateStrategy',
        { rollingUpdate: { maxUnavailable: 0, maxSurge: 0 } },
        'spec.updateStrategy.rollingUpdate.maxUnavailable',
      ],
      ['spec.template.spec.restartPolicy', 'OnFailure'],
    ],
  },
  {
    good: {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata,
      spec: {
        ...selected,
        serviceName: 'web',
        volumeClaimTemplates: [
          {
            metadata: { name: 'data' },
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
          },
        ],
      },
    },
    bad: [
      ['spec.podManagementPolicy', 'Sometimes'],
      ['spec.updateStrategy', { type: 'OnDelete', rollingUpdate: {} }, 'spec.updateStrategy.rollingUpdate'],
      ['spec.updateStrategy', { rollingUpdate: { partition: -1 } }, 'spec.updateStrategy.rollingUpdate.partition'],
      [
        'spec.persistentVolumeClaimRetentionPolicy',
        { whenDeleted: 'Never' },
        'spec.persistentVolumeClaimRetentionPolicy.whenDeleted',
      ],
      ['spec.ordinals', { start: -1 }, 'spec.ordinals.start'],
    ],
  },
  {
    good: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata,
      spec: { template: { spec: { ...template.spec, restartPolicy: 'Never' } } },
    },
    bad: [
      ['spec.template.spec.restartPolicy', undefined],
      ['spec.template.spec.restartPolicy', 'Always'],
      ['spec.parallelism', -1],
      ['spec.backoffLimit', -1],
      ['spec.completionMode', 'Sometimes'],
      ['spec.selector', { matchLabels: { a: 'b' } }],
      ['spec.suspend', 'yes'],
    ],
  },
  {
    good: {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata,
      spec: {
        schedule: '*/5 * * * *',
        jobTemplate: { spec: { template: { spec: { ...template.spec, restartPolicy: 'Never' } } } },
      },
    },
    bad: [
      ['spec.schedule', '* * * *'],
      ['spec.schedule', ''],
      ['spec.timeZone', 'Local'],
      ['spec.timeZone', 'Middle/Earth'],
      ['spec.concurrencyPolicy', 'Maybe'],
      ['spec.successfulJobsHistoryLimit', -1],
      ['metadata.name', 'a'.repeat(53)],
      ['spec.jobTemplate.spec.manualSelector', true],
    ],
  },
  {
    good: { apiVersion: 'v1', kind: 'Pod', metadata, spec: template.spec },
    bad: [
      ['spec.containers[0].image', ' web'],
      ['spec.initContainers', [{ name: 'web', image: 'x' }], 'spec.initContainers[0].name'],
      ['spec.activeDeadlineSeconds', 0],
      ['spec.serviceAccountName', 'A'],
      ['spec.nodeSelector', { a: 'b c' }],
    ],
  },
];
