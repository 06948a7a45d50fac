// Checks of the volume types that pods and PersistentVolumes share (kubernetes pkg/apis/core/validation
// validateVolumeSource and ValidatePersistentVolumeSpec).
import { dnsLabelProblem, dnsSubdomainProblem, lowered } from '../../kube/names.ts';
import { show } from '../words.ts';
import type { Problems } from './builtin.ts';
import {
  at,
  count,
  entries,
  type Field,
  fail,
  flag,
  isSet,
  named,
  oneOf,
  required,
  requiredList,
  requiredName,
  text,
  within,
} from './field.ts';
import { noBacksteps } from './formats.ts';

/** In a pod, a secret is in the pod's namespace; in a PersistentVolume, the reference includes the namespace. */
export type Holder = 'pod' | 'volume';

/** Volume types of PersistentVolumes, in the API server's order of validation. */
export const persistentTypes = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
  'flexVolume',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'scaleIO',
  'local',
  'storageos',
  'csi',
];

/** Types without an entry here have no checks. */
export function checkSource(type: string, field: Field, holder: Holder): void {
  for (const name of Object.hasOwn(requiredTexts, type) ? requiredTexts[type]! : []) required(at(field, name));
  if (Object.hasOwn(checks, type)) checks[type]!(field, holder);
}

/** Reports some types under the API server's names for them, which are Go's field names or misspelled. */
export function asGo({ value, path, problems }: Field): Field {
  const add: Problems['add'] = (at, kind, message, blamed = at) => {
    const type = blamed[path.length];
    const called =
      blamed.length === path.length + 1 ? goTypes.get(type) : type === 'gcePersistentDisk' ? 'persistentDisk' : type;
    problems.add(at, kind, message, [
      ...path,
      ...(type === undefined ? [] : [called ?? type]),
      ...blamed.slice(path.length + 1),
    ]);
  };
  return { value, path, problems: { ...problems, add } };
}

const goTypes: ReadonlyMap<unknown, string> = new Map([
  ['cephfs', 'cephFS'],
  ['downwardAPI', 'downwarAPI'],
]);

/** Required string fields by volume type. */
const requiredTexts: Readonly<Record<string, readonly string[]>> = {
  gcePersistentDisk: ['pdName'],
  awsElasticBlockStore: ['volumeID'],
  glusterfs: ['endpoints', 'path'],
  rbd: ['image'],
  cinder: ['volumeID'],
  azureFile: ['secretName', 'shareName'],
  vsphereVolume: ['volumePath'],
  photonPersistentDisk: ['pdID'],
  portworxVolume: ['volumeID'],
  scaleIO: ['gateway', 'system', 'volumeName'],
  flexVolume: ['driver'],
  azureDisk: ['diskName', 'diskURI'],
  quobyte: ['registry', 'volume'],
  nfs: ['server', 'path'],
  iscsi: ['targetPortal', 'iqn'],
};

