// Prefixes and suffixes, and the references that follow them; namespaces of references.
import { app, base, component, type Fixture, kustomization, objects, refusal } from './pieces.ts';

const workloads = `apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
---
apiVersion: v1
kind: Secret
metadata: { name: keys }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: robot }
imagePullSecrets: [{ name: keys }]
---
apiVersion: v1
kind: Service
metadata: { name: front }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: disk }
spec: { storageClassName: fast, volumeName: volume }
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: volume }
spec: { storageClassName: fast, azureFile: { secretName: keys } }
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: fast }
parameters: { secretName: keys, adminSecretName: keys }
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: high }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  template:
    spec: &pod
      serviceAccountName: robot
      priorityClassName: high
      imagePullSecrets: [{ name: keys }]
      volumes:
        - { name: a, configMap: { name: settings } }
        - { name: b, secret: { secretName: keys } }
        - { name: c, projected: { sources: [{ configMap: { name: settings } }, { secret: { name: keys } }] } }
        - { name: d, persistentVolumeClaim: { claimName: disk } }
        - { name: e, configMap: { name: other } }
        - { name: f, configMap: }
      initContainers:
        - envFrom: [{ configMapRef: { name: settings } }, { secretRef: { name: keys } }]
      containers:
        - name: main
          env:
            - { name: A, valueFrom: { configMapKeyRef: { name: settings, key: a } } }
            - { name: B, valueFrom: { secretKeyRef: { name: keys, key: b } } }
            - { name: C, value: settings }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly }
spec: { jobTemplate: { spec: { template: { spec: { serviceAccountName: robot, volumes: [{ name: a, configMap: { name: settings } }] } } } } }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: store }
spec: { serviceName: front, volumeClaimTemplates: [{ spec: { storageClassName: fast } }] }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: scale }
spec: { scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web } }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: entry
  annotations: { nginx.ingress.kubernetes.io/auth-secret: keys, nginx.ingress.kubernetes.io/fastcgi-params-configmap: settings }
spec:
  tls: [{ secretName: keys }]
  defaultBackend: { service: { name: front } }
  rules: [{ http: { paths: [{ backend: { service: { name: front } } }] } }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader }
rules: [{ apiGroups: [""], resources: [configmaps, secrets], resourceNames: [settings, keys, other], verbs: [get] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: reader }
rules: [{ apiGroups: [""], resources: [persistentvolumes], resourceNames: [volume], verbs: [get] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: readers }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader }
subjects: [{ kind: ServiceAccount, name: robot }, { kind: User, name: robot }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: readers }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader }
subjects: [{ kind: ServiceAccount, name: robot, namespace: default }]
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: { name: hook }
webhooks: [{ name: a.example.com, clientConfig: { service: { name: front, namespace: default } } }]
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: { name: v1.example.com }
spec: { service: { name: front, namespace: default } }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ships.example.com }
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: nginx }
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: rule }
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: rule }
spec: { policyName: rule }
`;

const named = (fields: string) => `# file: app/a.yaml\n${workloads}${kustomization(`resources: [a.yaml]\n${fields}`)}`;

const configMap = (name: string, more = '') => `apiVersion: v1
kind: ConfigMap
metadata: { name: ${name}${more} }
`;

const pod = (name: string, more = '') => `apiVersion: v1
kind: Pod
metadata: { name: user${more} }
spec: { volumes: [{ name: a, configMap: { name: ${name} } }] }
`;

