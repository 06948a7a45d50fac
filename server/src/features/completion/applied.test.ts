// What the clusters of a file would miss isn't suggested.
import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { buildsOf } from '../../workspace/fleets.ts';
import { diagnose } from '../diagnostics.ts';
import { cursorOf, fixture } from '../fixture.ts';
import { complete } from './completion.ts';
import { flux, instance, kustomization, labels } from './fixture.ts';

const shop = yaml`
  # file: apps/kustomization.yaml
  namespace: shop
  namePrefix: a-
  resources: [shop.yaml]
  # file: apps/shop.yaml
  apiVersion: source.toolkit.fluxcd.io/v1
  kind: HelmRepository
  metadata:
    name: charts
  spec:
    interval: 1h
    url: https://example.com
`;

test('the kind of an object that Flux creates', () => {
  const [before, after] = labels(`${instance}${shop}${kustomization('kind: $0\n    name: flux-system')}`);
  expect(before).toEqual(expect.arrayContaining(['GitRepository', 'Bucket']));
  expect(after).toEqual(['GitRepository']);
});

test('the same kind when its key is accepted', () => {
  const at = fixture(`${instance}${shop}${kustomization('$0\n    name: flux-system')}`);
  for (const { path } of at.workspace.files()) diagnose(at.workspace, path);
  const kind = complete(cursorOf(at)).find(({ label }) => label === 'kind');
  expect(kind?.insert).toBe('kind: GitRepository');
});

test('a name that exists only before the build', () => {
  const release = (chart: string) => `${instance}${kustomization('kind: GitRepository\n    name: flux-system')}${shop}
# file: clusters/prod/web.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: flux-system
spec:
  interval: 10m
  chart:
    spec:
      chart: web
      sourceRef:
        kind: HelmRepository
        ${chart}
`;
  const [before, after] = labels(release('name: $0\n        namespace: shop'));
  expect(before).toEqual(['charts']);
  expect(after).toEqual([]);
});

const alert = (namespace: string) => `# file: clusters/prod/notifications.yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata:
  name: chat
  namespace: flux-system
spec:
  type: slack
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata:
  name: alerts
  namespace: ${namespace}
spec:
  providerRef:
    name: chat
  eventSources:
    - kind: Kustomization
      name: "*"
`;

test('a namespace without what the object names there', () => {
  const [before, after] = labels(`${instance}${alert('$0')}`);
  expect(before).toEqual(expect.arrayContaining(['flux-system', 'shop']));
  expect(after).toContain('flux-system');
  expect(after).not.toContain('shop');
});

test('where the build is refused, a name or a namespace without the target in files', () => {
  const binding = (name: string, namespace: string) => `---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: automation
  namespace: default
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: admin
subjects:
  - kind: ServiceAccount
    name: ${name}
    namespace: ${namespace}
`;
  const source = (name: string, namespace: string) =>
    labels(
      `${instance}${kustomization('kind: GitRepository\n    name: flux-system')}
# file: apps/kustomization.yaml
resources: [automation.yaml]
# file: apps/automation.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: automation
  namespace: shop
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: default
${binding(name, namespace)}`,
      '{}',
    )[1];
  expect(source('automation', '$0')).toEqual(['shop']);
  expect(source('$0', 'shop')).toEqual(['automation']);
});

describe('in a cluster that refuses references to other namespaces', () => {
  const files = (isLocked: boolean, namespace: string, source: string) => `${
    isLocked ? instance.replace('  sync:', '  cluster:\n    multitenant: true\n  sync:') : instance
  }
# file: clusters/prod/shop.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: shop
  namespace: charts
spec:
  interval: 10m
  url: oci://registry.example.com/charts/shop
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: shop
  namespace: ${namespace}
spec:
  interval: 10m
  chartRef:
    kind: OCIRepository
    ${source}
`;

  test('the name of an object of another namespace', () => {
    expect(labels(files(false, 'shop', 'name: $0'))[1]).toContain('shop');
    expect(labels(files(true, 'shop', 'name: $0'))[1]).not.toContain('shop');
    expect(labels(files(true, 'charts', 'name: $0'))[1]).toContain('shop');
  });

  test('another namespace of a reference', () => {
    expect(labels(files(false, 'shop', 'name: shop\n    namespace: $0'))[1]).toContain('charts');
    expect(labels(files(true, 'shop', 'name: shop\n    namespace: $0'))[1]).not.toContain('charts');
  });

  test('a namespace from which the object names one of another', () => {
    const source = 'name: shop\n    namespace: charts';
    expect(labels(files(false, '$0', source), 'flux-system')[1]).toContain('flux-system');
    expect(labels(files(true, '$0', source), 'flux-system')[1]).toEqual(['charts']);
  });
});

