// Markers of image automation: the comment after a value that names the ImagePolicy whose image Flux writes there
// (https://fluxcd.io/flux/guides/image-update/#configure-image-update-for-custom-resources).
import type { GroupKind } from '../../kube/identity.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { entryOf, nodeAt, placeAt, stringAt } from '../../syntax/navigate.ts';
import type { MapNode, ScalarNode } from '../../syntax/tree.ts';
import { keyName } from '../../syntax/value.ts';
import type { Definition } from '../../workspace/index.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { Cursor } from '../cursor.ts';
import { imageName } from './images.ts';
import { type Completion, escapeSnippet } from './item.ts';
import { lineStartAt } from './token.ts';

const policies: GroupKind = 'image.toolkit.fluxcd.io/ImagePolicy';
const repositories: GroupKind = 'image.toolkit.fluxcd.io/ImageRepository';

/** In the comment after a value that holds an image or a part of one; the policies for the same image come first. */
export function markerItems({ workspace, document, manifest, offset }: Cursor): readonly Completion[] {
  const lineStart = lineStartAt(document.text, offset);
  const comment = /^(.*?\S)[ \t]+#[ \t]*([^#]*)$/.exec(document.text.slice(lineStart, offset));
  if (!comment) return [];
  const place = placeAt(manifest.root, lineStart + comment[1]!.length - 1);
  const { node } = place ?? {};
  if (!place || place.onKey || node?.type !== 'scalar' || node.end !== lineStart + comment[1]!.length) return [];
  const key = place.entry?.value === node ? keyName(place.entry.key) : undefined;
  const map = place.parents.at(-1);
  const value = key === undefined || map?.type !== 'map' ? undefined : partOf(key, node, map);
  if (!value) return [];
  const start = offset - comment[2]!.length;
  const space = document.text[start - 1] === '#' ? ' ' : '';
  return [...workspace.index.definitionsOf(policies)].map((policy) => {
    const { name, namespace = 'default' } = policy.object;
    const label = `{"$imagepolicy": "${namespace}:${name}${value.part}"}`;
    const isMeant = value.image !== undefined && imageOf(workspace, policy) === value.image;
    return {
      ...{ label, kind: 'reference', detail: `ImagePolicy in ${policy.path}`, sort: `${isMeant ? 0 : 1}${label}` },
      ...{ insert: `${space}${escapeSnippet(label)}`, start, end: offset, open: true },
    };
  });
}

interface Part {
  /** What the marker says after the policy's name. */
  readonly part: '' | ':name' | ':tag' | ':digest';
  readonly image: string | undefined;
}

/** What of an image a field holds, judged by its name: Flux writes into any field. */
function partOf(key: string, { text }: ScalarNode, map: MapNode): Part | undefined {
  if (/^image$|Image$/.test(key)) return { part: imageName(text) === text ? ':name' : '', image: imageName(text) };
  const beside = (name: string) => {
    const value = entryOf(map, name)?.value;
    return value?.type === 'scalar' ? value.text : undefined;
  };
  if (key === 'repository' || key === 'newName') return { part: ':name', image: text };
  const image = beside('newName') ?? beside('repository') ?? beside('name') ?? beside('url')?.replace(/^oci:\/\//, '');
  if (/^(?:newTag|tag|.*Tag)$/.test(key)) return { part: ':tag', image };
  return /^digest$/.test(key) ? { part: ':digest', image } : undefined;
}

/** The image that a policy chooses a version of. */
function imageOf(workspace: Workspace, { document, object }: Definition): string | undefined {
  const spec = nodeAt(parseManifest(document.text).root, [...object.path, 'spec']);
  const name = stringAt(spec, ['imageRepositoryRef', 'name']);
  const namespace = stringAt(spec, ['imageRepositoryRef', 'namespace']) ?? object.namespace;
  const repository = [...workspace.index.definitionsOf(repositories)].find(
    (one) => one.name === name && one.object.namespace === namespace,
  );
  if (!repository) return undefined;
  return stringAt(parseManifest(repository.document.text).root, [...repository.object.path, 'spec', 'image']);
}
