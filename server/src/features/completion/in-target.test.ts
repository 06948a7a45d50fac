// References between namespaces, and what is inside the object that a reference names.
import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { applied, labelsAt } from '../fixture.ts';

const config = yaml`
  # file: b.yaml
  apiVersion: v1
  kind: ConfigMap
  metadata:
    name: settings
    namespace: web
  data:
    region: eu
    zone: a
  ---
  apiVersion: v1
  kind: Secret
  metadata:
    name: settings
    namespace: web
  stringData:
    token: a
  # file: kustomization.yaml
  apiVersion: kustomize.config.k8s.io/v1beta1
  kind: Kustomization
  configMapGenerator:
    - name: made
      literals: [level=info]
      files: [conf/app.ini, key.txt=other.txt]
  # file: a.yaml
`;

describe('keys of a ConfigMap and of a Secret', () => {
  const pod = (env: string) => `${config}apiVersion: v1
kind: Pod
metadata:
  name: a
  namespace: web
spec:
  containers:
    - name: a
      env:
        - name: A
          valueFrom:
            ${env}
`;
  test.each([
    ['configMapKeyRef:\n              name: settings\n              key: $0', ['region', 'zone']],
    ['secretKeyRef: {name: settings, key: $0}', ['token']],
    ['configMapKeyRef:\n              name: made\n              key: $0', ['level', 'app.ini', 'key.txt']],
    ['configMapKeyRef:\n              name: unknown\n              key: $0', []],
  ])('%j', (env, expected) => {
    expect(labelsAt(pod(env))).toEqual(expected);
  });

  test('in the values of a HelmRelease, by the kind that is written', () => {
    const release = yaml`
      apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      metadata:
        name: a
        namespace: web
      spec:
        valuesFrom:
          - kind: Secret
            name: settings
            valuesKey: $0
    `;
    expect(labelsAt(`${config}${release}`)).toEqual(['token']);
  });

  test('in a volume', () => {
    const volume = `${config}apiVersion: v1
kind: Pod
metadata: {name: a, namespace: web}
spec:
  volumes:
    - name: a
      secret:
        secretName: settings
        items:
          - key: $0
`;
    expect(labelsAt(volume)).toEqual(['token']);
  });
});

test('ports of the Service behind an Ingress', () => {
  const ingress = yaml`
    # file: b.yaml
    apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec:
      ports:
        - {name: http, port: 8080}
    # file: a.yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: {name: web}
    spec:
      rules:
        - http:
            paths:
              - backend:
                  service:
                    name: web
                    port:
  `;
  expect(labelsAt(`${ingress}                  name: $0\n`)).toEqual(['http']);
  expect(labelsAt(`${ingress}                  number: $0\n`)).toEqual(['8080']);
});

test('only Services that have the port below', () => {
  const ingress = (port: string) => yaml`
    # file: b.yaml
    apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec:
      ports:
        - {name: http, port: 8080}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: db}
    spec:
      ports:
        - {name: sql, port: 5432}
    # file: a.yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: {name: app}
    spec:
      rules:
        - http:
            paths:
              - backend:
                  service:
                    name: $0
                    port: {${port}}
  `;
  expect(labelsAt(ingress('number: 5432'))).toEqual(['db']);
  expect(labelsAt(ingress('name: http'))).toEqual(['web']);
  expect(labelsAt(ingress('')).toSorted()).toEqual(['db', 'web']);
});

test('classes and variables of a ClusterClass', () => {
  const cluster = yaml`
    # file: b.yaml
    apiVersion: cluster.x-k8s.io/v1beta2
    kind: ClusterClass
    metadata: {name: std, namespace: fleet}
    spec:
      workers:
        machineDeployments:
          - class: default-worker
      variables:
        - name: region
    # file: a.yaml
    apiVersion: cluster.x-k8s.io/v1beta2
    kind: Cluster
    metadata: {name: a, namespace: fleet}
    spec:
      topology:
        classRef: {name: std}
  `;
  expect(labelsAt(`${cluster}    workers:\n      machineDeployments:\n        - class: $0\n`)).toEqual([
    'default-worker',
  ]);
  expect(labelsAt(`${cluster}    variables:\n      - name: $0\n`)).toEqual(['region']);
});

describe('an object of another namespace', () => {
  const sources = yaml`
    # file: b.yaml
    apiVersion: source.toolkit.fluxcd.io/v1
    kind: GitRepository
    metadata: {name: theirs, namespace: other}
    # file: a.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata: {name: a, namespace: own}
    spec:
      sourceRef:
  `;

  test('is written with its namespace', () => {
    const reference = `${sources}    kind: GitRepository\n    name: $0\n`;
    expect(applied(reference, 'theirs')).toMatch(/\n {4}name: theirs\n {4}namespace: other\n$/);
  });

  test('is not suggested where its namespace can’t be written', () => {
    expect(labelsAt(`${sources.replace(/\n$/, '')} {kind: GitRepository, name: $0}\n`)).toEqual([]);
    expect(labelsAt(`${sources}    kind: GitRepository\n    name: $0 # why\n`)).toEqual([]);
  });
});

test('metadata is inserted with a name and, for a kind with namespaces, a namespace', () => {
  expect(applied('apiVersion: v1\nkind: ConfigMap\nmeta$0\n', 'metadata')).toMatch(
    /metadata:\n {2}name: \n {2}namespace: \n$/,
  );
  expect(applied('apiVersion: v1\nkind: Namespace\nmeta$0\n', 'metadata')).toMatch(/metadata:\n {2}name: \n$/);
});

test('once a name is written, the kind of a reference is one that has an object of that name', () => {
  const source = (kind: string) =>
    `# file: ${kind}.yaml\napiVersion: source.toolkit.fluxcd.io/v1\nkind: ${kind}\nmetadata:\n  name: ${kind.toLowerCase()}\n`;
  const user = (name: string) =>
    `# file: a.yaml\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: a\nspec:\n  sourceRef:\n    kind: $0\n    name: ${name}\n`;
  const sources = source('GitRepository') + source('OCIRepository');
  expect(labelsAt(sources + user('ocirepository'))).toEqual(['OCIRepository']);
  expect(labelsAt(sources + user('other'))).toContain('Bucket');
});
