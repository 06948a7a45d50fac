// Builds the tree of one document from the concrete syntax tokens of `yaml` and reports errors in the text. It is one
// pass that skips the library's own document model, which would double the cost of parsing. Errors follow
// go.yaml.in/yaml/v2, the parser in the API server, not YAML 1.2.
import type { CST } from 'yaml';
import { absentScalar, blockScalar, flowScalar, type ScalarContext } from './compose-scalar.ts';
import type { Finding, RuleId, Severity } from './finding.ts';
import {
  checkTab,
  checkTail,
  type Properties,
  propertiesOf,
  reportUnexpected,
  unquotedVariable,
} from './properties.ts';
import { checkComma, checkImplicitKey, depthOf, lineEnd, spansLines } from './punctuation.ts';
import { composeSimple } from './simple.ts';
import { tokensOf, withGoBreaks } from './tokens.ts';
import { type AliasNode, type Entry, type MapNode, type Node, type ScalarNode, type SeqNode, unknown } from './tree.ts';

export interface Composed {
  readonly root: Node | undefined;
  readonly findings: readonly Finding[];
  /** Aliases in text order, for the checks that resolve them. */
  readonly aliases: readonly AliasNode[];
  /** By name; the last of several with the same name. */
  readonly anchors: ReadonlyMap<string, Node>;
  /** Whether the document contains a plain `<<` key. */
  readonly merges: boolean;
}

/** Deeper than any real manifest; nodes nested deeper aren't read. */
const maxDepth = 500;
/** The limit of go.yaml.in/yaml/v2 (scannerc.go, max_flow_level and max_indents). */
const serverDepth = 10_000;

/**
 * Never throws: unreadable parts become findings, and the tree keeps the rest. A text that is likely to have errors, like the
 * one before it, is read once; the result is the same.
 */
export function compose(source: string, isLikelyBroken = false): Composed {
  const root = composeSimple(source);
  if (root) return { root, findings: [], aliases: [], anchors: none, merges: false };
  return isLikelyBroken ? composeBroken(source) : composeWhole(source);
}

const none: Composed['anchors'] = new Map();

/** The full composer, for any text. */
export function composeWhole(source: string): Composed {
  const text = withGoBreaks(source);
  const strict = run(text, false);
  return strict.findings.length === 0 ? strict : run(text, true);
}

/** The same for a text that hardly is without errors: it is read once. */
export function composeBroken(source: string): Composed {
  return run(withGoBreaks(source), true);
}

function run(text: string, lenient: boolean): Composed {
  const composer = new Composer(text);
  try {
    for (const token of tokensOf(text, lenient)) composer.take(token);
  } catch (error) {
    // The library closes nested blocks recursively: only many thousands of levels on one line overflow the stack.
    if (!(error instanceof RangeError)) throw error;
    composer.report(
      'syntax/too-deep',
      0,
      1,
      'Blocks are nested too deeply to be read; the API server refuses more than 10,000 levels. Flatten them.',
    );
  }
  return composer;
}

type Anchored = MapNode | SeqNode | ScalarNode;
type Mutable<T> = { -readonly [key in keyof T]: T[key] };

class Composer implements Composed, ScalarContext {
  root: Node | undefined;
  readonly findings: Finding[] = [];
  readonly aliases: AliasNode[] = [];
  merges = false;
  readonly text: string;
  readonly handles = new Map<string, string>();
  plain: ScalarContext['plain'];
  readonly anchors = new Map<string, Anchored>();
  /** Anchored maps and lists that are still open: an alias of one of them would be cyclic. */
  readonly #open = new Set<Anchored>();
  /** Column of the root if it is a block map or list, else -1. */
  #indent = -1;
  /** Text after the root, which the server doesn't read, has been reported. */
  #complete = false;
  #depth = 0;
  #flows = 0;

  constructor(text: string) {
    this.text = text;
  }

  readonly report = (rule: RuleId, start: number, end: number, message: string, severity: Severity = 'error'): void => {
    // After one misplaced token the following ones are misread as well: one message is enough.
    if (rule === 'syntax/unexpected' && this.findings.some((found) => found.severity === 'error')) return;
    // Everything inside an unclosed collection is unclosed too: one message is enough.
    if (rule === 'syntax/unclosed' && this.findings.some((found) => found.rule === rule)) return;
    const last = this.text.length;
    this.findings.push({
      rule,
      severity,
      start: Math.min(start, last),
      end: Math.max(start, Math.min(end, last)),
      message,
    });
  };

