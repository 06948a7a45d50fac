// Lists of a merge patch: merged by one key or two, or replaced.
import type { Fixture } from './pieces.ts';

/** A patch for an object, both with the same head. */
const lists = (name: string, head: string, own: string, theirs: string): Fixture => ({
  name: `lists: ${name}`,
  files: `# file: app/a.yaml
${head}metadata: { name: a }
${own}
# file: app/kustomization.yaml
resources: [a.yaml]
patches: [{ path: p.yaml }]
# file: app/p.yaml
${head}metadata: { name: a }
${theirs}
`,
});

const service = 'apiVersion: v1\nkind: Service\n';
const pod = 'apiVersion: v1\nkind: Pod\n';

export const listFixtures: readonly Fixture[] = [
  lists(
    'ports by number where no protocol is written',
    service,
    'spec: { ports: [{ port: 80, name: a }, { port: 443, name: b }] }',
    'spec: { ports: [{ port: 443, targetPort: 8443 }, { port: 9090, name: c }] }',
  ),
  lists(
    'ports by both where protocols are',
    service,
    'spec: { ports: [{ port: 53, protocol: UDP, name: a }, { port: 53, protocol: TCP, name: b }] }',
    'spec: { ports: [{ port: 53, protocol: TCP, targetPort: 5353 }] }',
  ),
  lists(
    'ports with a protocol only in the patch',
    service,
    'spec: { ports: [{ port: 80, name: a }, { port: 81, name: b }] }',
    'spec: { ports: [{ port: 80, protocol: TCP, targetPort: 8080 }] }',
  ),
  lists(
    'ports with a protocol only in the object',
    service,
    'spec: { ports: [{ port: 80, protocol: TCP, name: a }, { port: 81, protocol: UDP, name: b }] }',
    'spec: { ports: [{ port: 81, targetPort: 8081 }] }',
  ),
  lists(
    'a port is deleted',
    service,
    'spec: { ports: [{ port: 80, protocol: TCP, name: a }, { port: 81, protocol: UDP, name: b }] }',
    'spec: { ports: [{ port: 81, protocol: UDP, $patch: delete }] }',
  ),
  lists(
    'constraints by both keys',
    pod,
    'spec: { topologySpreadConstraints: [{ topologyKey: zone, whenUnsatisfiable: DoNotSchedule, maxSkew: 1 }] }',
    'spec: { topologySpreadConstraints: [{ topologyKey: zone, whenUnsatisfiable: ScheduleAnyway, maxSkew: 2 }, { topologyKey: zone, whenUnsatisfiable: DoNotSchedule, maxSkew: 3 }] }',
  ),
  lists(
    'of a pod, by name, address and path',
    pod,
    `spec:
  volumes: [{ name: a, emptyDir: {} }, { name: b, secret: { secretName: b } }]
  hostAliases: [{ ip: 10.0.0.1, hostnames: [a, b] }]
  imagePullSecrets: [{ name: a }]
  tolerations: [{ key: a }]
  containers:
    - name: main
      volumeMounts: [{ name: a, mountPath: /a }, { name: b, mountPath: /b }]
      envFrom: [{ configMapRef: { name: a } }]
      env: [{ name: A, value: a }, { name: B, valueFrom: { secretKeyRef: { name: s, key: k } } }]`,
    `spec:
  volumes: [{ name: b, emptyDir: {}, secret: null }]
  hostAliases: [{ ip: 10.0.0.1, hostnames: [c] }, { ip: 10.0.0.2, hostnames: [d] }]
  imagePullSecrets: [{ name: b }]
  tolerations: [{ key: b }]
  containers:
    - name: main
      volumeMounts: [{ mountPath: /b, readOnly: true }]
      envFrom: [{ secretRef: { name: b } }]
      env: [{ name: B, value: b, valueFrom: null }, { name: C, value: c }]
  initContainers: [{ name: first, image: x, env: [{ name: A, value: a }] }]`,
  ),
  lists(
    'an item without its key',
    pod,
    'spec: { containers: [{ name: a, image: a }, { name: b, image: b }] }',
    'spec: { containers: [{ name: b, image: c }, { name: d, env: [] }] }',
  ),
  lists(
    'of a kind newer than kustomize’s API are replaced',
    'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\n',
    'spec: { maxReplicas: 2, metrics: [{ type: Resource, resource: { name: cpu } }] }',
    'spec: { metrics: [{ type: Resource, resource: { name: memory } }] }',
  ),
  lists(
    'of webhooks and their rules',
    'apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\n',
    'webhooks: [{ name: a.b.c, rules: [{ operations: [CREATE] }], clientConfig: { url: "https://a" } }, { name: d.e.f }]',
    'webhooks: [{ name: a.b.c, rules: [{ operations: [UPDATE] }] }, { name: g.h.i }]',
  ),
  lists(
    'of rules and subjects are replaced',
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\n',
    'rules: [{ apiGroups: [""], resources: [pods], verbs: [get] }]',
    'rules: [{ apiGroups: [""], resources: [nodes], verbs: [list] }]',
  ),
  lists(
    'in a pod template of a CronJob',
    'apiVersion: batch/v1\nkind: CronJob\n',
    'spec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: a, image: a }, { name: b, image: b }] } } } } }',
    'spec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: b, image: c }] } } } } }',
  ),
  lists(
    'new ones lose deleted items',
    pod,
    'spec: { nodeName: a }',
    'spec: { containers: [{ name: a, image: a, command: null }, { name: b, $patch: delete }] }',
  ),
];
