// Rules about what a Flux Kustomization applies: encrypted Secrets, renamed Namespaces, files with the name of kustomize's
// own kind, folders without objects.
import { describe, expect, test } from 'vitest';
import { diagnose } from '../features/diagnostics.ts';
import { cluster, findingsIn, fixture, kustomization, shopConfig } from '../features/fixture.ts';

const ofRule = (source: string, rule: string) => findingsIn(source).filter((finding) => finding.endsWith(rule));

/** The Kustomization comes first, in the file whose findings are listed. */
const applied = (rest: string, files: string, path = './apps') => `# file: clusters/prod/apps.yaml
${kustomization('apps', path, rest)}${cluster('').replace(/# file: clusters\/prod\/apps\.yaml\n/, '')}${files}`;

const secret = (annotations: string) => `# file: apps/secret.yaml
apiVersion: v1
kind: Secret
metadata:
  name: shop
  namespace: shop
  annotations: { ${annotations} }
stringData: { word: "ENC[AES256_GCM,data:p673w==,iv:YY=,tag:UQ==,type:str]" }
sops: { mac: "ENC[AES256_GCM,data:p673w==,iv:YY=,tag:UQ==,type:str]", version: 3.10.2 }
`;

describe('an encrypted Secret', () => {
  test('requires decryption, from a patch as well', () => {
    expect(ofRule(applied('', secret('')), 'flux/undecrypted')).toEqual(['6 error flux/undecrypted']);
    expect(ofRule(applied('  decryption: { provider: sops }\n', secret('')), 'flux/undecrypted')).toEqual([]);
    const patched = `# file: clusters/prod/kustomization.yaml
resources: [apps.yaml, flux-system/sync.yaml]
patches:
  - target: { kind: Kustomization }
    patch: |-
      - { op: add, path: /spec/decryption, value: { provider: sops } }
`;
    expect(ofRule(applied('', secret('') + patched), 'flux/undecrypted')).toEqual([]);
  });

  test('of a Kustomization that nothing is known to apply may be decrypted by a patch of what does', () => {
    const source = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1h, url: "https://example.com/fleet" }
`;
    const child = `# file: apps/ks.yaml
${kustomization('child', './inner', '')}---
${source}${secret('').replace('apps/', 'inner/')}`;
    const under = (path: string) => `${child}# file: clusters/prod/apps.yaml
${kustomization('apps', path, '')}---
${source}`;
    expect(ofRule(under('./apps'), 'flux/undecrypted')).toHaveLength(1);
    expect(ofRule(under('./apps-old'), 'flux/undecrypted')).toEqual([]);
  });

  test('that stays encrypted is none', () => {
    const kept = secret('kustomize.toolkit.fluxcd.io/decrypt: Disabled');
    expect(ofRule(applied('', kept), 'flux/undecrypted')).toEqual([]);
  });
});

describe('a Namespace', () => {
  const namespace = (name: string) => `# file: apps/namespace.yaml
apiVersion: v1
kind: Namespace
metadata: { name: ${name} }
`;

  test.each([
    ['  targetNamespace: shop\n', ['9 warning flux/renamed-namespace']],
    ['  targetNamespace: tools\n', []],
    ['', []],
  ])('named tools with %j', (rest, expected) => {
    expect(ofRule(applied(rest, namespace('tools')), 'flux/renamed-namespace')).toEqual(expected);
  });

  test.each([
    [['tools'], 'the Namespace tools of'],
    [['tools', 'web'], 'the Namespaces tools and web of'],
    [['a', 'b', 'c'], 'the Namespaces a, b and c of'],
    [['a', 'b', 'c', 'd', 'e'], 'the Namespaces a, b, c and 2 more of'],
  ])('one finding however many are renamed: %j', (names, expected) => {
    const files = names.map((name) => namespace(name).replace('namespace.yaml', `${name}.yaml`)).join('');
    const { workspace, path } = fixture(applied('  targetNamespace: shop\n', files));
    const found = diagnose(workspace, path).filter(({ rule }) => rule === 'flux/renamed-namespace');
    expect(found.map(({ message }) => message)).toEqual([expect.stringContaining(expected)]);
  });
});

describe('a folder', () => {
  test.each([
    ['without files', '# file: apps/README.md\nwords\n', ['6 warning flux/nothing-applied']],
    ['with an object', `# file: apps/a.yaml\n${shopConfig('a')}`, []],
    ['that is empty on purpose', '# file: apps/kustomization.yaml\nresources: []\n', []],
    ['with something that is no object', '# file: apps/values.yaml\nreplicas: 1\n', []],
  ])('%s', (_, files, expected) => {
    expect(ofRule(applied('', files), 'flux/nothing-applied')).toEqual(expected);
  });

  test('that is suspended or not pruned is left alone', () => {
    const files = '# file: apps/README.md\nwords\n';
    expect(ofRule(applied('  suspend: true\n', files), 'flux/nothing-applied')).toEqual([]);
    expect(ofRule(applied('', files).replace('prune: true', 'prune: false'), 'flux/nothing-applied')).toEqual([]);
  });
});

