// Random but plausible changes of the text of one YAML file, whatever it is: values, keys and items changed, repeated, moved,
// removed or written in another form.
import { parseManifest } from '../../../server/src/syntax/manifest.ts';
import { splitDocuments } from '../../../server/src/syntax/split.ts';
import type { Entry, Node, ScalarNode } from '../../../server/src/syntax/tree.ts';
import { toValue } from '../../../server/src/syntax/value.ts';
import type { Random } from '../verdict/random.ts';

/** Undefined if the text has no place for the change. */
export type TextEdit = (text: string, random: Random) => string | undefined;

/** Scalars that YAML versions, Go and JSON read differently. */
const oddScalars: readonly string[] = [
  ...[
    '0o17',
    '017',
    '0x1F',
    '1e3',
    '1_000',
    '12345678901234567890',
    '9007199254740993',
    '1.0',
    '.5',
    '-0',
    '+1',
    '1.10',
  ],
  ...['1.', '1e400', '0b101', '190:20:30', '12:30', '.inf', '.nan', '0.1e-7', '100000000000000000000000', '08', '0777'],
  ...[
    'true',
    'True',
    'yes',
    'on',
    'Off',
    'y',
    'NO',
    'null',
    'Null',
    '~',
    '',
    "''",
    '""',
    '2020-01-01',
    '2020-01-01T10:00:00Z',
  ],
  ...[
    '"a\\tb"',
    '"text: x"',
    "'it''s'",
    '"a\\nb\\n"',
    'a,b',
    '"1"',
    '"true"',
    '"null"',
    '!!str 7',
    '!!int "7"',
    '!!binary aGk=',
  ],
  ...[
    '[]',
    '{}',
    '[a]',
    '[a, b]',
    '{ a: b }',
    '[{ name: a }]',
    '[null]',
    '{ a: null }',
    '$(VAR)',
    '${VAR}',
    '"{{ x }}"',
    'é',
    '"\\U0001F600"',
  ],
  ...[
    '|-\n_one\n_two',
    '>\n_one\n__two\n_three\n',
    '|+\n_one\n\n',
    '"#a"',
    'a #b',
    '- a',
    '*missing',
    '&a b',
    '<<',
    '=',
    '0',
    '-1',
    '3.0',
  ],
];

const directives = ['delete', 'replace', 'merge', 'keep'] as const;

