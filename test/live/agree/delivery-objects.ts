// The output of `flux tree` and our tree as comparable lines, and the repository that Flux delivers in tests.
import type { TreeNode } from '../../../server/src/cli/output.ts';

export interface FluxTree {
  readonly resource: {
    readonly Namespace: string;
    readonly Name: string;
    readonly GroupKind: { readonly Group: string; readonly Kind: string };
  };
  readonly resources?: readonly FluxTree[];
}

export function fluxTree({ resource, resources = [] }: FluxTree, indent = ''): readonly string[] {
  const { Namespace, Name, GroupKind } = resource;
  const line = `${indent}${GroupKind.Kind}.${GroupKind.Group}/${Namespace}/${Name}`;
  return [line, ...resources.flatMap((child) => fluxTree(child, `${indent}  `))];
}

export function ourTree(
  { apiVersion, kind, namespace = '', name, children }: TreeNode,
  indent = '',
): readonly string[] {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return [
    `${indent}${kind}.${group}/${namespace}/${name}`,
    ...children.flatMap((child) => ourTree(child, `${indent}  `)),
  ];
}

export function yaml(...objects: readonly object[]): string {
  return objects.map((object) => JSON.stringify(object)).join('\n---\n');
}

export function gitRepository(name: string, url: string): object {
  const metadata = { name, namespace: 'flux-system' };
  return {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata,
    spec: { interval: '1h', timeout: '5s', url, ref: { branch: 'main' } },
  };
}

export function applied(name: string, path: string, more: object = {}): object {
  const sourceRef = { kind: 'GitRepository', name: 'fleet' };
  const spec = { interval: '1h', retryInterval: '1h', timeout: '30s', prune: true, path, sourceRef, ...more };
  return {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name, namespace: 'flux-system' },
    spec,
  };
}

/** The whole repository. Intervals are an hour, so that earlier reconciliations were requested. */
export function files(greeting: string): Readonly<Record<string, string>> {
  const map = (name: string, data: object) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'apps' },
    data,
  });
  const release = {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: 'web', namespace: 'apps' },
    spec: {
      interval: '1h',
      chart: {
        spec: { chart: './charts/web', sourceRef: { kind: 'GitRepository', name: 'fleet', namespace: 'flux-system' } },
      },
    },
  };
  const labels = { app: 'idle' };
  const containers = [{ name: 'idle', image: 'registry.example/idle:1' }];
  const idle = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'idle', namespace: 'apps' },
    spec: { replicas: 0, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  };
  const alert = {
    apiVersion: 'notification.toolkit.fluxcd.io/v1beta3',
    kind: 'Provider',
    metadata: { name: 'chat', namespace: 'flux-system' },
    spec: { type: 'generic', address: 'http://127.0.0.1:1/' },
  };
  return {
    'root/all.yaml': yaml(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'apps' } },
      map('outer', {}),
      applied('apps', './apps', { postBuild: { substitute: { place: 'here' } } }),
      release,
      alert,
    ),
    'apps/all.yaml': yaml(map('inner', { greeting, place: `\${place}` }), idle),
    'broken/wrong.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x\n',
    'strict/all.yaml': yaml(map('strict', { place: `\${undefined_here}` })),
    'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.2.3\n',
    'charts/web/templates/all.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: "{{ .Release.Name }}-chart" }\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: "system:{{ .Release.Name }}" }\nrules: []\n',
  };
}
