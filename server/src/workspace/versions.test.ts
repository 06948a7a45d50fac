// Which versions clusters run, and the statement that tells it.
import { expect, test } from 'vitest';
import { testCatalog } from '../fixture.ts';
import { fleetOf } from './fleets.ts';
import { Workspace } from './workspace.ts';

function versionsIn(files: Readonly<Record<string, string>>) {
  const workspace = new Workspace(testCatalog);
  workspace.list(Object.keys(files));
  for (const [path, text] of Object.entries(files)) workspace.put(path, text);
  const found = [...fleetOf(workspace).versions()].map(([name, versions]) => {
    const told = Object.entries(versions).map(([project, { version, field }]) => [project, `${version} by ${field}`]);
    return [name, Object.fromEntries(told)];
  });
  return { workspace, found: Object.fromEntries(found) };
}

const sync = (path: string) => `
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: ssh://git@example.com/fleet}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, path: ./${path}, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}
`;

const instance = (version: string, path: string) => `
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
spec:
  distribution: {version: ${version}, registry: ghcr.io/fluxcd}
  sync: {kind: GitRepository, url: https://example.com/fleet, ref: refs/heads/main, path: ${path}}
`;

const release = (values: string, configMap: string) => `
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: flux-instance, namespace: flux-system}
spec:
  chartRef: {kind: OCIRepository, name: flux-instance}
  valuesFrom: [{kind: ConfigMap, name: ${configMap}}]
${values}`;

test('values of a release that are in a ConfigMap state a version, unless its own take precedence', () => {
  const instanceValues = 'instance:\n  distribution:\n    version: 2.9.4\n';
  const files = (values: string, configMap = 'values') => ({
    'clusters/a/sync.yaml': sync('clusters/a'),
    'clusters/a/kustomization.yaml': `resources: [sync.yaml, release.yaml]
namespace: flux-system
configMapGenerator:
  - name: values
    files: [values.yaml=instance.yaml]
generatorOptions: {disableNameSuffixHash: true}
`,
    'clusters/a/release.yaml': release(values, configMap),
    'clusters/a/instance.yaml': instanceValues,
  });
  const field = 'instance.distribution.version';
  expect(versionsIn(files('')).found).toEqual({ a: { flux: `2.9.4 by HelmRelease spec.valuesFrom ${field}` } });
  expect(versionsIn(files('  values: {instance: {distribution: {version: 2.10.0}}}\n')).found).toEqual({
    a: { flux: `2.10.0 by HelmRelease spec.values.${field}` },
  });
  expect(versionsIn(files('', 'others')).found).toEqual({ a: {} });
});

const controller = (tag: string, labels = '') => `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: kustomize-controller
  namespace: flux-system
  ${labels}
spec: {template: {spec: {containers: [{name: manager, image: "ghcr.io/fluxcd/kustomize-controller:${tag}"}]}}}
`;

test('the values of the operator’s chart state the version of Flux', () => {
  const { found } = versionsIn({
    'clusters/a/flux-system/gotk-sync.yaml': sync('clusters/a'),
    'clusters/a/instance.yaml': `
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: flux-instance, namespace: flux-system}
spec:
  interval: 1h
  chartRef: {kind: OCIRepository, name: flux-instance}
  values: {instance: {distribution: {version: 2.8.x}}}
`,
  });
  expect(found).toEqual({ a: { flux: '2.8.x by HelmRelease spec.values.instance.distribution.version' } });
});

test('an instance of the operator, the labels of a bootstrap and images of controllers state the version of Flux', () => {
  const { found } = versionsIn({
    'clusters/a/flux-system/instance.yaml': instance('2.x', 'clusters/a'),
    'clusters/b/flux-system/gotk-components.yaml': controller(
      'v1.6.1',
      'labels: {app.kubernetes.io/part-of: flux, app.kubernetes.io/version: v2.6.4}',
    ),
    'clusters/b/flux-system/gotk-sync.yaml': sync('clusters/b'),
    'clusters/c/flux-system/gotk-components.yaml': controller('v1.10.1@sha256:0123456789abcdef'),
    'clusters/c/flux-system/gotk-sync.yaml': sync('clusters/c'),
  });
  expect(found).toEqual({
    a: { flux: '2.x by FluxInstance spec.distribution.version' },
    b: { flux: 'v2.6.4 by Deployment metadata.labels app.kubernetes.io/version' },
    c: { flux: '2.10 by Deployment image of kustomize-controller' },
  });
});

