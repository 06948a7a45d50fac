// The tokens of a CEL expression in a scalar, at their places in the text.
import { scan } from '../cel/lexer.ts';
import type { ScalarNode } from '../syntax/tree.ts';
import type { SemanticToken } from './semantic-token.ts';

/** Empty for a text that isn't CEL, or whose characters aren't those of the expression because of escapes. */
export function celTokens(text: string, scalar: ScalarNode): readonly SemanticToken[] {
  const source = sourceOf(text, scalar);
  const placed = source && scan(text.slice(source.start, source.end));
  if (!placed) return [];
  return placed.flatMap(({ token, start, end }, index): SemanticToken[] => {
    const type = typeOf(token.type, token.text, placed[index - 1]?.token.text, placed[index + 1]?.token.text);
    return type ? [{ start: source.start + start, end: source.start + end, type }] : [];
  });
}

/** White space, and so indentation and line breaks, means nothing to CEL. */
function sourceOf(
  text: string,
  { style, start, end }: ScalarNode,
): { readonly start: number; readonly end: number } | undefined {
  const source = text.slice(start, end);
  switch (style) {
    case 'plain':
      return { start, end };
    case 'single':
      return source.slice(1, -1).includes("'") ? undefined : { start: start + 1, end: end - 1 };
    case 'double':
      return source.includes('\\') ? undefined : { start: start + 1, end: end - 1 };
    case 'literal':
    case 'folded': {
      const line = source.indexOf('\n');
      return line === -1 ? undefined : { start: start + line, end };
    }
    case 'absent':
      return undefined;
  }
}

function typeOf(
  type: 'name' | 'sign' | 'literal',
  text: string,
  before: string | undefined,
  after: string | undefined,
): SemanticToken['type'] | undefined {
  if (type === 'name') return after === '(' ? 'function' : before === '.' ? 'property' : 'variable';
  if (type === 'sign') return text === 'in' ? 'keyword' : /^[()[\]{},.:]$/.test(text) ? undefined : 'operator';
  if (/^(?:true|false|null)$/.test(text)) return 'keyword';
  return /["']$/.test(text) ? 'string' : 'number';
}
