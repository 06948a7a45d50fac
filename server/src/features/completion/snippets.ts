// Our snippets (snippets/*.json, in the format of VS Code): whole objects, and parts that are offered at the keys of every
// map whose schema accepts them.
import { type GroupKind, groupKindOf, gvkOf } from '../../kube/identity.ts';
import type { Schema } from '../../schema/schema.ts';
import { compose } from '../../syntax/compose.ts';
import type { Value } from '../../syntax/tree.ts';
import { isList, isObject, toValue } from '../../syntax/value.ts';
import { childSchema, type Field } from '../place.ts';
import { expand } from './expand.ts';
import { type Completion, escapeSnippet } from './item.ts';
import { type Layout, laidOut } from './layout.ts';
import type { Probe } from './probe.ts';
import { writeScalar } from './skeleton.ts';
import type { Trial } from './trial.ts';

export interface Snippet {
  /** `flux-helmrelease` */
  readonly prefix: string;
  readonly description: string;
  /** In LSP syntax, in the usual layout. */
  readonly body: readonly string[];
  /** A whole file: the kind and version of its first object. */
  readonly object?: { readonly groupKind: GroupKind; readonly apiVersion: string };
  /** A part: the keys that it adds to a map. */
  readonly keys?: readonly string[];
  /** A part with the default values of its placeholders; parsed once, when it is first needed. */
  readonly value?: () => Value | undefined;
}

/** Reads the texts of the files; entries that are neither an object nor a part are left out. */
export function readSnippets(texts: readonly string[]): readonly Snippet[] {
  return texts.flatMap((text) => Object.values(JSON.parse(text) as Record<string, RawSnippet>).flatMap(snippetOf));
}

type RawSnippet = Pick<Snippet, 'prefix' | 'description' | 'body'>;

function snippetOf({ prefix, description, body }: RawSnippet): readonly Snippet[] {
  const common = { prefix, description, body: withoutLastStop(body) };
  const [, apiVersion] = /^apiVersion: (\S+)$/.exec(body[0] ?? '') ?? [];
  const [, kind] = /^kind: (\S+)$/.exec(body[1] ?? '') ?? [];
  const gvk = apiVersion !== undefined && kind !== undefined ? gvkOf(apiVersion, kind) : undefined;
  if (gvk) return [{ ...common, object: { groupKind: groupKindOf(gvk), apiVersion: apiVersion! } }];
  const keys = body.flatMap((line) => /^([\w-]+):/.exec(line)?.[1] ?? []);
  let value: { readonly of: Value | undefined } | undefined;
  const parsed = () => {
    value ??= { of: defaultsOf(common.body) };
    return value.of;
  };
  return keys.length === 0 ? [] : [{ ...common, keys, value: parsed }];
}

/** A last line with only the final stop would leave white space behind. */
function withoutLastStop(body: readonly string[]): readonly string[] {
  return body.at(-1) === '$0' ? body.slice(0, -1) : body;
}

/** The parts that the map at the cursor accepts and has nothing of yet; `settle` changes their placeholders. */
export function partItems(
  snippets: readonly Snippet[],
  { schema }: Field,
  probe: Probe,
  layout: Layout,
  trial: Trial | undefined,
  settle: (lines: readonly string[]) => readonly string[],
): readonly Completion[] {
  if (probe.as !== 'key' || probe.flow || probe.token.isKey || probe.filled || probe.token.quote !== '') return [];
  const { properties } = schema;
  if (!properties) return [];
  return snippets
    .filter(({ keys }) => keys?.every((key) => Object.hasOwn(properties, key) && !probe.present.has(key)))
    .flatMap((snippet) => {
      const part = snippet.value?.();
      const beside = isPart(schema, part) ? linesBeside(trial, part) : undefined;
      return beside ? [snippetItem({ ...snippet, body: settle([...snippet.body, ...beside]) }, probe, layout)] : [];
    });
}

/** What has to be set beside a part, which the map lacks; undefined if what is written excludes the part. */
function linesBeside(trial: Trial | undefined, part: Value | undefined): readonly string[] | undefined {
  if (!trial || !isObject(part) || trial.fits(part)) return [];
  const { refused, excluded, settings } = trial.contents(new Map(Object.entries(part)), new Map());
  if (refused.size + excluded.size > 0) return undefined;
  const lacking = [...settings.values()].filter(({ name }) => !Object.hasOwn(part, name));
  return [...new Set(lacking.map(({ name, value }) => `${name}: ${escapeSnippet(writeScalar(value))}`))];
}

/** With the default values of its placeholders. */
function defaultsOf(body: readonly string[]): Value | undefined {
  const { root } = compose(expand(body.join('\n')));
  return root && toValue(root);
}

/** `probe` is at a key. */
export function snippetItem(snippet: Snippet, probe: Probe, layout: Layout): Completion {
  const { prefix, description, body } = snippet;
  const { token, lead, indent } = probe;
  return {
    label: prefix,
    kind: 'snippet',
    detail: description,
    documentation: () => `\`\`\`yaml\n${expand(body.join('\n'))}\n\`\`\``,
    // After the keys and kinds themselves.
    sort: `~${prefix}`,
    insert: lead + laidOut(body, layout, indent),
    start: token.start,
    end: token.end,
  };
}

/** Whether the fields can be added to a map, which has or gets the others that it requires. */
function isPart(schema: Schema, value: Value | undefined): boolean {
  if (!isObject(value)) return false;
  return Object.entries(value).every(([name, one]) => accepts(childSchema(schema, name), one));
}

/** Whether a value has only fields that the schema has, with values of their types, and all that it requires. */
function accepts(schema: Schema | undefined, value: Value | undefined): boolean {
  if (!schema || value === undefined) return false;
  if (isList(value)) return schema.type === 'array' && value.every((item) => accepts(schema.items, item));
  if (isObject(value)) {
    if (schema.type !== 'object' && schema.properties === undefined) return false;
    if (schema.required?.some((name) => !Object.hasOwn(value, name))) return false;
    return Object.entries(value).every(([name, one]) => accepts(childSchema(schema, name), one));
  }
  if (schema['x-kubernetes-int-or-string'] === true) return typeof value !== 'boolean';
  if (schema.enum && !schema.enum.includes(value)) return false;
  if (typeof value === 'number' || typeof value === 'bigint')
    return schema.type === 'integer' || schema.type === 'number';
  return schema.type === typeof value;
}
