// The keys that are offered at one place don't depend on the word that is typed there: they are kept from letter to letter,
// until something else changes that they depend on.
import { assumedKind, type Cursor, roleOf } from '../cursor.ts';
import type { Field } from '../place.ts';
import type { Completion } from './item.ts';
import { Kept } from './kept.ts';
import type { Layout } from './layout.ts';
import type { Probe } from './probe.ts';
import type { Snippet } from './snippets.ts';

/** By the tree with the placeholder in it, which is the same for each letter of a word. */
const latest = new Kept<'items', readonly Completion[]>();

/** `compute`, or its items from another letter of the same word. */
export function sameForWord(
  cursor: Cursor,
  probe: Probe,
  field: Field,
  layout: Layout,
  snippets: readonly Snippet[],
  compute: () => readonly Completion[],
): readonly Completion[] {
  // In a map with free keys, what is typed must not be suggested.
  if (!field.schema.properties || probe.as !== 'key') return compute();
  const dependsOn = dependencies(cursor, probe, field, layout, snippets);
  const items = latest.while(probe.root, dependsOn)('items', compute);
  return items.map((item) => (item.end === probe.token.end ? item : { ...item, end: probe.token.end }));
}

function dependencies(
  cursor: Cursor,
  { token }: Probe,
  field: Field,
  layout: Layout,
  snippets: readonly Snippet[],
): readonly unknown[] {
  const { workspace, path, document, inside } = cursor;
  const assumed = assumedKind(cursor);
  return [
    workspace,
    path,
    workspace.editionApartFrom(inside?.outer.document ?? document),
    // What others know of the document itself.
    document.facts.objects.map(({ groupKind }) => groupKind).join(),
    roleOf(cursor),
    assumed?.group,
    assumed?.kind,
    field.schema,
    token.start,
    token.quote,
    token.isKey,
    layout.eol,
    layout.step,
    layout.listIndent,
    snippets,
  ];
}
