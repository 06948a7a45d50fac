// Document highlights: every place of the file that means what is under the cursor, an anchor, a variable or an object.
import { anchorAt } from '../syntax/anchors.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { nodeAt } from '../syntax/navigate.ts';
import { resolveAlias } from '../syntax/value.ts';
import { type Variable, variablesIn } from '../syntax/variables.ts';
import type { Placed } from '../workspace/document.ts';
import type { UseFacts } from '../workspace/facts.ts';
import type { Definition } from '../workspace/index.ts';
import type { Cursor } from './cursor.ts';
import { siteAt } from './definition.ts';

/** In offsets of the file; `write` is where it is defined. */
export interface Highlight {
  readonly start: number;
  readonly end: number;
  readonly kind: 'read' | 'write';
}

/** In the order of the text. */
export function highlights(cursor: Cursor): readonly Highlight[] {
  return [...(anchorHighlights(cursor) ?? variableHighlights(cursor) ?? objectHighlights(cursor))].sort(
    (a, b) => a.start - b.start,
  );
}

function anchorHighlights({ manifest, offset, start }: Cursor): readonly Highlight[] | undefined {
  const anchor = anchorAt(manifest, offset);
  return (
    anchor && [
      { start: start + anchor.start, end: start + anchor.end, kind: 'write' },
      ...anchor.aliases.map((one): Highlight => ({ start: start + one.start, end: start + one.end, kind: 'read' })),
    ]
  );
}

function variableHighlights(cursor: Cursor): readonly Highlight[] | undefined {
  const { document, offset, workspace, path } = cursor;
  const isAt = (one: Variable) => one.start <= offset && offset <= one.end;
  const name = (variablesIn(document.text).find(isAt) ?? settingsIn(document).find(isAt))?.name;
  if (name === undefined) return undefined;
  return (workspace.file(path)?.documents ?? []).flatMap(({ start, document }) => {
    const of = (kind: Highlight['kind'], variables: readonly Variable[]) =>
      variables
        .filter((one) => one.name === name)
        .map((one): Highlight => ({ start: start + one.start, end: start + one.end, kind }));
    return [...of('read', variablesIn(document.text)), ...of('write', settingsIn(document))];
  });
}

/** The variables that the document's Flux Kustomizations set. */
function settingsIn({ text, facts }: Placed['document']): readonly Variable[] {
  return facts.objects.flatMap(({ groupKind, path }) => {
    if (groupKind !== 'kustomize.toolkit.fluxcd.io/Kustomization') return [];
    const found = nodeAt(parseManifest(text).root, [...path, 'spec', 'postBuild', 'substitute']);
    const map = found && resolveAlias(found);
    if (map?.type !== 'map') return [];
    return map.entries.map(({ key }) => ({ name: key.text, start: key.start, end: key.end }));
  });
}

/** Only the file is searched, since a name may be used in thousands of others. */
function objectHighlights(cursor: Cursor): readonly Highlight[] {
  const { workspace, path } = cursor;
  const { resolver, index } = workspace;
  const found = siteAt(cursor);
  const name = found?.use ? found.use.name : found?.by.object.name;
  if (!found || name === undefined) return [];
  const meant = new Set(found.use ? resolver.targets(found.by, found.use) : [found.by]);
  const isMeant = (by: Definition, use: UseFacts) => {
    const targets = resolver.targets(by, use);
    // Nothing defines the object: the same name and kind may mean the same.
    if (meant.size === 0) return targets.length === 0 && use.targets.some((one) => found.use!.targets.includes(one));
    return targets.some((one) => meant.has(one));
  };
  const all = (workspace.file(path)?.documents ?? []).flatMap(({ start, document }) =>
    index.definitionsIn(document).flatMap((by): Highlight[] => {
      const at = (kind: Highlight['kind'], one: { readonly start: number; readonly end: number }) => ({
        ...{ start: start + one.start, end: start + one.end, kind },
      });
      const uses = by.object.uses.filter((use) => use.name === name && isMeant(by, use));
      return [...(meant.has(by) ? [at('write', by.object)] : []), ...uses.map((use) => at('read', use))];
    }),
  );
  // Not from the other fields of the object or of the reference.
  const offset = cursor.start + cursor.offset;
  return all.some(({ start, end }) => start <= offset && offset <= end) ? all : [];
}
