// Flux: sources, appliers, notification, image automation, and flux-operator
// (https://fluxcd.io/flux/components/, api/v1 of each controller).
import type { GroupKind } from '../identity.ts';
import type { Kind, Reference, ValueFormat } from '../kind.ts';
import { anywhere, guarded, maybe, open, same } from './references.ts';

const source = 'source.toolkit.fluxcd.io';
const kustomize = 'kustomize.toolkit.fluxcd.io';
const helm = 'helm.toolkit.fluxcd.io';
const notification = 'notification.toolkit.fluxcd.io';
const image = 'image.toolkit.fluxcd.io';
const operator = 'fluxcd.controlplane.io';

const secret: GroupKind = '/Secret';
const configMap: GroupKind = '/ConfigMap';
const account: GroupKind = '/ServiceAccount';
const sourceKinds = (...kinds: readonly string[]) => kinds.map((kind): GroupKind => `${source}/${kind}`);

/** Credentials of a source or a receiver of events. These Secrets are mostly created outside Git, so they may be missing. */
const credentials = (...names: readonly string[]): readonly Reference[] =>
  names.map((name) => maybe(`spec.${name}`, secret));

const timing: Readonly<Record<string, ValueFormat>> = { 'spec.interval': 'duration', 'spec.timeout': 'duration' };

/** What an applier waits for. */
const expressions: Readonly<Record<string, ValueFormat>> = {
  'spec.dependsOn[*].readyExpr': 'cel',
  'spec.healthCheckExprs[*].current': 'cel',
  'spec.healthCheckExprs[*].failed': 'cel',
  'spec.healthCheckExprs[*].inProgress': 'cel',
};

/** The kubeconfig that an applier uses for another cluster; Cluster API creates `<cluster>-kubeconfig` at run time. */
const remote: readonly Reference[] = [
  maybe('spec.kubeConfig.secretRef', secret),
  maybe('spec.kubeConfig.configMapRef', configMap),
  // The account that is impersonated there.
  { ...maybe('spec.serviceAccountName', account), elsewhereWith: 'spec.kubeConfig' },
];

const dependsOn = (group: string, kind: string): Reference => ({
  ...anywhere('spec.dependsOn[*]', `${group}/${kind}`),
  acyclic: true,
});

/** The kinds that events are sent for and that webhooks reconcile. */
const eventKinds: readonly GroupKind[] = [
  ...sourceKinds('GitRepository', 'OCIRepository', 'HelmRepository', 'HelmChart', 'Bucket', 'ExternalArtifact'),
  `${kustomize}/Kustomization`,
  `${helm}/HelmRelease`,
  ...['ImageRepository', 'ImagePolicy', 'ImageUpdateAutomation'].map((kind): GroupKind => `${image}/${kind}`),
];

