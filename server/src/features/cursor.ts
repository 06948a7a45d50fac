// Where a verb is asked: a place in a document of a file, with offsets of the document.
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
  /** Of the cursor, relative to the document. */
  readonly offset: number;
  readonly manifest: Manifest;
}

/** Undefined where the file is unknown or not read. */
export function cursorAt(workspace: Workspace, path: string, offset: number): Cursor | undefined {
  const file = workspace.file(path);
  const placed = file && documentAt(file, offset);
  if (!placed) return undefined;
  const { document, start } = placed;
  return { workspace, path, document, start, offset: offset - start, manifest: parseManifest(document.text) };
}

/** The kind of the document where its file's name says it. */
export function assumedKind({ workspace, path, document, manifest }: Cursor): Gvk | undefined {
  return kindByFile(workspace.role(path, document), manifest);
}
