// Plants the slips of someone who types: in the indentation, in the punctuation, in values, in the identity of the object.
// Unlike the faults of plant.ts, not every slip is one: whoever plants it checks that something is found.
import { fieldSchema } from '../../../server/src/schema/defaults.ts';
import type { KindSchema, Schema } from '../../../server/src/schema/schema.ts';
import type { Manifest } from '../../../server/src/syntax/manifest.ts';
import type { Entry, MapNode, Node, Path, ScalarNode } from '../../../server/src/syntax/tree.ts';
import { keyName } from '../../../server/src/syntax/value.ts';
import type { Random } from '../verdict/random.ts';

export const slips = [
  'enum case',
  'bad value',
  'misplaced key',
  'repeated key',
  'indentation',
  'no colon',
  'no space',
  'no quote',
  'apiVersion or kind',
  'map for list',
] as const;
export type Slip = (typeof slips)[number];

export interface Slipped {
  readonly text: string;
  /** Offset of the slip in the new text. */
  readonly at: number;
}

/** Plants one slip; undefined if the document has no suitable position. */
export function slip(manifest: Manifest, kind: KindSchema, fault: Slip, random: Random): Slipped | undefined {
  const { text, root } = manifest;
  const spots = spotsOf(root, kind.schema, []);
  const candidates = spots.flatMap((spot) => planters[fault](text, spot, random));
  return candidates.length === 0 ? undefined : random.pick(candidates);
}

interface Spot {
  readonly path: Path;
  readonly entry: Entry;
  readonly map: MapNode;
  readonly schema: Schema | undefined;
  /** The map around `map`, in which its key is. */
  readonly outer: { readonly map: MapNode; readonly entry: Entry } | undefined;
}

function spotsOf(
  node: Node | undefined,
  schema: Schema | undefined,
  path: Path,
  outer?: Spot['outer'],
): readonly Spot[] {
  if (node?.type === 'seq') return node.items.flatMap((item, index) => spotsOf(item, schema?.items, [...path, index]));
  if (node?.type !== 'map') return [];
  return node.entries.flatMap((entry) => {
    const name = keyName(entry.key);
    if (name === undefined || (path.length === 0 && name === 'status')) return [];
    const inner = schema && fieldSchema(schema, name);
    const here = [...path, name];
    return [
      { path: here, entry, map: node, schema: inner, outer },
      ...spotsOf(entry.value, inner, here, { map: node, entry }),
    ];
  });
}

type Planter = (text: string, spot: Spot, random: Random) => readonly Slipped[];

const planters: Readonly<Record<Slip, Planter>> = {
  'enum case': (text, { entry, schema }, random) => {
    const node = plainText(entry.value);
    if (!node || !schema?.enum?.includes(node.text)) return [];
    const put = random.pick([node.text.toLowerCase(), node.text.toUpperCase(), lowerFirst(node.text)]);
    return put === node.text ? [] : [replaced(text, node, put)];
  },
  'bad value': (text, { entry, schema, path }, random) => {
    const node = plainText(entry.value);
    const wrong = node && badValues(node, schema, path);
    return wrong && wrong.length > 0 ? [replaced(text, node, random.pick(wrong))] : [];
  },
  'misplaced key': (text, { entry, map, outer }) => {
    if (map.flow || !outer || outer.map.flow || map.entries.length < 2) return [];
    const name = keyName(entry.key);
    if (outer.map.entries.some(({ key }) => keyName(key) === name)) return [];
    const [from, to] = [columnOf(text, entry.key.start), columnOf(text, outer.entry.key.start)];
    const lines = linesOf(text, entry);
    if (!lines || to >= from) return [];
    const moved = text.slice(lines.start, lines.end).replace(/^ +/gm, (blank) => blank.slice(from - to));
    const end = linesOf(text, outer.entry)?.end;
    if (end === undefined || end < lines.end) return [];
    const at = end - (lines.end - lines.start);
    return [{ text: text.slice(0, lines.start) + text.slice(lines.end, end) + moved + text.slice(end), at: at + to }];
  },
  'repeated key': (text, { entry, map }) => {
    const lines = linesOf(text, entry);
    if (!lines || map.flow || lines.end - lines.start > 400 || /[&*]/.test(text.slice(lines.start, lines.end)))
      return [];
    const copy = text.slice(lines.start, lines.end);
    const at = lines.end + entry.key.start - lines.start;
    return [{ text: text.slice(0, lines.end) + copy + text.slice(lines.end), at }];
  },
  indentation: (text, { entry, map }, random) => {
    const start = lineStart(text, entry.key.start);
    const column = entry.key.start - start;
    if (map.flow || column === 0 || text.slice(start, entry.key.start).trim() !== '') return [];
    const by = random.pick([1, -1, 2, -2]);
    if (by < 0) return [{ text: text.slice(0, start) + text.slice(start - by), at: entry.key.start + by }];
    return [{ text: text.slice(0, start) + ' '.repeat(by) + text.slice(start), at: entry.key.start + by }];
  },
  'no colon': (text, { entry, map }) => {
    const { end } = entry.key;
    return map.flow || text[end] !== ':'
      ? []
      : [{ text: text.slice(0, end) + text.slice(end + 1), at: entry.key.start }];
  },
  'no space': (text, { entry, map }) => {
    const { end } = entry.key;
    if (map.flow || !/^: \w/.test(text.slice(end, end + 3))) return [];
    return [{ text: text.slice(0, end + 1) + text.slice(end + 2), at: entry.key.start }];
  },
  'no quote': (text, { entry }, random) => {
    const { value } = entry;
    if (value.type !== 'scalar' || (value.style !== 'double' && value.style !== 'single')) return [];
    if (text.slice(value.start, value.end).includes('\n')) return [];
    const open = text.slice(0, value.end - 1) + text.slice(value.end);
    const bare = text.slice(0, value.start) + text.slice(value.start + 1, value.end - 1) + text.slice(value.end);
    return [{ text: random.chance(0.5) ? open : bare, at: value.start }];
  },
  'apiVersion or kind': (text, { entry, path }, random) => {
    const node = plainText(entry.value);
    if (!node || path.length !== 1 || (path[0] !== 'apiVersion' && path[0] !== 'kind')) return [];
    return [replaced(text, node, path[0] === 'kind' ? misspelt(node.text, random) : wrongVersion(node.text, random))];
  },
  'map for list': (text, { entry, map, schema }) => {
    const { value } = entry;
    if (map.flow || value.type !== 'seq' || value.flow || schema?.type !== 'array') return [];
    const keyed = schema.items?.properties?.name && schema.items.properties.value;
    const column = columnOf(text, entry.key.start) + 2;
    const pairs = value.items.map((item) => {
      const fields = item.type === 'map' ? item.entries.map((one) => [keyName(one.key), one.value] as const) : [];
      const [name, inner] = ['name', 'value'].map((key) => fields.find(([field]) => field === key)?.[1]);
      if (fields.length !== 2 || name?.type !== 'scalar' || inner?.type !== 'scalar') return undefined;
      return `\n${' '.repeat(column)}${name.text}: ${text.slice(inner.start, inner.end)}`;
    });
    if (!keyed || pairs.length === 0 || pairs.includes(undefined)) return [];
    const start = entry.key.end + 1;
    return [{ text: text.slice(0, start) + pairs.join('') + text.slice(value.end), at: entry.key.start }];
  },
};

