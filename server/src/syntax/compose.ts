// Builds the tree of one document from the concrete syntax tokens of `yaml`, and says what is wrong with the text. One
// pass without the library's own document model, which costs as much again as parsing. What counts as an error follows
// go.yaml.in/yaml/v2, the parser inside the API server, not YAML 1.2.
import { CST, Parser } from 'yaml';
import type { Finding, RuleId } from './finding.ts';
import { isHole, resolvePlain, resolveTagged } from './scalar.ts';
import { type AliasNode, type Entry, type MapNode, type Node, type ScalarNode, type SeqNode, unknown } from './tree.ts';

export interface Composed {
  readonly root: Node | undefined;
  readonly findings: readonly Finding[];
  /** Aliases in the order written, for the checks that follow them. */
  readonly aliases: readonly AliasNode[];
  /** Whether any plain `<<` key stands in the document. */
  readonly merges: boolean;
}

/** Deeper nesting than any manifest has; what lies below is left unread. The server itself stops at 10,000. */
const maxDepth = 500;

/** Never throws: what can't be read is a finding, and the tree keeps what could. */
export function compose(text: string): Composed {
  const composer = new Composer(text);
  try {
    for (const token of new Parser().parse(text)) composer.take(token);
  } catch (error) {
    // The library unwinds nested blocks by recursion: only nesting of many thousand levels on one line gets here.
    if (!(error instanceof RangeError)) throw error;
    composer.report(
      'syntax/too-deep',
      0,
      Math.min(text.length, 1),
      'Blocks are nested too deeply to be read; the API server refuses more than 10,000 levels.',
    );
  }
  return composer;
}

/** What stands before a node: its anchor and tag, and the indicator (`-`, `?`, `:`) the list of tokens was to hold. */
interface Properties {
  readonly anchor: CST.SourceToken | undefined;
  readonly tag: CST.SourceToken | undefined;
  readonly indicator: CST.SourceToken | undefined;
  readonly newline: boolean;
  /** Offset after the last token. */
  readonly end: number;
}

const noProperties = (end: number): Properties => ({
  anchor: undefined,
  tag: undefined,
  indicator: undefined,
  newline: false,
  end,
});

type Anchored = MapNode | SeqNode | ScalarNode;
type Mutable<T> = { -readonly [key in keyof T]: T[key] };

class Composer implements Composed {
  root: Node | undefined;
  readonly findings: Finding[] = [];
  readonly aliases: AliasNode[] = [];
  merges = false;
  readonly #text: string;
  readonly #anchors = new Map<string, Anchored>();
  #tagHandles: Map<string, string> | undefined;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  report(rule: RuleId, start: number, end: number, message: string): void {
    this.findings.push({
      rule,
      severity: 'error',
      start,
      end: Math.max(start, Math.min(end, this.#text.length)),
      message,
    });
  }

  /** One token of the stream; a document's text holds one document, so a second one is an error of the text. */
  take(token: CST.Token): void {
    switch (token.type) {
      case 'document':
        this.#document(token);
        break;
      case 'directive':
        this.#directive(token);
        break;
      case 'error':
        this.#unexpected(token);
        break;
      case 'doc-end':
        this.#tail(token.end);
        break;
    }
  }

  #document(document: CST.Document): void {
    const properties = this.#properties(document.start, 'doc-start', false, document.offset);
    if (document.value) {
      const node = this.#node(document.value, properties, -1);
      this.root ??= node;
    } else if (properties.anchor || properties.tag) {
      this.root ??= this.#absent(properties);
    }
    this.#tail(document.end);
  }

  #directive({ source, offset }: CST.Directive): void {
    const [name = '', first = '', second = ''] = source.trimEnd().split(/[ \t]+/);
    if (name === '%TAG' && second !== '') (this.#tagHandles ??= new Map()).set(first, second);
    else if (name !== '%YAML') {
      this.report(
        'syntax/invalid',
        offset,
        offset + source.length,
        `The directive ${name} is unknown; only %YAML and %TAG may stand before a document.`,
      );
    } else if (first !== '1.1') {
      this.report(
        'syntax/invalid',
        offset,
        offset + source.length,
        `The API server reads YAML 1.1 only and refuses %YAML ${first}. Remove the line.`,
      );
    }
  }

