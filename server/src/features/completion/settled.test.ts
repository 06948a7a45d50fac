// What the placeholders of a snippet name exists, or is left to fill in.
import { describe, expect, test } from 'vitest';
import { snippetTexts } from '../../disk/snippets.ts';
import { yaml } from '../../fixture.ts';
import { diagnose } from '../diagnostics.ts';
import { cluster, cursorOf, fixture, kustomization, labelsAt, shopConfig } from '../fixture.ts';
import { complete } from './completion.ts';
import { flux, instance } from './fixture.ts';
import { readSnippets } from './snippets.ts';

const snippets = readSnippets(snippetTexts());

/** The lines that the snippet inserts, after everything was checked. */
function inserted(source: string, label: string): readonly string[] {
  const at = fixture(source);
  for (const { path } of at.workspace.files()) diagnose(at.workspace, path);
  const item = complete(cursorOf(at), snippets).find((one) => one.label === label);
  return item?.insert.split('\n').map((line) => line.trim()) ?? [];
}

const others = `${kustomization('infra', './infra')}# file: other.yaml
${kustomization('databases', './databases')}`;

test('names in the same namespace are a choice', () => {
  const source = `# file: b.yaml\n${others}# file: a.yaml\n${kustomization('apps', './apps', '  $0\n')}`;
  expect(inserted(source, 'flux-depends-on')).toEqual(['dependsOn:', '- name: ${1|infra,databases|}']);
});

test('an example stays where nothing is known', () => {
  const source = `# file: a.yaml\n${kustomization('apps', './apps', '  $0\n')}`;
  expect(inserted(source, 'flux-depends-on')).toEqual(['dependsOn:', '- name: ${1:infrastructure}']);
});

test('names in several objects: those of the others of them stay', () => {
  const object = (name: string, dependsOn: string) => [
    'apiVersion: kustomize.toolkit.fluxcd.io/v1',
    'kind: Kustomization',
    'metadata:',
    `  name: ${name}`,
    '  namespace: flux-system',
    'spec:',
    '  dependsOn:',
    `    - name: ${dependsOn}`,
  ];
  const pair = [...object('${1:first}', '${2:infrastructure}'), '---', ...object('${3:second}', '${4:first}')];
  const text = JSON.stringify({ pair: { prefix: 'pair', description: 'Two', body: pair } });
  const at = fixture(`# file: b.yaml\n${others}# file: a.yaml\n$0\n`);
  for (const { path } of at.workspace.files()) diagnose(at.workspace, path);
  const item = complete(cursorOf(at), readSnippets([text])).find((one) => one.insert.includes('---'));
  expect(item?.insert.match(/^ *- name: .*$/gm)?.map((line) => line.trim())).toEqual([
    '- name: ${2|infra,databases|}',
    '- name: ${4:first}',
  ]);
});

describe('several objects, of which the second repeats the name and the namespace of the first', () => {
  const role = (name: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: ${name}
  namespace: shop
rules: []
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: ${name}
  namespace: shop
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: ${name} }
subjects:
  - { kind: ServiceAccount, name: ${name}, namespace: shop }
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
  namespace: shop
`;
  const written = (names: readonly string[]) =>
    inserted(
      `${instance}${flux('apps', './apps')}# file: apps/a.yaml\n${names.map(role).join('---\n')}# file: apps/web.yaml\n$0\n`,
      'Role',
    );
  const others = Array.from({ length: 8 }, (_, index) => `cart-${index}`);

  test('a name that the namespace lacks becomes a choice', () => {
    const lines = written(others);
    expect(lines).toContain('name: ${1:web}');
    expect(lines.at(-2)).toBe(`name: \${5|${others.join()}|}`);
  });

  test('a name that is taken is left to fill in', () => {
    expect(written(['web'])).toContain('name: $1');
    expect(written(['web'])).not.toContain('name: ${1:web}');
  });
});

