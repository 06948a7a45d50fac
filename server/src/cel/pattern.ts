// Patterns of schemas and CEL: Go's regular expressions (RE2), in time linear in the text. Patterns that JavaScript's
// own engine answers alike and can't run away on are left to it: it compiles and matches several times faster.
import { RE2JS } from 're2js';
import { deterministicSource } from './pattern-native.ts';

export interface Pattern {
  /** Whether the pattern matches anywhere in the text, as Go's `MatchString`. */
  test(text: string): boolean;
  /** The leftmost matches that don't overlap, at most `limit` of them, as Go's `FindAllString`. */
  findAll(text: string, limit?: number): readonly string[];
}

/** `undefined` for a pattern that Go itself couldn't compile. Compiled once per source. */
export function compilePattern(source: string): Pattern | undefined {
  const known = compiled.get(source);
  if (known !== undefined) return known ?? undefined;
  const pattern = compile(source);
  // Sources come from schemas and rules: few, but a rule may build them from values.
  if (compiled.size > 10_000) compiled.clear();
  compiled.set(source, pattern ?? null);
  return pattern;
}

/** A native search may start anew at every character of a text it isn't anchored in: long texts go to RE2. */
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
    // Go drops an empty match directly behind the match before it.
    if (part === '' && end === last) continue;
    last = end;
    found.push(part);
  }
  return found;
}