test('what upgrades a cluster states its version of Kubernetes, but not what upgrades something else', () => {
  const { found } = versionsIn({
    'clusters/a/flux-system/gotk-sync.yaml': sync('clusters/a'),
    'clusters/a/plans.yaml': `
apiVersion: upgrade.cattle.io/v1
kind: Plan
metadata: {name: talos, namespace: system-upgrade}
spec: {version: v1.10.4, upgrade: {image: ghcr.io/siderolabs/talosctl}}
---
apiVersion: upgrade.cattle.io/v1
kind: Plan
metadata: {name: server, namespace: system-upgrade}
spec: {version: v1.35.1+k3s1, upgrade: {image: rancher/k3s-upgrade}}
`,
    'clusters/b/flux-system/gotk-sync.yaml': sync('clusters/b'),
    'clusters/b/upgrade.yaml': `
apiVersion: tuppr.home-operations.com/v1alpha1
kind: KubernetesUpgrade
metadata: {name: kubernetes}
spec: {kubernetes: {version: v1.34.2}}
`,
  });
  expect(found).toEqual({
    a: { kubernetes: 'v1.35.1+k3s1 by Plan spec.version' },
    b: { kubernetes: 'v1.34.2 by KubernetesUpgrade spec.kubernetes.version' },
  });
});

const management = `
apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata: {name: east, namespace: fleet}
spec: {topology: {classRef: {name: std}, version: v1.34.4}}
---
apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata: {name: west, namespace: fleet}
spec: {controlPlaneRef: {apiGroup: controlplane.cluster.x-k8s.io, kind: RKE2ControlPlane, name: west-cp}}
---
apiVersion: controlplane.cluster.x-k8s.io/v1beta1
kind: RKE2ControlPlane
metadata: {name: west-cp, namespace: fleet}
spec: {version: v1.35.0+rke2r1}
---
apiVersion: operator.cluster.x-k8s.io/v1alpha2
kind: CoreProvider
metadata: {name: cluster-api, namespace: capi-system}
spec: {version: v1.13.6}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: west, namespace: fleet}
spec:
  interval: 1m
  path: ./apps/west
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system, namespace: flux-system}
  kubeConfig: {secretRef: {name: west-kubeconfig}}
`;

const pod = (field: string) => `
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: default}
spec:
  containers: [{name: a, image: a}]
  ${field}
`;

const fleet = {
  'clusters/management/flux-system/gotk-sync.yaml': sync('clusters/management'),
  'clusters/management/fleet.yaml': management,
  'clusters/east/flux-system/gotk-sync.yaml': sync('clusters/east'),
  'clusters/east/pod.yaml': pod('hostname: a'),
  'apps/west/pod.yaml': pod('hostname: a'),
};

test('the cluster that manages others states their versions, whether Flux reaches them from there or runs in them', () => {
  const { workspace, found } = versionsIn(fleet);
  expect(found).toEqual({
    management: { 'cluster-api': 'v1.13.6 by CoreProvider spec.version' },
    'management → west': { kubernetes: 'v1.35.0+rke2r1 by RKE2ControlPlane spec.version' },
    east: { kubernetes: 'v1.34.4 by Cluster spec.topology.version' },
  });
  expect(workspace.schemas.targetsFor('apps/west/pod.yaml')).toEqual({ kubernetes: 'v1.35.0+rke2r1' });
  expect(workspace.schemas.targetsFor('clusters/management/fleet.yaml')).toEqual({ 'cluster-api': 'v1.13.6' });
});

test('the configuration takes precedence over what is detected, and what is asked over both', () => {
  const { workspace } = versionsIn({ ...fleet, '.capstan.yaml': 'targets: {kubernetes: "1.36"}' });
  expect(workspace.schemas.targetsFor('apps/west/pod.yaml')).toEqual({ kubernetes: '1.36' });
  workspace.schemas.ask({ kubernetes: '1.37' });
  expect(workspace.schemas.targetsFor('apps/west/pod.yaml')).toEqual({ kubernetes: '1.37' });
  const pod = workspace.schemas.storeFor('apps/west/pod.yaml').lookup({ group: '', version: 'v1', kind: 'Pod' });
  expect(pod?.origin).toBe('kubernetes 1.37.2');
});
