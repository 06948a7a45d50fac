// The items that authors of manifests expect at the top of the list, and items that must not be suggested.
import { describe, expect, test } from 'vitest';
import { applied, labelsAt } from '../fixture.ts';

const deployment = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\n';
const source = 'apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata:\n  name: a\n';

describe('kinds', () => {
  test('the usual ones come first, not in alphabetical order', () => {
    expect(labelsAt('kind: $0\n').slice(0, 2)).toEqual(['Kustomization', 'HelmRelease']);
    expect(labelsAt('apiVersion: $0\n').slice(0, 2)).toEqual([
      'kustomize.toolkit.fluxcd.io/v1',
      'helm.toolkit.fluxcd.io/v2',
    ]);
    expect(labelsAt('apiVersion: v1\nkind: $0\n').slice(0, 3)).toEqual(['Namespace', 'ConfigMap', 'Secret']);
    expect(applied('apiVersion: apps/$0\n', 'apps/v1')).toBe('apiVersion: apps/v1\nkind: Deployment\n');
  });

  test('deprecated versions come last', () => {
    const versions = labelsAt('apiVersion: cluster.x$0\n');
    expect(versions.indexOf('cluster.x-k8s.io/v1beta1')).toBeGreaterThan(
      versions.indexOf('gateway.networking.k8s.io/v1'),
    );
  });

  test('the kind of a reference comes before its name, which depends on it', () => {
    const repository = 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec:\n  sourceRef:\n    ';
    expect(labelsAt(`${repository}$0\n`)).toEqual(['kind', 'name', 'namespace', 'apiVersion']);
    expect(labelsAt(`${repository}kind: $0\n`)[0]).toBe('GitRepository');
  });

  test('in health checks and in the targets of patches', () => {
    const kustomization = 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec:\n';
    const checks = `${kustomization}  healthChecks:\n    - apiVersion: $0\n      kind: Deployment\n`;
    expect(labelsAt(checks)).toEqual(['apps/v1']);
    const other = `# file: b.yaml\n${deployment}# file: a.yaml\n`;
    expect(labelsAt(`${other}${kustomization}  healthChecks:\n    - kind: $0\n`).slice(0, 2)).toContain('Deployment');
    expect(labelsAt(`${other}${kustomization}  healthChecks:\n    - kind: Deployment\n      name: $0\n`)).toEqual([
      'a',
    ]);
    expect(labelsAt(`${kustomization}  patches:\n    - target:\n        kind: $0\n`)).toContain('StatefulSet');
    expect(applied(`${kustomization}  healthCh$0\n`, 'healthChecks')).toMatch(/- kind: \n {6}name: \n$/);
  });
});

describe('values', () => {
  test('the usual value of an enum comes first', () => {
    expect(
      labelsAt(
        `${deployment}spec:\n  template:\n    spec:\n      containers:\n        - ports:\n            - protocol: $0\n`,
      )[0],
    ).toBe('TCP');
  });

  test('of fields that only the API server’s code restricts', () => {
    const scaler = 'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nspec:\n  metrics:\n    - type: ';
    expect(labelsAt(`${scaler}$0\n`)[0]).toBe('Resource');
    expect(labelsAt('apiVersion: v1\nkind: Secret\ntype: $0\n')).toContain('kubernetes.io/tls');
    expect(labelsAt(`${source}spec:\n  layerSelector:\n    mediaType: $0\n`)).toHaveLength(1);
  });

  test('in a role: groups, the resources of those groups, verbs that are not listed yet', () => {
    const rules = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nrules:\n';
    expect(labelsAt(`${rules}  - apiGroups:\n      - $0\n`)).toContain('apps');
    expect(applied(`${rules}  - apiGroups: [$0]\n`, '""')).toBe(`${rules}  - apiGroups: [""]\n`);
    const apps = `${rules}  - apiGroups: [apps]\n`;
    expect(labelsAt(`${apps}    resources:\n      - $0\n`)[0]).toBe('deployments');
    expect(labelsAt(`${apps}    resources:\n      - $0\n`)).not.toContain('pods');
    expect(labelsAt(`${apps}    verbs:\n      - get\n      - $0\n`)[0]).toBe('list');
    const binding = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nsubjects:\n';
    expect(labelsAt(`${binding}  - kind: $0\n`)).toEqual(['ServiceAccount', 'Group', 'User']);
  });

  test('a value that exists only because it is being typed is not suggested', () => {
    expect(labelsAt(`${deployment}  namespace: sho$0\n`)).toEqual([]);
    const cluster = 'apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nspec:\n  topology:\n    version: v1.3$0\n';
    expect(labelsAt(cluster)).toEqual([]);
    expect(labelsAt(`${deployment}  labels:\n    te$0\n`)).not.toContain('te');
  });
});