test('no name that the namespace lacks which Flux gives the file', () => {
  const source = (target: string) => `# file: clusters/prod/flux.yaml
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata:
  name: flux
  namespace: flux-system
spec:
  sync: { kind: GitRepository, url: https://example.com/team/fleet.git, ref: refs/heads/main, path: clusters/prod }
# file: clusters/prod/apps.yaml
${kustomization('apps', './apps', `  targetNamespace: ${target}\n`)}# file: clusters/prod/web.yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: tools
spec:
  ports: [{ name: http, port: 80 }]
# file: apps/shop.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
---
$0`;
  const target = (namespace: string) => inserted(source(namespace), 'Ingress').join(' ');
  expect(target('tools')).toContain('${9:web}');
  expect(target('shop')).not.toContain('web}');
  // Nor a name that the namespace has already.
  const named = (kind: string) => inserted(source('shop').replace('shop.yaml', 'web.yaml'), kind).slice(2, 4);
  expect(named('Job')).toEqual(['metadata:', 'name: ${1:web}']);
  expect(named('Service')).toEqual(['metadata:', 'name: ${1:web}']);
  expect(inserted(source('tools').replace('shop.yaml', 'web.yaml'), 'Service').slice(2, 4)).toEqual([
    ...['metadata:', 'name: $1'],
  ]);
});

test('no name of which others expect what an example doesn’t have', () => {
  const ingress = (backend: string) => `# file: apps/ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec:
  defaultBackend: ${backend}
# file: apps/web.yaml
$0`;
  const named = (source: string) => inserted(source, 'Service').slice(2, 4);
  expect(named(ingress('{ service: { name: web, port: { number: 9000 } } }')).join()).not.toContain('web');
  expect(named(ingress('{ resource: { kind: Service, name: web } }'))).toEqual(['metadata:', 'name: ${1:web}']);
});