export const flux: readonly Kind[] = [
  {
    group: kustomize,
    kind: 'Kustomization',
    family: 'flux',
    references: [
      guarded(
        'kustomize-controller',
        'spec.sourceRef',
        ...sourceKinds('GitRepository', 'OCIRepository', 'Bucket', 'ExternalArtifact'),
      ),
      dependsOn(kustomize, 'Kustomization'),
      maybe('spec.decryption.secretRef', secret),
      maybe('spec.decryption.serviceAccountName', account),
      // kustomize-controller, internal/controller/kustomization_controller.go: checked by the client of what is applied, and
      // only without `wait`.
      { ...open('spec.healthChecks[*]'), elsewhereWith: 'spec.kubeConfig', ignoredWith: 'spec.wait' },
      maybe('spec.postBuild.substituteFrom[*]', configMap, secret),
      ...remote,
    ],
    values: { ...timing, ...expressions, 'spec.retryInterval': 'duration' },
  },
  {
    group: helm,
    kind: 'HelmRelease',
    family: 'flux',
    references: [
      guarded(
        'helm-controller',
        'spec.chart.spec.sourceRef',
        ...sourceKinds('HelmRepository', 'GitRepository', 'Bucket'),
      ),
      guarded('helm-controller', 'spec.chartRef', ...sourceKinds('OCIRepository', 'HelmChart', 'ExternalArtifact')),
      dependsOn(helm, 'HelmRelease'),
      { ...maybe('spec.valuesFrom[*]', configMap, secret), key: 'values.yaml' },
      ...remote,
    ],
    values: {
      ...timing,
      ...expressions,
      'spec.chart.spec.interval': 'duration',
      'spec.chart.spec.version': 'semver-range',
    },
  },
  {
    group: source,
    kind: 'GitRepository',
    family: 'flux-source',
    references: [
      ...credentials('secretRef', 'proxySecretRef'),
      maybe('spec.verify.secretRef', secret),
      { ...same('spec.include[*].repository', `${source}/GitRepository`), acyclic: true },
      maybe('spec.serviceAccountName', account),
    ],
    values: { ...timing, 'spec.ref.semver': 'semver-range' },
  },
  {
    group: source,
    kind: 'OCIRepository',
    family: 'flux-source',
    references: [
      ...credentials('secretRef', 'certSecretRef', 'proxySecretRef'),
      maybe('spec.verify.secretRef', secret),
      maybe('spec.verify.trustedRootSecretRef', secret),
      maybe('spec.serviceAccountName', account),
    ],
    values: { ...timing, 'spec.ref.semver': 'semver-range' },
  },
  {
    group: source,
    kind: 'HelmRepository',
    family: 'flux-source',
    references: credentials('secretRef', 'certSecretRef'),
    values: timing,
  },
  {
    group: source,
    kind: 'HelmChart',
    family: 'flux-source',
    references: [
      same('spec.sourceRef', ...sourceKinds('HelmRepository', 'GitRepository', 'Bucket')),
      maybe('spec.verify.secretRef', secret),
    ],
    values: { 'spec.interval': 'duration', 'spec.version': 'semver-range' },
  },
  {
    group: source,
    kind: 'Bucket',
    family: 'flux-source',
    references: [
      ...credentials('secretRef', 'certSecretRef', 'proxySecretRef'),
      maybe('spec.sts.secretRef', secret),
      maybe('spec.sts.certSecretRef', secret),
      maybe('spec.serviceAccountName', account),
    ],
    values: timing,
  },
  { group: source, kind: 'ExternalArtifact', family: 'flux-source' },
  {
    group: 'source.extensions.fluxcd.io',
    kind: 'ArtifactGenerator',
    family: 'flux-source',
    references: [
      guarded(
        'source-watcher',
        'spec.sources[*]',
        ...sourceKinds('GitRepository', 'OCIRepository', 'Bucket', 'HelmChart', 'ExternalArtifact'),
      ),
    ],
  },
  {
    group: notification,
    kind: 'Alert',
    family: 'flux',
    references: [
      same('spec.providerRef', `${notification}/Provider`),
      guarded('notification-controller', 'spec.eventSources[*]', ...eventKinds),
    ],
  },
  {
    group: notification,
    kind: 'Provider',
    family: 'flux',
    references: [
      ...credentials('secretRef', 'certSecretRef', 'proxySecretRef'),
      maybe('spec.serviceAccountName', account),
    ],
    values: { 'spec.commitStatusExpr': 'cel' },
  },
  {
    group: notification,
    kind: 'Receiver',
    family: 'flux',
    references: [
      maybe('spec.secretRef', secret),
      guarded('notification-controller', 'spec.resources[*]', ...eventKinds),
    ],
    values: { 'spec.interval': 'duration', 'spec.resourceFilter': 'cel' },
  },
  {
    group: image,
    kind: 'ImageRepository',
    family: 'flux',
    references: [
      ...credentials('secretRef', 'certSecretRef', 'proxySecretRef'),
      maybe('spec.serviceAccountName', account),
    ],
    values: { 'spec.interval': 'duration', 'spec.timeout': 'duration' },
  },
  {
    group: image,
    kind: 'ImagePolicy',
    family: 'flux',
    references: [guarded('image-reflector-controller', 'spec.imageRepositoryRef', `${image}/ImageRepository`)],
    values: { 'spec.policy.semver.range': 'semver-range' },
  },
  {
    group: image,
    kind: 'ImageUpdateAutomation',
    family: 'flux',
    references: [
      guarded('image-automation-controller', 'spec.sourceRef', `${source}/GitRepository`),
      maybe('spec.git.commit.signingKey.secretRef', secret),
    ],
    values: { 'spec.interval': 'duration' },
  },
  {
    group: operator,
    kind: 'ResourceSet',
    family: 'flux',
    references: [
      same('spec.inputsFrom[*]', `${operator}/ResourceSetInputProvider`),
      open('spec.dependsOn[*]'),
      maybe('spec.serviceAccountName', account),
    ],
    embeds: ['spec.resources[*]', 'spec.steps[*].resources[*]'],
  },
  {
    group: operator,
    kind: 'ResourceSetInputProvider',
    family: 'flux',
    references: [maybe('spec.secretRef', secret), maybe('spec.certSecretRef', secret)],
  },
  {
    group: operator,
    kind: 'FluxInstance',
    family: 'flux',
    references: [maybe('spec.sync.pullSecret', secret), maybe('spec.distribution.artifactPullSecret', secret)],
  },
];
