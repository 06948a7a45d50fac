// Definition and references, answered by the index of the workspace: from a name to the object it means (or from a path
// to its file), and from an object to whatever names it. Only the document under the cursor is read.
import { placeAt } from '../syntax/navigate.ts';
import type { Path } from '../syntax/tree.ts';
import type { UseFacts } from '../workspace/facts.ts';
import type { Definition, UseSite } from '../workspace/index.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Cursor } from './cursor.ts';
import { filesNamed } from './path-targets.ts';

/** A place in a file, in offsets of the file. */
export interface Site {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** Where the object or the file that is named under the cursor is; several where several files define it. */
export function definition(cursor: Cursor): readonly Site[] {
  const { workspace } = cursor;
  const found = siteAt(cursor);
  if (found?.use)
    return workspace.resolver.targets(found.by, found.use).flatMap((target) => sitesOf(workspace, target));
  return filesNamed(cursor).map((path) => ({ path, start: 0, end: 0 }));
}

/** Everything that names the object under the cursor, be it its definition or a reference to it. */
export function references(cursor: Cursor, withDefinition: boolean): readonly Site[] {
  const { workspace } = cursor;
  const found = siteAt(cursor);
  if (!found) return [];
  const { by, use } = found;
  const { resolver } = workspace;
  const defined = use ? resolver.targets(by, use) : [by];
  const uses = use && defined.length === 0 ? resolver.usesAlike(by, use) : defined.flatMap((one) => resolver.uses(one));
  return [
    ...(withDefinition ? defined.flatMap((one) => sitesOf(workspace, one)) : []),
    ...distinct(uses).flatMap(({ by, use }) => placedAt(workspace, by, use)),
  ];
}

interface Found {
  readonly by: Definition;
  /** The reference under the cursor, whichever of its fields it is on; absent on the name of the object itself. */
  readonly use?: UseFacts;
}

function siteAt({ workspace, document, manifest, offset }: Cursor): Found | undefined {
  const place = placeAt(manifest.root, offset);
  if (!place) return undefined;
  const by = workspace.index
    .definitionsIn(document)
    .filter(({ object }) => startsWith(place.path, object.path))
    .reduce<Definition | undefined>(
      (inner, one) => (inner && inner.object.path.length > one.object.path.length ? inner : one),
      undefined,
    );
  if (!by) return undefined;
  const inObject = place.path.slice(by.object.path.length);
  const use = by.object.uses.find((one) => startsWith(inObject, one.path) && inObject.length - one.path.length <= 1);
  if (use) return { by, use };
  return isNamePath(inObject, by) && by.object.name !== undefined ? { by } : undefined;
}

/** An object is also meant where the cursor is on none of its fields. */
function isNamePath(path: Path, { from }: Definition): boolean {
  const name = from === 'generated' ? ['name'] : ['metadata', 'name'];
  return (path.length === 0 && from !== 'generated') || (path.length === name.length && startsWith(path, name));
}

function startsWith(path: Path, start: Path): boolean {
  return start.length <= path.length && start.every((step, index) => step === path[index]);
}

/** A reference without its kind may mean definitions of several, and is found with each. */
function distinct(uses: readonly UseSite[]): readonly UseSite[] {
  return [...new Map(uses.map((site) => [site.use, site])).values()];
}

function sitesOf(workspace: Workspace, definition: Definition): readonly Site[] {
  return placedAt(workspace, definition, definition.object);
}

/** Offsets of the document in each place where its file has it. */
function placedAt(
  workspace: Workspace,
  { path, document }: Definition,
  { start, end }: { readonly start: number; readonly end: number },
): readonly Site[] {
  const placed = workspace.file(path)?.documents.filter((one) => one.document === document) ?? [];
  return placed.map((one) => ({ path, start: one.start + start, end: one.start + end }));
}
