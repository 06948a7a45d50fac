// The words of a document, in the order of the text: keys and scalar values, and whether somebody who knows the
// schemas, the rest of the workspace and the text above could know the word. The rules don't use our completion.
import { fieldAt } from '../../../server/src/features/place.ts';
import { parseManifest } from '../../../server/src/syntax/manifest.ts';
import type { Node, Path, ScalarNode } from '../../../server/src/syntax/tree.ts';
import { keyName } from '../../../server/src/syntax/value.ts';
import { documentAt } from '../../../server/src/workspace/document.ts';
import type { Workspace } from '../../../server/src/workspace/workspace.ts';
import type { Subject } from './corpus.ts';

export interface Word {
  readonly as: 'key' | 'value';
  /** The text of the key, or the value without quotes. */
  readonly name: string;
  /** Offsets in the document; of a value, with its quotes. */
  readonly start: number;
  readonly end: number;
  /** End of the entry's value; of a value, its own end. */
  readonly entryEnd: number;
  /** To the entry's value. */
  readonly path: Path;
}

/** Why a word can be known; undefined if it is free. */
type Known = 'schema' | 'workspace' | 'text' | undefined;

export interface KnownWord extends Word {
  readonly known: Exclude<Known, undefined>;
}

export function wordsOf({ text }: Subject): readonly Word[] {
  const { root } = parseManifest(text);
  return root ? [...wordsIn(root, [])].map(({ node: _, ...word }) => word) : [];
}

export function knownWordsOf(workspace: Workspace, subject: Subject): readonly KnownWord[] {
  const { root } = parseManifest(subject.text);
  if (!root) return [];
  const context: Context = { workspace, subject, root };
  return [...wordsIn(root, [])].flatMap(({ node, ...word }): readonly KnownWord[] => {
    const known =
      word.as === 'key'
        ? knownKey(context, word.name, word.path.slice(0, -1), word.start)
        : knownValue(context, node, word.path);
    return known === undefined ? [] : [{ ...word, known }];
  });
}

interface Context {
  readonly workspace: Workspace;
  readonly subject: Subject;
  readonly root: Node;
}

/** Each with the node of the key or value itself. */
function* wordsIn(node: Node, path: Path): Iterable<Word & { readonly node: ScalarNode }> {
  if (node.type === 'seq') {
    for (const [index, item] of node.items.entries()) yield* wordsIn(item, [...path, index]);
  }
  if (node.type === 'scalar') {
    if (node.style === 'absent' || node.style === 'literal' || node.style === 'folded') return;
    const { text: name, start, end } = node;
    if (name === '' || typeof node.value === 'symbol' || name.includes('\n')) return;
    yield { as: 'value', name, start, end, entryEnd: end, path, node };
  }
  if (node.type !== 'map') return;
  for (const { key, value } of node.entries) {
    const name = keyName(key);
    if (name === undefined || name === '<<' || key.type !== 'scalar' || key.style !== 'plain') continue;
    const { start, end } = key;
    yield { as: 'key', name, start, end, entryEnd: Math.max(value.end, end + 1), path: [...path, name], node: key };
    yield* wordsIn(value, [...path, name]);
  }
}

const resources = new Set(['cpu', 'memory', 'ephemeral-storage', 'storage']);

/** A property of the schema; a resource; a label that the text above has. */
function knownKey({ workspace, subject, root }: Context, name: string, path: Path, start: number): Known {
  const schemas = workspace.schemas.storeFor(subject.path);
  const field = fieldAt(root, path, schemas);
  if (!field) return undefined;
  const { properties } = field.schema;
  if (path.length === 0 && name === 'status') return undefined;
  if (properties && Object.hasOwn(properties, name)) return 'schema';
  if (properties || typeof field.schema.additionalProperties !== 'object') return undefined;
  const map = String(path.at(-1));
  if (/^(?:requests|limits)$/.test(map) && resources.has(name)) return 'schema';
  if (!/^(?:labels|matchLabels|selector|pairs|commonLabels)$/.test(map)) return undefined;
  return hasWord(subject.text.slice(0, start), `${name}:`) ? 'text' : undefined;
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (at === 0 || /[\s{,]/.test(text[at - 1]!)) return true;
  }
  return false;
}

/**
 * An enum or a boolean; the kind or version of an object or a reference; the name of an object in another document that
 * the reference resolves to; a namespace that other documents are in; the value that a label has in the text above.
 */
function knownValue(context: Context, { value, text, start }: ScalarNode, path: Path): Known {
  const { workspace, subject, root } = context;
  const schemas = workspace.schemas.storeFor(subject.path);
  const field = fieldAt(root, path, schemas);
  if (!field) return undefined;
  const key = path.findLast((step) => typeof step === 'string');
  if (field.schema.enum || field.schema.type === 'boolean' || typeof value === 'boolean') return 'schema';
  if (path.length === 1 && (key === 'apiVersion' || key === 'kind')) return 'schema';
  if ((key === 'kind' || key === 'apiGroup' || key === 'apiVersion') && field.parent?.properties?.name) {
    return schemas
      .kinds()
      .some(({ gvk }) => gvk.kind === text || gvk.group === text || text.startsWith(`${gvk.group}/`))
      ? 'schema'
      : undefined;
  }
  if (isReferenceInWorkspace(context, start)) return 'workspace';
  if (key === 'namespace' || key === 'targetNamespace') {
    return isNamespaceElsewhere(context, text) ? 'workspace' : undefined;
  }
  const map = String(path.at(-2));
  if (!/^(?:labels|matchLabels|selector|pairs|commonLabels)$/.test(map)) return undefined;
  const above = subject.text.slice(0, start);
  return hasWord(above.slice(0, above.lastIndexOf('\n')), `${String(key)}: ${text}`) ? 'text' : undefined;
}

function isReferenceInWorkspace({ workspace, subject }: Context, at: number): boolean {
  const file = workspace.file(subject.path)!;
  const { document } = documentAt(file, subject.start)!;
  for (const object of [...document.facts.objects, ...document.facts.embedded]) {
    const use = object.uses.find(({ start, end }) => start <= at && at <= end);
    if (!use) continue;
    const targets = workspace.resolver.targets({ path: subject.path, object, from: 'object' }, use);
    return targets.some((target) => target.document !== document);
  }
  return false;
}

function isNamespaceElsewhere({ workspace, subject }: Context, name: string): boolean {
  for (const { path, documents } of workspace.files()) {
    for (const { start, document } of documents) {
      if (path === subject.path && start === subject.start) continue;
      for (const { groupKind, name: own, namespace } of document.facts.objects) {
        if (namespace === name || (groupKind === '/Namespace' && own === name)) return true;
      }
    }
  }
  return false;
}
