// Go to definition and find references, from the index of the workspace: from a name to its object or from a path to its
// file, and from an object to all references to it; from an alias to its anchor and back. Only the document under the cursor
// is parsed.
import { anchorAt, type Mark } from '../syntax/anchors.ts';
import { placeAt } from '../syntax/navigate.ts';
import type { Path } from '../syntax/tree.ts';
import type { UseFacts } from '../workspace/facts.ts';
import type { Definition, UseSite } from '../workspace/index.ts';
import { type Marker, markersIn, markersNaming, policiesOf } from '../workspace/markers.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Cursor } from './cursor.ts';
import { filesNamed } from './path-targets.ts';
import { appliedNames } from './rename/applied.ts';
import type { Named } from './rename/edit.ts';
import { isAnchored } from './rename/texts.ts';
import { variableAt, variableOrigins, variableUses } from './variables.ts';

/** A range in a file, in offsets of the file. */
export interface Site {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** The definitions of the object or file named under the cursor; several if several files define it. */
export function definition(cursor: Cursor): readonly Site[] {
  const { workspace } = cursor;
  const anchor = anchorAt(cursor.manifest, cursor.offset);
  if (anchor) return [markSite(cursor, anchor)];
  const set = settings(cursor);
  if (set.length > 0) return set;
  const marker = markerAt(cursor);
  if (marker) return policiesOf(workspace, cursor.path, marker).flatMap((one) => sitesOf(workspace, one));
  const found = siteAt(cursor);
  if (found?.use)
    return workspace.resolver.targets(found.by, found.use).flatMap((target) => sitesOf(workspace, target));
  return filesNamed(cursor).map((path) => ({ path, start: 0, end: 0 }));
}

/** Where the variable under the cursor is set. */
function settings(cursor: Cursor): readonly Site[] {
  return variableOrigins(cursor).map(({ source, start, end }) => {
    return { path: source.file, start: source.start + start, end: source.start + end };
  });
}

/** All references to the object or the variable under the cursor, which can be on its definition or on a reference. */
export function references(cursor: Cursor, withDefinition: boolean): readonly Site[] {
  const { workspace } = cursor;
  const anchor = anchorAt(cursor.manifest, cursor.offset);
  if (anchor) return [...(withDefinition ? [anchor] : []), ...anchor.aliases].map((mark) => markSite(cursor, mark));
  const marker = markerAt(cursor);
  const variable = marker ? undefined : variableAt(cursor);
  const expressions = variable ? variableUses(workspace, variable.name, variable.isSetAt) : [];
  if (expressions.length > 0) return [...(withDefinition ? settings(cursor) : []), ...expressions];
  const found = marker ? undefined : siteAt(cursor);
  if (!found && !marker) return [];
  const { resolver } = workspace;
  const { by, use } = found ?? {};
  const own = marker ? policiesOf(workspace, cursor.path, marker) : [by!];
  const defined = by && use ? resolver.targets(by, use) : own;
  const uses =
    by && use && defined.length === 0 ? resolver.usesAlike(by, use) : defined.flatMap((one) => resolver.uses(one));
  // Patches in texts name objects too, as far as what is applied shows. What references of manifests mean, the resolver says.
  const applied = appliedNames(workspace, defined, undefined);
  const inTexts =
    'refused' in applied ? [] : applied.named.filter((one) => !isOfManifest(workspace, one) && !isAnchored(one));
  const sites = [
    ...(withDefinition ? defined.flatMap((one) => sitesOf(workspace, one)) : []),
    ...distinct(uses).flatMap(({ by, use }) => placedAt(workspace, by, use)),
    ...[...markersNaming(workspace, defined), ...inTexts].flatMap((one) => placedAt(workspace, one, one)),
  ];
  return [...new Map(sites.map((site) => [`${site.path}\n${site.start}`, site])).values()];
}

function isOfManifest({ index }: Workspace, { document, start }: Named): boolean {
  return index.definitionsIn(document).some(({ object }) => object.uses.some((use) => use.start === start));
}

/** The marker of image automation under the cursor. */
function markerAt({ document, offset }: Cursor): Marker | undefined {
  return markersIn(document).find(
    ({ namespace, start, end }) => start - namespace.length - 1 <= offset && offset <= end,
  );
}

function markSite({ path, start }: Cursor, mark: Mark): Site {
  return { path, start: start + mark.start, end: start + mark.end };
}

export interface Found {
  readonly by: Definition;
  /** The reference under the cursor, on any of its fields; absent on the object's own name. */
  readonly use?: UseFacts;
}

/** The object that is defined or referenced under the cursor. */
export function siteAt({ workspace, document, manifest, offset }: Cursor): Found | undefined {
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

/** With the cursor on none of the object's fields, the path is empty, which selects the object too. */
function isNamePath(path: Path, { from }: Definition): boolean {
  const name = from === 'generated' ? ['name'] : ['metadata', 'name'];
  return (path.length === 0 && from !== 'generated') || (path.length === name.length && startsWith(path, name));
}

function startsWith(path: Path, start: Path): boolean {
  return start.length <= path.length && start.every((step, index) => step === path[index]);
}

/** A reference without a kind can match definitions of several kinds, each of which lists it. */
function distinct(uses: readonly UseSite[]): readonly UseSite[] {
  return [...new Map(uses.map((site) => [site.use, site])).values()];
}

function sitesOf(workspace: Workspace, definition: Definition): readonly Site[] {
  return placedAt(workspace, definition, definition.object);
}

/** One site for each occurrence of the document: a file can contain the same document several times. */
function placedAt(
  workspace: Workspace,
  { path, document }: Pick<Definition, 'path' | 'document'>,
  { start, end }: { readonly start: number; readonly end: number },
): readonly Site[] {
  const placed = workspace.file(path)?.documents.filter((one) => one.document === document) ?? [];
  return placed.map((one) => ({ path, start: one.start + start, end: one.start + end }));
}