describe('in JSON style', () => {
  const object = '{"apiVersion": "apps/v1", "kind": "Deployment", ';

  test('keys and kinds keep their quotes', () => {
    expect(applied(`${object}"sp$0"}`, 'spec')).toMatch(/, "spec": \{ +\}\}$/);
    expect(applied(`${object}"spec": {"repl$0": 3}}`, 'replicas')).toBe(`${object}"spec": {"replicas": 3}}`);
    expect(applied('{"apiVersion": "v1", "kind": "Con$0"}', 'ConfigMap')).toBe(
      '{"apiVersion": "v1", "kind": "ConfigMap"}',
    );
    expect(applied('kind: "Dep$0"\n', 'Deployment')).toBe('apiVersion: apps/v1\nkind: "Deployment"\n');
  });

  test('a key in a flow list gets the braces of its map', () => {
    const spec = `${object}spec: {template: {spec: {containers: [`;
    expect(applied(`${spec}$0]}}}}`, 'name')).toBe(`${spec}{ name:  }]}}}}`);
    expect(applied(`${spec}{$0}]}}}}`, 'name')).toBe(`${spec}{name: }]}}}}`);
  });
});

describe('with existing lines below', () => {
  const release = 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  install:\n';

  test('they become the value of a new key', () => {
    expect(applied('apiVersion: apps/v1\nkind: Deployment\nsp$0\n  replicas: 1\n', 'spec')).toBe(
      'apiVersion: apps/v1\nkind: Deployment\nspec:\n  replicas: 1\n',
    );
  });

  test('at a smaller column, the new key becomes their sibling', () => {
    expect(applied(`${release}   $0\n    crds: Skip\n`, 'timeout')).toBe(`${release}    timeout: \n    crds: Skip\n`);
  });

  test('nothing is suggested after the colon', () => {
    expect(labelsAt(release.replace(/\n$/, '$0\n    crds: Skip\n'))).toEqual([]);
  });

  test('nothing is suggested between a dash and the text after it', () => {
    const pod = 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n';
    expect(labelsAt(`${pod}    -$0 name: a\n`)).toEqual([]);
    expect(labelsAt(`${pod}    -$0 # a\n`)[0]).toBe('name');
  });

  test('no list item is suggested beside keys', () => {
    expect(labelsAt('apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    $0\n    name: a\n')).toEqual([]);
  });
});

test('an item of a list inserts its missing dash', () => {
  const claim = 'apiVersion: v1\nkind: PersistentVolumeClaim\nspec:\n  accessModes:\n    ';
  expect(applied(`${claim}Read$0\n`, 'ReadWriteOnce')).toBe(`${claim}- ReadWriteOnce\n`);
  expect(applied(`${claim}- ReadWriteMany\n    Read$0\n`, 'ReadWriteOnce')).toBe(
    `${claim}- ReadWriteMany\n    - ReadWriteOnce\n`,
  );
  expect(labelsAt(`${claim}$0\n`)).toEqual(['- ']);
});

describe('an anchor, a tag and a byte order mark', () => {
  const pod = 'apiVersion: v1\nkind: Pod\nspec:\n';

  test('anchors and tags are kept, and the value follows them', () => {
    expect(applied(`${pod}  restartPolicy: &policy $0\n`, 'Never')).toBe(`${pod}  restartPolicy: &policy Never\n`);
    expect(applied(`${pod}  restartPolicy: !!str Al$0ways\n`, 'Never')).toBe(`${pod}  restartPolicy: !!str Never\n`);
    expect(applied(`${pod}  containers: [&c {na$0}]\n`, 'name')).toBe(`${pod}  containers: [&c {name: }]\n`);
    expect(labelsAt(`${pod}  containers:\n    - &c\n      $0\n`)[0]).toBe('name');
    expect(labelsAt(`${pod}  restartPolicy: &pol$0 Always\n`)).toEqual([]);
    expect(labelsAt(`${pod}  securityContext: &context $0\n    runAsUser: 1\n`)).toEqual([]);
  });

  test('a byte order mark takes no column', () => {
    expect(applied('\uFEFF$0', 'Namespace')).toBe('\uFEFFapiVersion: v1\nkind: Namespace\nmetadata:\n  name: \n');
    expect(labelsAt('\uFEFF# a$0\n')).toEqual([]);
  });
});

test('a value is suggested on the line below its key', () => {
  const release = 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  install:\n    crds:\n      ';
  expect(applied(`${release}$0\n`, 'Create')).toBe(`${release}Create\n`);
});

