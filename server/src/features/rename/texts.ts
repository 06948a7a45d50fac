// The edits that give names in texts another value, and nothing else: what shares a name by an anchor keeps the old one.
import { type Anchor, anchorsIn } from '../../syntax/anchors.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { resolvePlain } from '../../syntax/scalar.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { FileEdit, Named } from './edit.ts';

interface Place {
  readonly start: number;
  readonly end: number;
}

/** The name without its quotes. */
export function nameAt(text: string, { start, end }: Place): Place {
  const quotes = text[start] === '"' || text[start] === "'" ? 1 : 0;
  return { start: start + quotes, end: end - quotes };
}

/** Why the text of one name can't be replaced; `name` is the one that is renamed. */
export function textRefusal({ path, document, start, end, old }: Named, name: string): string | undefined {
  const { text, facts } = document;
  if (facts.sops) return `${path} is encrypted by SOPS, which also signs the names in it. Use sops to edit it.`;
  const at = nameAt(text, { start, end });
  if (text[start] === '*' || text.slice(at.start, at.end) === (old ?? name)) return undefined;
  return `The name in ${path} is written with escapes.`;
}

/** Whether the name has an anchor that others share. */
export function isAnchored({ document: { text }, start }: Named): boolean {
  return anchorsIn(parseManifest(text)).some((one) => {
    const at = valueAfter(text, one);
    return one.aliases.length > 0 && (at === start || nameAt(text, { start: at, end: at }).start === start);
  });
}

/** One for each occurrence of the document: a file can contain the same document several times. */
export function editsOf(workspace: Workspace, all: readonly Named[], renamed: string): readonly FileEdit[] {
  const edits = all.flatMap((named) => {
    const { path, document, to = renamed } = named;
    const others = all.filter((one) => one.path === path && one.document === document);
    const placed = workspace.file(path)?.documents.filter((one) => one.document === document) ?? [];
    return editsIn(document.text, named, to, others).flatMap((edit) =>
      placed.map(({ start }) => ({ path, start: start + edit.start, end: start + edit.end, text: edit.text })),
    );
  });
  return [...new Map(edits.map((edit) => [`${edit.path}\n${edit.start}`, edit])).values()];
}

/** The first alias of an anchor that is renamed gets the anchor with the old name, so that the others keep it. */
function editsIn(
  text: string,
  named: Named,
  name: string,
  others: readonly Named[],
): readonly (Place & { text: string })[] {
  const { start } = named;
  const inner = nameAt(text, named);
  const isPlain = inner.start === start;
  const edit = { ...inner, text: isPlain && typeof resolvePlain(name) !== 'string' ? JSON.stringify(name) : name };
  const anchors = anchorsIn(parseManifest(text));
  const isRenamed = (at: number) => others.some((one) => one.start === at);
  if (text[start] === '*') {
    const anchor = anchors.find(({ aliases }) => aliases.some((one) => one.start === start));
    // With all that share it, the name changes at the anchor.
    const isShared =
      anchor && isRenamed(valueAfter(text, anchor)) && anchor.aliases.every((one) => isRenamed(one.start));
    return isShared ? [] : [edit];
  }
  const anchor = anchors.find((one) => valueAfter(text, one) === start);
  const kept = anchor?.aliases.filter((one) => !isRenamed(one.start)) ?? [];
  if (!anchor || kept.length === 0) return [edit];
  const whole = `&${anchor.name} ${text.slice(start, named.end)}`;
  return [{ start: anchor.start, end: start, text: '' }, edit, { ...kept[0]!, text: whole }];
}

/** Where the value with the anchor begins. */
function valueAfter(text: string, { end }: Anchor): number {
  return end + /^[ \t]*/.exec(text.slice(end))![0].length;
}
