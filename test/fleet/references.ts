// References between the objects of one cluster: every reference of the fleet, by its key. A key that looks like a reference
// but isn't in the table is a problem too, so that no reference is unchecked.
import { groupKindOf, isMap, type Json, textAt, titleOf } from './repositories.ts';

export interface Target {
  /** `group/Kind` */
  readonly groupKind: string;
  /** The apiVersion in the reference, if it has one. */
  readonly apiVersion?: string;
  readonly name: string;
  /** The namespace in which it is resolved if the kind is namespaced. */
  readonly namespace: string;
}

export interface Reference {
  readonly from: Json;
  /** Dotted path. */
  readonly path: string;
  readonly target: Target;
}

export interface Found {
  readonly references: readonly Reference[];
  readonly problems: readonly string[];
}

interface Place {
  readonly object: Json;
  readonly namespace: string;
  /** The parent keys. */
  readonly path: readonly string[];
}

type Read = (value: unknown, place: Place) => readonly Target[];

const flux = (kind: string): string => {
  if (kind === 'Kustomization') return 'kustomize.toolkit.fluxcd.io/Kustomization';
  if (kind === 'HelmRelease') return 'helm.toolkit.fluxcd.io/HelmRelease';
  return `source.toolkit.fluxcd.io/${kind}`;
};
const infrastructure = 'infrastructure.cluster.x-k8s.io';

/** A name, or an object with `name` and optionally `namespace`, of one kind. */
const to =
  (groupKind: string): Read =>
  (value, { namespace }) => {
    const name = typeof value === 'string' ? value : textAt(value, 'name');
    return name === undefined ? [] : [{ groupKind, name, namespace: textAt(value, 'namespace') ?? namespace }];
  };

/** The form of Vault's operator: `name` or `namespace/name`. */
const slashed =
  (groupKind: string): Read =>
  (value, { namespace }) => {
    const [name, before] = String(value).split('/').reverse();
    return [{ groupKind, name: name!, namespace: before ?? namespace }];
  };

/** The reference contains its kind, and its group in `apiGroup`, `group` or `apiVersion`. */
const typed: Read = (value, { object, namespace }) => {
  const apiVersion = textAt(value, 'apiVersion');
  const group = textAt(value, 'apiGroup') ?? textAt(value, 'group') ?? apiVersion?.split('/')[0];
  return [
    {
      groupKind: `${group ?? groupKindOf(object).split('/')[0]}/${textAt(value, 'kind')}`,
      ...(apiVersion !== undefined && { apiVersion }),
      name: textAt(value, 'name') ?? '',
      namespace: textAt(value, 'namespace') ?? namespace,
    },
  ];
};

/** Identities belong to the infrastructure provider, whatever refers to them (EKS's control plane has another group). */
const identity: Read = (value, place) =>
  typed(value, place).map((target) => ({ ...target, groupKind: `${infrastructure}/${textAt(value, 'kind')}` }));

const each =
  (read: Read): Read =>
  (value, place) =>
    (Array.isArray(value) ? value : []).flatMap((item) => read(item, place));

const fluxKind: Read = (value, { namespace }) => {
  const name = textAt(value, 'name');
  if (name === undefined || name === '*') return [];
  return [{ groupKind: flux(textAt(value, 'kind')!), name, namespace: textAt(value, 'namespace') ?? namespace }];
};

const data = each((value, place) => to(`/${textAt(value, 'kind')}`)(value, place));