test('a name is quoted where YAML asks for it', () => {
  const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: "%s"\n';
  expect(inserted(`# file: a.yaml\n${account}---\n$0`, 'RoleBinding').join(' ')).not.toMatch(/: \$\{\d:%/);
});

test('files of the folder', () => {
  const source = yaml`
    # file: shop/web.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    # file: shop/kustomization.yaml
    $0
  `;
  expect(inserted(source, 'Kustomization')).toContain('- ${1:web.yaml}');
  expect(inserted(source, 'kustomize-overlay')).toEqual(
    expect.arrayContaining(['- ${2:web.yaml}', '- path: ${3:web.yaml}']),
  );
});

test('no folder that only has the name of the example', () => {
  const source = (file: string) => `# file: apps/${file}\nnamespace: shop\n# file: a.yaml\n$0`;
  const path = (file: string) => inserted(source(file), 'Kustomization').find((line) => line.startsWith('path: '));
  expect(path('kustomization.yaml')).toMatch(/^path: \$\{\d+:.\/apps\}$/);
  expect(path('values.yaml')).toMatch(/^path: \$\d+$/);
});

test('no part of another kind, which lacks what this one requires', () => {
  const crd = (required: string) => `# file: crd.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: jobs.example.com
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Job, plural: jobs }
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
                dependsOn:
                  type: array
                  items:
                    type: object
                    required: [${required}]
                    properties:
                      name: { type: string }
                      status: { type: string }
`;
  const job = '# file: a.yaml\napiVersion: example.com/v1\nkind: Job\nmetadata:\n  name: a\nspec:\n  $0\n';
  expect(inserted(`${crd('name')}${job}`, 'flux-depends-on')).not.toEqual([]);
  expect(inserted(`${crd('name, status')}${job}`, 'flux-depends-on')).toEqual([]);
});

test('a dependency on itself is no example', () => {
  const source = (name: string) => `# file: a.yaml\n${kustomization(name, './apps', '  $0\n')}`;
  expect(inserted(source('infrastructure'), 'flux-depends-on')).toEqual(['dependsOn:', '- name: $1']);
  expect(inserted(source('apps'), 'flux-depends-on')).toEqual(['dependsOn:', '- name: ${1:infrastructure}']);
});

test('the name of a generator in a component that several Kustomizations of a cluster use is another for each', () => {
  const app = (name: string, components: string) =>
    `${kustomization(name, `./apps/${name}`, components)}  targetNamespace: shop\n`;
  const source = (ofOther: string) => `${cluster(
    `${app('web', '  components: [../../parts/config]\n')}---\n${app('shop', ofOther)}`,
  )}# file: apps/web/kustomization.yaml
resources: [web.yaml]
# file: apps/web/web.yaml
${shopConfig('web')}# file: apps/shop/kustomization.yaml
resources: [shop.yaml]
# file: apps/shop/shop.yaml
${shopConfig('shop')}# file: parts/config/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
$0
`;
  const name = (ofOther: string) => inserted(source(ofOther), 'kustomize-configmap')[1];
  expect(name('  components: [../../parts/config]\n')).toBe('- name: $1');
  expect(name('')).toBe('- name: ${1:app-config}');
});

test('the name of a generator isn’t that of an object that the kustomization lists', () => {
  const source = (name: string) => `# file: app/config.yaml
${shopConfig(name)}# file: app/kustomization.yaml
resources: [config.yaml]
$0
`;
  expect(inserted(source('app-config'), 'kustomize-configmap')[1]).toBe('- name: $1');
  expect(inserted(source('other'), 'kustomize-configmap')[1]).toBe('- name: ${1:app-config}');
});

test('the name of a new object isn’t that of one beside it in a kustomization', () => {
  const source = (name: string) => `# file: overlay/kustomization.yaml
resources: [../shop]
# file: shop/kustomization.yaml
resources: [space.yaml, shop-namespace.yaml]
# file: shop/space.yaml
apiVersion: v1
kind: Namespace
metadata:
  name: ${name}
# file: shop/shop-namespace.yaml
$0
`;
  const named = (name: string) => inserted(source(name), 'Namespace').find((line) => line.startsWith('name: '));
  expect(named('shop')).toBe('name: $1');
  expect(named('other')).toBe('name: ${1:shop}');
});

test('the port of a container without a name is a number', () => {
  const source = `# file: a.yaml
apiVersion: v1
kind: Pod
metadata:
  name: a
spec:
  containers:
    - name: a
      image: a
      ports:
        - containerPort: 9090
      $0
`;
  expect(inserted(source, 'k8s-probes').filter((line) => line.startsWith('port: '))).toEqual([
    ...['port: ${2:9090}', 'port: ${6:9090}'],
  ]);
});

describe('the variables of a class', () => {
  const source = (before: string) => `# file: class.yaml
apiVersion: cluster.x-k8s.io/v1beta2
kind: ClusterClass
metadata:
  name: small
spec:
  ${before}
  patches:
    - name: size
      enabledIf: '{{ and .isBig (not .builtin.cluster.name) }}'
      definitions:
        - selector:
            apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
            kind: AWSMachineTemplate
          jsonPatches:
            - op: add
              path: /spec/template/spec/instanceType
              valueFrom: { variable: machine.type }
            - op: add
              path: /spec/template/spec/sshKeyName
              valueFrom:
                template: '{{ .key }}-{{ .Name.x }}'
            - op: add
              path: /spec/template/spec/ami
              valueFrom: { variable: machine.image }
`;

  test('are those that its patches use, each with stops of its own', () => {
    const lines = inserted(source('$0'), 'capi-variable');
    expect(lines.filter((line) => line.startsWith('- name'))).toEqual(
      ['machine', 'key', 'Name', 'isBig'].map((name) => `- name: ${name}`),
    );
    expect(lines.filter((line) => line.startsWith('required'))).toEqual(
      [2, 6, 10, 14].map((stop) => `required: \${${stop}|false,true|}`),
    );
  });

  test('are its own, not those of another class', () => {
    const other = source(
      'variables: [{ name: vSphereServer, required: true, schema: { openAPIV3Schema: { type: string } } }]',
    );
    const mine = source('variables: [{ name: region, required: true, schema: { openAPIV3Schema: { type: string } } }]');
    const typed = mine.replace('variable: machine.image', 'variable: $0').replace('class.yaml', 'mine.yaml');
    const labels = labelsAt(
      other.replace('machine.type', 'vSphereServer').replace('machine.image', 'vSphereServer') + typed,
    );
    expect(labels[0]).toBe('region');
    expect(labels).not.toContain('vSphereServer');
  });

  test('are offered by name', () => {
    const labels = labelsAt(source('variables:\n    - name: $0'));
    expect(labels.slice(0, 4)).toEqual(['machine', 'key', 'Name', 'isBig']);
  });
});
