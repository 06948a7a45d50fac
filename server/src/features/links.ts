// Document links: the files and folders that a kustomization or a Flux Kustomization names, web addresses, OCI artifacts, and
// the schema that a comment for another language server names.
import { folderOf, resolvePath } from '../kustomize/paths.ts';
import { withoutCredentials } from '../syntax/credentials.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { nodeAt } from '../syntax/navigate.ts';
import type { Node, Path, ScalarNode } from '../syntax/tree.ts';
import { resolveAlias } from '../syntax/value.ts';
import type { Document } from '../workspace/document.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { isPathField, pathDelivered, pathListed, readAt } from './path-targets.ts';

/** In offsets of the file. */
export type Link = { readonly start: number; readonly end: number } & Target;

/** A file of the workspace, or an address. */
type Target = { readonly path: string } | { readonly url: string };

/** In the order of the text; only files that exist. */
export function links(workspace: Workspace, path: string): readonly Link[] {
  return (workspace.file(path)?.documents ?? []).flatMap(({ start, document }) =>
    linksIn(workspace, path, document)
      .map((link) => ({ ...link, start: start + link.start, end: start + link.end }))
      .sort((a, b) => a.start - b.start),
  );
}

function linksIn(workspace: Workspace, path: string, document: Document): readonly Link[] {
  const { root } = parseManifest(document.text);
  const listed = document.facts.kustomization ? pathListed(document.facts.kustomization) : undefined;
  const found = [...modelines(workspace, path, document.text)];
  for (const { value, path: at } of root ? scalars(root) : []) {
    const file = isPathField(at) ? listed?.(value.text) : undefined;
    const to = file === undefined ? undefined : readAt(workspace, resolvePath(folderOf(path), file));
    const target: Target | undefined = to === undefined ? addressOf(value.text) : { path: to };
    if (target) found.push({ ...inner(document.text, value), ...target });
  }
  for (const { object, node } of deliveries(document, root)) {
    const to = readAt(workspace, pathDelivered(object, node));
    if (to !== undefined) found.push({ ...inner(document.text, node), path: to });
  }
  return found;
}

/** The paths that the document's Flux Kustomizations apply. */
function deliveries(
  { facts }: Document,
  root: Node | undefined,
): readonly { readonly object: Document['facts']['objects'][number]; readonly node: ScalarNode }[] {
  return facts.objects.flatMap((object) => {
    const found = nodeAt(root, [...object.path, 'spec', 'path']);
    const node = found && resolveAlias(found);
    return node?.type === 'scalar' && node.end > node.start ? [{ object, node }] : [];
  });
}

/** An OCI registry shows an artifact at the same address over HTTPS. */
function addressOf(text: string): Target | undefined {
  // The address of a link is shown, and a browser would keep it.
  if (!/^(?:https?|oci):\/\/[^\s"'<>$*{}]+$/.test(text) || withoutCredentials(text) !== text) return undefined;
  return { url: text.replace(/^oci:/, 'https:') };
}

/** `# yaml-language-server: $schema=...` and `# $schema: ...`, as other language servers read them. */
function* modelines(workspace: Workspace, path: string, text: string): Generator<Link> {
  for (const match of text.matchAll(/^# *(?:yaml-language-server: *\$schema=|\$schema: *)(\S+)/gm)) {
    const schema = match[1]!;
    const end = match.index + match[0].length;
    const local = /^[a-z]+:/.test(schema) ? undefined : readAt(workspace, resolvePath(folderOf(path), schema));
    const target = local === undefined ? addressOf(schema) : { path: local };
    if (target) yield { start: end - schema.length, end, ...target };
  }
}

/** Values with the last key above them. */
function* scalars(root: Node): Generator<{ readonly value: ScalarNode; readonly path: Path }> {
  const pending: { readonly node: Node; readonly path: Path }[] = [{ node: root, path: [] }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, path } = next;
    if (node.type === 'map') for (const { key, value } of node.entries) pending.push({ node: value, path: [key.text] });
    else if (node.type === 'seq') for (const item of node.items) pending.push({ node: item, path });
    else if (node.type === 'scalar' && node.end > node.start) yield { value: node, path };
  }
}

/** Without quotes. */
function inner(text: string, { start, end, style }: ScalarNode): { readonly start: number; readonly end: number } {
  const quotes = style === 'single' || style === 'double' ? 1 : 0;
  return text.slice(start, end).includes('\n')
    ? { start, end: start + 1 }
    : { start: start + quotes, end: end - quotes };
}
