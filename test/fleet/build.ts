// Builds the fleet's folders without kustomize, for tests that run everywhere: resources, namespace, name suffix and
// generated ConfigMaps. It applies no patches; the live tier builds the same folders with kubectl and compares.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  documentsOf,
  fleet,
  groupKindOf,
  isMap,
  isObject,
  type Json,
  listAt,
  textAt,
  yamlBelow,
} from './repositories.ts';

export function buildWithoutPatches(folder: string): readonly Json[] {
  const path = `${folder}/kustomization.yaml`;
  if (!existsSync(join(fleet, path))) return yamlBelow(folder).flatMap(objectsOf);
  const kustomization = documentsOf(path)[0]!;
  const resources = listAt(kustomization, 'resources').flatMap((entry) => {
    const target = join(folder, String(entry));
    return target.endsWith('.yaml') ? objectsOf(target) : buildWithoutPatches(target);
  });
  const generated = listAt(kustomization, 'configMapGenerator').map((generator) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: textAt(generator, 'name') },
  }));
  return [...resources, ...generated].map((object) => shaped(object, kustomization));
}

function objectsOf(path: string): readonly Json[] {
  return documentsOf(path).filter(isObject);
}

const clusterScoped = /^(?:\/Namespace|rbac\.authorization\.k8s\.io\/ClusterRole(?:Binding)?)$/;

function shaped(object: Json, kustomization: Json): Json {
  const namespace = textAt(kustomization, 'namespace');
  const metadata = isMap(object.metadata) ? object.metadata : {};
  const moved = namespace !== undefined && !clusterScoped.test(groupKindOf(object));
  return {
    ...object,
    metadata: {
      ...metadata,
      name: `${metadata.name}${textAt(kustomization, 'nameSuffix') ?? ''}`,
      ...(moved && { namespace }),
    },
  };
}

/** The files whose objects are part of a folder's build. */
export function filesOf(folder: string): readonly string[] {
  const path = `${folder}/kustomization.yaml`;
  if (!existsSync(join(fleet, path))) return yamlBelow(folder);
  return listAt(documentsOf(path)[0], 'resources').flatMap((entry) => {
    const target = join(folder, String(entry));
    return target.endsWith('.yaml') ? [target] : filesOf(target);
  });
}
