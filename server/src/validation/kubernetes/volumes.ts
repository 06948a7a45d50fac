// Checks of a pod's volumes and their types (kubernetes pkg/apis/core/validation validateVolumeSource).

import { dnsLabelProblem, dnsSubdomainProblem, type NameCheck, qualifiedNameProblem } from '../../kube/names.ts';
import { renamed } from './blame.ts';
import { checkClaimTemplate } from './claim.ts';
import { signerNameProblem } from './cluster.ts';
import { checkFieldRef, checkResourceFieldRef } from './container.ts';
import {
  at,
  entries,
  exactlyOne,
  type Field,
  fail,
  failAs,
  isHole,
  isSet,
  items,
  named,
  oneOf,
  required,
  requiredName,
  text,
  unique,
  within,
} from './field.ts';
import { descendingPath, fileMode, projectedPath } from './formats.ts';
import { type Gate, gated, isOn } from './gates.ts';
import { nanos } from './quantity.ts';
import { checkLabelSelector } from './selector.ts';
import { asGo, checkSource } from './sources.ts';

/** Every field that selects a volume's type, in the API server's order of validation. */
const volumeTypes = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flocker',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'projected',
  'scaleIO',
  'csi',
  'ephemeral',
  'image',
];

/**
 * Volumes whose names are in `replaced` are ignored. Returns the type of each volume by name; `undefined` if a name is
 * unknown or itself invalid, since references to it would then be reported too.
 */
