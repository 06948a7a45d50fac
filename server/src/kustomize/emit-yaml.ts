// Prints YAML as go-yaml v3 prints the nodes that it has read (encode.go, node; emitterc.go): kustomize does that to a text
// into which a replacement leads. Comments stay where they are; of what isn't known to be printed alike, nothing is printed.
import { isHole } from '../syntax/scalar.ts';
import type { MapNode, Node, ScalarNode, SeqNode } from '../syntax/tree.ts';
import type { Built, BuiltScalar } from './built.ts';
import { literal, unprintable } from './emit-scalar.ts';
import { plainValue } from './scalars.ts';

/** The text of a tree after its values were changed to `after`; undefined if it isn't known. */
export function reprinted(root: Node, text: string, after: Built, before: Built): string | undefined {
  const body = text.replace(/^---[ \t]*\r?\n/, '');
  // Directives, further documents, anchors and tags.
  if (/^(?:%|---|\.\.\.)/m.test(body) || /(?:^|[\s[{,:-])[&!][^\s&]/.test(body)) return undefined;
  const printed = print(root, after);
  if (printed === undefined || !body.includes('#')) return printed;
  const old = print(root, before);
  if (old === undefined) return undefined;
  return hashesIn(old) === hashesIn(body) ? printed : withComments(body, old, printed);
}

/** More than are printed without comments, if there are any. */
function hashesIn(text: string): number {
  return text.split('#').length;
}

function print(root: Node, built: Built): string | undefined {
  try {
    return block(root, built, '').replace(/^\n/, '').trim();
  } catch (error) {
    if (error instanceof NotPrinted) return undefined;
    throw error;
  }
}

class NotPrinted extends Error {}

/** The lines of `printed`, with the comments of a text that is printed as `old` without them. */
function withComments(text: string, old: string, printed: string): string | undefined {
  const [before, after] = [old.split('\n'), printed.split('\n')];
  if (before.length !== after.length) return undefined;
  const lines = text.trim().split('\n');
  const done: string[] = [];
  let at = 0;
  let isAfterComment = false;
  for (const [index, line] of lines.entries()) {
    const expected = before[at];
    const rest = expected !== undefined && line.startsWith(expected) ? line.slice(expected.length) : undefined;
    if (rest !== undefined && (rest === '' || /^ +#(?: .*\S)?$/.test(rest))) {
      done.push(`${after[at]!}${behind(rest.trimStart())}`);
      isAfterComment = rest !== '';
      at += 1;
    } else if (/^ *#(?: .*\S)?$/.test(line) && !isAfterComment) {
      const next = lines.slice(index + 1).find((one) => !/^ *#/.test(one));
      if (next === undefined || indentOf(next) !== indentOf(line)) return undefined;
      done.push(line);
    } else return undefined;
  }
  return at === before.length ? done.join('\n') : undefined;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** The text after a colon or dash; `indent` is that of what is in the value. */
function block(node: Node, built: Built, indent: string): string {
  if (node.type === 'scalar') return behind(scalarOf(node, built, indent));
  if (node.type === 'map' && built.kind === 'map') {
    if (node.flow) return behind(flowMap(node, built));
    return entriesOf(node, built)
      .map(([key, inner, value]) => `\n${indent}${key}:${entry(inner, value, indent)}`)
      .join('');
  }
  if (node.type === 'seq' && built.kind === 'list') {
    if (node.flow) return behind(flowList(node, built));
    return itemsOf(node, built)
      .map(([inner, item]) => `\n${indent}-${block(inner, item, `${indent}  `).replace(/^\n +/, ' ')}`)
      .join('');
  }
  throw new NotPrinted();
}

/** Lists begin in the column of their key. */
function entry(node: Node | undefined, built: Built, indent: string): string {
  if (!node) return behind(created(built, 'block'));
  return block(node, built, node.type === 'seq' ? indent : `${indent}  `);
}

function behind(text: string): string {
  return text === '' ? '' : ` ${text}`;
}

function flow(node: Node, built: Built): string {
  if (node.type === 'map' && built.kind === 'map') return flowMap(node, built);
  if (node.type === 'seq' && built.kind === 'list') return flowList(node, built);
  if (node.type === 'scalar') return scalarOf(node, built, undefined);
  throw new NotPrinted();
}

function flowMap(node: MapNode, built: Extract<Built, { kind: 'map' }>): string {
  const entries = entriesOf(node, built).map(([key, inner, value]) => {
    return `${key}: ${inner ? flow(inner, value) : created(value, 'flow')}`;
  });
  return `{${entries.join(', ')}}`;
}

function flowList(node: SeqNode, built: Extract<Built, { kind: 'list' }>): string {
  return `[${itemsOf(node, built)
    .map(([inner, item]) => flow(inner, item))
    .join(', ')}]`;
}

/** Printed keys with their values; those that were created come last and have no node. */
function entriesOf(
  node: MapNode,
  built: Extract<Built, { kind: 'map' }>,
): readonly [string, Node | undefined, Built][] {
  const own = node.entries.map(({ key, value }): [string, Node, Built] => {
    const now = built.entries.get(key.text);
    if (!now || key.text === '<<') throw new NotPrinted();
    return [keyOf(key.text, key.style), value, now];
  });
  const names = new Set(node.entries.map(({ key }) => key.text));
  if (names.size < node.entries.length) throw new NotPrinted();
  const others = [...built.entries].filter(([name]) => !names.has(name));
  return [
    ...own,
    ...others.map(([name, value]): [string, undefined, Built] => [keyOf(name, 'plain'), undefined, value]),
  ];
}

function itemsOf(node: SeqNode, built: Extract<Built, { kind: 'list' }>): readonly [Node, Built][] {
  if (node.items.length !== built.items.length) throw new NotPrinted();
  return node.items.map((item, index) => [item, built.items[index]!]);
}

type Style = ScalarNode['style'];

/** A longer key has a question mark before it. */
function keyOf(text: string, style: Style): string {
  if (text.length > 120 || text === '') throw new NotPrinted();
  return line(text, style, 'flow');
}

/** A value without a type, of which the text decides. */
function created(built: Built, place: 'block' | 'flow'): string {
  if (built.kind !== 'scalar') throw new NotPrinted();
  return line(built.text, 'plain', place);
}

/** Without an indent, it is in braces. */
function scalarOf(node: ScalarNode, built: Built, indent: string | undefined): string {
  if (built.kind !== 'scalar') throw new NotPrinted();
  const { text } = built;
  const place = indent === undefined ? 'flow' : 'block';
  if (node.style === 'folded') throw new NotPrinted();
  const isBlock = node.style === 'literal' && indent !== undefined;
  if (isBlock && !/ (?:\n|$)/.test(text) && !isSpecial(text) && text !== '')
    return literal(text).replace(/\n {2}(?=[^\n])/g, `\n${indent}`);
  if (node.style === 'literal') return line(text, 'double', place);
  if (node.style !== 'plain' && node.style !== 'absent') return line(text, node.style, place);
  return text === node.text ? line(text, 'plain', place) : retyped(node, built, place);
}

/** A plain scalar keeps the type that it had: its new text is in quotes or has a tag if it would have another one. */
function retyped({ value }: ScalarNode, { text }: BuiltScalar, place: 'block' | 'flow'): string {
  const read = plainValue(text);
  const isText = text === '<<' ? false : read === text || isHole(text);
  if (typeof value === 'string') return line(text, isText ? 'plain' : 'double', place);
  if (typeof value === 'number' && typeof read === 'bigint') return `!!float ${text}`;
  if (typeof value !== typeof read) throw new NotPrinted();
  return line(text, 'plain', place);
}

/** A scalar of one line (yaml_emitter_select_scalar_style). */
function line(text: string, style: Style, place: 'block' | 'flow'): string {
  if (text.includes('\n') && style !== 'double') throw new NotPrinted();
  if (style === 'double' || isSpecial(text) || text.includes('\t')) return doubleQuoted(text);
  if (style === 'single' || !isPlain(text, place)) return `'${text.replaceAll("'", "''")}'`;
  return text;
}

/** Tabs are in quotes, but in blocks as they are. */
function isSpecial(text: string): boolean {
  return unprintable.test(text.replaceAll('\t', ''));
}

function isPlain(text: string, place: 'block' | 'flow'): boolean {
  if (text === '') return place === 'block';
  if (/^(?:---|\.\.\.)|^[#,[\]{}&*!|>'"%@`]|^[?:-](?:[ \n]|$)|:(?: |$)| #|^ | $/.test(text)) return false;
  return place === 'block' || !/^[?:]|[,?[\]{}:]/.test(text);
}

const escapes: Readonly<Record<string, string>> = {
  ...{ '\0': '0', '\x07': 'a', '\b': 'b', '\t': 't', '\n': 'n', '\v': 'v', '\f': 'f', '\r': 'r', '\x1b': 'e' },
  ...{ '"': '"', '\\': '\\', '\x85': 'N', '\u2028': 'L', '\u2029': 'P' },
};

function doubleQuoted(text: string): string {
  const escaped = text.replace(/["\\\n\u2028\u2029]|[^\x20-\x7E\u00A0-\uD7FF\uE000-\uFEFE\uFF00-\uFFFD]/gu, (one) => {
    const known = escapes[one];
    if (known !== undefined) return `\\${known}`;
    const code = one.codePointAt(0)!;
    const [letter, width] = code <= 0xff ? ['x', 2] : code <= 0xffff ? ['u', 4] : ['U', 8];
    return `\\${letter}${code.toString(16).toUpperCase().padStart(Number(width), '0')}`;
  });
  return `"${escaped}"`;
}
