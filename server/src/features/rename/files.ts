// What has to change when files or folders are renamed or moved: the entries of kustomizations that list them, relative
// entries of kustomizations that move themselves, and the paths of Flux Kustomizations.
import { fileNameOf, folderOf, relativePath, resolvePath } from '../../kustomize/paths.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { nodeAt } from '../../syntax/navigate.ts';
import type { Node, Path, ScalarNode } from '../../syntax/tree.ts';
import type { Placed } from '../../workspace/document.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { isPathField, pathListed } from '../path-targets.ts';
import type { FileEdit } from './edit.ts';
import { nameAt } from './texts.ts';

/** Paths in the root, of a file or a folder. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

/** Edits of the texts as they are before the files move. */
export function editsForMoves(workspace: Workspace, moves: readonly Move[]): readonly FileEdit[] {
  return [...workspace.files()].flatMap(({ path, documents }) =>
    documents.flatMap((placed) => [...entryEdits(path, placed, moves), ...fluxEdits(path, placed, moves)]),
  );
}

/** Where a path is after the moves; undefined if it stays. */
function moved(path: string, moves: readonly Move[]): string | undefined {
  const move = moves.find(({ from }) => path === from || path.startsWith(`${from}/`));
  return move && move.to + path.slice(move.from.length);
}

function* entryEdits(path: string, { start, document }: Placed, moves: readonly Move[]): Generator<FileEdit> {
  const { kustomization } = document.facts;
  if (!kustomization) return;
  const listed = pathListed(kustomization);
  const folder = folderOf(path);
  const after = moved(path, moves);
  for (const { node, path: at } of scalars(parseManifest(document.text).root)) {
    const written = isPathField(at) ? listed(node.text) : undefined;
    const target = written === undefined ? undefined : resolvePath(folder, written);
    if (written === undefined || target === undefined) continue;
    const there = moved(target, moves);
    if (there === undefined && after === undefined) continue;
    const next = relativePath(after === undefined ? folder : folderOf(after), there ?? target);
    const slash = written.endsWith('/') ? '/' : '';
    const dot = written.startsWith('./') && !next.startsWith('..') ? './' : '';
    const text = keyed(node, at, written, `${dot}${next === '' ? '.' : next}${slash}`);
    yield* edited(path, start, document.text, node, written, text);
  }
}

function* fluxEdits(path: string, { start, document }: Placed, moves: readonly Move[]): Generator<FileEdit> {
  const { root } = parseManifest(document.text);
  for (const { groupKind, path: at } of document.facts.objects) {
    if (groupKind !== 'kustomize.toolkit.fluxcd.io/Kustomization') continue;
    const node = nodeAt(root, [...at, 'spec', 'path']);
    if (node?.type !== 'scalar') continue;
    const folder = resolvePath('', node.text.replace(/^\//, ''));
    const there = folder === undefined || folder === '' ? undefined : moved(folder, moves);
    if (there === undefined) continue;
    const lead = /^(?:\.?\/)?/.exec(node.text)![0];
    yield* edited(path, start, document.text, node, node.text, `${lead}${there}${node.text.endsWith('/') ? '/' : ''}`);
  }
}

/** The file of a generator without a key gets its old name as the key: what reads the ConfigMap goes on finding it. */
function keyed(node: ScalarNode, at: Path, written: string, next: string): string {
  const isFile = at.includes('files') && node.text === written;
  const [before, after] = [fileNameOf(written), fileNameOf(next)];
  return isFile && before !== after ? `${before}=${next}` : next;
}

function* edited(
  path: string,
  start: number,
  text: string,
  node: ScalarNode,
  written: string,
  next: string,
): Generator<FileEdit> {
  const inner = nameAt(text, node);
  const at = text.slice(inner.start, inner.end).lastIndexOf(written);
  if (at === -1 || next === written) return;
  const from = start + inner.start + at;
  yield { path, start: from, end: from + written.length, text: next };
}

/** Values with the keys above them. */
function* scalars(root: Node | undefined): Generator<{ readonly node: ScalarNode; readonly path: Path }> {
  const pending: { readonly node: Node; readonly path: Path }[] = root ? [{ node: root, path: [] }] : [];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, path } = next;
    if (node.type === 'map')
      for (const { key, value } of node.entries) pending.push({ node: value, path: [...path, key.text] });
    else if (node.type === 'seq') for (const item of node.items) pending.push({ node: item, path });
    else if (node.type === 'scalar' && node.end > node.start) yield { node, path };
  }
}