export function checkVolumes(
  field: Field,
  replaced?: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> | undefined {
  // The API server puts the workload's own volumes before those of the template.
  const volumes = items(field)
    .filter((volume) => !replaced?.has(text(at(volume, 'name')) ?? ''))
    .map((volume, index) => (replaced?.size ? renamed(volume, [...field.path, replaced.size + index]) : volume));
  const known = new Map<string, string>();
  const complete = areNamed(field, volumes);
  unique(
    volumes.map((volume) => at(volume, 'name')),
    'volume name',
  );
  for (const volume of volumes) {
    requiredName(at(volume, 'name'), dnsLabelProblem);
    // A volume without a type is an emptyDir.
    const types = isOn(volume.problems, 'ImageVolume') ? volumeTypes : volumeTypes.filter((one) => one !== 'image');
    const type = exactlyOne(asGo(volume), types, 'volume type', true);
    const name = text(at(volume, 'name'));
    if (name) known.set(name, type ?? '');
    if (!type) continue;
    if (Object.hasOwn(checks, type)) checks[type]!(at(volume, type));
    else checkSource(type, at(asGo(volume), type), 'pod');
  }
  return complete ? known : undefined;
}

/** Whether every item in the list has a valid, unique name, each a DNS label. */
export function areNamed(list: Field, named: readonly Field[] = items(list)): boolean {
  const names = named.map((item) => text(at(item, 'name')));
  const right = names.every((name) => name && !dnsLabelProblem(name));
  return right && !isHole(list) && new Set(names).size === names.length;
}

const checks: Readonly<Record<string, (field: Field) => void>> = {
  emptyDir(field) {
    const size = nanos(at(field, 'sizeLimit').value);
    if (size !== undefined && size < 0n)
      fail(at(field, 'sizeLimit'), 'forbidden', `must be at least 0, not ${String(at(field, 'sizeLimit').value)}.`);
  },
  gitRepo(field) {
    required(at(field, 'repository'));
    named(at(field, 'directory'), descendingPath);
  },
  secret(field) {
    required(at(field, 'secretName'));
    checkProjectedKeys(field);
  },
  configMap(field) {
    required(at(field, 'name'));
    checkProjectedKeys(field);
  },
  downwardAPI(field) {
    fileMode(at(field, 'defaultMode'));
    for (const file of items(at(field, 'items'))) checkDownwardFile(file);
  },
  persistentVolumeClaim(field) {
    required(at(field, 'claimName'));
  },
  projected: checkProjected,
  ephemeral(field) {
    const template = at(field, 'volumeClaimTemplate');
    if (!isSet(template)) fail(template, 'required', 'is required.');
    else checkClaimTemplate(at(template, 'spec'));
  },
  image(field) {
    required(at(field, 'reference'));
    oneOf(at(field, 'pullPolicy'), ['Always', 'IfNotPresent', 'Never'], 'defaulted');
  },
};

function checkProjectedKeys(field: Field): void {
  fileMode(at(field, 'defaultMode'));
  for (const item of items(at(field, 'items'))) checkKeyToPath(item);
}

function checkKeyToPath(item: Field): void {
  required(at(item, 'key'));
  requiredName(at(item, 'path'), projectedPath);
  fileMode(at(item, 'mode'));
}

const volumeFields = ['metadata.name', 'metadata.namespace', 'metadata.labels', 'metadata.annotations', 'metadata.uid'];

function checkDownwardFile(file: Field): void {
  if (isHole(file)) return;
  requiredName(at(file, 'path'), projectedPath);
  fileMode(at(file, 'mode'));
  exactlyOne(file, ['fieldRef', 'resourceFieldRef'], 'source');
  checkFieldRef(at(file, 'fieldRef'), volumeFields);
  checkResourceFieldRef(at(file, 'resourceFieldRef'), true);
}

/** The API server drops types whose feature gates are off. */
const projections: Readonly<Record<string, Gate | undefined>> = {
  secret: undefined,
  configMap: undefined,
  downwardAPI: undefined,
  serviceAccountToken: undefined,
  clusterTrustBundle: 'ClusterTrustBundleProjection',
  podCertificate: 'PodCertificateRequest',
};

/** Returns the fields that are paths, which differ in one volume. */
function bundlePaths(bundle: Field): readonly Field[] {
  if (!isSet(bundle) || isHole(bundle)) return [];
  const [name, signer, labels] = [at(bundle, 'name'), at(bundle, 'signerName'), at(bundle, 'labelSelector')];
  if (isSet(name) && isSet(signer)) fail(bundle, 'invalid', 'must set only one of name and signerName.');
  else if (isSet(name)) {
    if (required(name) !== undefined) named(name, trustBundleNameProblem);
    if (isSet(labels)) fail(labels, 'invalid', 'must not be set together with name.');
  } else if (isSet(signer)) {
    if (required(signer) !== undefined) named(signer, signerNameProblem);
    checkLabelSelector(labels);
  } else fail(bundle, 'required', 'must set name or signerName.');
  requiredName(at(bundle, 'path'), projectedPath);
  return [at(bundle, 'path')];
}

/** A name is that of the signer, its slash as a colon, a colon and a part of its own; without a signer it has no colon. */
const trustBundleNameProblem: NameCheck = (value) => {
  const end = value.lastIndexOf(':');
  if (end === 0 || value.slice(0, Math.max(0, end)).includes('/'))
    return 'must begin with the name of a signer, with “:” in place of “/”';
  return dnsSubdomainProblem(value.slice(end + 1));
};

const keyTypes = ['RSA3072', 'RSA4096', 'ECDSAP256', 'ECDSAP384', 'ECDSAP521', 'ED25519'];
const certificateFiles = ['credentialBundlePath', 'keyPath', 'certificateChainPath'];
const [shortest, longest, longestOfKubernetes] = [3600n, 91n * 86_400n, 86_400n];

/** Likewise. */
function certificatePaths(certificate: Field): readonly Field[] {
  if (!isSet(certificate) || isHole(certificate)) return [];
  const signer = at(certificate, 'signerName');
  if (required(signer) !== undefined) named(signer, signerNameProblem);
  oneOf(at(certificate, 'keyType'), keyTypes, 'mandatory');
  for (const [key, annotation] of entries(at(certificate, 'userAnnotations')))
    if (!key.includes('/') || qualifiedNameProblem(key.toLowerCase()))
      failAs(
        [...certificate.path, 'userAnnotations'],
        annotation,
        'invalid',
        'must have a key with a domain, as in example.com/key.',
      );
  const isOfKubernetes = /(?:^|\.)kubernetes\.io\//.test(text(signer) ?? '');
  within(at(certificate, 'maxExpirationSeconds'), shortest, isOfKubernetes ? longestOfKubernetes : longest);
  const paths = certificateFiles.map((name) => at(certificate, name)).filter((path) => isHole(path) || text(path));
  for (const path of paths) named(path, projectedPath);
  if (paths.length === 0) fail(certificate, 'required', `must set at least one of ${certificateFiles.join(', ')}.`);
  return paths;
}

function checkProjected(field: Field): void {
  fileMode(at(field, 'defaultMode'));
  const paths: Field[] = [];
  for (const source of items(at(field, 'sources'))) {
    const projected = (name: string) => {
      const gate = projections[name];
      return gate ? gated(at(source, name), gate) : at(source, name);
    };
    const set = Object.keys(projections).filter((name) => isSet(projected(name)));
    if (set.length > 1)
      failAs(
        source.path,
        at(source, set[1]!),
        'forbidden',
        `must not be set together with ${set[0]}: only one source is allowed.`,
      );
    for (const name of ['secret', 'configMap']) {
      const projection = at(source, name);
      if (!isSet(projection)) continue;
      required(at(projection, 'name'));
      for (const item of items(at(projection, 'items'))) {
        checkKeyToPath(item);
        paths.push(at(item, 'path'));
      }
    }
    for (const file of items(at(source, 'downwardAPI', 'items'))) {
      checkDownwardFile(file);
      paths.push(at(file, 'path'));
    }
    const token = at(source, 'serviceAccountToken');
    if (isSet(token)) {
      within(at(token, 'expirationSeconds'), 600n, 4294967296n);
      requiredName(at(token, 'path'), projectedPath);
    }
    paths.push(...bundlePaths(projected('clusterTrustBundle')), ...certificatePaths(projected('podCertificate')));
  }
  unique(paths, 'path of a projected volume');
}
