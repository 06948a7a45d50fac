// Plants a typical mistake at one position in the text of a manifest: a misspelled field, a value of the wrong type, a
// missing required field. The schema certainly rejects each.
import { fieldSchema } from '../../../server/src/schema/defaults.ts';
import type { KindSchema, Schema } from '../../../server/src/schema/schema.ts';
import type { Manifest } from '../../../server/src/syntax/manifest.ts';
import type { Entry, Node, Path } from '../../../server/src/syntax/tree.ts';
import { keyName } from '../../../server/src/syntax/value.ts';
import type { Random } from '../verdict/random.ts';

export type Fault = 'typo' | 'type' | 'missing';

export interface Planted {
  readonly fault: Fault;
  readonly text: string;
  /** Path of the key as planted, the value, or the missing field. */
  readonly path: Path;
}

interface Place {
  /** Whether it is the only field of its map, which would be null without it. */
  readonly only: boolean;
  readonly path: Path;
  readonly entry: Entry;
  readonly parent: Schema;
  readonly schema: Schema;
}

/** Plants one fault; undefined if the document has no suitable position. */
export function plant(manifest: Manifest, kind: KindSchema, fault: Fault, random: Random): Planted | undefined {
  const places = placesOf(manifest.root, kind.schema, []).filter((place) => fits(place, fault));
  if (places.length === 0) return undefined;
  const place = random.pick(places);
  if (fault === 'typo') return misspelt(manifest.text, place, random);
  if (fault === 'type') return mistyped(manifest.text, place);
  return without(manifest.text, place);
}

/** Fields of block maps with a known schema below `spec` and similar: those that users write by hand. */
function placesOf(node: Node | undefined, schema: Schema, path: Path): readonly Place[] {
  if (node?.type === 'seq') {
    const { items } = schema;
    return items ? node.items.flatMap((item, index) => placesOf(item, items, [...path, index])) : [];
  }
  if (node?.type !== 'map') return [];
  return node.entries.flatMap((entry) => {
    const name = keyName(entry.key);
    if (name === undefined || (path.length === 0 && !/^[a-z]+$/i.test(name))) return [];
    if (path.length === 0 && ['apiVersion', 'kind', 'metadata', 'status', 'sops'].includes(name)) return [];
    const inner = fieldSchema(schema, name);
    if (!inner) return [];
    const here = [...path, name];
    const own: readonly Place[] = node.flow
      ? []
      : [{ only: node.entries.length === 1, path: here, entry, parent: schema, schema: inner }];
    return [...own, ...placesOf(entry.value, inner, here)];
  });
}

function fits({ only, parent, schema, entry, path }: Place, fault: Fault): boolean {
  const name = String(path.at(-1));
  const declared = parent.properties !== undefined && Object.hasOwn(parent.properties, name);
  const open = parent['x-kubernetes-preserve-unknown-fields'] === true || parent.additionalProperties !== undefined;
  if (fault === 'typo') return declared && !open && name.length > 3 && entry.key.style === 'plain';
  if (fault === 'missing')
    // A null in place of a map is dropped, so its required fields aren’t checked.
    return (
      !only &&
      parent.required?.includes(name) === true &&
      schema.default === undefined &&
      requiredForSure(schema) &&
      !open
    );
  const plainScalar = entry.value.type === 'scalar' && entry.value.style === 'plain';
  const exact =
    schema['x-kubernetes-int-or-string'] !== true && !/^(quantity|byte)$/.test(schema.format ?? '') && !schema.nullable;
  return exact && plainScalar && ['integer', 'boolean', 'object', 'array', 'string'].includes(schema.type ?? '');
}

/** The OpenAPI of built-in kinds marks lists and numbers as required that Go accepts as empty. */
function requiredForSure({ type }: Schema): boolean {
  return type === 'string' || type === 'object';
}

function misspelt(text: string, { path, entry, parent }: Place, random: Random): Planted | undefined {
  const name = String(path.at(-1));
  const at = 1 + random.below(name.length - 2);
  const swapped = name.slice(0, at) + name[at + 1] + name[at] + name.slice(at + 2);
  const wrong = random.pick([
    name.slice(0, at) + name.slice(at + 1),
    swapped,
    `${name.slice(0, at)}${name[at]}${name.slice(at)}`,
    name.toLowerCase(),
    `${name}s`,
  ]);
  if (wrong === name || Object.hasOwn(parent.properties ?? {}, wrong)) return undefined;
  const changed = text.slice(0, entry.key.start) + wrong + text.slice(entry.key.end);
  return { fault: 'typo', text: changed, path: [...path.slice(0, -1), wrong] };
}

const wrongValues: Readonly<Record<string, string>> = {
  integer: 'many',
  boolean: '"true"',
  object: 'text',
  array: 'text',
  string: '{}',
};

function mistyped(text: string, { path, entry, schema }: Place): Planted | undefined {
  const { start, end } = entry.value;
  // An anchored value would be wrong at every alias too.
  if (text.slice(entry.key.end, end).includes('&')) return undefined;
  const put = wrongValues[schema.type!]!;
  return { fault: 'type', text: text.slice(0, start) + (start === end ? ' ' : '') + put + text.slice(end), path };
}

/** Removes the lines of the field; undefined if the key shares its line with other text, such as a dash. */
function without(text: string, { path, entry }: Place): Planted | undefined {
  const start = text.lastIndexOf('\n', entry.key.start - 1) + 1;
  if (text.slice(start, entry.key.start).trim() !== '') return undefined;
  const next = text.indexOf('\n', entry.value.end);
  const end = next === -1 ? text.length : next + 1;
  // An anchor that aliases refer to would be removed too.
  if (/(?:^|\s)&\S/.test(text.slice(start, end))) return undefined;
  return { fault: 'missing', text: text.slice(0, start) + text.slice(end), path };
}
