// A build with most fields of kustomize at once, printed as kustomize 5.8.3 prints it, and where its values come from. Each
// field alone is compared with the program in test/live/build.live.ts.
import { describe, expect, test } from 'vitest';
import { build } from './build.ts';
import { wordsOf } from './build-words.ts';
import { type Built, builtAt, type Origin, textAt } from './built.ts';
import { buildFilesOf, textsOf } from './fixture.ts';
import { printObjects } from './print.ts';

const source = `# file: base/kustomization.yaml
resources: [web.yaml]
configMapGenerator:
  - name: settings
    literals: [mode=base, port=8080]
# file: base/web.yaml
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 1
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      serviceAccountName: robot
      containers:
        - name: main
          image: registry.example.com/web:1
          envFrom: [{ configMapRef: { name: settings } }]
          env: [{ name: URL, value: "http://$(WEB)" }, { name: HOST, value: none }]
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: robot }
# file: part/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
  - target: { kind: Deployment }
    patch: |
      - { op: add, path: /metadata/annotations/part, value: "yes" }
# file: prod/kustomization.yaml
resources: [../base]
components: [../part]
namespace: shop
namePrefix: prod-
nameSuffix: -v2
labels:
  - pairs: { team: shop }
    includeSelectors: true
commonAnnotations: { owner: shop }
images: [{ name: registry.example.com/web, newTag: "2" }]
replicas: [{ name: web, count: 3 }]
configMapGenerator:
  - name: settings
    behavior: merge
    envs: [prod.env]
secretGenerator:
  - name: keys
    files: [token.txt]
    type: example.com/token
replacements:
  - source: { kind: Service, name: web, fieldPath: metadata.name }
    targets:
      - select: { kind: Deployment }
        fieldPaths: ["spec.template.spec.containers.[name=main].env.[name=HOST].value"]
vars:
  - { name: WEB, objref: { apiVersion: v1, kind: Service, name: web } }
# file: prod/prod.env
mode=prod
# other
extra=1
# file: prod/token.txt
secret
`;

const expected = `apiVersion: v1
kind: ServiceAccount
metadata:
  annotations:
    owner: shop
  labels:
    team: shop
  name: prod-robot-v2
  namespace: shop
---
apiVersion: v1
data:
  extra: "1"
  mode: prod
  port: "8080"
kind: ConfigMap
metadata:
  annotations:
    owner: shop
  labels:
    team: shop
  name: prod-settings-v2-62k89m87bg
  namespace: shop
---
apiVersion: v1
data:
  token.txt: c2VjcmV0Cg==
kind: Secret
metadata:
  annotations:
    owner: shop
  labels:
    team: shop
  name: prod-keys-v2-66cf7m8bhm
  namespace: shop
type: example.com/token
---
apiVersion: v1
kind: Service
metadata:
  annotations:
    owner: shop
  labels:
    team: shop
  name: prod-web-v2
  namespace: shop
spec:
  ports:
  - port: 80
  selector:
    app: web
    team: shop
---
apiVersion: apps/v1
kind: Deployment
metadata:
  annotations:
    owner: shop
    part: "yes"
  labels:
    team: shop
  name: prod-web-v2
  namespace: shop
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web
      team: shop
  template:
    metadata:
      annotations:
        owner: shop
      labels:
        app: web
        team: shop
    spec:
      containers:
      - env:
        - name: URL
          value: http://prod-web-v2
        - name: HOST
          value: prod-web-v2
        envFrom:
        - configMapRef:
            name: prod-settings-v2-62k89m87bg
        image: registry.example.com/web:2
        name: main
      serviceAccountName: prod-robot-v2
`;

const { objects, problems, warnings, incomplete } = build('prod', buildFilesOf(source));

function object(kind: string) {
  return objects.find(({ value }) => textAt(value, ['kind']) === kind)?.value;
}

/** `file: text` of an origin. */
function written({ source: document, start, end }: Origin): string {
  const text = textsOf(source).get(document.file)!;
  return `${document.file}: ${text.slice(document.start + start, document.start + end)}`;
}

function origins(built: Built | undefined): readonly string[] {
  if (!built) return [];
  const { through } = built.origin;
  return [written(built.origin), ...(through ? [written(through)] : [])];
}

test('the objects, in order and as text', () => {
  expect(problems).toEqual([]);
  expect(incomplete).toEqual([]);
  expect(printObjects(objects)).toBe(expected);
});

test('kustomize warns of vars', () => {
  expect(warnings.map(({ reason, origin }) => [wordsOf({ reason }), written(origin).split('\n')[0]])).toEqual([
    [
      '“vars” is deprecated in kustomize. Use “replacements” instead.',
      expect.stringMatching(/^prod\/kustomization\.yaml: - \{ name: WEB/),
    ],
  ]);
});

describe('where values come from, and what changed them', () => {
  test.each<readonly [string, string, readonly (string | number)[], readonly string[]]>([
    ['a label', 'Service', ['spec', 'selector', 'team'], ['prod/kustomization.yaml: shop']],
    ['a literal', 'ConfigMap', ['data', 'port'], ['base/kustomization.yaml: port=8080']],
    [
      'a line of a file',
      'ConfigMap',
      ['data', 'extra'],
      ['prod/prod.env: extra=1', 'prod/kustomization.yaml: prod.env'],
    ],
    ['a file', 'Secret', ['data', 'token.txt'], ['prod/token.txt: secret\n', 'prod/kustomization.yaml: token.txt']],
    [
      'a generated name',
      'Secret',
      ['metadata', 'name'],
      ['prod/kustomization.yaml: keys', 'prod/kustomization.yaml: -v2'],
    ],
    ['a replica count', 'Deployment', ['spec', 'replicas'], ['prod/kustomization.yaml: 3']],
    [
      'an image',
      'Deployment',
      ['spec', 'template', 'spec', 'containers', 0, 'image'],
      ['prod/kustomization.yaml: "2"', 'base/web.yaml: registry.example.com/web:1'],
    ],
    [
      'a replacement: its source, and the path it is copied to',
      'Deployment',
      ['spec', 'template', 'spec', 'containers', 0, 'env', 1, 'value'],
      [
        'base/web.yaml: web',
        'prod/kustomization.yaml: "spec.template.spec.containers.[name=main].env.[name=HOST].value"',
      ],
    ],
    [
      'a variable',
      'Deployment',
      ['spec', 'template', 'spec', 'containers', 0, 'env', 0, 'value'],
      ['base/web.yaml: "http://$(WEB)"', 'base/web.yaml: web'],
    ],
  ])('%s', (_name, kind, path, expectedOrigins) => {
    expect(origins(builtAt(object(kind), path))).toEqual(expectedOrigins);
  });

  test('a reference keeps its place, through the object it follows', () => {
    const [own, target] = origins(builtAt(object('Deployment'), ['spec', 'template', 'spec', 'serviceAccountName']));
    expect(own).toBe('base/web.yaml: robot');
    expect(target).toMatch(/^base\/web\.yaml: apiVersion: v1\nkind: ServiceAccount/);
  });
});