  /** Processes one token of the stream. The server reads only the first node and nothing after it. */
  take(token: CST.Token): void {
    if (token.type === 'document' && !this.root) this.#document(token);
    else if (token.type === 'directive' && !this.root) this.#directive(token);
    else if (token.type === 'error' && !this.root) reportUnexpected(this, token);
    else if (token.type === 'error') this.#left(token);
    else if (token.type === 'document') this.#ignored(token.offset);
  }

  #document(document: CST.Document): void {
    const properties = propertiesOf(this, document.start, 'doc-start', false, document.offset);
    if (document.value) this.root = this.#node(document.value, properties, -1);
    else if (properties.anchor || properties.tag) this.root = this.#absent(properties);
    const left = document.end?.find(({ type }) => type !== 'space' && type !== 'newline' && type !== 'comment');
    const block = document.value?.type === 'block-map' || document.value?.type === 'block-seq';
    if (block) this.#indent = (document.value as CST.BlockMap | CST.BlockSequence).indent;
    const blanks = document.end?.slice(0, left ? document.end.indexOf(left) : undefined);
    for (const blank of blanks ?? []) if (block && blank.type === 'space') checkTab(this, blank);
    if (left) this.#left(left);
  }

  /** A token after the root: an error if its column is within the root's block, otherwise ignored by the server. */
  #left(token: CST.SourceToken | CST.ErrorToken): void {
    if (this.#complete) return;
    const column = token.offset - this.text.lastIndexOf('\n', token.offset - 1) - 1;
    if (this.root?.type !== 'scalar' && column >= this.#indent && this.#indent >= 0) reportUnexpected(this, token);
    else this.#ignored(token.offset);
  }

  #ignored(offset: number): void {
    if (this.#complete) return;
    this.#complete = true;
    const message =
      'The document ends above this line, and the API server ignores the rest. Start another document with “---”, or correct the indentation.';
    this.report('syntax/ignored', offset, lineEnd(this.text, offset), message, 'warning');
  }

  #directive({ source, offset }: CST.Directive): void {
    const [name = '', first = '', second = ''] = source.trimEnd().split(/[ \t]+/);
    if (name === '%TAG' && second !== '') this.handles.set(first, second);
    else if (name !== '%YAML') {
      this.report(
        'syntax/invalid',
        offset,
        offset + source.length,
        `The directive ${name} is unknown; only %YAML and %TAG are allowed before a document.`,
      );
    } else if (first !== '1.1') {
      this.report(
        'syntax/invalid',
        offset,
        offset + source.length,
        `The API server reads only YAML 1.1 and refuses %YAML ${first}. Remove the line.`,
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
        return this.#flowScalar(token, properties, parentIndent);
      case 'block-scalar':
        return this.#blockScalar(token, properties, parentIndent);
      case 'block-map':
      case 'block-seq':
      case 'flow-collection':
        return this.#collection(token, properties);
      case 'error':
        reportUnexpected(this, token);
        return this.#absent(properties);
      default:
        this.report('syntax/invalid', token.offset, token.offset + 1, 'This isn’t allowed here.');
        return this.#absent(properties);
    }
  }

  #collection(token: CST.BlockMap | CST.BlockSequence | CST.FlowCollection, properties: Properties): Node {
    if (this.#depth >= maxDepth) return this.#tooDeep(token);
    const node: Mutable<MapNode> | Mutable<SeqNode> =
      token.type === 'block-seq' || (token.type === 'flow-collection' && token.start.source === '[')
        ? { type: 'seq', start: token.offset, end: token.offset, flow: token.type !== 'block-seq', items: [] }
        : { type: 'map', start: token.offset, end: token.offset, flow: token.type !== 'block-map', entries: [] };
    this.#anchor(properties, node);
    if (properties.anchor) this.#open.add(node);
    this.#depth += 1;
    if (token.type === 'block-map') this.#blockMap(token, node as Mutable<MapNode>);
    else if (token.type === 'block-seq') this.#blockSeq(token, node as Mutable<SeqNode>);
    else this.#flow(token, node);
    this.#depth -= 1;
    this.#open.delete(node);
    return node;
  }

  #tooDeep(token: CST.Token): Node {
    const refused = depthOf(token) + maxDepth > serverDepth;
    const message = refused
      ? `This is nested more than ${serverDepth} levels deep, and the API server refuses the document. Flatten it.`
      : `This is nested more than ${maxDepth} levels deep, and deeper levels aren’t checked. Flatten it.`;
    this.report('syntax/too-deep', token.offset, token.offset + 1, message, refused ? 'error' : 'warning');
    return { type: 'scalar', style: 'plain', start: token.offset, end: token.offset, value: unknown, text: '' };
  }

  #blockMap(token: CST.BlockMap, node: Mutable<MapNode>): void {
    const entries: Entry[] = [];
    let end = token.offset;
    for (const item of token.items) {
      const before = propertiesOf(this, item.start, 'explicit-key-ind', false, end);
      if (!item.key && !item.sep && !before.anchor && !before.tag && !before.indicator) continue;
      const key = item.key ? this.#node(item.key, before, token.indent) : this.#absent(before);
      if (!before.indicator) checkImplicitKey(this, item, key, before, token.indent);
      const between = propertiesOf(this, item.sep ?? [], 'map-value-ind', false, key.end);
      if (
        between.indicator &&
        !before.indicator &&
        item.value?.type === 'block-map' &&
        !between.newline &&
        !spansLines(item.value)
      ) {
        this.report(
          'syntax/nested-map',
          item.value.offset,
          lineEnd(this.text, item.value.offset),
          'A line must not contain a second “key: value”. Quote the value, or put the inner key on its own line.',
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

  #blockSeq(token: CST.BlockSequence, node: Mutable<SeqNode>): void {
    const items: Node[] = [];
    let end = token.offset;
    for (const item of token.items) {
      const before = propertiesOf(this, item.start, 'seq-item-ind', false, end);
      if (!before.indicator) {
        if (!item.value && !before.anchor && !before.tag) continue;
        this.report(
          'syntax/missing-dash',
          item.value?.offset ?? before.end,
          lineEnd(this.text, item.value?.offset ?? before.end),
          'This list item has no dash. Put “- ” before it, or indent it to make it part of the item above.',
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
    this.#flows += 1;
    token.items.forEach((item, index) => {
      const before = propertiesOf(this, item.start, 'explicit-key-ind', true, end);
      checkComma(this, item, index, index === token.items.length - 1, before, token.start.source);
      if (!item.key && !item.sep && !item.value && !before.anchor && !before.tag && !before.indicator) return;
      if (node.type === 'seq' && !item.sep && !before.indicator) {
        const value = item.value ? this.#node(item.value, before, -1) : this.#absent(before);
        items.push(value);
        end = value.end;
        return;
      }
      const key = item.key ? this.#node(item.key, before, -1) : this.#absent(before);
      const between = propertiesOf(this, item.sep ?? [], 'map-value-ind', true, key.end);
      if (!between.indicator && item.value) {
        this.report(
          'syntax/invalid',
          item.value.offset,
          item.value.offset + 1,
          this.text.startsWith('${', item.value.offset - 1)
            ? unquotedVariable
            : 'A comma or a colon is missing before this.',
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
    this.#flows -= 1;
    node.end = this.#flowEnd(token, end);
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
    checkTail(this, rest, this.#flows > 0);
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
      'A key must be a scalar, not a map or a list. Quote it if the braces are meant as text.',
    );
    return { key: { type: 'scalar', style: 'plain', start: key.start, end: key.end, value: unknown, text: '' }, value };
  }

  #alias(token: CST.FlowScalar, properties: Properties): AliasNode {
    const name = token.source.slice(1);
    const end = token.offset + token.source.length;
    const target = this.anchors.get(name);
    if (properties.anchor || properties.tag) {
      this.report('syntax/invalid', token.offset, end, 'An alias must not have an anchor or a tag.');
    }
    const cyclic = target !== undefined && this.#open.has(target);
    if (cyclic) {
      const message = `The anchor &${name} contains this alias, which makes it cyclic. Alias another anchor.`;
      this.report('syntax/cyclic-alias', token.offset, end, message);
    } else if (!target) {
      const message = `No anchor above this alias is named “${name}”. Define it first, or quote the text.`;
      this.report('syntax/unknown-alias', token.offset, end, message);
    }
    const node: AliasNode = { type: 'alias', start: token.offset, end, name, ...(target && !cyclic && { target }) };
    this.aliases.push(node);
    checkTail(this, token.end, this.#flows > 0);
    return node;
  }

  #flowScalar(token: CST.FlowScalar, properties: Properties, indent: number): ScalarNode {
    const node = flowScalar(this, token, properties, indent, this.#flows > 0);
    this.#anchor(properties, node);
    return node;
  }

  #blockScalar(token: CST.BlockScalar, properties: Properties, indent: number): ScalarNode {
    const node = blockScalar(this, token, properties, indent);
    this.#anchor(properties, node);
    return node;
  }

  #absent(properties: Properties): ScalarNode {
    const node = absentScalar(this, properties);
    this.#anchor(properties, node);
    return node;
  }

  #anchor({ anchor }: Properties, node: Anchored): void {
    if (anchor) this.anchors.set(anchor.source.slice(1), node);
  }
}
