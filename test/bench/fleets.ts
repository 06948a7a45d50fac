// Generated fleets that look like real ones: applications with a base, overlays and components, delivered to clusters by Flux
// Kustomizations with substitution, next to controllers that HelmReleases install. They have no findings.

import { base, delivery, folderOfApp, nameOfApp, overlay, overlayName } from './fleet-app.ts';

export interface FleetSize {
  readonly clusters: number;
  readonly apps: number;
  /** Overlays of each application; the clusters take turns in applying them. */
  readonly overlays: number;
  /** Applications that each cluster gets. */
  readonly appsPerCluster: number;
  readonly controllers: number;
}

export interface GeneratedFleet {
  /** By path. */
  readonly files: ReadonlyMap<string, string>;
  readonly manifests: number;
  /** The folders with a kustomization that kustomize can build on its own. */
  readonly folders: readonly string[];
}

/** One application with 20 overlays is a fleet of 20 clusters. */
export const twentyOverlays: FleetSize = { clusters: 20, apps: 10, overlays: 20, appsPerCluster: 10, controllers: 8 };

export const tenThousand: FleetSize = { clusters: 25, apps: 290, overlays: 5, appsPerCluster: 58, controllers: 20 };

export function generatedFleet(size: FleetSize): GeneratedFleet {
  const files = new Map<string, string>();
  const add = (folder: string, contents: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(contents)) files.set(`${folder}/${name}`, text);
  };
  for (const [name, text] of Object.entries(components)) add(`components/${name}`, { 'kustomization.yaml': text });
  const controllers = Array.from({ length: size.controllers }, (_, index) => `controller-${index}`);
  for (const [index, name] of controllers.entries()) add(`infrastructure/base/${name}`, controller(name, index));
  add('infrastructure/all', { 'kustomization.yaml': infrastructure(controllers) });
  const clusters = Array.from({ length: size.clusters }, (_, index) => `cluster-${String(index).padStart(2, '0')}`);
  for (let app = 0; app < size.apps; app += 1) {
    add(`${folderOfApp(app)}/base`, base(app));
    for (let one = 0; one < size.overlays; one += 1) add(`${folderOfApp(app)}/${overlayName(one)}`, overlay(app, one));
  }
  for (const [index, name] of clusters.entries()) {
    add(`clusters/${name}/flux-system`, fluxSystem(name));
    add(`clusters/${name}`, { 'settings.yaml': settings(name, index), 'infrastructure.yaml': infrastructureOf() });
    const turn = Math.floor(index / size.overlays);
    for (let at = 0; at < size.appsPerCluster; at += 1) {
      const app = (turn * size.appsPerCluster + at) % size.apps;
      add(`clusters/${name}/apps`, { [`${nameOfApp(app)}.yaml`]: delivery(app, index % size.overlays) });
    }
  }
  const manifests = [...files.values()].reduce((sum, text) => sum + text.split(/^---$/m).length, 0);
  const kustomizations = [...files.keys()].filter((path) => path.endsWith('/kustomization.yaml'));
  const folders = kustomizations
    .map((path) => path.slice(0, path.lastIndexOf('/')))
    .filter((folder) => !folder.startsWith('components/'));
  return { files, manifests, folders };
}

/** A file of the base of the first application, and an edit of it that every overlay's patch depends on. */
export const editedBase = {
  path: 'apps/app-000/base/deployment.yaml',
  right: 'name: app # main',
  wrong: 'name: web # main',
} as const;

/** A file that is read after all others, and an edit of it that is wrong because of what clusters get. */
export const lastFile = {
  path: 'infrastructure/base/controller-9/release.yaml',
  right: 'name: charts-9',
  wrong: 'name: charts-none',
} as const;

/** The files of the overlays of the first application in which the edit causes a finding. */
export function patchesOfEdited({ overlays }: FleetSize): readonly string[] {
  return Array.from({ length: overlays }, (_, one) => `apps/app-000/${overlayName(one)}/patch.yaml`);
}

function fluxSystem(cluster: string): Readonly<Record<string, string>> {
  return {
    'kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - gotk-sync.yaml
`,
    'gotk-sync.yaml': `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 1m0s
  ref:
    branch: main
  url: https://git.example.com/platform/fleet
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 10m0s
  path: ./clusters/${cluster}
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
`,
  };
}

function settings(cluster: string, index: number): string {
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: cluster-settings
  namespace: flux-system
data:
  cluster_name: ${cluster}
  domain: ${cluster}.example.com
  region: region-${index % 4}
`;
}

function infrastructureOf(): string {
  return `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: infrastructure
  namespace: flux-system
spec:
  interval: 1h
  path: ./infrastructure/all
  prune: true
  wait: true
  timeout: 10m
  sourceRef:
    kind: GitRepository
    name: flux-system
  postBuild:
    substituteFrom:
      - kind: ConfigMap
        name: cluster-settings
`;
}

function infrastructure(controllers: readonly string[]): string {
  return `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
${controllers.map((name) => `  - ../base/${name}\n`).join('')}patches:
  - target:
      kind: HelmRelease
    patch: |-
      - op: add
        path: /spec/driftDetection
        value:
          mode: enabled
`;
}

function controller(name: string, index: number): Readonly<Record<string, string>> {
  return {
    'kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - namespace.yaml
  - repository.yaml
  - release.yaml
`,
    'namespace.yaml': `apiVersion: v1
kind: Namespace
metadata:
  name: ${name}
`,
    'repository.yaml': `apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: charts-${index}
  namespace: flux-system
spec:
  interval: 24h
  url: https://charts.example.com/${name}
`,
    'release.yaml': `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: ${name}
  namespace: ${name}
spec:
  interval: 1h
  chart:
    spec:
      chart: ${name}
      version: 1.${index}.x
      sourceRef:
        kind: HelmRepository
        name: charts-${index}
        namespace: flux-system
  install:
    crds: CreateReplace
  upgrade:
    crds: CreateReplace
  values:
    replicaCount: 2
    clusterName: \${cluster_name}
    resources:
      requests:
        cpu: 100m
        memory: 128Mi
    serviceMonitor:
      enabled: true
`,
  };
}

const components = {
  spread: `apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
  - target:
      kind: Deployment
    patch: |-
      - op: add
        path: /spec/template/spec/topologySpreadConstraints
        value:
          - maxSkew: 1
            topologyKey: topology.kubernetes.io/zone
            whenUnsatisfiable: ScheduleAnyway
`,
  restricted: `apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
labels:
  - pairs:
      example.com/restricted: 'true'
    includeTemplates: true
`,
} as const;
