// Seeded edits of a repository's files, as people make them: values, fields, items, objects, entries of kustomizations, files.
import { dirname, posix } from 'node:path';
import { type Document, isMap, isScalar, isSeq, type Node, type Pair, parseAllDocuments, type Scalar } from 'yaml';
import type { Random } from '../verdict/random.ts';

/** New texts by path; undefined for a file that is removed. */
export interface Edit {
  readonly is: string;
  readonly files: ReadonlyMap<string, string | undefined>;
}

type Documents = Document.Parsed[];

/** Undefined if the edit doesn't fit the file, or leaves an alias without its anchor. */
export function editOf(path: string, text: string, random: Random, textOf: (path: string) => string): Edit | undefined {
  try {
    return edited(path, text, random, textOf);
  } catch {
    return undefined;
  }
}

function edited(path: string, text: string, random: Random, textOf: (path: string) => string): Edit | undefined {
  if (!/\.ya?ml$/.test(path)) return one('data', path, `${text.trimEnd()}\nadded=line\n`);
  const documents = parseAllDocuments(text) as Documents;
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return undefined;
  const maps = documents.filter(({ contents }) => isMap(contents));
  if (maps.length === 0) return undefined;
  const isKustomization = /(^|\/)kustomization\.ya?ml$/.test(path);
  const is = random.pick(isKustomization ? ofKustomizations : ofManifests);
  const document = random.pick(maps);
  switch (is) {
    case 'value':
      return changedValue(document, random) ? one(is, path, printed(documents)) : undefined;
    case 'remove field':
      return removedField(document, random) ? one(is, path, printed(documents)) : undefined;
    case 'add label':
      document.setIn(['metadata', 'labels', 'example.org/added'], 'yes');
      return one(is, path, printed(documents));
    case 'item':
      return changedList(document, random) ? one(is, path, printed(documents)) : undefined;
    case 'remove object':
      return documents.length < 2 ? undefined : one(is, path, printed(documents.filter((other) => other !== document)));
    case 'add object': {
      const copy = document.clone();
      copy.setIn(['metadata', 'name'], `${copy.getIn(['metadata', 'name'])}-copy`);
      return one(is, path, printed([...documents, copy]));
    }
    case 'remove entry':
      return removedEntry(document, random) ? one(is, path, printed(documents)) : undefined;
    case 'setting': {
      const settings = [
        ['namePrefix', 'a-'],
        ['namespace', 'elsewhere'],
        ['images', [{ name: 'nginx', newTag: '9.9' }]],
        ['configMapGenerator', [{ name: 'added', literals: ['key=value'] }]],
        ['commonAnnotations', { 'example.org/by': 'someone' }],
      ] as const;
      const [field, value] = random.pick(settings);
      document.set(field, document.createNode(value));
      return one(`${is} ${field}`, path, printed(documents));
    }
    case 'rename file':
      return renamedFile(path, text, textOf);
    case 'remove file':
      return { is, files: new Map([[path, undefined]]) };
  }
}

const ofManifests = [
  ...(['value', 'value', 'value', 'value', 'remove field', 'remove field', 'add label', 'item', 'item'] as const),
  ...(['remove object', 'add object', 'rename file', 'remove file'] as const),
];
const ofKustomizations = ['value', 'remove entry', 'remove entry', 'setting', 'setting', 'item'] as const;

function one(is: string, path: string, text: string): Edit {
  return { is, files: new Map([[path, text]]) };
}

function printed(documents: readonly Document[]): string {
  return documents.map((document) => document.toString({ lineWidth: 0 }).replace(/^---\n/, '')).join('---\n');
}

function nodesIn(node: unknown, found: Node[] = []): readonly Node[] {
  if (isMap(node)) {
    found.push(node);
    for (const { value } of node.items) nodesIn(value, found);
  } else if (isSeq(node)) {
    found.push(node);
    for (const item of node.items) nodesIn(item, found);
  } else if (isScalar(node)) found.push(node);
  return found;
}

function changedValue(document: Document, random: Random): boolean {
  const scalars = nodesIn(document.contents).filter((node): node is Scalar => isScalar(node));
  const identifying = ['apiVersion', 'kind'].map((key) => document.get(key, true));
  const eligible = scalars.filter((scalar) => !identifying.includes(scalar) && scalar.value !== null);
  if (eligible.length === 0) return false;
  const scalar = random.pick(eligible);
  const { value } = scalar;
  if (typeof value === 'number') scalar.value = value + 1;
  else if (typeof value === 'boolean') scalar.value = !value;
  else scalar.value = String(value).includes('\n') ? `${String(value)}another: line\n` : `${String(value)}-x`;
  delete scalar.source;
  return true;
}

function removedField(document: Document, random: Random): boolean {
  const maps = nodesIn(document.contents).filter((node) => isMap(node) && node !== document.contents);
  const fields = maps.flatMap((map) => (isMap(map) ? map.items.map((pair) => [map, pair] as const) : []));
  const eligible = fields.filter(([, { key }]) => !['name', 'apiVersion', 'kind'].includes(String(key)));
  if (eligible.length === 0) return false;
  const [map, pair] = random.pick(eligible);
  map.items = map.items.filter((other: Pair) => other !== pair);
  return true;
}

function changedList(document: Document, random: Random): boolean {
  const lists = nodesIn(document.contents).filter((node) => isSeq(node) && node.items.length > 0);
  if (lists.length === 0) return false;
  const list = random.pick(lists);
  if (!isSeq(list)) return false;
  const index = random.below(list.items.length);
  const how = random.pick(['remove', 'first', 'add'] as const);
  const item = list.items[index];
  if (how === 'remove') list.items.splice(index, 1);
  else if (how === 'first') {
    if (index === 0) return false;
    list.items.splice(index, 1);
    list.items.unshift(item);
  } else if (isScalar(item) && typeof item.value === 'string') list.items.push(document.createNode(`${item.value}-x`));
  else if (isMap(item) && item.has('name')) {
    const copy = item.clone() as typeof item;
    copy.set('name', `${String(item.get('name'))}-x`);
    list.items.splice(index, 0, copy);
  } else return false;
  return true;
}

function removedEntry(document: Document, random: Random): boolean {
  const fields = ['resources', 'components', 'patches', 'patchesStrategicMerge', 'configMapGenerator', 'images'];
  const lists = fields.map((field) => document.get(field, true)).filter((node) => isSeq(node) && node.items.length > 0);
  if (lists.length === 0) return false;
  const list = random.pick(lists);
  if (!isSeq(list)) return false;
  list.items.splice(random.below(list.items.length), 1);
  return true;
}

/** With its entry in the kustomization beside it. */
function renamedFile(path: string, text: string, textOf: (path: string) => string): Edit | undefined {
  const folder = dirname(path);
  const kustomization = posix.join(folder, 'kustomization.yaml');
  const listed = textOf(kustomization);
  const name = posix.basename(path);
  if (!listed.includes(name)) return undefined;
  const renamed = `renamed-${name}`;
  const files = new Map([
    [path, undefined],
    [posix.join(folder, renamed), text],
    [kustomization, listed.replaceAll(name, renamed)],
  ]);
  return { is: 'rename file', files };
}
