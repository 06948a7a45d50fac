// Workloads whose pods the API server refuses, or the scheduler can't place.
import {
  type Broken,
  becomesReady,
  deployment,
  type Fields,
  firstThen,
  isUnavailable,
  limit,
  nothing,
  podOf,
  statefulSet,
} from './situation.ts';

const hasNoPods = ({ conditions }: Fields) => JSON.stringify(conditions ?? []).includes('ReplicaFailure');

const thisNamespace = (name: string) => ({ matchLabels: { 'kubernetes.io/metadata.name': name } });
const newPods = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };

const claim = (namespace: string, storageClassName: string) => ({
  ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data', namespace } },
  spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage: '1Gi' } } },
});
const withClaim = podOf({ volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] });

const admission = 'admissionregistration.k8s.io/v1';

/** The API server refuses the pods. */
export const refused: readonly Broken[] = [
  {
    ...{ name: 'quota', cause: 'quota', says: /exceed resource quota limits/, until: hasNoPods },
    around: [limit('quota', 'ResourceQuota', { hard: { pods: '0' } })],
    workload: deployment('quota'),
  },
  {
    ...{ name: 'quota-of-limits', cause: 'quota', says: /requires every container to specify limits\.cpu/ },
    ...{ until: hasNoPods, workload: deployment('quota-of-limits') },
    around: [limit('quota-of-limits', 'ResourceQuota', { hard: { 'limits.cpu': '4' } })],
  },
  {
    ...{ name: 'quota-of-a-set', cause: 'quota', says: /exceed resource quota limits/, report: becomesReady },
    around: [limit('quota-of-a-set', 'ResourceQuota', { hard: { pods: '1' } })],
    workload: statefulSet('quota-of-a-set', podOf(), { replicas: 2 }),
    until: ({ readyReplicas }) => readyReplicas === 1,
  },
  {
    ...{ name: 'limit-range', cause: 'limit range', says: /maximum memory usage per Container is 64Mi/ },
    around: [limit('limit-range', 'LimitRange', { limits: [{ type: 'Container', max: { memory: '64Mi' } }] })],
    workload: deployment('limit-range', podOf({}, { resources: { limits: { memory: '128Mi' } } })),
    until: hasNoPods,
  },
  {
    ...{ name: 'limit-ratio', cause: 'limit range', says: /max limit to request ratio per Container/ },
    around: [
      limit('limit-ratio', 'LimitRange', { limits: [{ type: 'Container', maxLimitRequestRatio: { cpu: '2' } }] }),
    ],
    workload: deployment('limit-ratio', podOf({}, { resources: { limits: { cpu: '1' }, requests: { cpu: '100m' } } })),
    until: hasNoPods,
  },
  {
    ...{ name: 'no-account', cause: 'service account', says: /service account no-account\/robot does not exist/ },
    ...{ workload: deployment('no-account', podOf({ serviceAccountName: 'robot' })), until: hasNoPods },
  },
  {
    ...{ name: 'pod-security', cause: 'pod security', says: /Pod Security level restricted/, until: hasNoPods },
    labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
    workload: deployment('pod-security'),
  },
  {
    ...{ name: 'webhook', cause: 'admission', says: /webhook pods\.example\.com cannot be called/ },
    around: [
      {
        ...{ apiVersion: admission, kind: 'ValidatingWebhookConfiguration', metadata: { name: 'pods' } },
        webhooks: [
          {
            ...{ name: 'pods.example.com', sideEffects: 'None', admissionReviewVersions: ['v1'], timeoutSeconds: 1 },
            clientConfig: { url: 'https://127.0.0.1:1/pods' },
            namespaceSelector: thisNamespace('webhook'),
            rules: [newPods],
          },
        ],
      },
    ],
    workload: deployment('webhook'),
    until: hasNoPods,
  },
  {
    ...{ name: 'policy', cause: 'admission', says: /admission policy no-pods denies them/ },
    around: [
      {
        ...{ apiVersion: admission, kind: 'ValidatingAdmissionPolicy', metadata: { name: 'no-pods' } },
        spec: {
          matchConstraints: { namespaceSelector: thisNamespace('policy'), resourceRules: [newPods] },
          validations: [{ expression: 'false', message: 'nothing runs here' }],
        },
      },
      {
        ...{ apiVersion: admission, kind: 'ValidatingAdmissionPolicyBinding', metadata: { name: 'no-pods' } },
        spec: { policyName: 'no-pods', validationActions: ['Deny'] },
      },
    ],
    workload: deployment('policy'),
    until: hasNoPods,
  },
  {
    ...{ name: 'no-priority', cause: 'refused', says: /no PriorityClass with name urgent was found/ },
    ...{ workload: deployment('no-priority', podOf({ priorityClassName: 'urgent' })), until: hasNoPods },
  },
  {
    ...{ name: 'no-runtime', cause: 'refused', says: /RuntimeClass "sandboxed" not found/i, until: hasNoPods },
    workload: deployment('no-runtime', podOf({ runtimeClassName: 'sandboxed' })),
  },
];

/** The scheduler finds no node for the pods, or isn't to look for one. */
export const unscheduled: readonly Broken[] = [
  {
    ...{ name: 'no-room', cause: 'unschedulable', says: /Insufficient cpu/, until: isUnavailable },
    workload: deployment('no-room', podOf({}, { resources: { requests: { cpu: '1000' } } })),
  },
  {
    ...{ name: 'no-such-node', cause: 'unschedulable', says: /node affinity\/selector/, until: isUnavailable },
    workload: deployment('no-such-node', podOf({ nodeSelector: { disk: 'fast' } })),
  },
  {
    ...{ name: 'apart', cause: 'unschedulable', says: /anti-affinity/, report: firstThen(becomesReady, nothing) },
    workload: statefulSet(
      'apart',
      podOf({
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' },
            ],
          },
        },
      }),
      { replicas: 2 },
    ),
    until: ({ readyReplicas, replicas }) => readyReplicas === 1 && replicas === 2,
  },
  {
    ...{ name: 'no-claim', cause: 'volume', says: /persistentvolumeclaim "data" not found/, until: isUnavailable },
    workload: deployment('no-claim', withClaim),
  },
  {
    ...{ name: 'unbound', cause: 'volume', says: /unbound immediate PersistentVolumeClaims/, until: isUnavailable },
    around: [claim('unbound', 'no-such-class')],
    workload: deployment('unbound', withClaim),
  },
  {
    ...{ name: 'gated', cause: 'scheduling gate', says: /example\.com\/quota/, state: 'progressing' },
    ...{
      until: isUnavailable,
      workload: deployment('gated', podOf({ schedulingGates: [{ name: 'example.com/quota' }] })),
    },
  },
];