export const nameFixtures: readonly Fixture[] = [
  { name: 'namePrefix: and all references', files: named('namePrefix: my-\n') },
  { name: 'nameSuffix: and all references', files: named('nameSuffix: -v2\n') },
  { name: 'namePrefix and nameSuffix', files: named('namePrefix: a-\nnameSuffix: -z\n') },
  { name: 'namePrefix: with a namespace', files: named('namePrefix: a-\nnamespace: shop\n') },
  { name: 'namePrefix: empty', files: app('namePrefix: ""\nnameSuffix:\n') },
  {
    name: 'namePrefix: of two layers',
    files: `${base}# file: mid/kustomization.yaml\nresources: [../base]\nnamePrefix: mid-\n${kustomization('resources: [../mid, user.yaml]\nnamePrefix: top-\n')}# file: app/user.yaml\n${pod('mid-settings')}---\n${pod('settings', '2')}`,
  },
  {
    name: 'namePrefix: two variants of a base keep their own references',
    files: `# file: base/kustomization.yaml\nresources: [all.yaml]\n# file: base/all.yaml\n${configMap('settings')}---\n${pod('settings')}# file: one/kustomization.yaml\nresources: [../base]\nnamePrefix: one-\n# file: two/kustomization.yaml\nresources: [../base]\nnameSuffix: -two\n${kustomization('resources: [../one, ../two]\nnamePrefix: all-\n')}`,
  },
  {
    name: 'namePrefix: in a component',
    files: `${base}${component('namePrefix: part-\n')}${kustomization('resources: [../base]\ncomponents: [../part]\n')}`,
  },
  {
    name: 'namePrefix: objects of two namespaces',
    files: `# file: app/a.yaml\n${configMap('c', ', namespace: one')}---\n${configMap('c', ', namespace: two')}---\n${pod('c', ', namespace: two')}${kustomization('resources: [a.yaml]\nnamePrefix: p-\n')}`,
  },
  {
    name: 'namespace: a reference to an object that was elsewhere',
    files: named('namespace: elsewhere\n'),
  },
  {
    name: 'patches: a JSON patch renames, and references follow',
    files: named(
      'patches:\n  - target: { kind: ConfigMap, name: settings }\n    patch: "- { op: replace, path: /metadata/name, value: renamed }"\n',
    ),
  },
  {
    name: 'patches: allowNameChange',
    files: named(
      'patches:\n  - target: { kind: ConfigMap, name: settings }\n    options: { allowNameChange: true }\n    patch: |\n      apiVersion: v1\n      kind: ConfigMap\n      metadata: { name: renamed }\n',
    ),
  },
  {
    name: 'patches: allowKindChange',
    files: named(
      'patches:\n  - target: { kind: Deployment, name: web }\n    options: { allowKindChange: true }\n    patch: |\n      apiVersion: apps/v1\n      kind: DaemonSet\n      metadata: { name: ignored }\n',
    ),
  },
  {
    name: 'patches: options that are off',
    files: named(
      'patches:\n  - target: { kind: ConfigMap, name: settings }\n    options: { allowNameChange: false }\n    patch: |\n      apiVersion: v1\n      kind: Secret\n      metadata: { name: renamed }\n',
    ),
  },
  {
    name: 'patches: annotations of an object without any',
    files: app(
      'patches:\n  - target: { kind: Ship }\n    patch: |\n      - { op: add, path: /metadata/annotations/a, value: b }\n',
    ),
  },
  {
    name: 'patchesJson6902: annotations after a prefix',
    files: app(
      'namePrefix: a-\npatchesJson6902:\n  - target: { version: v1, kind: Ship, name: a-ship }\n    patch: |\n      - { op: add, path: /metadata/annotations/a, value: b }\n',
    ),
  },
  refusal(
    'duplicate',
    'name: renamed',
    `# file: app/a.yaml\n${configMap('a')}---\n${configMap('b')}${kustomization('resources: [a.yaml]\npatches:\n  - target: { kind: ConfigMap }\n    options: { allowNameChange: true }\n    patch: |\n      apiVersion: v1\n      kind: ConfigMap\n      metadata:\n        name: renamed\n')}`,
  ),
  refusal(
    'unnamed-reference',
    'path: /x',
    objects(
      'apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: { name: a }\nwebhooks:\n  - name: a.example.com\n    clientConfig: { service: { path: /x } }\n---\napiVersion: v1\nkind: Service\nmetadata: { name: s }\n',
    ).replace('resources:', 'namePrefix: a-\nresources:'),
  ),
  refusal(
    'blank-namespace',
    'namespace:',
    objects(
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: { name: a }\nsubjects:\n  - kind: ServiceAccount\n    name: b\n    namespace:\n',
    ),
  ),
];
