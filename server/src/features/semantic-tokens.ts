// Semantic tokens: names of other objects and whether they resolve, variables, anchors and aliases, CEL, deprecated fields.
import { groupKindOf } from '../kube/identity.ts';
import { kindRow } from '../kube/kinds.ts';
import type { Schema, SchemaStore } from '../schema/schema.ts';
import { anchorsIn } from '../syntax/anchors.ts';
import { type Manifest, parseManifest } from '../syntax/manifest.ts';
import { nodeAt } from '../syntax/navigate.ts';
import type { Node, Path } from '../syntax/tree.ts';
import { keyName } from '../syntax/value.ts';
import { variablesIn } from '../syntax/variables.ts';
import type { Document } from '../workspace/document.ts';
import type { ObjectFacts } from '../workspace/facts.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { celTokens } from './cel-tokens.ts';
import { isDeprecated } from './describe.ts';
import { holdersIn } from './inside/inside.ts';
import { insideTokens } from './inside/tokens.ts';
import { childSchema, rowPath } from './place.ts';
import type { SemanticToken } from './semantic-token.ts';

interface Range {
  readonly start: number;
  readonly end: number;
}

/** In the order of the text, on one line each and without overlap; with a range, those of the documents it touches. */
export function semanticTokens(workspace: Workspace, path: string, range?: Range): readonly SemanticToken[] {
  const { documents } = workspace.file(path) ?? { documents: [] };
  return documents.flatMap(({ start, document }) => {
    const isOutside = range && (start > range.end || start + document.text.length < range.start);
    const role = isOutside ? undefined : workspace.role(path, document);
    if (isOutside || role === 'template' || role === 'ignored') return [];
    const tokens = inOrder(tokensOf(workspace, path, document), document.text);
    return tokens
      .map((token) => ({ ...token, start: start + token.start, end: start + token.end }))
      .filter((token) => !range || (token.end >= range.start && token.start <= range.end));
  });
}

/** In offsets of the document; where tokens overlap, the first one wins. */
function tokensOf(workspace: Workspace, path: string, document: Document): readonly SemanticToken[] {
  const ofText = workspace.memo(path, document, 'semantic tokens', ({ schemas }) => {
    const manifest = parseManifest(document.text);
    return [
      ...anchorTokens(manifest),
      ...variableTokens(document.text),
      ...fieldTokens(schemas, document.facts.objects, manifest),
    ];
  });
  const manifest = parseManifest(document.text);
  const holders = holdersIn(workspace, workspace.role(path, document), manifest, document);
  return [...ofText, ...insideTokens(manifest, holders), ...referenceTokens(workspace, document)];
}

function anchorTokens(manifest: Manifest): readonly SemanticToken[] {
  return anchorsIn(manifest).flatMap(({ start, end, aliases }): SemanticToken[] => [
    { start, end, type: 'label', modifier: 'declaration' },
    ...aliases.map((alias): SemanticToken => ({ start: alias.start, end: alias.end, type: 'label' })),
  ]);
}

function variableTokens(text: string): readonly SemanticToken[] {
  return variablesIn(text)
    .filter(({ start }) => !/^\s*#/.test(text.slice(text.lastIndexOf('\n', start) + 1, start)))
    .map(({ start, end }) => ({ start, end, type: 'variable' }));
}

function referenceTokens(workspace: Workspace, document: Document): readonly SemanticToken[] {
  return workspace.index.definitionsIn(document).flatMap((by) =>
    by.object.uses.map((use): SemanticToken => {
      const isResolved = workspace.resolver.targets(by, use).length > 0;
      return { start: use.start, end: use.end, type: 'class', modifier: isResolved ? 'resolved' : 'unresolved' };
    }),
  );
}

/** Keys of deprecated fields, and expressions in CEL, of each object of the document. */
function fieldTokens(
  schemas: SchemaStore,
  objects: readonly Pick<ObjectFacts, 'gvk' | 'path'>[],
  { root, text }: Manifest,
): readonly SemanticToken[] {
  const found: SemanticToken[] = [];
  for (const object of objects) {
    const kind = schemas.lookup(object.gvk);
    const values = kindRow(groupKindOf(object.gvk))?.values ?? {};
    const isCel = (at: string) => values[at] === 'cel' || rules.test(at);
    const visit = (node: Node, at: Path, schema: Schema | undefined): void => {
      if (node.type === 'map') {
        for (const { key, value } of node.entries) {
          const name = keyName(key);
          if (name === undefined) continue;
          const below = [...at, name];
          const field = schema && childSchema(schema, name);
          if (kind && field && isDeprecated(kind, below, field))
            found.push({ start: key.start, end: key.end, type: 'property', modifier: 'deprecated' });
          visit(value, below, field);
        }
      } else if (node.type === 'seq') {
        const item = schema?.items;
        node.items.forEach((one, index) => {
          visit(one, [...at, index], item);
        });
      } else if (node.type === 'scalar' && node.end > node.start && typeof node.value === 'string') {
        if (isCel(rowPath(at))) found.push(...celTokens(text, node));
      }
    };
    const node = nodeAt(root, object.path);
    if (node) visit(node, [], kind?.schema);
  }
  return found;
}

/** The rules of a CustomResourceDefinition, at any depth of its schema. */
const rules = /x-kubernetes-validations\[\*\]\.(?:rule|messageExpression)$/;

function inOrder(tokens: readonly SemanticToken[], text: string): readonly SemanticToken[] {
  const ranked = tokens.map((token, rank) => ({ token, rank }));
  ranked.sort((a, b) => a.token.start - b.token.start || a.rank - b.rank);
  const kept: SemanticToken[] = [];
  for (const { token } of ranked) {
    const isFree = token.start >= (kept.at(-1)?.end ?? 0) && token.end > token.start;
    if (isFree && !text.slice(token.start, token.end).includes('\n')) kept.push(token);
  }
  return kept;
}
