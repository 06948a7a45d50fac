// Writes values as block YAML for the texts of fixes.
import type { Node } from '../../syntax/tree.ts';
import { columnOf } from '../../validation/moves.ts';
import { writeScalar } from '../completion/skeleton.ts';

/** A value to write: the source text of an existing node, or a new one. */
export type Printed =
  /** `block`: of a map or list in block style, which begins on a line of its own even if it is one line. */
  | { readonly is: 'source'; readonly text: string; readonly block?: true }
  | { readonly is: 'map'; readonly entries: readonly (readonly [key: string, value: Printed])[] }
  | { readonly is: 'list'; readonly items: readonly Printed[] };

export function source(text: string): Printed {
  return { is: 'source', text };
}

/** The text of a node, with its lines moved to column 0. */
export function sourceOf(text: string, node: Node): Printed {
  const written = text.slice(node.start, node.end);
  const column = node.type === 'scalar' && !/^[|>]/.test(written) ? 0 : columnOf(text, node.start);
  const moved = outdented(written, /^[|>]/.test(written) ? indentOf(written) : column);
  const isBlock = (node.type === 'map' || node.type === 'seq') && !node.flow;
  return isBlock ? { is: 'source', text: moved, block: true } : source(moved);
}

/** The text after `key:` in block style, with LF, where the key is at `column`. */
export function afterColon(value: Printed, column: number): string {
  const lines = linesOf(value);
  const [first = ''] = lines;
  const isInline = value.is === 'source' && !value.block && (lines.length === 1 || /^[|>]/.test(first));
  if (isInline || first === '{}' || first === '[]') return ` ${indented(lines, column + 2).trimStart()}`;
  return `\n${indented(lines, column + 2)}`;
}

/** A value in flow style. */
export function inFlow(value: Printed): string | undefined {
  switch (value.is) {
    case 'source':
      return value.block || value.text.includes('\n') ? undefined : value.text;
    case 'map': {
      const parts = value.entries.map(([key, inner]) => ({ key, text: inFlow(inner) }));
      if (parts.some(({ text }) => text === undefined)) return undefined;
      return `{${parts.map(({ key, text }) => `${writeScalar(key)}: ${text}`).join(', ')}}`;
    }
    case 'list': {
      const parts = value.items.map(inFlow);
      return parts.includes(undefined) ? undefined : `[${parts.join(', ')}]`;
    }
  }
}

/** Block lines at column 0. */
export function linesOf(value: Printed): readonly string[] {
  switch (value.is) {
    case 'source':
      return value.text.split(/\r?\n/);
    case 'map':
      if (value.entries.length === 0) return ['{}'];
      return value.entries.flatMap(([key, inner]) => `${writeScalar(key)}:${afterColon(inner, 0)}`.split('\n'));
    case 'list':
      if (value.items.length === 0) return ['[]'];
      return value.items.flatMap((item) =>
        linesOf(item).map((line, index) => (index === 0 ? `- ${line}` : line === '' ? line : `  ${line}`)),
      );
  }
}

function outdented(text: string, by: number): string {
  const blank = new RegExp(`^ {0,${by}}`);
  return text
    .split(/\r?\n/)
    .map((line, index) => (index === 0 ? line : line.replace(blank, '')))
    .join('\n');
}

function indented(lines: readonly string[], by: number): string {
  return lines.map((line) => (line === '' ? '' : ' '.repeat(by) + line)).join('\n');
}

/** The indentation of a block scalar's first line of content. */
function indentOf(written: string): number {
  return /\n( *)\S/.exec(written)?.[1]?.length ?? 0;
}
