// Patterns of schemas and CEL: Go's regular expressions (RE2), in time linear in the text. `undefined` for a pattern Go
// itself couldn't compile.
import { RE2JS } from 're2js';

export interface Pattern {
  /** Whether the pattern matches anywhere in the text, as Go's `MatchString`. */
  test(text: string): boolean;
}

export function compilePattern(source: string): Pattern | undefined {
  if (compiled.has(source)) return compiled.get(source);
  const pattern = compile(source);
  compiled.set(source, pattern);
  return pattern;
}

const compiled = new Map<string, Pattern | undefined>();

function compile(source: string): Pattern | undefined {
  try {
    const regexp = RE2JS.compile(source);
    return { test: (text) => regexp.matcher(text).find() };
  } catch {
    return undefined;
  }
}