/** By key; if a key has several meanings, by `Kind.key` first. Empty: not a reference. */
const table: Readonly<Record<string, Read>> = {
  infrastructureRef: typed,
  controlPlaneRef: typed,
  configRef: typed,
  templateRef: typed,
  identityRef: identity,
  sourceIdentityRef: identity,
  classRef: to('cluster.x-k8s.io/ClusterClass'),
  clusterName: to('cluster.x-k8s.io/Cluster'),
  addressesFromPools: each(typed),
  'ClusterResourceSet.resources': data,
  'VSphereClusterIdentity.secretName': (value) => [
    { groupKind: '/Secret', name: String(value), namespace: 'capv-system' },
  ],
  'VSphereDeploymentZone.failureDomain': to(`${infrastructure}/VSphereFailureDomain`),
  secret: to('/Secret'),
  configSecret: to('/Secret'),
  secretRef: to('/Secret'),
  sourceRef: fluxKind,
  chartRef: fluxKind,
  dependsOn: each((value, place) => to(groupKindOf(place.object))(value, place)),
  healthChecks: each(typed),
  valuesFrom: data,
  substituteFrom: data,
  providerRef: to('notification.toolkit.fluxcd.io/Provider'),
  eventSources: each(fluxKind),
  'Receiver.resources': each(fluxKind),
  imageRepositoryRef: to('image.toolkit.fluxcd.io/ImageRepository'),
  issuerRef: typed,
  'ClusterIssuer.secretName': (value) => [{ groupKind: '/Secret', name: String(value), namespace: 'cert-manager' }],
  parentRefs: each(to('gateway.networking.k8s.io/Gateway')),
  backendRefs: each(to('/Service')),
  certificateRefs: each(to('/Secret')),
  gatewayClassName: to('gateway.networking.k8s.io/GatewayClass'),
  vaultAuthRef: slashed('secrets.hashicorp.com/VaultAuth'),
  vaultAuthGlobalRef: to('secrets.hashicorp.com/VaultAuthGlobal'),
  vaultConnectionRef: slashed('secrets.hashicorp.com/VaultConnection'),
  caCertSecretRef: to('/Secret'),
  serviceAccount: to('/ServiceAccount'),
  serviceAccountName: to('/ServiceAccount'),
  roleRef: typed,
  subjects: each((value, place) =>
    textAt(value, 'kind') === 'ServiceAccount' ? to('/ServiceAccount')(value, place) : [],
  ),
  scaleTargetRef: typed,
  configMap: to('/ConfigMap'),
  storageClassName: to('storage.k8s.io/StorageClass'),
  // A wrapper of a reference, or a reference to a field of the same object.
  contentFrom: () => [],
  valueFrom: () => [],
  fieldRef: () => [],
  // The name of a Secret that a controller creates.
  'Certificate.secretName': () => [],
};

const looksLikeOne = /(?:Refs?|From|SecretName|secretName)$/;

export function referencesIn(objects: Iterable<Json>): Found {
  const references: Reference[] = [];
  const problems: string[] = [];
  for (const object of objects) {
    const namespace = textAt(object, 'metadata', 'namespace') ?? '';
    walk(object.spec ?? object, { object, namespace, path: [] });
    if (object.spec === undefined) continue;
    for (const key of ['roleRef', 'subjects'])
      if (object[key] !== undefined) read(key, object[key], { object, namespace, path: [] });
  }
  return { references, problems };

  function walk(value: unknown, place: Place): void {
    if (Array.isArray(value)) {
      value.forEach((item, index) => {
        walk(item, { ...place, path: [...place.path, String(index)] });
      });
    }
    if (!isMap(value)) return;
    for (const [key, item] of Object.entries(value)) {
      // Chart values and data maps don't refer to objects of this cluster.
      if (place.path.length === 0 && ['values', 'data', 'stringData', 'metadata', 'sops'].includes(key)) continue;
      read(key, item, place);
      walk(item, { ...place, path: [...place.path, key] });
    }
  }

  function read(key: string, value: unknown, place: Place): void {
    const reader = table[`${place.object.kind}.${key}`] ?? table[key];
    const path = [...place.path, key].join('.');
    if (reader) for (const target of reader(value, place)) references.push({ from: place.object, path, target });
    else if (looksLikeOne.test(key)) problems.push(`${titleOf(place.object)}: ${path} is unknown`);
  }
}

/** The objects that controllers create from the objects, as `group/Kind namespace/name`. */
export function madeBy(objects: Iterable<Json>): readonly string[] {
  const secret = (namespace: string, name: string | undefined) => `/Secret ${namespace}/${name}`;
  return [...objects].flatMap((object) => {
    const namespace = textAt(object, 'metadata', 'namespace') ?? '';
    const name = textAt(object, 'metadata', 'name') ?? '';
    switch (groupKindOf(object)) {
      case 'secrets.hashicorp.com/VaultDynamicSecret':
        return [secret(namespace, textAt(object, 'spec', 'destination', 'name'))];
      case 'cert-manager.io/Certificate':
        return [secret(namespace, textAt(object, 'spec', 'secretName'))];
      case 'cluster.x-k8s.io/Cluster':
        return [secret(namespace, `${name}-kubeconfig`)];
      case `${infrastructure}/AzureMachineTemplate`:
      case `${infrastructure}/AzureMachinePool`:
        return [secret(namespace, `${name}-azure-json`)];
      case 'monitoring.coreos.com/Prometheus':
        return [`/Service ${namespace}/prometheus-operated`];
      case 'monitoring.coreos.com/Alertmanager':
        return [`/Service ${namespace}/alertmanager-operated`];
      default:
        return [];
    }
  });
}