test('a dependency that waits for the Kustomization through the one that applies it', () => {
  const source = (dependsOn: string) => `${instance}# file: clusters/prod/tenants.yaml
${flux('policies', './policies')}  dependsOn:
    - name: $0
${flux('infra', './infra')}
${flux('tenants', './tenants')}  ${dependsOn}
# file: tenants/team.yaml
${flux('team', './team')}
# file: team/a.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
`;
  expect(labels(source('dependsOn: [{ name: policies }]'))[1]).toEqual(['infra']);
  expect(labels(source(''))[1]).toEqual(expect.arrayContaining(['infra', 'tenants', 'team']));
});

test('a folder outside of the artifact that is the source', () => {
  const source = (path: string) => `${instance}# file: clusters/prod/apps.yaml
apiVersion: source.extensions.fluxcd.io/v1beta1
kind: ArtifactGenerator
metadata:
  name: apps
  namespace: flux-system
spec:
  sources:
    - alias: fleet
      kind: GitRepository
      name: flux-system
  artifacts:
    - name: apps
      copy:
        - from: "@fleet/apps/**"
          to: "@artifact/"
${flux('web', './web', 'kind: ExternalArtifact\n    name: apps')}
${flux('shop', path, 'kind: ExternalArtifact\n    name: apps')}
# file: apps/web/kustomization.yaml
namespace: web
# file: apps/shop/kustomization.yaml
namespace: shop
# file: infra/kustomization.yaml
namespace: infra
`;
  expect(labels(source('$0'))[1]?.toSorted()).toEqual(['./shop', './web']);
});

test('the namespace of an object of the same name in the file', () => {
  const account = (namespace: string) => `apiVersion: v1
kind: ServiceAccount
metadata:
  name: a
  namespace: ${namespace}
`;
  const source = `${account('shop')}---\n${account('tools').replace('name: a', 'name: b')}---\n${account('$0')}`;
  expect(labels(source)[0]).toEqual(['tools']);
});

test('a namespace in which the objects of the file would miss the object', () => {
  const settings = (namespace: string) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: ${namespace}
`;
  const pod = `apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers:
    - name: web
      image: web:1
      envFrom:
        - configMapRef:
            name: settings
`;
  const other = '---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: key\n  namespace: tools\n';
  expect(labels(`${pod}${other}---\n${settings('$0')}`)[0]).toEqual(['shop']);
  expect(labels(`${pod.replaceAll('settings', 'others')}${other}---\n${settings('$0')}`)[0]).toEqual(
    expect.arrayContaining(['shop', 'tools']),
  );
});

test('a key that a patch of the kustomization excludes', () => {
  const source = (wait: boolean) => `${instance}# file: clusters/prod/kustomization.yaml
resources: [flux.yaml, apps.yaml]
patches:
  - patch: |
      apiVersion: kustomize.toolkit.fluxcd.io/v1
      kind: Kustomization
      metadata:
        name: apps
        namespace: flux-system
      spec:
        wait: ${wait}
# file: clusters/prod/apps.yaml
${flux('apps', './apps')}  $0
# file: apps/shop.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
  namespace: shop
`;
  const offered = (wait: boolean) => {
    const at = fixture(source(wait));
    for (const { path } of at.workspace.files()) diagnose(at.workspace, path);
    return complete(cursorOf(at)).map(({ label }) => label);
  };
  expect(offered(true)).not.toContain('healthChecks');
  expect(offered(false)).toContain('healthChecks');
});

const patchedService = (type: string) => `# file: prod/kustomization.yaml
resources: [../base]
patches:
  - patch: |
      apiVersion: v1
      kind: Service
      metadata: { name: web }
      spec: { type: ${type} }
# file: base/kustomization.yaml
resources: [web.yaml]
# file: base/web.yaml
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  ports: [{ port: 80 }]
  $0
`;

test('a key that a patch of an overlay excludes', () => {
  const offered = (type: string) => {
    const at = fixture(patchedService(type));
    for (const { path } of at.workspace.files()) diagnose(at.workspace, path);
    return complete(cursorOf(at)).map(({ label }) => label);
  };
  expect(offered('NodePort')).not.toContain('allocateLoadBalancerNodePorts');
  expect(offered('NodePort')).toContain('externalTrafficPolicy');
  expect(offered('LoadBalancer')).toContain('allocateLoadBalancerNodePorts');
});

test('nothing is built for a suggestion: what an overlay changes counts once a finding needed its build', () => {
  const at = fixture(patchedService('NodePort'));
  expect(complete(cursorOf(at)).map(({ label }) => label)).toContain('allocateLoadBalancerNodePorts');
  expect(buildsOf(at.workspace).latest('prod')).toBeUndefined();
});
