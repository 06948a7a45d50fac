// Lists the fields of schemas that look like references to objects, and compares them with the rows: each is a reference of its
// kind's row, or is explained here.
import { expect, test } from 'vitest';
import { testCatalog } from '../fixture.ts';
import type { Schema } from '../schema/schema.ts';
import { groupKindOf } from './identity.ts';
import { kindRow } from './kinds.ts';

const { bundled } = testCatalog;

/** Core groups, Flux, Cluster API without its providers, and the Gateway API. */
const groups =
  /^$|^(?:apps|batch|autoscaling|policy)$|\.k8s\.io$|\.fluxcd\.io$|^(?:addons\.|ipam\.|runtime\.)?cluster\.x-k8s\.io$/;

/** Fields that aren't references between objects of files, or that can't be read as such. */
const explained: Readonly<Record<string, RegExp>> = {
  'set by controllers':
    /ownerReferences|^\/(?:Endpoints|Node) |EndpointSlice |\/VolumeAttachment |CSIStorageCapacity |IPAddress spec\.parentRef|PodCertificateRequest |\.status\.|scheduling\.k8s\.io\/(?:PodGroup|Workload) /,
  'a revision of Git': /GitRepository spec\.ref$|ImageUpdateAutomation spec\.git\.checkout\.ref$/,
  'a kustomization, which kustomize itself resolves': /^kustomize\.config/,
  'inside of the pod, or of the storage system':
    /fileKeyRef\.volumeName$|(?:scaleIO|storageos)\.volumeName$|image\.reference$/,
  'of any kind that a controller brings': /paramRef$|extensionRef$|parametersRef$|ExternalArtifact spec\.sourceRef$/,
  'in a namespace that another field sets':
    /HelmRelease spec\.chart\.spec\.verify\.secretRef$|PersistentVolume spec\.azureFile\.secretName$/,
  'experimental fields of the Gateway API': /externalAuth\.backendRef$/,
};

const looksLikeName =
  /^(?:.*[rR]ef(?:erence)?s?|secret|configMap|secretName|.*SecretName|configMapName|.*ServiceAccountName|serviceAccountName|serviceName|clusterName|claimName|volumeName|.*ClassName|roleRef)$/;

/** The references of a schema, where there is a name or an object with one. */
function* namesIn(schema: Schema, path: string, depth: number): Generator<string> {
  if (depth > 12 || path.includes('openAPIV3Schema')) return;
  for (const [key, field] of Object.entries(schema.properties ?? {})) {
    const at = path === '' ? key : `${path}.${key}`;
    if (path === '' && /^(?:status|metadata|apiVersion|kind)$/.test(key)) continue;
    if (looksLikeName.test(key)) {
      if (field.type === 'string' || field.properties?.name || field.properties?.secretName) {
        yield at;
        continue;
      }
      if (field.items && (field.items.type === 'string' || field.items.properties?.name)) {
        yield `${at}[*]`;
        continue;
      }
    }
    yield* namesIn(field, at, depth + 1);
    if (field.items) yield* namesIn(field.items, `${at}[*]`, depth + 1);
    if (typeof field.additionalProperties === 'object')
      yield* namesIn(field.additionalProperties, `${at}.*`, depth + 1);
  }
}

function* uncovered(): Generator<string> {
  const seen = new Set<string>();
  for (const { gvk } of bundled.kinds()) {
    const key = groupKindOf(gvk);
    if (!groups.test(gvk.group) || seen.has(key)) continue;
    seen.add(key);
    const covered = (kindRow(key)?.references ?? []).map(({ path }) => path);
    const [newest] = bundled.versions(gvk.group, gvk.kind);
    for (const path of new Set(namesIn(newest!.schema, '', 0)))
      if (!covered.some((one) => one === path || one.startsWith(`${path}.`))) yield `${key} ${path}`;
  }
}

test('a field that looks like a reference is one of its kind’s row, or is explained', () => {
  const reasons = Object.values(explained);
  const found = [...uncovered()];
  expect(found.filter((one) => !reasons.some((reason) => reason.test(one)))).toEqual([]);
  // A reason that explains nothing any more is no reason.
  expect(Object.keys(explained).filter((reason) => !found.some((one) => explained[reason]!.test(one)))).toEqual([]);
});
