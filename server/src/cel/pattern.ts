// Patterns of schemas and CEL: Go's regular expressions (RE2), matched in linear time. JavaScript's own engine, which
// compiles and matches several times faster, runs the patterns for which it has the same results and can't backtrack.
import { RE2JS } from 're2js';
import { deterministicSource } from './pattern-native.ts';

export interface Pattern {
  /** Whether the pattern matches anywhere in the text, like Go's `MatchString`. */
  test(text: string): boolean;
  /** The leftmost non-overlapping matches, at most `limit`, like Go's `FindAllString`. */
  findAll(text: string, limit?: number): readonly string[];
}

/** `undefined` for a pattern that Go can't compile. Each source is compiled once. */
export function compilePattern(source: string): Pattern | undefined {
  const known = compiled.get(source);
  if (known !== undefined) return known ?? undefined;
  const pattern = compile(source);
  // Schemas and rules have few sources, but a rule may build sources from values.
  if (compiled.size > 10_000) compiled.clear();
  compiled.set(source, pattern ?? null);
  return pattern;
}

/** Without an anchor, a native search may restart at every character of the text; longer texts use RE2. */
const longestNativeText = 1024;

const compiled = new Map<string, Pattern | null>();

function compile(source: string): Pattern | undefined {
  const native = deterministicSource(source);
  if (native === undefined) {
    const re2 = compileRe2(source);
    return re2 && { test: (text) => re2.test(text), findAll: (text, limit) => findAll(re2, text, limit) };
  }
  const regexp = new RegExp(native, 'u');
  let re2: RE2JS | undefined;
  const linear = () => (re2 ??= compileRe2(source)!);
  return {
    test: (text) => (text.length <= longestNativeText ? regexp.test(text) : linear().test(text)),
    findAll: (text, limit) => findAll(linear(), text, limit),
  };
}

function compileRe2(source: string): RE2JS | undefined {
  try {
    return RE2JS.compile(source);
  } catch {
    return undefined;
  }
}

function findAll(re2: RE2JS, text: string, limit = Number.POSITIVE_INFINITY): readonly string[] {
  const found: string[] = [];
  const matcher = re2.matcher(text);
  let last = -1;
  while (found.length < limit && matcher.find()) {
    const end = matcher.end();
    const part = matcher.group() ?? '';
    // Go drops an empty match directly after the previous match.
    if (part === '' && end === last) continue;
    last = end;
    found.push(part);
  }
  return found;
}