function badValues(node: ScalarNode, schema: Schema | undefined, path: Path): readonly string[] {
  const { text } = node;
  const duration = /^(\d+)([hms])$/.exec(text);
  if (duration && schema?.pattern?.includes('ms|s|m')) {
    const words = { h: 'hours', m: 'minutes', s: 'seconds' }[duration[2] as 'h' | 'm' | 's'];
    return [
      `${duration[1]} ${words}`,
      duration[1]!,
      `${duration[1]} ${duration[2]}`,
      `${duration[1]}${words.slice(0, 3)}`,
    ];
  }
  const size = /^(\d+)([KMGT]i)$/.exec(text);
  if (size && (schema?.format === 'quantity' || schema?.['x-kubernetes-int-or-string']))
    return [`${size[1]} ${size[2]}`, `${size[1]}${size[2]!.toLowerCase()}`, `${size[1]}${size[2]![0]}B`];
  if (path.at(-1) === 'name' && path.at(-2) === 'metadata' && /^[a-z]+-[a-z]+$/.test(text))
    return [text.replace('-', '_'), text.replace('-', ' '), text.toUpperCase(), `${text}-`];
  if (schema?.type === 'integer' && /[pP]ort$/.test(String(path.at(-1)))) return ['99999', '"80"', '-1'];
  if (path.at(-2) === 'labels' && /^[a-z]/.test(text)) return [`${text} ${text}`, `${text}/`, text.padEnd(70, 'x')];
  if (path.at(-2) === 'data' && path.length === 2) return ['8080', 'true', '1.5'];
  if (schema?.type === 'boolean') return ['"yes"', '"true"', 'enabled'];
  return [];
}

function wrongVersion(text: string, random: Random): string {
  const [group, version = ''] = text.includes('/') ? text.split('/') : ['', text];
  const wrong = random.pick([`${version}beta1`, 'v1alpha9', version.replace('v', 'v9')]);
  if (group === '') return wrong;
  return random.chance(0.5) ? `${group}/${wrong}` : `${misspelt(group!, random)}/${version}`;
}

function misspelt(word: string, random: Random): string {
  const at = 1 + random.below(Math.max(1, word.length - 2));
  return random.pick([
    word.slice(0, at) + word.slice(at + 1),
    word.slice(0, at) + word[at] + word.slice(at),
    word.slice(0, at) + (word[at + 1] ?? '') + word[at] + word.slice(at + 2),
  ]);
}

function plainText(node: Node): ScalarNode | undefined {
  return node.type === 'scalar' && node.style === 'plain' && !node.text.includes('\n') ? node : undefined;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

function replaced(text: string, { start, end }: Node, put: string): Slipped {
  return { text: text.slice(0, start) + put + text.slice(end), at: start };
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** The whole lines of an entry; undefined if it shares its first line with other text. */
function linesOf(text: string, { key, value }: Entry): { readonly start: number; readonly end: number } | undefined {
  const start = lineStart(text, key.start);
  const end = text.indexOf('\n', Math.max(value.end, key.end));
  return text.slice(start, key.start).trim() !== '' || end === -1 ? undefined : { start, end: end + 1 };
}