  #node(token: CST.Token, properties: Properties, parentIndent: number): Node {
    switch (token.type) {
      case 'alias':
        return this.#alias(token, properties);
      case 'scalar':
      case 'single-quoted-scalar':
      case 'double-quoted-scalar':
        return this.#flowScalar(token, properties);
      case 'block-scalar':
        return this.#blockScalar(token, properties, parentIndent);
      case 'block-map':
      case 'block-seq':
      case 'flow-collection':
        return this.#collection(token, properties);
      case 'error':
        this.#unexpected(token);
        return this.#absent(properties);
      default:
        this.report('syntax/invalid', token.offset, token.offset + 1, 'This can’t stand here.');
        return this.#absent(properties);
    }
  }

  #collection(token: CST.BlockMap | CST.BlockSequence | CST.FlowCollection, properties: Properties): Node {
    if (this.#depth >= maxDepth) {
      this.report(
        'syntax/too-deep',
        token.offset,
        token.offset + 1,
        `Nested more than ${maxDepth} levels deep: what is below isn’t read. Flatten the structure.`,
      );
      return this.#absent(noProperties(token.offset));
    }
    const node: Mutable<MapNode> | Mutable<SeqNode> =
      token.type === 'block-seq' || (token.type === 'flow-collection' && token.start.source === '[')
        ? { type: 'seq', start: token.offset, end: token.offset, flow: token.type !== 'block-seq', items: [] }
        : { type: 'map', start: token.offset, end: token.offset, flow: token.type !== 'block-map', entries: [] };
    this.#anchor(properties, node);
    this.#depth += 1;
    if (token.type === 'block-map') this.#blockMap(token, node as Mutable<MapNode>);
    else if (token.type === 'block-seq') this.#blockSeq(token, node as Mutable<SeqNode>);
    else this.#flow(token, node);
    this.#depth -= 1;
    return node;
  }

  #blockMap(token: CST.BlockMap, node: Mutable<MapNode>): void {
    const entries: Entry[] = [];
    let end = token.offset;
    for (const item of token.items) {
      const before = this.#properties(item.start, 'explicit-key-ind', false, end);
      if (!item.key && !item.sep && !before.anchor && !before.tag && !before.indicator) continue;
      const key = item.key ? this.#node(item.key, before, token.indent) : this.#absent(before);
      if (!before.indicator) this.#implicitKey(item, key, before, token.indent);
      const between = this.#properties(item.sep ?? [], 'map-value-ind', false, key.end);
      if (between.indicator && !before.indicator && item.value?.type === 'block-map' && !between.newline) {
        this.report(
          'syntax/nested-map',
          item.value.offset,
          this.#lineEnd(item.value.offset),
          'A second “key: value” on the same line can’t be read. Put the value in quotes, or the inner key on a line of its own.',
        );
      }
      const value = item.value ? this.#node(item.value, between, token.indent) : this.#absent(between);
      entries.push(this.#entry(key, value));
      end = value.end;
    }
    node.entries = entries;
    node.start = entries[0]?.key.start ?? token.offset;
    node.end = Math.max(end, node.start);
  }

  #implicitKey(item: CST.BlockMap['items'][number], key: Node, before: Properties, indent: number): void {
    const token = item.key;
    if (token && 'indent' in token && token.indent !== indent) {
      this.report(
        'syntax/indentation',
        key.start,
        key.end,
        'This key isn’t at the column of the keys beside it. Indent it like them.',
      );
    } else if (token?.type === 'block-seq') {
      this.report('syntax/invalid', key.start, key.end, 'A list can’t be a key.');
    } else if (!item.sep?.some((part) => part.type === 'map-value-ind')) {
      this.report(
        'syntax/missing-colon',
        key.start,
        key.end,
        'A key needs a colon and a space behind it: “key: value”.',
      );
    } else if (
      this.#text.slice(key.start, key.end).includes('\n') ||
      (before.newline && (before.anchor || before.tag))
    ) {
      this.report('syntax/invalid', key.start, key.end, 'A key must stand on one line.');
    } else if (
      item.sep.length > 0 &&
      item.sep.find((part) => part.type === 'map-value-ind')!.offset - key.start > 1024
    ) {
      this.report('syntax/invalid', key.start, key.end, 'A key can be at most 1,024 characters long.');
    }
  }

  #blockSeq(token: CST.BlockSequence, node: Mutable<SeqNode>): void {
    const items: Node[] = [];
    let end = token.offset;
    for (const item of token.items) {
      const before = this.#properties(item.start, 'seq-item-ind', false, end);
      if (!before.indicator) {
        if (!item.value && !before.anchor && !before.tag) continue;
        this.report(
          'syntax/missing-dash',
          item.value?.offset ?? before.end,
          this.#lineEnd(item.value?.offset ?? before.end),
          'An item of this list lacks its dash. Put “- ” before it, or indent it so that it belongs to the item above.',
        );
      }
      const value = item.value ? this.#node(item.value, before, token.indent) : this.#absent(before);
      items.push(value);
      end = Math.max(value.end, before.indicator ? before.indicator.offset + 1 : 0);
    }
    node.items = items;
    node.end = end;
  }

  #flow(token: CST.FlowCollection, node: Mutable<MapNode> | Mutable<SeqNode>): void {
    const entries: Entry[] = [];
    const items: Node[] = [];
    let end = token.offset + 1;
    token.items.forEach((item, index) => {
      const before = this.#properties(item.start, 'explicit-key-ind', true, end);
      this.#comma(item, index, index === token.items.length - 1, before, token.start.source);
      if (!item.key && !item.sep && !item.value && !before.anchor && !before.tag && !before.indicator) return;
      if (node.type === 'seq' && !item.sep && !before.indicator) {
        const value = item.value ? this.#node(item.value, before, -1) : this.#absent(before);
        items.push(value);
        end = value.end;
        return;
      }
      const key = item.key ? this.#node(item.key, before, -1) : this.#absent(before);
      const between = this.#properties(item.sep ?? [], 'map-value-ind', true, key.end);
      if (!between.indicator && item.value) {
        this.report(
          'syntax/invalid',
          item.value.offset,
          item.value.offset + 1,
          'A comma or a colon is missing before this.',
        );
      }
      const value = item.value ? this.#node(item.value, between, -1) : this.#absent(between);
      end = value.end;
      const entry = this.#entry(key, value);
      if (node.type === 'map') entries.push(entry);
      else items.push({ type: 'map', flow: true, start: key.start, end, entries: [entry] });
    });
    if (node.type === 'map') node.entries = entries;
    else node.items = items;
    node.end = this.#flowEnd(token, end);
  }

  #comma(item: CST.CollectionItem, index: number, last: boolean, before: Properties, open: string): void {
    const commas = item.start.filter((part) => part.type === 'comma').length;
    const empty = !item.key && !item.sep && !item.value && !before.anchor && !before.tag;
    const at = item.start[0]?.offset ?? before.end;
    if (commas > (index === 0 ? 0 : 1) || (empty && !last && index > 0)) {
      this.report('syntax/invalid', at, at + 1, `Nothing stands between the commas here. Remove one.`);
    } else if (index > 0 && commas === 0 && !empty) {
      const start = (item.key ?? item.value)?.offset ?? at;
      this.report(
        'syntax/missing-comma',
        start,
        start + 1,
        `A comma is missing before this ${open === '{' ? 'key' : 'item'}.`,
      );
    }
  }

  #flowEnd(token: CST.FlowCollection, end: number): number {
    const close = token.start.source === '{' ? '}' : ']';
    const [first, ...rest] = token.end;
    if (first?.source !== close) {
      this.report(
        'syntax/unclosed',
        token.offset,
        token.offset + 1,
        `This “${token.start.source}” is never closed. Add “${close}”.`,
      );
      return end;
    }
    this.#tail(rest);
    return first.offset + 1;
  }

  #entry(key: Node, value: Node): Entry {
    if (key.type === 'scalar') {
      if (key.text === '<<' && key.style === 'plain') this.merges = true;
      return { key, value };
    }
    if (key.type === 'alias' && key.target?.type === 'scalar') {
      return { key: { ...key.target, start: key.start, end: key.end }, value };
    }
    this.report(
      'syntax/invalid',
      key.start,
      key.end,
      'A key must be a plain word here, not a map or a list. Quote it if the braces are meant as text.',
    );
    return { key: { type: 'scalar', style: 'plain', start: key.start, end: key.end, value: unknown, text: '' }, value };
  }

  #alias(token: CST.FlowScalar, properties: Properties): AliasNode {
    const name = token.source.slice(1);
    const end = token.offset + token.source.length;
    const target = this.#anchors.get(name);
    if (properties.anchor || properties.tag) {
      this.report('syntax/invalid', token.offset, end, 'An alias can’t carry an anchor or a tag of its own.');
    }
    if (!target)
      this.report(
        'syntax/unknown-alias',
        token.offset,
        end,
        `No anchor &${name} stands above this alias. Define it first, or quote the text.`,
      );
    const node: AliasNode = { type: 'alias', start: token.offset, end, name, ...(target && { target }) };
    this.aliases.push(node);
    this.#tail(token.end);
    return node;
  }

  #flowScalar(token: CST.FlowScalar, properties: Properties): ScalarNode {
    const { source, offset } = token;
    const style = token.type === 'scalar' ? 'plain' : token.type === 'single-quoted-scalar' ? 'single' : 'double';
    const simple = style === 'plain' ? !source.includes('\n') : isSimpleQuoted(source, style);
    const text = simple ? (style === 'plain' ? source : source.slice(1, -1)) : this.#resolve(token);
    if (style === 'plain') this.#plainStart(source, offset);
    if (token.end) this.#tail(token.end);
    return this.#scalar(style, offset, offset + source.length, text, properties);
  }

  #blockScalar(token: CST.BlockScalar, properties: Properties, parentIndent: number): ScalarNode {
    const header = token.props[0] as CST.SourceToken;
    const text = this.#resolve(token, parentIndent < 0);
    const body =
      token.offset + token.props.reduce((length, part) => length + ('source' in part ? part.source.length : 0), 0);
    const end = Math.max(token.offset + header.source.length, body + token.source.trimEnd().length);
    return this.#scalar(header.source[0] === '>' ? 'folded' : 'literal', token.offset, end, text, properties);
  }

  #resolve(token: CST.FlowScalar | CST.BlockScalar, atRoot = false): string {
    const resolved = CST.resolveAsScalar(token, true, (offset, code, message) => {
      if (atRoot && code === 'BAD_INDENT') return;
      this.report(
        `syntax/${code === 'MISSING_CHAR' && message.startsWith('Missing closing') ? 'unclosed' : 'invalid'}`,
        Math.min(offset, token.offset),
        this.#lineEnd(token.offset),
        scalarProblem(code, message),
      );
    });
    return resolved?.value ?? '';
  }

  #plainStart(source: string, offset: number): void {
    const first = source[0]!;
    if ('%@`|>,\t'.includes(first)) {
      this.report(
        'syntax/invalid',
        offset,
        offset + source.length,
        `A value can’t begin with “${first === '\t' ? 'a tab' : first}”. Put it in quotes.`,
      );
    }
  }

  #scalar(style: ScalarNode['style'], start: number, end: number, text: string, properties: Properties): ScalarNode {
    const node: Mutable<ScalarNode> = { type: 'scalar', style, start, end, value: text, text };
    if (isHole(text)) node.value = unknown;
    else if (properties.tag) node.value = this.#tagged(properties.tag, text, style === 'plain' || style === 'absent');
    else if (style === 'plain') node.value = this.#checked(resolvePlain(text), start, end);
    this.#anchor(properties, node);
    return node;
  }

  #tagged(tag: CST.SourceToken, text: string, plain: boolean): ScalarNode['value'] {
    const value = resolveTagged(this.#shortTag(tag), text, plain);
    if (value !== undefined) return this.#checked(value, tag.offset, tag.offset + tag.source.length);
    this.report(
      'syntax/invalid',
      tag.offset,
      tag.offset + tag.source.length,
      `“${text}” can’t be read as ${tag.source}. Remove the tag or correct the value.`,
    );
    return unknown;
  }

  #checked(value: ScalarNode['value'], start: number, end: number): ScalarNode['value'] {
    if (typeof value !== 'number' || Number.isFinite(value)) return value;
    this.report(
      'syntax/not-json',
      start,
      end,
      `${this.#text.slice(start, end)} has no JSON form, and the API server refuses the document. Quote it if it is text.`,
    );
    return unknown;
  }

  #shortTag(tag: CST.SourceToken): string {
    const { source } = tag;
    const verbatim = /^!<(.*)>$/.exec(source);
    const long = verbatim ? verbatim[1]! : this.#expandHandle(source, tag);
    return long.startsWith('tag:yaml.org,2002:') ? `!!${long.slice(18)}` : long;
  }

  #expandHandle(source: string, tag: CST.SourceToken): string {
    const [, handle = '!', suffix = ''] = /^(!(?:[\w-]*!)?)(.*)$/.exec(source) ?? [];
    const prefix = this.#tagHandles?.get(handle);
    if (prefix !== undefined) return prefix + suffix;
    if (handle !== '!' && handle !== '!!') {
      this.report(
        'syntax/invalid',
        tag.offset,
        tag.offset + source.length,
        `The tag handle ${handle} is defined nowhere.`,
      );
    }
    return source;
  }

  #absent(properties: Properties): ScalarNode {
    const at = properties.indicator ? properties.indicator.offset + properties.indicator.source.length : properties.end;
    const node: Mutable<ScalarNode> = { type: 'scalar', style: 'absent', start: at, end: at, value: null, text: '' };
    if (properties.tag) node.value = this.#tagged(properties.tag, '', true);
    this.#anchor(properties, node);
    return node;
  }

  #anchor(properties: Properties, node: Anchored): void {
    if (properties.anchor) this.#anchors.set(properties.anchor.source.slice(1), node);
  }

  #properties(
    tokens: readonly CST.SourceToken[],
    expected: CST.SourceToken['type'],
    flow: boolean,
    offset: number,
  ): Properties {
    if (tokens.length === 0) return noProperties(offset);
    let anchor: CST.SourceToken | undefined;
    let tag: CST.SourceToken | undefined;
    let indicator: CST.SourceToken | undefined;
    let newline = false;
    for (const token of tokens) {
      switch (token.type) {
        case 'space':
          if (!flow && token.source.includes('\t')) this.#tab(token, tokens);
          break;
        case 'newline':
          newline = true;
          break;
        case 'comment':
          break;
        case 'anchor':
          if (anchor || !/^&[\w-]+$/.test(token.source)) this.#unexpected(token);
          anchor = token;
          break;
        case 'tag':
          if (tag) this.#unexpected(token);
          tag = token;
          break;
        case 'comma':
          if (!flow) this.#unexpected(token);
          break;
        case expected:
          if (indicator) this.#unexpected(token);
          indicator = token;
          break;
        default:
          this.#unexpected(token);
      }
    }
    const last = tokens[tokens.length - 1]!;
    return { anchor, tag, indicator, newline, end: last.offset + last.source.length };
  }

  /** A tab where a key could still begin: at the start of a line or right behind a dash. */
  #tab(token: CST.SourceToken, tokens: readonly CST.SourceToken[]): void {
    const before = tokens[tokens.indexOf(token) - 1]?.type;
    const start = token.offset + token.source.indexOf('\t');
    const lineStart = token.offset === 0 || this.#text[token.offset - 1] === '\n';
    if (lineStart || before === 'newline' || before === 'seq-item-ind') {
      this.report('syntax/tab', start, start + 1, 'YAML can’t be indented by tabs. Use spaces.');
    }
  }

  /** What may follow a value on its line: white space and a comment. */
  #tail(tokens: readonly CST.SourceToken[] | undefined): void {
    if (!tokens) return;
    for (const token of tokens) {
      if (token.type === 'space' || token.type === 'newline' || token.type === 'comment') continue;
      this.#unexpected(token);
      break;
    }
  }

  #unexpected(token: CST.SourceToken | CST.ErrorToken): void {
    const length = Math.max(1, token.source.trimEnd().length);
    const what = token.source.trim();
    this.report(
      'syntax/invalid',
      token.offset,
      token.offset + length,
      what === ''
        ? 'Something is missing or misplaced here.'
        : `“${what.length > 40 ? `${what.slice(0, 40)}…` : what}” can’t stand here. Check the indentation and the quotes around it.`,
    );
  }

  #lineEnd(offset: number): number {
    const end = this.#text.indexOf('\n', offset);
    return end === -1 ? this.#text.length : end;
  }
}

/** Neither folded nor escaped: the text is what stands between the quotes. */
function isSimpleQuoted(source: string, style: 'single' | 'double'): boolean {
  if (source.length < 2 || source[source.length - 1] !== source[0] || source.includes('\n')) return false;
  return style === 'single'
    ? !source.includes("'", 1) || source.indexOf("'", 1) === source.length - 1
    : !source.includes('\\');
}

function scalarProblem(code: string, message: string): string {
  switch (code) {
    case 'MISSING_CHAR':
      return message.startsWith('Missing closing')
        ? 'This quote is never closed.'
        : 'The first lines of this block are indented more than its text.';
    case 'BAD_DQ_ESCAPE':
      return 'This backslash begins no escape that YAML knows. Write “\\\\”, or use single quotes.';
    case 'BAD_INDENT':
      return 'A line of this block is indented less than its first line.';
    default:
      return 'This text can’t be read as YAML.';
  }
}
