// Names of the images that containers in the workspace run, for the images that a kustomization changes.
import type { GroupKind } from '../../kube/identity.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { entryOf } from '../../syntax/navigate.ts';
import type { Node } from '../../syntax/tree.ts';
import { keyName } from '../../syntax/value.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { sharedLength } from './seen.ts';

const workloads: readonly GroupKind[] = [
  ...(['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet', 'batch/CronJob', 'batch/Job'] as const),
  '/Pod',
];

/** Workloads to read: enough for the folders that a kustomization includes. */
const most = 40;

/** Without tags and digests; those of the nearest files first. */
export function imageNamesNear(workspace: Workspace, path: string): readonly string[] {
  const nearest = workloads
    .flatMap((kind) => [...workspace.index.definitionsOf(kind)])
    .toSorted((a, b) => sharedLength(path, b.path) - sharedLength(path, a.path))
    .slice(0, most);
  const documents = new Set(nearest.map(({ document }) => document));
  return [...new Set([...documents].flatMap(({ text }) => imagesIn(parseManifest(text).root)).map(imageName))];
}

/** The part before the tag or the digest; a port of the registry is no tag. */
export function imageName(image: string): string {
  const named = image.replace(/@.*$/s, '');
  return named.slice(0, named.lastIndexOf('/') + 1) + named.slice(named.lastIndexOf('/') + 1).replace(/:.*$/s, '');
}

/** Of the containers at any depth, as kustomize finds them. */
function imagesIn(node: Node | undefined): readonly string[] {
  if (node?.type === 'seq') return node.items.flatMap(imagesIn);
  if (node?.type !== 'map') return [];
  return node.entries.flatMap(({ key, value }) => {
    const name = keyName(key);
    const isContainers = (name === 'containers' || name === 'initContainers') && value.type === 'seq';
    return isContainers ? value.items.flatMap(imageOf) : imagesIn(value);
  });
}

function imageOf(container: Node): readonly string[] {
  const image = container.type === 'map' ? entryOf(container, 'image')?.value : undefined;
  return image?.type === 'scalar' && typeof image.value === 'string' && image.value !== '' ? [image.value] : [];
}
