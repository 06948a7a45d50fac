// Objects that no file defines although a cluster has them: what Kubernetes itself creates, and what controllers create at
// run time for other objects, as data. A reference to one of them isn't dangling.
import { type GroupKind, groupOf } from './identity.ts';
import type { Reader } from './references.ts';

/** What a controller creates for each object of a kind. */
interface Making {
  /** `any`: the names tell, or nothing does. `not-flux`: a chart may contain any kind, but hardly ever those of Flux. */
  readonly kinds: readonly GroupKind[] | 'any' | 'not-flux';
  /**
   * The first whose fields are all set. `{path}` is the text at a path of the object, for each item of `[*]`; a `*` at the
   * end matches anything.
   */
  readonly names: readonly string[];
  /** The namespace, like `names`; without it that of the object. `*` is any. */
  readonly namespaces?: readonly string[];
  /** Only for objects with one of these annotations. */
  readonly annotations?: readonly string[];
}

const secret: readonly GroupKind[] = ['/Secret'];
const configs: readonly GroupKind[] = ['/Secret', '/ConfigMap'];
const own = '{metadata.name}';
const everywhere = ['*'] as const;

const secretOf = (...names: readonly string[]): Making => ({ kinds: secret, names });

/** https://github.com/emberstack/kubernetes-reflector, https://github.com/mittwald/kubernetes-replicator */
const copied: Making = {
  kinds: configs,
  names: [own],
  namespaces: everywhere,
  annotations: [
    'reflector.v1.k8s.emberstack.com/reflection-allowed',
    'reflector.v1.k8s.emberstack.com/reflection-auto-enabled',
    'replicator.v1.mittwald.de/replicate-to',
    'replicator.v1.mittwald.de/replication-allowed',
  ],
};

const vaultSecret = secretOf('{spec.destination.name}');
const issuer: Making = { ...secretOf('{spec.acme.privateKeySecretRef.name}'), namespaces: everywhere };
const azureMachines = secretOf(`${own}-azure-json`);
const policy: Making = { kinds: 'any', names: ['{spec.rules[*].generate.name}'], namespaces: everywhere };

const makings: Readonly<Record<GroupKind, readonly Making[]>> = {
  '/Secret': [copied],
  '/ConfigMap': [copied],
  'apps/StatefulSet': [
    { kinds: ['/PersistentVolumeClaim'], names: [`{spec.volumeClaimTemplates[*].metadata.name}-${own}*`] },
  ],
  // cert-manager creates what an entry point names.
  'networking.k8s.io/Ingress': [secretOf('{spec.tls[*].secretName}')],
  'gateway.networking.k8s.io/Gateway': [secretOf('{spec.listeners[*].tls.certificateRefs[*].name}')],
  'external-secrets.io/ExternalSecret': [secretOf('{spec.target.name}', own)],
  'external-secrets.io/ClusterExternalSecret': [
    {
      ...secretOf('{spec.externalSecretSpec.target.name}', '{spec.externalSecretName}', own),
      namespaces: everywhere,
    },
  ],
  'bitnami.com/SealedSecret': [secretOf('{spec.template.metadata.name}', own)],
  'isindir.github.com/SopsSecret': [secretOf('{spec.secretTemplates[*].name}')],
  'secrets-store.csi.x-k8s.io/SecretProviderClass': [secretOf('{spec.secretObjects[*].secretName}')],
  'secrets.hashicorp.com/VaultStaticSecret': [vaultSecret],
  'secrets.hashicorp.com/VaultDynamicSecret': [vaultSecret],
  'secrets.hashicorp.com/VaultPKISecret': [vaultSecret],
  'secrets.hashicorp.com/HCPVaultSecretsApp': [vaultSecret],
  'onepassword.com/OnePasswordItem': [secretOf(own)],
  'cert-manager.io/Certificate': [secretOf('{spec.secretName}')],
  'cert-manager.io/Issuer': [issuer],
  'cert-manager.io/ClusterIssuer': [issuer],
  'trust.cert-manager.io/Bundle': [{ kinds: configs, names: [own], namespaces: everywhere }],
  'kyverno.io/ClusterPolicy': [policy],
  'kyverno.io/Policy': [policy],
  'helm.toolkit.fluxcd.io/HelmRelease': [
    { kinds: 'not-flux', names: ['*'], namespaces: ['{spec.targetNamespace}', '{metadata.namespace}'] },
    {
      kinds: ['source.toolkit.fluxcd.io/HelmChart'],
      names: [`{metadata.namespace}-${own}`],
      namespaces: everywhere,
    },
  ],
  'helm.cattle.io/HelmChart': [
    { kinds: 'not-flux', names: ['*'], namespaces: ['{spec.targetNamespace}', '{metadata.namespace}'] },
  ],
  'source.extensions.fluxcd.io/ArtifactGenerator': [
    {
      kinds: ['source.toolkit.fluxcd.io/ExternalArtifact'],
      names: ['{spec.artifacts[*].name}'],
      namespaces: everywhere,
    },
  ],
  'cluster.x-k8s.io/Cluster': [
    ...['kubeconfig', 'user-kubeconfig', 'ca', 'etcd', 'proxy', 'sa'].map((suffix) => secretOf(`${own}-${suffix}`)),
  ],
  'infrastructure.cluster.x-k8s.io/AzureMachineTemplate': [azureMachines],
  'infrastructure.cluster.x-k8s.io/AzureMachinePool': [azureMachines],
};

