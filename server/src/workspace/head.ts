// What object a plain text defines, as its first lines tell: a tenth of the work of parsing it.
import { type GroupKind, type Gvk, groupKindOf, gvkOf } from '../kube/identity.ts';

export interface Head {
  readonly gvk: Gvk;
  readonly groupKind: GroupKind;
  readonly name: string;
}

/**
 * The one object of a document; undefined if only the tree tells. A text that isn't valid, or has the lines of an object in a
 * quoted text, may have a head without having an object.
 */
export function headOf(text: string): Head | undefined {
  if (mayBeOtherwise.test(text)) return undefined;
  const apiVersion = only(text, apiVersions);
  const kind = only(text, kinds);
  const name = apiVersion !== undefined && kind !== undefined && !kind.endsWith('List') ? nameIn(text) : undefined;
  const gvk = name === undefined ? undefined : gvkOf(apiVersion!, kind!);
  return gvk && { gvk, groupKind: groupKindOf(gvk), name: name! };
}

/**
 * Escapes, anchors, aliases and merges, templates; at the root quoted and complex keys, directives, maps in braces, and what
 * follows the mark of a document on its line.
 */
const mayBeOtherwise = /[\\&]|\{\{|\{%|<<|^["'{[?!%\t]|^[^\s#:]+[ \t]+:|^---[ \t]+[^\s#]/m;

// No further line of the value may follow.
const apiVersions = /^apiVersion:[ \t]+([a-z][\w./-]*)[ \t]*(?:[ \t]#.*)?\r?$(?!(?:\n[ \t\r]*)*\n[ \t]+[^\s#])/gm;
const kinds = /^kind:[ \t]+([A-Z]\w*)[ \t]*(?:[ \t]#.*)?\r?$(?!(?:\n[ \t\r]*)*\n[ \t]+[^\s#])/gm;
const names = /^( +)name:[ \t]+([a-z][a-z\d.-]*)[ \t]*(?:[ \t]#.*)?\r?$(?!(?:\n[ \t\r]*)*\n\1[ \t]+[^\s#])/gm;
const metadata = /^metadata:[ \t]*(?:[ \t]#.*)?\r?\n((?:(?: .*|#.*|[ \t]*)\r?(?:\n|$))*)/gm;

/** What a pattern captures, if it matches once, and nothing else begins like its first word. */
function only(text: string, pattern: RegExp): string | undefined {
  const all = [...text.matchAll(pattern)];
  const word = pattern.source.slice(1, pattern.source.indexOf(':') + 1);
  return all.length === 1 && countOf(text, `\n${word}`) + (text.startsWith(word) ? 1 : 0) === 1
    ? all[0]![1]
    : undefined;
}

function countOf(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** Words that aren't texts. */
const values = new Set(['null', 'true', 'false', 'y', 'n', 'yes', 'no', 'on', 'off']);

function nameIn(text: string): string | undefined {
  const block = only(text, metadata);
  if (block === undefined) return undefined;
  const indent = /^( +)[^\s#]/m.exec(block)?.[1]?.length;
  const found = [...block.matchAll(names)].filter(([, spaces]) => spaces!.length === indent);
  const all = block.split('\n').filter((line) => /^ +["']?name["']?[ \t]*:/.test(line) && line.search(/\S/) === indent);
  const name = found.length === 1 && all.length === 1 ? found[0]![2]! : undefined;
  return name === undefined || values.has(name) ? undefined : name;
}