export const textEdits: readonly (readonly [name: string, edit: TextEdit])[] = [
  ['odd scalar', (text, random) => withScalar(text, random, () => random.pick(oddScalars))],
  ['odd scalar again', (text, random) => withScalar(text, random, () => random.pick(oddScalars))],
  [
    'another scalar of the text',
    (text, random) => {
      const all = scalarsIn(text).filter(
        ({ style }) => style !== 'literal' && style !== 'folded' && style !== 'absent',
      );
      const from = all.length > 0 ? random.pick(all) : undefined;
      return from && withScalar(text, random, () => text.slice(from.start, from.end));
    },
  ],
  ['no value', (text, random) => withEntry(text, random, ({ key }) => `${text.slice(key.start, key.end)}:`)],
  ['null', (text, random) => withEntry(text, random, ({ key }) => `${text.slice(key.start, key.end)}: null`)],
  ['no entry', (text, random) => withEntry(text, random, () => '')],
  [
    'entry twice',
    (text, random) =>
      withEntry(text, random, (entry, indent) => {
        const written = entryText(text, entry);
        return `${written}\n${indent}${written}`;
      }),
  ],
  [
    'entry of another name',
    (text, random) =>
      withEntry(
        text,
        random,
        (entry) =>
          `${random.pick(['name', 'planted', '1', 'yes', '$patch', 'true', '"a.b/c"', 'kind'])}${text.slice(entry.key.end, entry.value.end)}`,
      ),
  ],
  [
    'directive in a map',
    (text, random) =>
      withEntry(
        text,
        random,
        (entry, indent) => `$patch: ${random.pick(directives)}\n${indent}${entryText(text, entry)}`,
      ),
  ],
  [
    'directive of a field',
    (text, random) =>
      withEntry(text, random, (entry, indent) => {
        const key = text.slice(entry.key.start, entry.key.end);
        const directive = random.pick([
          `$setElementOrder/${key}: [a]`,
          `$deleteFromPrimitiveList/${key}: [a]`,
          '$retainKeys: [name]',
        ]);
        return `${directive}\n${indent}${entryText(text, entry)}`;
      }),
  ],
  [
    'directive as item',
    (text, random) =>
      withItem(text, random, (item, indent) => `$patch: ${random.pick(directives)}\n${indent}- ${item}`),
  ],
  [
    'item that is deleted',
    (text, random) =>
      withItem(text, random, (item, indent) => `${item}\n${indent}  $patch: ${random.pick(directives)}`, 'map'),
  ],
  ['item twice', (text, random) => withItem(text, random, (item, indent) => `${item}\n${indent}- ${item}`)],
  [
    'item of a list',
    (text, random) =>
      withItem(text, random, (item, indent) => `[${random.pick(['', 'a', 'null'])}]\n${indent}- ${item}`),
  ],
  [
    'null item',
    (text, random) =>
      withItem(text, random, (item, indent) => `${random.pick(['null', '', '~', '{}', '""'])}\n${indent}- ${item}`),
  ],
  ['no item', (text, random) => withItem(text, random, () => 'planted')],
  [
    'anchor and alias',
    (text, random) => {
      const plain = scalarsIn(text).filter(({ style }) => style === 'plain');
      if (plain.length < 2) return undefined;
      const at = random.below(plain.length - 1);
      const [one, other] = [plain[at]!, plain[at + 1 + random.below(plain.length - at - 1)]!];
      const aliased = replace(text, other, '*planted ');
      return replace(aliased, one, `&planted ${text.slice(one.start, one.end)}`);
    },
  ],
  [
    'merge key',
    (text, random) =>
      withEntry(
        text,
        random,
        (entry, indent) =>
          `<<: { planted: a, ${text.slice(entry.key.start, entry.key.end)}: b }\n${indent}${entryText(text, entry)}`,
      ),
  ],
  [
    'in flow style',
    (text, random) =>
      withEntry(text, random, ({ key, value }) => `${text.slice(key.start, key.end)}: ${jsonOf(value)}`, 'container'),
  ],
  ['Windows line breaks', (text) => (text.includes('\r') ? undefined : text.replaceAll('\n', '\r\n'))],
  ['byte order mark', (text) => `\uFEFF${text}`],
  [
    'document start',
    (text, random) =>
      random.pick([
        `---\n${text}`,
        `# a\n---\n${text}`,
        `---\n---\n${text}`,
        `%YAML 1.1\n---\n${text}`,
        `--- # a\n${text}`,
      ]),
  ],
  [
    'document end',
    (text, random) =>
      `${text.replace(/\n*$/, '\n')}${random.pick(['---\n', '---\n# a\n', '...\n', '---\n{}\n', '---\nnull\n', '--- \n\n---\n', '---\n[]\n', '...\n---\n'])}`,
  ],
  ['no line break at the end', (text) => text.replace(/\n+$/, '')],
  ['comment', (text, random) => text.replace(/\n/, random.pick(['\n# a\n', '\n\n', '\n  # a: b\n', '\n\t\n']))],
  [
    'JSON',
    (text) => {
      const [only, ...more] = splitDocuments(text);
      const root = only && more.length === 0 ? parseManifest(only.text).root : undefined;
      return (
        root && JSON.stringify(toValue(root), (_key, value) => (typeof value === 'bigint' ? Number(value) : value), 2)
      );
    },
  ],
  [
    'list of a kind',
    (text, random) => {
      const documents = splitDocuments(text).flatMap(({ text: one }) => {
        const root = parseManifest(one).root;
        return root ? [jsonOf(root)] : [];
      });
      const kind = random.pick(['List', 'ConfigMapList', 'PodList', 'ThingList']);
      const metadata = random.pick(['', 'metadata: { name: all }\n', 'metadata: {}\n']);
      return `apiVersion: v1\nkind: ${kind}\n${metadata}items:\n${documents.map((one) => `- ${one}\n`).join('')}`;
    },
  ],
  [
    'tab',
    (text, random) => {
      const lines = text.split('\n');
      const at = random.below(lines.length);
      return lines.with(at, `${lines[at]}${random.pick(['\t', ' ', '  # a'])}`).join('\n');
    },
  ],
  [
    'indented',
    (text, random) => {
      const lines = text.split('\n');
      const at = random.below(lines.length);
      return lines.with(at, random.chance(0.5) ? ` ${lines[at]}` : lines[at]!.replace(/^ /, '')).join('\n');
    },
  ],
  [
    'quotes',
    (text, random) => withScalar(text, random, (was) => (/^["']/.test(was) ? was.slice(1, -1) : JSON.stringify(was))),
  ],
];

function parsed(text: string): { readonly node: Node; readonly start: number } | undefined {
  const documents = splitDocuments(text).flatMap(({ start, text: one }) => {
    const node = parseManifest(one).root;
    return node ? [{ node, start }] : [];
  });
  return documents[0];
}

/** With offsets in the text: of the first document only. */
function rooted(text: string): Node | undefined {
  const first = parsed(text);
  return first?.start === 0 ? first.node : undefined;
}

function scalarsIn(text: string): readonly ScalarNode[] {
  const found: ScalarNode[] = [];
  visit(rooted(text), (node) => {
    if (node.type === 'scalar') found.push(node);
  });
  return found;
}

function visit(node: Node | undefined, see: (node: Node) => void): void {
  if (!node) return;
  see(node);
  if (node.type === 'seq') for (const item of node.items) visit(item, see);
  if (node.type === 'map') for (const { value } of node.entries) visit(value, see);
}

function replace(text: string, { start, end }: { readonly start: number; readonly end: number }, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

function withScalar(text: string, random: Random, by: (was: string) => string): string | undefined {
  const all = scalarsIn(text).filter(({ style }) => style !== 'literal' && style !== 'folded');
  if (all.length === 0) return undefined;
  const one = random.pick(all);
  const line = text.slice(text.lastIndexOf('\n', one.start - 1) + 1);
  const indent = ' '.repeat(/^[ -]*/.exec(line)![0].length + 2);
  const made = by(text.slice(one.start, one.end)).replace(
    /\n(_*)/g,
    (_all, more: string) => `\n${more && indent}${more.slice(1).replaceAll('_', ' ')}`,
  );
  return replace(text, one, one.style === 'absent' ? ` ${made}` : made);
}

/** Replaces an entry of a block map. */
function withEntry(
  text: string,
  random: Random,
  by: (entry: Entry, indent: string) => string,
  of: 'any' | 'container' = 'any',
): string | undefined {
  const found: Entry[] = [];
  visit(rooted(text), (node) => {
    if (node.type === 'map' && !node.flow)
      found.push(...node.entries.filter(({ value }) => of === 'any' || value.type === 'map' || value.type === 'seq'));
  });
  if (found.length === 0) return undefined;
  const entry = random.pick(found);
  const { start } = entry.key;
  const made = by(entry, ' '.repeat(columnOf(text, start)));
  return replace(
    text,
    { start, end: Math.max(entry.key.end, entry.value.end) + (made === '' && entry.value.end < entry.key.end ? 1 : 0) },
    made,
  );
}

function entryText(text: string, { key, value }: Entry): string {
  return text.slice(key.start, Math.max(value.end, key.end + 1));
}

/** Replaces an item of a block list. */
function withItem(
  text: string,
  random: Random,
  by: (item: string, indent: string) => string,
  of: 'any' | 'map' = 'any',
): string | undefined {
  const found: Node[] = [];
  visit(rooted(text), (node) => {
    if (node.type === 'seq' && !node.flow)
      found.push(...node.items.filter((item) => of === 'any' || (item.type === 'map' && !item.flow)));
  });
  if (found.length === 0) return undefined;
  const item = random.pick(found);
  const dash = text.lastIndexOf('-', item.start - 1);
  if (dash < 0) return undefined;
  return replace(text, item, by(text.slice(item.start, item.end), ' '.repeat(columnOf(text, dash))));
}

function jsonOf(node: Node): string {
  return JSON.stringify(toValue(node), (_key, value) => (typeof value === 'bigint' ? Number(value) : value)) ?? 'null';
}
