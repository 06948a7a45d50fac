// Prints built objects as YAML like `kustomize build`: sorted keys, one document per object.
import type { Value } from '../syntax/tree.ts';
import { type Built, isAbsent } from './built.ts';
import type { BuiltObject } from './objects.ts';

/** `comment` returns the comment above an object, without the `#`; undefined for none. */
export function printObjects(
  objects: readonly BuiltObject[],
  comment: (object: BuiltObject) => string | undefined = () => undefined,
): string {
  return objects
    .map((object) => {
      const above = comment(object)?.replace(/^/gm, '# ');
      return `${above === undefined ? '' : `${above}\n`}${printBuilt(object.value)}`;
    })
    .join('---\n');
}

export function printBuilt(built: Built): string {
  return `${block(built, '').replace(/^\n/, '').replace(/^ /, '')}\n`;
}

/** The text after a colon or dash: a space and a scalar, or a line break and a block. */
function block(built: Built, indent: string): string {
  if (built.kind === 'scalar') return ` ${scalar(built, indent)}`;
  if (built.kind === 'list') {
    if (built.items.length === 0) return ' []';
    return built.items.map((item) => `\n${indent}-${afterDash(item, indent)}`).join('');
  }
  if (built.entries.size === 0) return ' {}';
  const entries = [...built.entries].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries
    .map(([key, value]) => {
      const inner = value.kind === 'list' ? indent : `${indent}  `;
      return `\n${indent}${built.holes?.has(key) ? key : text(key)}:${block(value, inner)}`;
    })
    .join('');
}

/** A map or list in a list begins on the line of its dash. */
function afterDash(item: Built, indent: string): string {
  return block(item, `${indent}  `).replace(/^\n\s*/, ' ');
}

function scalar(built: Extract<Built, { kind: 'scalar' }>, indent: string): string {
  const { value } = built;
  if (value === null) return isAbsent(built) ? 'null' : built.text;
  // A hole is printed as its text, quoted if YAML would resolve it to something else.
  if (typeof value === 'symbol') return text(built.text, indent);
  return typeof value === 'string' ? text(value, indent) : plain(value);
}

function plain(value: Exclude<Value, string | null | symbol>): string {
  return typeof value === 'number' ? JSON.stringify(value) : String(value);
}

/** Strings that must be quoted: they contain YAML syntax, or resolve to another type when plain. */
const special =
  /^[\s\-?:,[\]{}#&*!|>'"%@`]|[:#]\s|\s#|:$|\s$|^$|^[-+.]?\d|^(?:y|n|yes|no|on|off|true|false|null|~|\.inf|\.nan|[-+]\.inf|<<|=)$/i;

/** Whether a text on one line isn't printed plain. */
export function needsQuotes(text: string): boolean {
  return special.test(text) && !/^\$\{[^{}]*\}$/.test(text);
}

function text(value: string, indent = ''): string {
  if (/\n/.test(value) && /^[^\s]/.test(value) && !/[^\P{C}\n\t]|[ \t]$/mu.test(value) && !/\r/.test(value)) {
    const end = value.endsWith('\n') ? (value.endsWith('\n\n') ? '+' : '') : '-';
    const lines = value.replace(/\n$/, '').split('\n');
    const inner = indent === '' ? '  ' : indent;
    return `|${end}\n${lines.map((line) => (line === '' ? '' : `${inner}${line}`)).join('\n')}`;
  }
  if (/^[\P{C}]*$/u.test(value) && !/\n/.test(value) && !needsQuotes(value)) return value;
  return JSON.stringify(value);
}