/** An object that may be created at run time. */
export interface Made {
  readonly kinds: Making['kinds'];
  /** With `*` at the end, anything may follow. */
  readonly name: string;
  /** Undefined: in any namespace. */
  readonly namespace: string | undefined;
}

/** What controllers create for an object; `namespace` is its own. */
export function madeBy<N>(groupKind: GroupKind, object: N, namespace: string, reader: Reader<N>): readonly Made[] {
  const rows = Object.hasOwn(makings, groupKind) ? makings[groupKind]! : [];
  return rows.flatMap(({ kinds, names, namespaces, annotations }) => {
    if (annotations && !isAnnotated(object, annotations, reader)) return [];
    const spaces = namespaces ? filled(namespaces, object, reader) : [namespace];
    return filled(names, object, reader).flatMap((name) =>
      spaces.map((one): Made => ({ kinds, name, namespace: one === '*' ? undefined : one })),
    );
  });
}

export function isMade({ kinds, name, namespace }: Made, target: GroupKind, wanted: string, within: string): boolean {
  if (namespace !== undefined && namespace !== within) return false;
  if (kinds === 'not-flux' ? isOfFlux(target) : kinds !== 'any' && !kinds.includes(target)) return false;
  return name.endsWith('*') ? wanted.startsWith(name.slice(0, -1)) : name === wanted;
}

/** Without the operator's kinds, of which there are charts. */
export function isOfFlux(groupKind: GroupKind): boolean {
  return /\.(?:toolkit|extensions)\.fluxcd\.io$/.test(groupOf(groupKind));
}

/** Whether every cluster has the object, created by Kubernetes itself or with Flux. */
export function isBuiltIn(groupKind: GroupKind, namespace: string, name: string): boolean {
  switch (groupKind) {
    case 'rbac.authorization.k8s.io/ClusterRole':
    case 'rbac.authorization.k8s.io/Role':
      return /^(?:cluster-admin|admin|edit|view)$|^system:|^extension-apiserver-authentication-reader$/.test(name);
    case '/ServiceAccount':
      return name === 'default' || isPartOfFlux(namespace, name);
    case 'apps/Deployment':
      return isPartOfFlux(namespace, name);
    case '/ConfigMap':
      return name === 'kube-root-ca.crt' || namespace === 'kube-system';
    case '/Service':
      return (namespace === 'default' && name === 'kubernetes') || isPartOfFlux(namespace, name);
    case 'scheduling.k8s.io/PriorityClass':
      return name === 'system-cluster-critical' || name === 'system-node-critical';
    case '/Namespace':
      return /^(?:default|kube-(?:system|public|node-lease))$/.test(name);
    default:
      return false;
  }
}

/** Whoever installs Flux calls its parts so. */
function isPartOfFlux(namespace: string, name: string): boolean {
  const pattern = /^(?:source|kustomize|helm|notification|image-(?:reflector|automation))-controller$/;
  return (
    namespace === 'flux-system' && (pattern.test(name) || name === 'webhook-receiver' || name === 'source-watcher')
  );
}

function isAnnotated<N>(object: N, names: readonly string[], reader: Reader<N>): boolean {
  const metadata = reader.field(object, 'metadata');
  const annotations = metadata && reader.field(metadata, 'annotations');
  return annotations !== undefined && names.some((name) => reader.field(annotations, name) !== undefined);
}

/** The first template whose fields are all set, with each combination of their values. */
function filled<N>(templates: readonly string[], object: N, reader: Reader<N>): readonly string[] {
  for (const template of templates) {
    const parts = template.split(/\{([^}]*)\}/);
    let texts: readonly string[] = [''];
    for (const [index, part] of parts.entries()) {
      const values = index % 2 === 0 ? [part] : textsAt(object, part.split(/\.|(?=\[\*\])/), reader);
      texts = texts.flatMap((text) => values.map((value) => text + value));
    }
    if (texts.length > 0) return texts;
  }
  return [];
}

function textsAt<N>(node: N, [step, ...rest]: readonly string[], reader: Reader<N>): readonly string[] {
  if (step === undefined) return [reader.text(node) ?? []].flat().filter((text) => text !== '');
  if (step === '[*]') return reader.items(node).flatMap((item) => textsAt(item, rest, reader));
  const next = reader.field(node, step);
  return next === undefined ? [] : textsAt(next, rest, reader);
}