const checks: Readonly<Record<string, (field: Field, holder: Holder) => void>> = {
  hostPath(field) {
    const path = required(at(field, 'path'));
    if (path === undefined) return;
    named(at(field, 'path'), noBacksteps);
    oneOf(at(field, 'type'), [
      '',
      'DirectoryOrCreate',
      'Directory',
      'FileOrCreate',
      'File',
      'Socket',
      'CharDevice',
      'BlockDevice',
    ]);
  },
  local(field) {
    requiredName(at(field, 'path'), noBacksteps);
  },
  gcePersistentDisk: (field) => within(at(field, 'partition'), 0n, 255n),
  awsElasticBlockStore: (field) => within(at(field, 'partition'), 0n, 255n),
  glusterfs(field) {
    const namespace = at(field, 'endpointsNamespace');
    if (isSet(namespace) && text(namespace) === '') fail(namespace, 'invalid', 'must not be empty.');
    else named(namespace, dnsLabelProblem);
  },
  flocker(field) {
    const [name, uuid] = [text(at(field, 'datasetName')), text(at(field, 'datasetUUID'))];
    if (name === '' && uuid === '') fail(field, 'required', 'must set datasetName or datasetUUID.');
    if (name && uuid) fail(field, 'invalid', 'must not set both datasetName and datasetUUID.');
    if (name?.includes('/')) fail(at(field, 'datasetName'), 'invalid', 'must not contain “/”.');
  },
  nfs(field) {
    const path = text(at(field, 'path'));
    if (path && !path.startsWith('/')) fail(at(field, 'path'), 'invalid', 'must be an absolute path.');
  },
  rbd: (field) => requiredList(at(field, 'monitors'), 'monitor'),
  cephfs: (field) => requiredList(at(field, 'monitors'), 'monitor'),
  quobyte(field) {
    const registry = text(at(field, 'registry'));
    if (!registry) return;
    const tenant = text(at(field, 'tenant'));
    if (tenant && tenant.length > 64)
      fail(at(field, 'tenant'), 'required', `must be at most 64 characters long, not ${tenant.length}.`);
    else if (!registry.split(',').every((pair) => /^([^:[\]]*|\[[^[\]]*\]):[^:[\]]*$/.test(pair)))
      fail(
        at(field, 'registry'),
        'invalid',
        `must be a comma-separated list of host:port pairs, not ${show(registry)}.`,
      );
  },
  iscsi: checkIscsi,
  cinder: checkSecret,
  fc(field) {
    const [names, ids] = [count(at(field, 'targetWWNs')), count(at(field, 'wwids'))];
    if (names === 0 && ids === 0) fail(at(field, 'targetWWNs'), 'required', 'is required unless wwids is set.');
    if (names && ids) fail(at(field, 'targetWWNs'), 'invalid', 'must not be set together with wwids.');
    if (!names) return;
    if (!isSet(at(field, 'lun'))) fail(at(field, 'lun'), 'required', 'is required with targetWWNs.');
    within(at(field, 'lun'), 0n, 255n);
  },
  flexVolume(field) {
    for (const [key, value] of entries(at(field, 'options')))
      if (/\.(kubernetes|k8s)\.io$/.test(`.${lowered(key.split('/')[0]!)}`) && key.includes('/'))
        fail(value, 'invalid', 'must not use the reserved domains kubernetes.io and k8s.io.');
  },
  azureFile(field) {
    const namespace = at(field, 'secretNamespace');
    if (isSet(namespace) && text(namespace) === '') fail(namespace, 'required', 'must not be empty.');
  },
  azureDisk(field) {
    oneOf(at(field, 'cachingMode'), ['None', 'ReadOnly', 'ReadWrite']);
    const kind = at(field, 'kind');
    oneOf(kind, ['Shared', 'Dedicated', 'Managed']);
    const uri = text(at(field, 'diskURI'));
    // The default is Shared.
    const given = isSet(kind) ? text(kind) : 'Shared';
    if (uri === undefined || given === undefined) return;
    const begin = given === 'Managed' ? '/subscriptions/' : 'https://';
    if (!uri.startsWith(begin))
      fail(at(field, 'diskURI'), 'unsupported', `must begin with ${begin} for a disk of kind ${given}.`);
  },
  storageos(field, holder) {
    requiredName(at(field, 'volumeName'), dnsLabelProblem);
    named(at(field, 'volumeNamespace'), dnsLabelProblem);
    checkSecret(field, holder);
  },
  csi: checkCsi,
};

function checkSecret(field: Field, holder: Holder): void {
  const secret = at(field, 'secretRef');
  if (!isSet(secret)) return;
  required(at(secret, 'name'));
  if (holder === 'volume') required(at(secret, 'namespace'));
}

function checkIscsi(field: Field, holder: Holder): void {
  const name = text(at(field, 'iqn'));
  if (name) checkIscsiName(at(field, 'iqn'), name);
  const initiator = at(field, 'initiatorName');
  const given = isSet(initiator) ? text(initiator) : undefined;
  if (given !== undefined) checkIscsiName(initiator, given);
  within(at(field, 'lun'), 0n, 255n);
  const secret = at(field, 'secretRef');
  if ((flag(at(field, 'chapAuthDiscovery')) || flag(at(field, 'chapAuthSession'))) && !isSet(secret))
    fail(secret, 'required', 'is required with CHAP authentication.');
  if (holder === 'volume' && isSet(secret)) required(at(secret, 'name'));
}

function checkIscsiName(field: Field, name: string): void {
  if (!/^(iqn|eui|naa)/.test(name)) fail(field, 'invalid', 'must begin with iqn, eui or naa.');
  else if (
    !/^iqn\.\d{4}-\d{2}\.([A-Za-z0-9-.]+)(:[^,;*&$|\s]+)$/.test(name) &&
    !/^eui.[A-Za-z0-9]{16}$/.test(name) &&
    !/^naa.[A-Za-z0-9]{32}$/.test(name)
  )
    fail(field, 'invalid', `must be an iSCSI name, not ${show(name)}.`);
}

function checkCsi(field: Field, holder: Holder): void {
  csiDriverName(at(field, 'driver'));
  if (holder === 'pod') {
    const secret = at(field, 'nodePublishSecretRef');
    if (isSet(secret)) requiredName(at(secret, 'name'), dnsSubdomainProblem);
    return;
  }
  required(at(field, 'volumeHandle'));
  for (const name of [
    'controllerPublishSecretRef',
    'controllerExpandSecretRef',
    'nodePublishSecretRef',
    'nodeExpandSecretRef',
  ]) {
    const secret = at(field, name);
    if (!isSet(secret)) continue;
    requiredName(at(secret, 'name'), dnsSubdomainProblem);
    requiredName(at(secret, 'namespace'), dnsLabelProblem);
  }
}

/** ValidateCSIDriverName; also used for drivers of dynamic resource allocation. */
export function csiDriverName(field: Field): void {
  const name = required(field);
  if (name === undefined) return;
  if (name.length > 63) fail(field, 'tooLong', `must be at most 63 characters long, not ${name.length}.`);
  const problem = dnsSubdomainProblem(lowered(name));
  if (problem) fail(field, 'invalid', `${problem}.`);
}