describe('labels', () => {
  test('a selector suggests the labels of the file', () => {
    const labelled = `${deployment}  labels:\n    example.org/team: shop\n`;
    expect(labelsAt(`${labelled}spec:\n  selector:\n    matchLabels:\n      $0\n`)[0]).toBe('example.org/team');
    expect(labelsAt(`${labelled}spec:\n  selector:\n    matchLabels:\n      example.org/team: $0\n`)).toEqual(['shop']);
    const service = 'apiVersion: v1\nkind: Service\nspec:\n  selector:\n    $0\n';
    expect(labelsAt(`${labelled}---\n${service}`)[0]).toBe('example.org/team');
  });

  test('a selector does not suggest labels for controllers', () => {
    const selector = `${deployment}spec:\n  selector:\n    matchLabels:\n      $0\n`;
    expect(labelsAt(selector)[0]).toBe('app.kubernetes.io/name');
    expect(labelsAt(selector).filter((label) => label.includes('toolkit.fluxcd.io'))).toEqual([]);
  });
});

test('keys that belong together are inserted together, the likeliest choice first', () => {
  expect(applied(`${deployment}sp$0\n`, 'spec')).toBe(
    `${deployment}spec:\n  selector:\n    matchLabels:\n      \n  template:\n    metadata:\n      labels:\n        \n    spec:\n      containers:\n        - name: \n          image: \n`,
  );
  const flux = 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n';
  expect(applied(`${flux}sp$0\n`, 'spec')).toBe(
    `${flux}spec:\n  interval: \n  sourceRef:\n    kind: GitRepository\n    name: \n  path: \n  prune: true\n`,
  );
  const role = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\n';
  expect(applied(`${role}ru$0\n`, 'rules')).toMatch(/apiGroups:.*resources:.*verbs:/s);
  const binding = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\n';
  expect(applied(`${binding}sub$0\n`, 'subjects')).toMatch(/- kind: ServiceAccount\n {4}name: \n$/);
});

test('the schema of a CRD is completed at any depth', () => {
  const schema = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
spec:
  versions:
    - schema:
        openAPIV3Schema:
          type: object
          properties:
            list:
              type: array
              items:
                `;
  expect(labelsAt(`${schema}$0\n`)[0]).toBe('type');
  expect(labelsAt(`${schema}type: $0\n`)).toContain('integer');
});

describe('a kustomization file', () => {
  const at = (text: string) => `# file: app/web.yaml\n${deployment}# file: app/kustomization.yaml\n${text}`;

  test('needs no apiVersion and kind', () => {
    expect(labelsAt(at('$0')).slice(0, 4)).toEqual(['apiVersion', 'kind', 'resources', 'namespace']);
    expect(labelsAt(at('apiVersion: $0\n'))).toEqual([
      'kustomize.config.k8s.io/v1beta1',
      'kustomize.config.k8s.io/v1alpha1',
    ]);
    expect(labelsAt(at('images:\n  - name: a\n    $0\n'))).toContain('newTag');
    expect(labelsAt(at('configMapGenerator:\n  - behavior: $0\n'))).toEqual(['create', 'merge', 'replace']);
  });

  test('gets paths in the author’s style', () => {
    expect(labelsAt(at('resources:\n  - ./$0\n'))).toEqual(['./web.yaml']);
    const other = '# file: app/other.yaml\na: 1\n';
    expect(labelsAt(other + at('resources:\n  - ./other.yaml\n  - $0\n'))).toEqual(['./web.yaml']);
  });

  test('is recognized by its name if apiVersion or kind is missing', () => {
    expect(labelsAt(at('kind: Kustomization\n$0')).slice(0, 3)).toEqual(['apiVersion', 'resources', 'namespace']);
    expect(labelsAt(at('kind: Kustomization\nresources:\n  - $0\n'))).toEqual(['web.yaml']);
    expect(labelsAt(at('apiVersion: kustomize.config.k8s.io/v1alpha1\nimages:\n  - $0\n'))).toContain('newTag');
    expect(applied(at('kind: Component\n$0'), 'apiVersion')).toBe(
      'kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1',
    );
  });

  test('gets files of its folder and folders with a kustomization', () => {
    const others =
      '# file: base/kustomization.yaml\nresources: []\n# file: base/x.yaml\na: 1\n# file: tls/kustomization.yaml\nkind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\n';
    expect(labelsAt(others + at('resources:\n  - $0\n'))).toEqual(['web.yaml', '../base']);
    expect(labelsAt(others + at('components:\n  - $0\n'))).toEqual(['../tls']);
    expect(labelsAt(others + at('resources:\n  - web.yaml\n  - $0\n'))).toEqual(['../base']);
  });
});

test('spec.path gets the folders that Flux can apply, the nearest first', () => {
  const folders = ['apps/web', 'infra', 'clusters/a/apps'].map(
    (one) => `# file: ${one}/kustomization.yaml\nresources: []\n`,
  );
  const flux = 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec:\n  path: ';
  const file = `${folders.join('')}# file: clusters/a/apps.yaml\n${flux}`;
  expect(labelsAt(`${file}$0\n`)).toEqual(['./clusters/a/apps', './apps/web', './infra']);
  expect(applied(`${file}./in$0\n`, './infra')).toBe(`${flux}./infra\n`);
});
