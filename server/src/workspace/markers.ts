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

/** A comment after a value that is meant as a marker, but that isn't one. */
export interface Malformed {
  /** Offsets of the comment in the document. */
  readonly start: number;
  readonly end: number;
  /** The namespace and name, if both can be read, with the part. */
  readonly meant?: string;
}

const knownMalformed = new WeakMap<Document, readonly Malformed[]>();

/**
 * Flux reads the comment on the line of a value as JSON, an object of strings, and ignores any other (kyaml/fieldmeta of
 * kustomize, as internal/update/filter.go of image-automation-controller uses it).
 */
export function malformedIn(document: Document): readonly Malformed[] {
  const { text } = document;
  if (!text.includes('$imagepolicy')) return [];
  const before = knownMalformed.get(document);
  if (before) return before;
  const found: Malformed[] = [];
  for (const match of text.matchAll(/^(.*[^\s#].*?[ \t])(#+)([ \t]*\{?[ \t]*["']?\$imagepolicy\b.*?)[ \t\r]*$/gm)) {
    const [, before = '', hashes = '', comment = ''] = match;
    if (/(?:^|\s)#/.test(before) || policyNamed(comment) !== undefined) continue;
    const start = match.index + before.length;
    const meant = /\$imagepolicy["']?\s*:\s*["']?([\w.-]+:[\w.-]+(?::\w+)?)["'}\s]*$/.exec(comment)?.[1];
    found.push({ start, end: start + hashes.length + comment.length, ...(meant !== undefined && { meant }) });
  }
  knownMalformed.set(document, found);
  return found;
}

/** What a comment names, if Flux can read it. */
function policyNamed(comment: string): string | undefined {
  let read: unknown;
  try {
    read = JSON.parse(comment);
  } catch {
    return undefined;
  }
  const entries = typeof read === 'object' && read !== null && !Array.isArray(read) ? Object.entries(read) : [];
  const name = entries.find(([key]) => key === '$imagepolicy')?.[1];
  const isRead = typeof name === 'string' && entries.every(([, value]) => typeof value === 'string');
  return isRead && /^[^:]+:[^:]+(?::[^:]+)?$/.test(name) ? name : undefined;
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
