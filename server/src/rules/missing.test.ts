import { describe, expect, test } from 'vitest';
import { diagnose } from '../features/diagnostics.ts';
import { codeActions } from '../features/fixes/code-action.ts';
import { edited, fixture } from '../features/fixture.ts';

const flux = (name: string, path: string, rest = '') => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: ${name}, namespace: flux-system }
spec:
  interval: 10m
  prune: true
  path: ${path}
  sourceRef: { kind: GitRepository, name: fleet }
${rest}`;

const sync = (cluster: string) => `# file: clusters/${cluster}/flux-system/sync.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: fleet, namespace: flux-system }
spec: { interval: 1m, url: ssh://git@example.com/team/fleet.git }
---
${flux('flux-system', `./clusters/${cluster}`)}`;

const release = (rest: string, name = 'shop', namespace = 'shop') => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  interval: 10m
${rest}`;

const chart = (name: string, namespace: string) => `apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: { name: ${name}, namespace: ${namespace} }
spec: { interval: 10m, url: "oci://registry.example.com/charts/${name}", ref: { tag: "1.0.0" } }
`;

const pod = (config: string, kind = 'configMapRef') => `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec:
  containers:
    - name: web
      image: web
      envFrom: [{ ${kind}: { name: ${config} } }]
`;

const config = (name: string, namespace = 'shop') => `apiVersion: v1
kind: ConfigMap
metadata: { name: ${name}, namespace: ${namespace} }
`;

/** `path:line severity: message` of each missing target, in all files of a fleet with one cluster that gets `apps`. */
function missingIn(apps: string, more = ''): readonly string[] {
  return missingOf(`${sync('prod')}# file: clusters/prod/apps.yaml
${flux('apps', './apps')}# file: apps/shop.yaml
${apps}${more}`);
}

function missingOf(source: string): readonly string[] {
  const { workspace } = fixture(source);
  return [...workspace.files()].flatMap(({ path, text }) =>
    diagnose(workspace, path)
      .filter(({ rule }) => rule === 'reference/missing')
      .map(
        ({ start, severity, message }) => `${path}:${text.slice(0, start).split('\n').length} ${severity}: ${message}`,
      ),
  );
}

const shop = '  chartRef: { kind: OCIRepository, name: shop }\n';

describe('a source of a release', () => {
  test('that is there', () => {
    expect(missingIn(`${release(shop)}---\n${chart('shop', 'shop')}`)).toEqual([]);
  });

  test('that no file defines', () => {
    expect(missingIn(release(shop))).toEqual([
      'apps/shop.yaml:6 error: There is no OCIRepository shop in namespace shop. Correct the name, or add the object.',
    ]);
  });

  test('that is in another namespace', () => {
    expect(missingIn(`${release(shop)}---\n${chart('shop', 'flux-system')}`)).toEqual([
      'apps/shop.yaml:6 error: There is no OCIRepository shop in namespace shop, but one in namespace flux-system. Set namespace: flux-system.',
    ]);
  });

  test('that is misspelled', () => {
    expect(missingIn(`${release(shop)}---\n${chart('shopp', 'shop')}`)).toEqual([
      'apps/shop.yaml:6 error: There is no OCIRepository shop in namespace shop. Did you mean shopp?',
    ]);
  });

  test('that a file defines which nothing applies', () => {
    expect(missingIn(release(shop), `# file: old/chart.yaml\n${chart('shop', 'shop')}`)).toEqual([
      'apps/shop.yaml:6 warning: There is no OCIRepository shop in namespace shop: old/chart.yaml defines it, but nothing applies that file to the cluster. Add the file to what is applied, or correct the name.',
    ]);
  });

  test('whose namespace comes from what applies it', () => {
    const apps = `# file: apps/kustomization.yaml\nnamespace: web\nresources: [shop.yaml]\n`;
    expect(missingIn(`${release(shop)}---\n${chart('shop', 'other')}`, apps)).toEqual([]);
  });

  test('that a ResourceSet with unknown inputs may render', () => {
    const set = `---
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: { name: tenants, namespace: shop }
spec:
  inputsFrom: [{ name: tenants }]
  resources: []
---
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSetInputProvider
metadata: { name: tenants, namespace: shop }
spec: { type: GitHubBranch, url: "https://github.com/team/fleet" }
`;
    expect(missingIn(release(shop) + set)).toEqual([]);
  });

  test('in files of another repository', () => {
    const other = `---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: other, namespace: flux-system }
spec: { interval: 1m, url: ssh://git@example.com/team/other.git }
---
${flux('other', './deploy').replace('name: fleet', 'name: other')}`;
    expect(missingIn(release(shop) + other)).toEqual([]);
  });
});

test('what a file defines may be applied by what is known in part', () => {
  const apps = `${release(`${shop}  dependsOn: [{ name: base }]\n`)}---\n${chart('shop', 'shop')}---\n${release(shop, 'bases')}`;
  const file = `# file: old/base.yaml\n${release(shop, 'base')}`;
  const remote = `# file: apps/kustomization.yaml\nresources: [shop.yaml, "https://example.com/team/more.git"]\n`;
  expect(missingIn(apps, remote)).toHaveLength(1);
  expect(missingIn(apps, remote + file)).toEqual([]);
});

test('what a file defines may be applied by hand, as the source of the cluster is', () => {
  const apps = `${release(`${shop}  dependsOn: [{ name: base }]\n`)}---\n${chart('shop', 'shop')}---\n${release(shop, 'bases')}`;
  const cluster = `# file: clusters/prod/apps.yaml
${flux('prod', './clusters/prod')}---
${flux('apps', './apps')}# file: apps/shop.yaml
${apps}`;
  const byHand = `# file: setup/base.yaml\n${flux('base', './base')}# file: base/base.yaml\n${release(shop, 'base')}`;
  expect(missingOf(cluster)).toHaveLength(1);
  expect(missingOf(cluster + byHand)).toEqual([]);
});

test('a dependency on an object of another kind', () => {
  const apps = `${release(`${shop}  dependsOn: [{ name: apps, namespace: flux-system }]\n`)}---\n${chart('shop', 'shop')}`;
  expect(missingIn(apps)).toEqual([
    'apps/shop.yaml:7 error: There is no HelmRelease apps in namespace flux-system, only a Kustomization. A HelmRelease can depend only on others of its kind.',
  ]);
});

test('the health of what is applied to another cluster, or where Flux waits for everything', () => {
  const found = (rest: string) => {
    const checks = `  healthChecks: [{ apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: shop, namespace: web }]\n`;
    const workload = flux('workload', './workload', `${checks}${rest}`);
    return missingIn(workload, `# file: workload/shop.yaml\n${config('shop')}`);
  };
  expect(found('')).toEqual([
    'apps/shop.yaml:9 error: There is no HelmRelease shop in namespace web. Correct the name, or add the object.',
  ]);
  expect(found('  kubeConfig: { secretRef: { name: workload-kubeconfig } }\n')).toEqual([]);
  // The check is ignored, so that it fails nothing.
  expect(found('  wait: true\n')).toEqual([
    'apps/shop.yaml:9 warning: There is no HelmRelease shop in namespace web. Correct the name, or add the object.',
  ]);
  expect(found('  wait: false\n')[0]).toContain(' error: ');
});

describe('the configuration of a pod', () => {
  test('that is misspelled', () => {
    expect(missingIn(`${pod('settings')}---\n${config('setings')}`)).toEqual([
      'apps/shop.yaml:8 warning: There is no ConfigMap settings in namespace shop. Did you mean setings?',
    ]);
  });

  test('where a chart may create it', () => {
    const apps = `${pod('settings')}---\n${release(shop)}---\n${chart('shop', 'shop')}`;
    expect(missingIn(apps)).toEqual([]);
  });

  test('of a Secret that is created by hand, or from outside', () => {
    expect(missingIn(pod('login', 'secretRef'))).toEqual([]);
    const made = `---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: web, namespace: shop }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: vault }
  target: { name: login }
---
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: { name: vault }
spec: { provider: { fake: { data: [] } } }
---
apiVersion: v1
kind: Secret
metadata: { name: registry, namespace: shop }
`;
    expect(missingIn(pod('login', 'secretRef') + made)).toEqual([]);
    expect(missingIn(pod('logim', 'secretRef') + made)).toEqual([
      'apps/shop.yaml:8 warning: There is no Secret logim in namespace shop. Did you mean login?',
    ]);
  });

  test('beside the only one that nothing mentions', () => {
    const login = 'apiVersion: v1\nkind: Secret\nmetadata: { name: registry, namespace: shop }\n';
    expect(missingIn(`${pod('token', 'secretRef')}---\n${login}`)).toEqual([
      'apps/shop.yaml:8 warning: There is no Secret token in namespace shop. Did you mean registry?',
    ]);
    const mentioned = pod('token', 'secretRef').replace('image: web', 'image: web\n      args: [registry]');
    expect(missingIn(`${mentioned}---\n${login}`)).toEqual([]);
    // A chart may create it.
    const chartToo = `---\n${release(shop)}---\n${chart('shop', 'shop')}`;
    expect(missingIn(`${pod('token', 'secretRef')}---\n${login}${chartToo}`)).toEqual([]);
    const values = `---\n${release(`${shop}  valuesFrom: [{ kind: Secret, name: token }]\n`)}---\n${chart('shop', 'shop')}`;
    expect(missingIn(`${login}${values}`)).toEqual([
      'apps/shop.yaml:11 warning: There is no Secret token in namespace shop. Did you mean registry?',
    ]);
  });

  test('with a word more than what is applied beside it, also where a chart may create it', () => {
    const beside = (name: string) => `${pod(name, 'secretRef')}---\n${release(shop)}---\n${chart('shop', 'shop')}---
apiVersion: v1
kind: Secret
metadata: { name: login, namespace: shop }
`;
    expect(missingIn(beside('login'))).toEqual([]);
    expect(missingIn(beside('new-login'))).toEqual([
      'apps/shop.yaml:8 warning: There is no Secret new-login in namespace shop. Did you mean login?',
    ]);
    expect(missingIn(beside('web-login-token'))).toEqual([]);
  });

  test('that another namespace has', () => {
    const other = (name: string) =>
      `---\napiVersion: v1\nkind: Secret\nmetadata: { name: ${name}, namespace: other }\n`;
    const user = pod('login', 'secretRef').replace('namespace: shop', 'namespace: other');
    expect(missingIn(pod('login', 'secretRef') + other('login'))).toEqual([
      'apps/shop.yaml:8 warning: There is no Secret login in namespace shop, but one in namespace other. This field names objects of its own namespace only.',
    ]);
    expect(missingIn(`${pod('login', 'secretRef')}${other('login')}---\n${user}`)).toEqual([]);
  });

  test('that is marked as optional', () => {
    expect(missingIn(`${pod('settings, optional: true')}---\n${config('setings')}`)).toEqual([]);
  });

  test('that a kustomization generates under another name', () => {
    const generator = '# file: apps/kustomization.yaml\nresources: [shop.yaml]\nnamespace: shop\nconfigMapGenerator:\n';
    expect(missingIn(pod('settings'), `${generator}  - name: settings\n    literals: [a=b]\n`)).toEqual([]);
  });
});

describe('in several clusters', () => {
  const two = (settings: string) => `${sync('prod')}# file: clusters/prod/apps.yaml
${flux('apps', './apps')}# file: clusters/prod/more.yaml
${settings}${sync('test')}# file: clusters/test/apps.yaml
${flux('apps', './apps')}# file: apps/shop.yaml
${release(shop)}`;

  test('a problem of all is reported once', () => {
    expect(missingOf(two(''))).toEqual([
      'apps/shop.yaml:6 error: There is no OCIRepository shop in namespace shop. Correct the name, or add the object.',
    ]);
  });

  test('a problem of some names them', () => {
    expect(missingOf(two(chart('shop', 'shop')))).toEqual([
      'apps/shop.yaml:6 error: In cluster test: There is no OCIRepository shop in namespace shop. Correct the name, or add the object.',
    ]);
  });
});

describe('the fix', () => {
  const fixed = (apps: string) => {
    const source = `${sync('prod')}# file: clusters/prod/apps.yaml\n${flux('apps', './apps')}# file: apps/shop.yaml\n${apps}`;
    const { workspace } = fixture(source);
    const path = 'apps/shop.yaml';
    const { text } = workspace.file(path)!;
    const [first] = codeActions(workspace, path, 0, text.length);
    return first && edited(text, first.edits).split('\n').slice(5, 9).join('\n');
  };
  const block = '  chartRef:\n    kind: OCIRepository\n    name: shop\n';

  test('replaces a name and a namespace, and adds a namespace', () => {
    expect(fixed(`${release(block)}---\n${chart('shopp', 'shop')}`)).toContain('    name: shopp');
    expect(fixed(`${release(block)}---\n${chart('shop', 'flux-system')}`)).toBe(`${block}    namespace: flux-system`);
    const wrong = `${block}    namespace: "flux"\n`;
    expect(fixed(`${release(wrong)}---\n${chart('shop', 'flux-system')}`)).toBe(`${block}    namespace: "flux-system"`);
  });
});

describe('where a chart may create the target', () => {
  const withChart = `---\n${release(shop)}---\n${chart('shop', 'shop')}`;
  const account = (name: string) =>
    `apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: ${name}, namespace: shop }\n`;
  const binding = (subject: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: runner, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects:
  - kind: ServiceAccount
    name: ${subject}
`;
  const runner = (subject: string) => `# file: apps/runner/rbac.yaml\n${binding(subject)}---\n${account('runner')}`;

  test('the object beside that is called like the one that refers to it was meant', () => {
    const used = `---\n${binding('runner').replace('name: runner,', 'name: other,')}`;
    expect(missingIn(`${release(shop)}---\n${chart('shop', 'shop')}`, runner('builder') + used)).toEqual([
      'apps/runner/rbac.yaml:7 warning: There is no ServiceAccount builder in namespace shop. Did you mean runner?',
    ]);
    // A chart beside it may create the other, unless both are written in one file.
    const apart = runner('builder').replace('---\n', '# file: apps/runner/account.yaml\n');
    expect(missingIn('', `${apart}${used}${withChart}`)).toEqual([]);
    expect(missingIn('', `${runner('builder')}${used}${withChart}`)).toHaveLength(1);
  });

  test('a name that is like nothing else is a mistake if others resolve', () => {
    const three = ['runner', 'runner', 'deployer'].map((name, index) =>
      binding(name).replace('name: runner,', `name: binding-${index},`),
    );
    const apps = `${three.join('---\n')}---\n${account('runner')}${withChart}`;
    expect(missingIn(apps)).toEqual([
      'apps/shop.yaml:23 warning: There is no ServiceAccount deployer in namespace shop, as far as the files show. Correct the name unless something else creates it.',
    ]);
    // A chart calls what it creates after itself.
    expect(missingIn(apps.replace('name: deployer', 'name: shop-deployer'))).toEqual([]);
    expect(missingIn(`${three.slice(1).join('---\n')}---\n${account('runner')}${withChart}`)).toEqual([]);
  });
});

test('nothing is reported where the entry point is unknown', () => {
  expect(missingOf(`# file: apps/shop.yaml\n${release(shop)}`)).toEqual([]);
  expect(
    missingOf(`# file: archive/ks.yaml\n${flux('old', './apps')}# file: apps/shop.yaml\n${release(shop)}`),
  ).toEqual([]);
});

test('a source that is made of another one says nothing about where that one is, before Flux is bootstrapped', () => {
  const parts = flux('apps', './web').replace('kind: GitRepository, name: fleet', 'kind: ExternalArtifact, name: apps');
  expect(
    missingOf(`# file: clusters/prod/apps.yaml
${parts}# file: clusters/prod/artifacts.yaml
apiVersion: source.extensions.fluxcd.io/v1beta1
kind: ArtifactGenerator
metadata: { name: flux-system, namespace: flux-system }
spec:
  sources: [{ alias: all, kind: GitRepository, name: flux-system }]
  artifacts: [{ name: apps, copy: [{ from: "@all/apps/web/**", to: "@artifact/web/" }] }]
# file: clusters/prod/flux-system/kustomization.yaml
resources: [gotk-sync.yaml]
# file: clusters/prod/flux-system/gotk-sync.yaml
# Written by flux bootstrap.
# file: apps/web/a.yaml
${config('web')}`),
  ).toEqual([]);
});

test('what is applied by hand is a cluster if it brings the sources of its Kustomizations', () => {
  const byHand = (more: string) => `# file: clusters/prod/apps.yaml
${flux('apps', './apps', '  dependsOn: [{ name: infra }]\n')}${more}# file: apps/shop.yaml
${config('shop')}# file: infra/a.yaml
${config('infra')}`;
  const source = `---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: fleet, namespace: flux-system }
spec: { interval: 1m, url: ssh://git@example.com/team/fleet.git }
---
`;
  const infra = flux('infrastructure', './infra');
  expect(missingOf(byHand(`---\n${infra}`))).toEqual([]);
  expect(missingOf(byHand(source + infra))).toEqual([
    'clusters/prod/apps.yaml:9 error: There is no Kustomization infra in namespace flux-system. Did you mean infrastructure?',
  ]);
  const elsewhere = `# file: other/ks.yaml\n${flux('infra', './infra')}`;
  expect(missingOf(byHand(source + infra) + elsewhere)).toEqual([]);
});

test('an alias is marked rather than its anchor', () => {
  const apps = `${release(shop).replace('name: shop,', 'name: &app shop,').replace('name: shop }', 'name: *app }')}`;
  expect(missingIn(apps)[0]).toMatch(/^apps\/shop.yaml:6 /);
});
