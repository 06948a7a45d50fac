// What an item changes beyond its own field: an item isn't suggested if that leaves a finding.
import { describe, expect, test } from 'vitest';
import { snippetTexts } from '../../disk/snippets.ts';
import { yaml } from '../../fixture.ts';
import { diagnose } from '../diagnostics.ts';
import { applied, cluster, configMap, cursorOf, fixture, kustomization, labelsAt } from '../fixture.ts';
import { complete } from './completion.ts';
import { readSnippets } from './snippets.ts';

const description = Array.from({ length: 40 }, () => 'A description that takes some room.').join(' ');

describe('in a definition that is long', () => {
  const definition = (word: string, status = '', rule = '') => yaml`
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: { name: as.example.com }
    spec:
      group: example.com
      names: { kind: A, plural: as }
      scope: Namespaced
      versions:
        - name: v1
          served: true
          storage: true
          schema:
            openAPIV3Schema:
              type: object
              properties:
                spec:
                  type: object
                  properties:
                    first:
                      default: true
                      description: ${description}
                      ${word}
                    ${Array.from({ length: 300 }, (_, index) => `field${index}: { type: object, properties: { a: { type: string } } }`).join('\n                    ')}
                  ${rule}
                status:
                  type: object
                  default: { phase: Pending, rounds: -1 }
                  properties:
                    phase:
                      type: string
                      description: ${description}
                      ${status}
                    rounds: { type: integer, description: "${description} ${description} ${description} ${description} ${description}" }
  `;

  test('the type is that of the default beside it', () => {
    const types = labelsAt(definition('type: $0'));
    expect(types).toContain('boolean');
    for (const type of ['string', 'integer', 'object']) expect(types).not.toContain(type);
  });

  test('what a default further out is refused for', () => {
    const keys = labelsAt(definition('type: boolean', '$0'));
    expect(keys).toContain('maxLength');
    expect(labelsAt(definition('type: boolean', 'format: $0'))).not.toContain('date-time');
  });

  test('what a rule is refused for, whatever the fields beside it are', () => {
    const rule = (text: string) => `x-kubernetes-validations: [{ rule: '${text}', $0 }]`;
    const keys = labelsAt(definition('type: boolean', '', rule('has(self.field1)')));
    expect(keys).toContain('messageExpression');
    expect(keys).not.toContain('optionalOldSelf');
    expect(labelsAt(definition('type: boolean', '', rule('!oldSelf.hasValue()')))).toContain('optionalOldSelf');
  });
});

test('the kind doesn’t fit a long text that isn’t what the kind holds', () => {
  const text = Array.from({ length: 400 }, (_, index) => `    line ${index} of a text`).join('\n');
  const kinds = labelsAt(`apiVersion: v1\nkind: $0\nmetadata: { name: a }\ndata:\n  text: |\n${text}\n`);
  expect(kinds).toContain('ConfigMap');
  expect(kinds).not.toContain('Secret');
});

test('the type of a Secret that is written without data', () => {
  const secret = (data: string) => yaml`
    apiVersion: v1
    kind: Secret
    metadata: { name: a }
    type: $0
    ${data}
  `;
  expect(labelsAt(secret(''))).toContain('kubernetes.io/tls');
  expect(labelsAt(secret('data: {}'))).toContain('Opaque');
  expect(labelsAt(secret('data: {}'))).not.toContain('kubernetes.io/tls');
});

test('a resource that can’t be requested beyond its limit', () => {
  const pod = (limits: string) => yaml`
    # file: other.yaml
    apiVersion: v1
    kind: Pod
    metadata: { name: other }
    spec:
      containers:
        - name: a
          image: a
          resources:
            requests: { nvidia.com/gpu: 1 }
            limits: { nvidia.com/gpu: 1 }
    # file: a.yaml
    apiVersion: v1
    kind: Pod
    metadata: { name: a }
    spec:
      containers:
        - name: a
          image: a
          resources:
            limits: ${limits}
            requests:
              cpu: 1
              $0
  `;
  expect(labelsAt(pod('{ cpu: 1, nvidia.com/gpu: 1 }'))).toContain('nvidia.com/gpu');
  expect(labelsAt(pod('{ cpu: 1 }'))).not.toContain('nvidia.com/gpu');
  expect(labelsAt(pod('{ cpu: 1 }'))).toContain('memory');
});

test('a limit is that of the request until it is changed', () => {
  const pod = yaml`
    apiVersion: v1
    kind: Pod
    metadata: { name: a }
    spec:
      containers:
        - name: a
          image: a
          resources:
            requests: { cpu: 100m }
            limits:
              $0
  `;
  expect(applied(pod, 'cpu')).toMatch(/^ {10}cpu: 100m$/m);
  expect(applied(pod, 'memory')).toMatch(/^ {10}memory: $/m);
});

test('a value whose anchor others take over', () => {
  const spaces = ['shop', 'data'].map((name) => `---\napiVersion: v1\nkind: Namespace\nmetadata: { name: ${name} }\n`);
  const users = (target: string) => yaml`
    # file: clusters/prod/apps/namespaces.yaml
    ${spaces.join('')}
    # file: clusters/prod/apps/app.yaml
    ${kustomization('crds', './crds', '  targetNamespace: shop').replace('namespace: flux-system', 'namespace: shop')}
    ---
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata: { name: app, namespace: flux-system }
    spec:
      interval: 1h
      path: ./app
      prune: true
      targetNamespace: ${target}
      sourceRef: { kind: GitRepository, name: flux-system }
      dependsOn:
        - name: crds
          namespace: *space
    # file: crds/a.yaml
    ${configMap('crds')}
    # file: app/a.yaml
    ${configMap('app')}
    ${cluster(kustomization('apps', './clusters/prod/apps'))}`;
  const at = fixture(users('&space $0'));
  const { workspace, path, text, offset } = at;
  workspace.put(path, `${text.slice(0, offset)}shop${text.slice(offset)}`);
  for (const file of workspace.files()) diagnose(workspace, file.path);
  workspace.put(path, text);
  const namespaces = complete(cursorOf(at)).map(({ label }) => label);
  expect(namespaces).toContain('shop');
  expect(namespaces).not.toContain('data');
});

