// Document symbols for the outline (one per object, with its keys down to a fixed depth) and workspace symbols.
import { isSecretName, withoutCredentials } from '../syntax/credentials.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { nodeAt } from '../syntax/navigate.ts';
import type { Node } from '../syntax/tree.ts';
import { keyName } from '../syntax/value.ts';
import type { SourceFile } from '../workspace/document.ts';
import type { Workspace } from '../workspace/workspace.ts';

export interface DocumentSymbol {
  readonly name: string;
  readonly detail: string;
  readonly kind: 'object' | 'field' | 'list' | 'value';
  /** Offsets in the file. */
  readonly start: number;
  readonly end: number;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly children: readonly DocumentSymbol[];
}

/** Deeper keys are rarely used in an outline, and computing them on every change is expensive. */
const deepest = 4;

export function documentSymbols(file: SourceFile): readonly DocumentSymbol[] {
  return file.documents.flatMap(({ start, document }) => {
    const { root } = parseManifest(document.text);
    if (!root) return [];
    const objects = document.facts.objects;
    if (objects.length === 0) return childrenOf(root, start, deepest, false);
    return objects.flatMap((object) => {
      const node = nodeAt(root, object.path);
      if (!node) return [];
      return [
        {
          name: object.name ?? object.gvk.kind,
          detail: object.gvk.kind,
          kind: 'object' as const,
          start: start + node.start,
          end: start + node.end,
          nameStart: start + object.start,
          nameEnd: start + object.end,
          children: childrenOf(node, start, deepest, false, object.groupKind === '/Secret' ? secretFields : undefined),
        },
      ];
    });
  });
}

export interface WorkspaceSymbol {
  readonly name: string;
  readonly detail: string;
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** A longer list is not useful. */
const mostSymbols = 500;

/** Objects whose `kind/name` contains the letters of the query in order. */
export function workspaceSymbols(workspace: Workspace, query: string): readonly WorkspaceSymbol[] {
  const letters = [...query.toLowerCase()].filter((letter) => letter.trim() !== '');
  const found: WorkspaceSymbol[] = [];
  for (const file of workspace.files()) {
    for (const { start, document } of file.documents) {
      for (const { name, gvk, ...object } of document.facts.objects) {
        if (name === undefined || !holdsInOrder(`${gvk.kind}/${name}`.toLowerCase(), letters)) continue;
        found.push({ name, detail: gvk.kind, path: file.path, start: start + object.start, end: start + object.end });
        if (found.length >= mostSymbols) return found;
      }
    }
  }
  return found;
}

function holdsInOrder(text: string, letters: readonly string[]): boolean {
  let at = 0;
  return letters.every((letter) => {
    at = text.indexOf(letter, at) + 1;
    return at > 0;
  });
}

const secretFields: ReadonlySet<string> = new Set(['data', 'stringData']);
/** Of kustomizations: what it lists becomes a Secret. */
const secretGenerator = 'secretGenerator';
const generatedFields: ReadonlySet<string> = new Set(['literals']);

/** Values are shown unless `isSecret`; `secrets` are the fields of this map or of its items that hold values of Secrets. */
function childrenOf(
  node: Node,
  base: number,
  depth: number,
  isSecret: boolean,
  secrets?: ReadonlySet<string>,
): readonly DocumentSymbol[] {
  if (depth === 0) return [];
  if (node.type === 'map') {
    const named = node.entries.map((entry) => {
      const name = keyName(entry.key) || entry.key.text || '""';
      const isHidden = isSecret || secrets?.has(name) === true || (entry.value.type !== 'map' && isSecretName(name));
      return { ...entry, name, isHidden };
    });
    return named.map(({ key, value, name, isHidden }) => ({
      name,
      detail: value.type === 'scalar' && !isHidden ? withoutCredentials(value.text).slice(0, 80) : '',
      kind: symbolKind(value),
      start: base + key.start,
      end: base + Math.max(value.end, key.end),
      nameStart: base + key.start,
      nameEnd: base + key.end,
      children: childrenOf(value, base, depth - 1, isHidden, name === secretGenerator ? generatedFields : undefined),
    }));
  }
  if (node.type !== 'seq') return [];
  return node.items.map((item, index) => ({
    name: (isSecret ? undefined : itemName(item)) ?? String(index),
    detail: '',
    kind: symbolKind(item),
    start: base + item.start,
    end: base + item.end,
    nameStart: base + item.start,
    nameEnd: base + item.start,
    children: childrenOf(item, base, depth - 1, isSecret, secrets),
  }));
}

function itemName(item: Node): string | undefined {
  if (item.type === 'scalar') return withoutCredentials(item.text).slice(0, 80) || undefined;
  const name = nodeAt(item, ['name']);
  return name?.type === 'scalar' && name.text !== '' ? name.text : undefined;
}

function symbolKind(node: Node): DocumentSymbol['kind'] {
  return node.type === 'seq' ? 'list' : node.type === 'map' ? 'field' : 'value';
}
