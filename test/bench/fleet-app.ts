// An application of a generated fleet: its base, its overlays, and the Flux Kustomization that delivers one to a cluster.

export function nameOfApp(app: number): string {
  return `app-${String(app).padStart(3, '0')}`;
}

export function folderOfApp(app: number): string {
  return `apps/${nameOfApp(app)}`;
}

export function overlayName(one: number): string {
  return `site-${String(one).padStart(2, '0')}`;
}

export function base(app: number): Readonly<Record<string, string>> {
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

export function overlay(app: number, one: number): Readonly<Record<string, string>> {
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

export function delivery(app: number, one: number): string {
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