test('a Flux Kustomization in a file that kustomize reads, also below a folder without a kustomization', () => {
  const inner = `# file: apps/shop/kustomization.yaml
${kustomization('shop', './shop')}# file: shop/a.yaml
${shopConfig('a')}`;
  const source = applied('', '');
  expect(ofRule(`${inner}${source}`, 'flux/kustomization-file')).toEqual(['1 error flux/kustomization-file']);
});

describe('a kubeconfig', () => {
  const remote = '  kubeConfig: { secretRef: { name: team-kubeconfig } }\n';
  const file = `# file: apps/a.yaml\n${shopConfig('a')}`;
  const object = (
    kind: string,
    apiVersion: string,
    name: string,
    namespace: string,
  ) => `# file: clusters/prod/${namespace}.yaml
apiVersion: ${apiVersion}
kind: ${kind}
metadata: { name: ${name}, namespace: ${namespace} }
`;
  const found = (objects: string) => ofRule(applied(remote, file + objects), 'flux/kubeconfig-namespace');

  test('in another namespace isn’t read, nor that of a Cluster there', () => {
    expect(found(object('Secret', 'v1', 'team-kubeconfig', 'teams'))).toEqual(['9 warning flux/kubeconfig-namespace']);
    expect(found(object('Cluster', 'cluster.x-k8s.io/v1beta2', 'team', 'teams'))).toEqual([
      '9 warning flux/kubeconfig-namespace',
    ]);
  });

  test('in the same namespace is read, and one that no file has may be there', () => {
    expect(found(object('Secret', 'v1', 'team-kubeconfig', 'flux-system'))).toEqual([]);
    expect(found(object('Cluster', 'cluster.x-k8s.io/v1beta2', 'other', 'teams'))).toEqual([]);
    const copied = object('Secret', 'v1', 'team-kubeconfig', 'teams').replace(
      ' }\n',
      ", annotations: { replicator.v1.mittwald.de/replicate-to: '.*' } }\n",
    );
    expect(found(copied)).toEqual([]);
  });
});

test('kubeconfigs of one name in two namespaces may be of two clusters', () => {
  const remote = '  kubeConfig: { secretRef: { name: cluster-kubeconfig } }\n';
  const both = (namespace: string) =>
    `${kustomization('a', './apps', remote)}---\n${kustomization('b', './apps', remote).replace('namespace: flux-system', `namespace: ${namespace}`)}`;
  const found = (namespace: string) =>
    ofRule(`# file: apps/a.yaml\n${shopConfig('a')}${cluster(both(namespace))}`, 'flux/two-owners');
  expect(found('flux-system')).toHaveLength(1);
  expect(found('test')).toEqual([]);
});

test('a Kustomization in a namespace that is unknown may be another of its name', () => {
  const source = '{ kind: GitRepository, name: flux-system';
  const second = (namespace: string, name: string) =>
    kustomization(name, './apps')
      .replace(', namespace: flux-system', namespace)
      .replace(source, `${source}, namespace: flux-system`);
  const found = (namespace: string, name: string) =>
    ofRule(
      `# file: apps/a.yaml\n${shopConfig('a')}${cluster(`${kustomization('a', './apps')}---\n${second(namespace, name)}`)}`,
      'flux/two-owners',
    );
  expect(found(', namespace: team', 'a')).toHaveLength(1);
  expect(found('', 'b')).toHaveLength(1);
  expect(found('', 'a')).toEqual([]);
});
