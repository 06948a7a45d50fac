// Edge cases of several kinds, found in real repositories and generated objects: types in admission policies, quantities
// without digits or beyond 64 bits, nulls in maps, names that become labels.
import type { KindCases } from './case.ts';

const metadata = { name: 'web', namespace: 'default' } as const;
const container = { name: 'web', image: 'registry.example.com/web:1' } as const;
const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } } as const;
const claim = {
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
} as const;

export const corners: readonly KindCases[] = [
  {
    good: {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'a' },
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        },
        matchConditions: [{ name: 'a', expression: 'request.userInfo.username != "a" && has(object.spec)' }],
        variables: [
          { name: 'count', expression: '1 + 1' },
          { name: 'small', expression: 'variables.count < 5' },
          { name: 'spec', expression: 'object.spec' },
        ],
        validations: [
          { expression: 'variables.small', messageExpression: '"in " + request.namespace' },
          { expression: 'variables.spec.hostNetwork == false || request.options.x' },
          { expression: '"a" in namespaceObject.metadata.labels && namespaceObject.status.phase == "Active"' },
        ],
      },
    },
    bad: [
      ['spec.validations[0].expression', 'variables.count'],
      ['spec.validations[0].expression', 'variables.large'],
      ['spec.validations[0].expression', 'object.spec.hostNetwork'],
      ['spec.validations[0].expression', 'request'],
      ['spec.validations[0].expression', 'request.object.spec.hostNetwork == true'],
      ['spec.validations[0].expression', 'request.resource.kind == "Pod"'],
      ['spec.validations[0].expression', 'namespaceObject.kind == "Namespace"'],
      ['spec.validations[0].expression', 'true ? object.x : false'],
      ['spec.validations[0].messageExpression', 'object.metadata.name'],
      ['spec.matchConditions[0].expression', 'dyn(true)'],
      ['spec.variables[1].expression', 'variables.small'],
    ],
  },
  {
    good: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: {
        containers: [{ ...container, resources: { limits: { memory: '.', cpu: 'm', 'example.com/gpu': '9E' } } }],
      },
    },
    bad: [
      ['spec.containers[0].resources.limits.memory', ''],
      ['spec.containers[0].resources.limits.memory', '1mi'],
      [
        'spec.containers[0].resources.limits[example.com/gpu]',
        '9223372036854776',
        'spec.containers[0].resources.limits[example.com/gpu]',
      ],
      ['spec.containers[0].resources.requests', { 'example.com/gpu': null }, 'spec.containers[0].resources.requests'],
    ],
  },
  {
    good: {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata,
      spec: {
        serviceName: 'web',
        selector: { matchLabels: { app: 'web' } },
        template: {
          ...template,
          spec: {
            containers: [container],
            volumes: [{ name: 'cache', emptyDir: {} }],
            hostname: 'A b',
            hostUsers: false,
          },
        },
        volumeClaimTemplates: [claim],
      },
    },
    bad: [
      ['metadata.name', 'web.example'],
      ['metadata.name', 'a'.repeat(64)],
      ['spec.template.spec.volumes[0].name', 'Cache', 'spec.template.spec.volumes[1].name'],
      ['spec.volumeClaimTemplates[0].metadata.name', 'Data', 'spec.template.spec.volumes[0].name'],
      [
        'spec.volumeClaimTemplates[0].spec.dataSource',
        { kind: 'Example', name: 'a' },
        'spec.volumeClaimTemplates[0].spec.dataSource',
      ],
      ['spec.template.spec.hostNetwork', true],
      ['spec.template.spec.hostPID', true, 'spec.template.spec.HostPID'],
      ['spec.template.spec.serviceAccount', 'A b', 'spec.template.spec.serviceAccountName'],
    ],
  },
  {
    good: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata,
      spec: {
        completionMode: 'Indexed',
        completions: 10,
        template: { spec: { restartPolicy: 'Never', containers: [container] } },
      },
    },
    bad: [
      ['metadata.name', 'a'.repeat(64), 'spec.template.labels'],
      ['metadata.name', 'a'.repeat(62)],
    ],
  },
  {
    good: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata,
      spec: { completionMode: 'Indexed', template: { spec: { restartPolicy: 'Never', containers: [container] } } },
    },
    bad: [
      ['spec.parallelism', 2, 'spec.completions'],
      ['spec.successPolicy', { rules: [{ succeededIndexes: '0-2' }] }, 'spec.successPolicy.rules[0].succeededIndexes'],
      ['spec.successPolicy', { rules: [{ succeededIndexes: 'all' }] }, 'spec.successPolicy.rules[0].succeededIndexes'],
      ['spec.successPolicy', { rules: [{ succeededCount: 2 }] }, 'spec.successPolicy.rules[0].succeededCount'],
      ['spec.selector', { matchLabels: { 'a b': 'c' } }, 'spec.selector.matchLabels'],
    ],
  },
  {
    good: {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata,
      spec: { ...claim.spec, dataSourceRef: { kind: 'Example', name: 'a', namespace: 'other' } },
    },
    bad: [['spec.dataSourceRef.namespace', '', 'spec.dataSourceRef']],
  },
  {
    good: {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata,
      spec: {
        ...claim.spec,
        dataSource: { kind: 'PersistentVolumeClaim', name: 'a' },
        dataSourceRef: { kind: 'PersistentVolumeClaim', name: 'a' },
      },
    },
    bad: [['spec.dataSource.name', 'b', 'spec']],
  },
  {
    good: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: {
        containers: [container],
        volumes: [
          {
            name: 'all',
            projected: { sources: [{ secret: { name: 'a' }, clusterTrustBundle: {}, podCertificate: {} }] },
          },
        ],
      },
    },
    bad: [
      ['spec.volumes[0].projected.sources[0].configMap', { name: 'b' }, 'spec.volumes[0].projected.sources[0]'],
      ['spec.resources', { claims: [] }, 'spec.resources.claims'],
    ],
  },
  {
    good: {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata,
      spec: { limits: [{ type: 'Container', max: { cpu: '1' }, min: { cpu: '100m' } }] },
    },
    bad: [
      ['spec.limits[0].max.cpu', null, 'spec.limits[0].min[cpu]'],
      ['spec.limits[0].maxLimitRequestRatio', { cpu: null }, 'spec.limits[0].maxLimitRequestRatio[cpu]'],
    ],
  },
  {
    good: {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'a' },
      spec: { podCIDR: '10.0.0.0/24', podCIDRs: ['nonsense'] },
    },
    bad: [['spec.podCIDR', 'nonsense', 'spec.podCIDRs[0]']],
  },
  {
    good: {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'a' },
      spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/a' } },
    },
    bad: [
      ['spec.capacity.storage', null, 'spec.capacity[storage]'],
      ['spec.capacity.storage', '9223372036854775808', 'spec.capacity[storage]'],
      ['spec.cephfs', { monitors: ['a'] }, 'spec.cephFS'],
    ],
  },
  {
    good: {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'a' },
      provisioner: 'example.com/a',
      reclaimPolicy: '',
      allowedTopologies: [{ matchLabelExpressions: [{ key: 'zone', values: ['a'] }] }],
    },
    bad: [['allowedTopologies[1]', {}, 'allowedTopologies[1].matchLabelExpressions']],
  },
  {
    good: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata,
      spec: { defaultBackend: { resource: { apiGroup: 'example.com', kind: 'Bucket', name: 'a' } } },
    },
    bad: [
      ['spec.defaultBackend.resource.kind', 'a/b'],
      ['spec.defaultBackend.resource.name', '..'],
      ['spec.defaultBackend.resource.apiGroup', 'A'],
    ],
  },
];
