// What a chart's `values.yaml` tells of its values: their names, types and defaults, and as documentation the comments above
// them, in the forms of helm-docs (`# -- text`), of Bitnami's generator (`## @param path text`) and as plain text.
import type { Schema } from '../schema/schema.ts';
import type { Entry, MapNode, Node } from '../syntax/tree.ts';
import { resolveAlias, toValue } from '../syntax/value.ts';
import { valuesRoot } from './chart.ts';

/** The schema that default values imply. Any map may have more keys: only templates tell which of them are read. */
export function schemaOfDefaults(text: string): Schema {
  const root = valuesRoot(text);
  if (root?.type !== 'map') return free;
  const reader = { text, parameters: parametersIn(text) };
  return schemaOf(root, reader, '', 0);
}

/** Names of keys in comments: examples of what may be set besides the defaults. */
export function namesInComments(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, comment = ''] of text.matchAll(/^[ \t]*#+(.*)$/gm))
    for (const [, name] of comment.matchAll(/(?:^|[\s.`'"{,-])([A-Za-z_][\w.-]*)["'`]?[ \t]*(?=[:=`])/g)) {
      for (const step of name!.split('.')) names.add(step);
    }
  return names;
}

const free: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

const deepest = 60;

/** Longer defaults aren't shown. */
const longestDefault = 200;

interface Reader {
  readonly text: string;
  /** Bitnami's descriptions, by path. */
  readonly parameters: ReadonlyMap<string, string>;
}

function schemaOf(node: Node | undefined, reader: Reader, path: string, depth: number): Schema {
  const value = node && resolveAlias(node);
  if (!value || depth > deepest) return {};
  if (value.type === 'scalar') return schemaOfScalar(value);
  if (value.type === 'seq') {
    const [first] = value.items;
    const items = first ? schemaOf(first, reader, `${path}[0]`, depth + 1) : undefined;
    const { default: _, ...item } = items ?? {};
    return { type: 'array', ...(items && { items: item }), ...defaultOf(value) };
  }
  if (value.entries.length === 0) return { ...free, ...defaultOf(value) };
  const properties = value.entries.map((entry) => {
    const name = entry.key.text;
    const at = path === '' ? name : `${path}.${name}`;
    const description = reader.parameters.get(at) ?? commentOf(value, entry, reader.text);
    const own = schemaOf(entry.value, reader, at, depth + 1);
    return [name, description ? { ...own, description } : own] as const;
  });
  return { ...free, properties: Object.fromEntries(properties) };
}

function schemaOfScalar(node: Extract<Node, { readonly type: 'scalar' }>): Schema {
  const { value, text } = node;
  switch (typeof value) {
    case 'string':
      return { type: 'string', ...(text.length <= longestDefault && { default: value }) };
    case 'bigint':
      return { type: 'integer', default: Number(value) };
    case 'number':
      return { type: 'number', default: value };
    case 'boolean':
      return { type: 'boolean', default: value };
    default:
      return {};
  }
}

function defaultOf(node: Node): { readonly default?: unknown } {
  if (node.end - node.start > longestDefault) return {};
  const value = toValue(node);
  try {
    return { default: JSON.parse(JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? Number(one) : one))) };
  } catch {
    return {};
  }
}

/** Longer descriptions are cut. */
const mostLines = 30;

/** The comment directly above a key, or behind its value. */
function commentOf(map: MapNode, { key, value }: Entry, text: string): string | undefined {
  if (map.flow) return undefined;
  const lines: string[] = [];
  let end = text.lastIndexOf('\n', key.start - 1);
  while (end > 0 && lines.length < mostLines) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    const line = text.slice(start, end).trim();
    if (!line.startsWith('#')) break;
    lines.unshift(line);
    end = start - 1;
  }
  const words = wordsOf(lines);
  if (words !== '') return words;
  const isScalar = value.type === 'scalar' && value.style !== 'literal' && value.style !== 'folded';
  const after = isScalar ? text.slice(value.end, lineEnd(text, value.end)) : '';
  return /^\s+#/.test(after) ? wordsOf([after.trim()]) || undefined : undefined;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/** Without marks, rulers and tags of generators. In the style of helm-docs, the text begins at `--`. */
function wordsOf(lines: readonly string[]): string {
  const plain = lines.map((line) => line.replace(/^#+[ \t]?/, '').trimEnd());
  const from = plain.findLastIndex((line) => /^(?:\([\w/]+\) )?-- ?/.test(line.trimStart()));
  const kept = (from === -1 ? plain : plain.slice(from)).filter(
    (line) => !/^\s*(?:@\w+|[-=#*]{3,}\s*$|yaml-language-server:|renovate:)/.test(line),
  );
  return kept
    .map((line, index) =>
      index === 0 && from !== -1 ? line.trimStart().replace(/^((?:\([\w/]+\) )?)-- ?/, '$1') : line,
    )
    .join('\n')
    .trim();
}

/** `## @param image.tag The tag`, also with `[array, default: …]` after the path. */
function parametersIn(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, path, words] of text.matchAll(
    /^[ \t]*#+[ \t]*@(?:param|extra)[ \t]+(\S+)[ \t]+(?:\[[^\n]*?\][ \t]+(?=[^\]\s]))?(.*)$/gm,
  ))
    found.set(path!, words!.trim());
  return found;
}
