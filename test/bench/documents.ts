// The files that the benchmark edits: manifests of kinds common in fleets, repeated until the file has the required number
// of lines, with one field in the middle that the benchmark breaks and fixes. It replaces the value in one edit: such a
// finding is due at once, while one of what is typed key by key would wait for the pause of language/diagnostics.ts.

export interface BenchFile {
  readonly text: string;
  readonly lines: number;
  readonly documents: number;
  /** The toggled value: its 0-based position, and its valid and invalid text. */
  readonly planted: { readonly line: number; readonly column: number; readonly right: string; readonly wrong: string };
  /** The end of an empty line inside a mapping, at which keys are completed. */
  readonly completion: { readonly line: number; readonly column: number };
}

/** All kinds in benchmark files, for the peer's schema. */
export const benchKinds = [
  { group: 'helm.toolkit.fluxcd.io', version: 'v2', kind: 'HelmRelease' },
  { group: 'kustomize.toolkit.fluxcd.io', version: 'v1', kind: 'Kustomization' },
  { group: 'cluster.x-k8s.io', version: 'v1beta2', kind: 'MachineDeployment' },
  { group: 'infrastructure.cluster.x-k8s.io', version: 'v1beta2', kind: 'AWSMachineTemplate' },
  { group: 'apps', version: 'v1', kind: 'Deployment' },
] as const;

const right = '10';
const wrong = 'ten';

/** A file of at least `lines` lines in documents of at most 60. */
export function benchFile(lines: number): BenchFile {
  const parts: string[] = [];
  let count = 0;
  const fill = (upTo: number) => {
    while (count < upTo) {
      const part = templates[parts.length % templates.length]!(parts.length);
      parts.push(part);
      count += part.split('\n').length;
    }
  };
  fill(lines / 2);
  parts.push(planted(''));
  fill(lines);
  return located(parts);
}

/** The same field inside a single document of about `lines` lines. */
export function hugeFile(lines: number): BenchFile {
  const values = Array.from({ length: lines }, (_, index) => `    key${index}: value-${index}\n`).join('');
  return located([planted(`  values:\n${values}`)]);
}

function located(parts: readonly string[]): BenchFile {
  const text = parts.join('---\n');
  const lines = text.split('\n');
  const line = lines.findIndex((one) => one.startsWith('  maxHistory: '));
  return {
    text,
    lines: lines.length,
    documents: parts.length,
    planted: { line, column: '  maxHistory: '.length, right, wrong },
    completion: { line: line + 1, column: 2 },
  };
}

function planted(more: string): string {
  return `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: planted
  namespace: monitoring
spec:
  interval: 10m
  chartRef:
    kind: OCIRepository
    name: prometheus
  maxHistory: ${right}
  
${more}  releaseName: planted
`;
}

const templates: readonly ((index: number) => string)[] = [
  (index) => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: release-${index}
  namespace: monitoring
spec:
  interval: 10m
  timeout: 5m
  chart:
    spec:
      chart: chart-${index}
      version: '>=1.${index}.0'
      sourceRef:
        kind: HelmRepository
        name: charts
  install:
    remediation:
      retries: 3
  upgrade:
    cleanupOnFail: true
    remediation:
      retries: 3
      remediateLastFailure: true
  driftDetection:
    mode: enabled
  valuesFrom:
    - kind: ConfigMap
      name: release-${index}-values
  values:
    replicas: 2
    resources:
      requests:
        cpu: 100m
        memory: 128Mi
`,
  (index) => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps-${index}
  namespace: flux-system
spec:
  interval: 10m
  retryInterval: 1m
  path: ./apps/${index}
  prune: true
  wait: true
  sourceRef:
    kind: GitRepository
    name: fleet
  dependsOn:
    - name: infrastructure
  postBuild:
    substitute:
      cluster: c-${index}
    substituteFrom:
      - kind: ConfigMap
        name: settings
        optional: true
  patches:
    - target:
        kind: Deployment
        name: web
      patch: |
        - op: replace
          path: /spec/replicas
          value: ${index % 5}
`,
  (index) => `apiVersion: cluster.x-k8s.io/v1beta2
kind: MachineDeployment
metadata:
  name: tenant-${index}-md-0
  namespace: tenants
spec:
  clusterName: tenant-${index}
  replicas: 3
  selector:
    matchLabels: {}
  rollout:
    strategy:
      type: RollingUpdate
      rollingUpdate:
        maxSurge: 1
        maxUnavailable: 0
  template:
    spec:
      clusterName: tenant-${index}
      version: v1.35.2
      failureDomain: eu-central-1a
      bootstrap:
        configRef:
          apiGroup: bootstrap.cluster.x-k8s.io
          kind: KubeadmConfigTemplate
          name: tenant-${index}-md-0
      infrastructureRef:
        apiGroup: infrastructure.cluster.x-k8s.io
        kind: AWSMachineTemplate
        name: tenant-${index}-md-0
`,
  (index) => `apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
kind: AWSMachineTemplate
metadata:
  name: tenant-${index}-md-0
  namespace: tenants
spec:
  template:
    spec:
      instanceType: m7i.xlarge
      iamInstanceProfile: nodes.cluster-api-provider-aws.sigs.k8s.io
      rootVolume:
        size: 80
        type: gp3
        encrypted: true
      nonRootVolumes:
        - deviceName: /dev/sdb
          size: 200
          type: gp3
      instanceMetadataOptions:
        httpTokens: required
        httpEndpoint: enabled
      additionalTags:
        team: platform
`,
  (index) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-${index}
  namespace: shop
  labels:
    app.kubernetes.io/name: web-${index}
spec:
  replicas: 3
  selector:
    matchLabels:
      app.kubernetes.io/name: web-${index}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: web-${index}
    spec:
      containers:
        - name: web
          image: registry.example.com/web:v1.${index}.0
          ports:
            - name: http
              containerPort: 8080
          env:
            - name: INDEX
              value: '${index}'
          readinessProbe:
            httpGet:
              path: /ready
              port: http
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              memory: 256Mi
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
`,
];
