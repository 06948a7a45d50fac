// The position at which a feature is requested: a document of a file, with offsets relative to the document.
import type { Gvk } from '../kube/identity.ts';
import { type Manifest, parseManifest } from '../syntax/manifest.ts';
import { type Document, documentAt } from '../workspace/document.ts';
import { kindByFile } from '../workspace/file-kinds.ts';
import type { Workspace } from '../workspace/workspace.ts';

export interface Cursor {
  readonly workspace: Workspace;
  readonly path: string;
  readonly document: Document;
  /** Offset of the document in its file. */
  readonly start: number;
  /** Offset of the cursor in the document. */
  readonly offset: number;
  readonly manifest: Manifest;
}

/** Undefined if the file is unknown or was not read. */
export function cursorAt(workspace: Workspace, path: string, offset: number): Cursor | undefined {
  const file = workspace.file(path);
  const placed = file && documentAt(file, offset);
  if (!placed) return undefined;
  const { document, start } = placed;
  return { workspace, path, document, start, offset: offset - start, manifest: parseManifest(document.text) };
}

/** The kind implied by the file's name, if any. */
export function assumedKind({ workspace, path, document, manifest }: Cursor): Gvk | undefined {
  return kindByFile(workspace.role(path, document), manifest);
}
