// The position at which a feature is requested: a document of a file, with offsets relative to the document. The document may
// be a text inside another one, such as a patch in a block scalar.
import type { Gvk } from '../kube/identity.ts';
import type { SchemaStore } from '../schema/schema.ts';
import { type Manifest, parseManifest } from '../syntax/manifest.ts';
import type { Node, Path } from '../syntax/tree.ts';
import { type Document, documentAt } from '../workspace/document.ts';
import { kindByFile } from '../workspace/file-kinds.ts';
import type { Role } from '../workspace/roles.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { patchFileReading } from './inside/patch-file.ts';
import type { Reading } from './inside/reading.ts';
import { valuesFileReading } from './inside/values-text.ts';
import { withChartValues } from './values.ts';

export interface Cursor {
  readonly workspace: Workspace;
  readonly path: string;
  readonly document: Document;
  /** Offset of the document in its file. */
  readonly start: number;
  /** Offset of the cursor in the document. */
  readonly offset: number;
  readonly manifest: Manifest;
  /** How the document is read if not by the place of its file. */
  readonly reading?: Reading;
  /** Set if the document is a text inside another. */
  readonly inside?: Inside;
}

/** Where a text is in the document around it. */
export interface Inside {
  /** The cursor in the document around the text. */
  readonly outer: Cursor;
  /** The offset in the document around it of an offset in the text. */
  place(offset: number): number;
  /** The column of its lines if it is a literal. */
  readonly column: number | undefined;
}

/** Undefined if the file is unknown or was not read. */
export function cursorAt(workspace: Workspace, path: string, offset: number): Cursor | undefined {
  const file = workspace.file(path);
  const placed = file && documentAt(file, offset);
  if (!placed) return undefined;
  const { document, start } = placed;
  const manifest = parseManifest(document.text);
  const reading = patchFileReading(workspace, path, document, manifest) ?? valuesFileReading(workspace, path, document);
  return { workspace, path, document, start, offset: offset - start, manifest, ...(reading && { reading }) };
}

export function roleOf({ workspace, path, document, reading }: Cursor): Role {
  return reading ? reading.role : workspace.role(path, document);
}

/** The kind implied by the file's name or, in a patch, by its target. */
export function assumedKind(cursor: Cursor): Gvk | undefined {
  return cursor.reading ? cursor.reading.assumed : kindByFile(roleOf(cursor), cursor.manifest);
}

export function schemasAt(cursor: Cursor, root: Node | undefined, at: Path): SchemaStore {
  const { workspace, path, reading } = cursor;
  const schemas = reading ? reading.schemas(root, at) : workspace.schemas.storeFor(path);
  return withChartValues(cursor, root, at, schemas);
}
