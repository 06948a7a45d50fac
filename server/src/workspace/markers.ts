// Markers of image automation: a comment `{"$imagepolicy": "namespace:name:part"}` after a value names the ImagePolicy whose
// image Flux writes there (https://fluxcd.io/flux/guides/image-update/). They are references in the text of any document.
import type { GroupKind } from '../kube/identity.ts';
import type { Document } from './document.ts';
import type { UseFacts } from './facts.ts';
import type { Definition } from './index.ts';
import type { Workspace } from './workspace.ts';

export const policies: GroupKind = 'image.toolkit.fluxcd.io/ImagePolicy';

/** Offsets of the name in the document. */
export interface Marker {
  readonly namespace: string;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** What of the image is set, with its place; all of it without one. */
  readonly part?: { readonly text: string; readonly start: number; readonly end: number };
}

export const markerParts: readonly string[] = ['name', 'tag', 'digest'];

export interface PlacedMarker extends Marker {
  readonly path: string;
  readonly document: Document;
}

const known = new WeakMap<Document, readonly Marker[]>();

export function markersIn(document: Document): readonly Marker[] {
  const { text } = document;
  if (!text.includes('$imagepolicy')) return [];
  const before = known.get(document);
  if (before) return before;
  const found = [...text.matchAll(/# *\{ *"\$imagepolicy" *: *"([\w.-]+):([\w.-]+)(?::([^"\n]*))?/g)].map(
    (match): Marker => {
      const [whole, namespace = '', name = '', part] = match;
      const end = match.index + whole.length - (part === undefined ? 0 : part.length + 1);
      return {
        ...{ namespace, name, start: end - name.length, end },
        ...(part !== undefined && { part: { text: part, start: end + 1, end: end + 1 + part.length } }),
      };
    },
  );
  known.set(document, found);
  return found;
}

/** The ImagePolicies that a marker in a file names. */
export function policiesOf(workspace: Workspace, path: string, marker: Marker): readonly Definition[] {
  const { name, namespace, start, end } = marker;
  const within = { is: 'written', namespace } as const;
  const use: UseFacts = { path: [], name, start, end, targets: [policies], within, optional: true };
  return workspace.resolver.targets({ path, object: { namespace }, from: 'object' }, use);
}

/** The markers of the workspace that name one of the definitions. */
export function markersNaming(workspace: Workspace, definitions: readonly Definition[]): readonly PlacedMarker[] {
  const names = new Set(definitions.flatMap(({ object }) => (object.groupKind === policies ? [object.name] : [])));
  if (names.size === 0) return [];
  const meant = new Set(definitions);
  const found: PlacedMarker[] = [];
  for (const { path, documents } of workspace.files()) {
    for (const { document } of documents) {
      for (const marker of markersIn(document)) {
        if (names.has(marker.name) && policiesOf(workspace, path, marker).some((one) => meant.has(one)))
          found.push({ ...marker, path, document });
      }
    }
  }
  return found;
}
