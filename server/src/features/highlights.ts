// Document highlights: every place of the file that means what is under the cursor, an anchor, a variable or an object.
import { anchorAt } from '../syntax/anchors.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { nodeAt } from '../syntax/navigate.ts';
import { resolveAlias } from '../syntax/value.ts';
import { type Variable, variablesIn } from '../syntax/variables.ts';
import type { Placed } from '../workspace/document.ts';
import type { Cursor } from './cursor.ts';
import { references } from './definition.ts';

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

function objectHighlights(cursor: Cursor): readonly Highlight[] {
  const own = (withDefinition: boolean) =>
    references(cursor, withDefinition).filter(({ path }) => path === cursor.path);
  const uses = new Set(own(false).map(({ start }) => start));
  return own(true).map(({ start, end }) => ({ start, end, kind: uses.has(start) ? 'read' : 'write' }));
}
