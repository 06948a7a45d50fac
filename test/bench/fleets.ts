// Generated fleets that look like real ones: applications with a base, overlays and components, delivered to clusters by Flux
// Kustomizations with substitution, next to controllers that HelmReleases install. They have no findings.

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

function nameOfApp(app: number): string {
  return `app-${String(app).padStart(3, '0')}`;
}

function folderOfApp(app: number): string {
  return `apps/${nameOfApp(app)}`;
}

function overlayName(one: number): string {
  return `site-${String(one).padStart(2, '0')}`;
}

function base(app: number): Readonly<Record<string, string>> {
  const name = nameOfApp(app);
  return {
    'kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: ${name}
resources:
  - namespace.yaml
  - serviceaccount.yaml
  - deployment.yaml
  - service.yaml
  - ingress.yaml
  - hpa.yaml
  - pdb.yaml
  - networkpolicy.yaml
configMapGenerator:
  - name: ${name}-defaults
    literals:
      - LOG_LEVEL=info
      - LOG_FORMAT=json
labels:
  - pairs:
      app.kubernetes.io/part-of: shop
`,
    'namespace.yaml': `apiVersion: v1
kind: Namespace
metadata:
  name: ${name}
  labels:
    pod-security.kubernetes.io/enforce: restricted
`,
    'serviceaccount.yaml': `apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
automountServiceAccountToken: false
`,
    'deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels:
    app.kubernetes.io/name: ${name}
spec:
  replicas: 2
  revisionHistoryLimit: 3
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${name}
    spec:
      serviceAccountName: ${name}
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app # main
          image: registry.example.com/${name}:1.${app}.0
          ports:
            - name: http
              containerPort: 8080
            - name: metrics
              containerPort: 9090
          envFrom:
            - configMapRef:
                name: ${name}-defaults
            - configMapRef:
                name: ${name}-site
          env:
            - name: CLUSTER
              value: \${cluster_name}
            - name: POD_NAME
              valueFrom:
                fieldRef:
                  fieldPath: metadata.name
          readinessProbe:
            httpGet:
              path: /ready
              port: http
          livenessProbe:
            httpGet:
              path: /live
              port: http
            periodSeconds: 20
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              memory: 256Mi
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop:
                - ALL
          volumeMounts:
            - name: tmp
              mountPath: /tmp
      volumes:
        - name: tmp
          emptyDir: {}
`,
    'service.yaml': `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector:
    app.kubernetes.io/name: ${name}
  ports:
    - name: http
      port: 80
      targetPort: http
    - name: metrics
      port: 9090
      targetPort: metrics
`,
    'ingress.yaml': `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  annotations:
    cert-manager.io/cluster-issuer: letsencrypt
spec:
  ingressClassName: nginx
  rules:
    - host: ${name}.\${domain}
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: ${name}
                port:
                  name: http
  tls:
    - hosts:
        - ${name}.\${domain}
      secretName: ${name}-tls
`,
    'hpa.yaml': `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: ${name}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: ${name}
  minReplicas: 2
  maxReplicas: 10
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 75
`,
    'pdb.yaml': `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: ${name}
spec:
  minAvailable: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
`,
    'networkpolicy.yaml': `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${name}
spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  policyTypes:
    - Ingress
    - Egress
  ingress:
    - from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: ingress-nginx
      ports:
        - port: http
  egress:
    - {}
`,
  };
}

function overlay(app: number, one: number): Readonly<Record<string, string>> {
  const name = nameOfApp(app);
  return {
    'kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ../base
  - config.yaml
  - cache.yaml
components:
  - ../../../components/spread
${one % 2 === 0 ? '  - ../../../components/restricted\n' : ''}patches:
  - path: patch.yaml
  - target:
      kind: HorizontalPodAutoscaler
      name: ${name}
    patch: |-
      - op: replace
        path: /spec/maxReplicas
        value: ${10 + one}
images:
  - name: registry.example.com/${name}
    newTag: 1.${app}.${one}
`,
    'patch.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${name}
spec:
  replicas: ${2 + (one % 3)}
  template:
    metadata:
      annotations:
        example.com/site: \${cluster_name}
    spec:
      containers:
        - name: app
          resources:
            limits:
              memory: ${256 + 64 * one}Mi
          env:
            - name: SITE
              value: ${overlayName(one)}
`,
    'config.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}-site
  namespace: ${name}
data:
  SITE: ${overlayName(one)}
  REGION: \${region}
  PREFIX: \${app}-${overlayName(one)}
  FEATURES: search,checkout
`,
    'cache.yaml': `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: ${name}-cache
  namespace: ${name}
spec:
  interval: 30m
  chart:
    spec:
      chart: valkey
      version: 2.1.${one}
      sourceRef:
        kind: HelmRepository
        name: charts-0
        namespace: flux-system
  install:
    remediation:
      retries: 3
  upgrade:
    cleanupOnFail: true
    remediation:
      retries: 3
  values:
    architecture: replication
    replica:
      replicaCount: ${1 + (one % 3)}
    metrics:
      enabled: true
    primary:
      resources:
        requests:
          cpu: 50m
          memory: 64Mi
`,
  };
}

function delivery(app: number, one: number): string {
  return `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${nameOfApp(app)}
  namespace: flux-system
spec:
  interval: 10m
  retryInterval: 1m
  timeout: 5m
  path: ./${folderOfApp(app)}/${overlayName(one)}
  prune: true
  wait: true
  sourceRef:
    kind: GitRepository
    name: flux-system
  dependsOn:
    - name: infrastructure
  postBuild:
    substitute:
      app: ${nameOfApp(app)}
    substituteFrom:
      - kind: ConfigMap
        name: cluster-settings
`;
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