test('the namespace of an object of the same name that a kustomization lists as well', () => {
  const namespaces = labelsAt(yaml`
    # file: kustomization.yaml
    resources: [one.yaml, two.yaml, three.yaml]
    # file: one.yaml
    ${configMap('a', 'taken')}
    # file: three.yaml
    ${configMap('b', 'free')}
    # file: two.yaml
    ${configMap('a', '$0')}`);
  expect(namespaces).toContain('free');
  expect(namespaces).not.toContain('taken');
});

test('the kind of a target that takes the patch', () => {
  const kinds = labelsAt(yaml`
    # file: kustomization.yaml
    resources: []
    patches:
      - patch: |
          apiVersion: apps/v1
          kind: Deployment
          metadata: { name: all }
          spec:
            template:
              spec: { nodeName: a }
        target:
          kind: $0
  `);
  expect(kinds).toEqual(expect.arrayContaining(['Deployment', 'StatefulSet', 'DaemonSet']));
  for (const kind of ['HelmRelease', 'NetworkPolicy', 'Service']) expect(kinds).not.toContain(kind);
});

describe('a whole object of a definition that limits names', () => {
  const offered = (name: string) =>
    applied(
      yaml`
        # file: crd.yaml
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: { name: exporters.example.com }
        spec:
          group: example.com
          names: { kind: Exporter, plural: exporters }
          scope: Namespaced
          versions:
            - name: v1
              served: true
              storage: true
              schema:
                openAPIV3Schema:
                  type: object
                  ${name}
        # file: a.yaml
        Export$0
      `,
      'Exporter',
    );

  test('to one', () => {
    expect(
      offered('properties: { metadata: { type: object, properties: { name: { type: string, enum: [main] } } } }'),
    ).toMatch(/^ {2}name: main$/m);
  });

  test('by a rule', () => {
    const rule = '{ rule: "self.metadata.name.startsWith(\'x-\')" }';
    expect(offered(`x-kubernetes-validations: [${rule}]`)).toMatch(/^ {2}name: $/m);
    expect(offered('properties: {}')).toMatch(/^ {2}name: \w+$/m);
  });
});

test('a key that one of several overlays excludes', () => {
  const overlay = (name: string, type: string) => `# file: ${name}/kustomization.yaml
resources: [../base]
patches:
  - patch: |
      apiVersion: v1
      kind: Service
      metadata: { name: web }
      spec: { type: ${type} }
`;
  const offered = (...types: readonly string[]) => {
    const overlays = types.map((type, index) => overlay(`overlay-${index}`, type)).join('');
    const at = fixture(`${overlays}# file: base/kustomization.yaml
resources: [web.yaml]
# file: base/web.yaml
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: NodePort
  ports: [{ port: 80 }]
  $0
`);
    for (const { path } of at.workspace.files()) diagnose(at.workspace, path);
    return complete(cursorOf(at)).map(({ label }) => label);
  };
  const key = 'allocateLoadBalancerNodePorts';
  expect(offered('LoadBalancer')).toContain(key);
  expect(offered('LoadBalancer', 'ClusterIP')).not.toContain(key);
  expect(offered('ClusterIP', 'LoadBalancer')).not.toContain(key);
});

describe('a whole object names', () => {
  const snippets = readSnippets(snippetTexts());
  const offered = (files: string, kind: string) =>
    applied(`${files}# file: apps/a.yaml\n${kind}$0`, kind, undefined, snippets);

  test('no folder that it would have to decrypt', () => {
    const folder = (name: string, secret: string) => yaml`
      # file: apps/${name}/kustomization.yaml
      resources: [a.yaml]
      # file: apps/${name}/a.yaml
      ${secret}`;
    const encrypted = yaml`
      apiVersion: v1
      kind: Secret
      metadata: { name: a }
      stringData: { a: "ENC[AES256_GCM,data:p673w==,iv:YY=,tag:UQ==,type:str]" }
      sops: { mac: a }
    `;
    const source = `${folder('secret', encrypted)}${folder('open', configMap('a'))}`;
    expect(offered(source, 'Kustomization')).toMatch(/^ {2}path: \.\/apps\/open$/m);
    expect(labelsAt(`${source}# file: a.yaml\n${kustomization('a', '$0')}`)).toContain('./apps/secret');
  });

  test('no object of a template, which has no valid name', () => {
    const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: "%[1]s" }\n---\n';
    expect(offered(`# file: apps/b.yaml\n${service}`, 'StatefulSet')).not.toContain('%[1]s');
  });
});

test.each([
  ['Object', 'value'],
  ['External', 'value'],
  ['Pods', 'averageValue'],
  ['Resource', 'averageUtilization'],
])('what the fields that a value needs require in the API server’s code comes with them: %s', (type, needed) => {
  const source = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: a, namespace: a }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: a }
  maxReplicas: 3
  metrics:
    - type: $0
`;
  expect(applied(source, type)).toMatch(new RegExp(`^        target:(?:\\n          .*)*\\n          ${needed}:`, 'm'));
});
