// Patterns of `.gitignore` and of `ignores` in `.capstan.yaml`, matched as git matches them. A repository may contain any
// pattern, so a match takes at most (length of the pattern) x (length of a name or depth of the path) steps, both of which
// have limits: no pattern becomes a regular expression. https://git-scm.com/docs/gitignore; git's wildmatch.c and dir.c

/** The patterns of one file or list. */
export interface IgnorePatterns {
  /** Patterns without wildcards, by the name or the path that they are, the last of each. */
  readonly names: ReadonlyMap<string, Literal>;
  readonly paths: ReadonlyMap<string, Literal>;
  /** Patterns with wildcards, the last one first. */
  readonly globs: readonly Glob[];
  /** The characters of `globs`. */
  readonly size: number;
  /** How many patterns with wildcards were left out because of the limit. */
  readonly dropped: number;
}

/** The last pattern for folders and the last one for both; a position in the file, or -1. */
interface Literal {
  readonly any: Rule;
  readonly folder: Rule;
}

/** A later rule takes precedence. */
interface Rule {
  readonly line: number;
  readonly includes: boolean;
}

interface Glob extends Rule {
  readonly foldersOnly: boolean;
  /** Without a `/`, which matches a name in any folder. */
  readonly isName: boolean;
  readonly steps: readonly Step[];
}

/** The part of a pattern between two `/`. */
type Step = 'folders' | 'everything' | readonly Token[];
type Token = 'any' | 'one' | { readonly is: string } | { readonly matches: (character: string) => boolean };

/**
 * Characters of patterns with wildcards that one path is compared with, far above real files. With patterns and paths made to
 * be slow, a path takes 255 steps for each.
 */
export const largestGlobs = 20_000;

/** Folders of a path that patterns with several steps are compared with, several times what repositories have. */
export const deepestPath = 100;

const none: Rule = { line: -1, includes: false };

/** `limit` is how many characters of patterns with wildcards are read. */
export function ignorePatterns(lines: Iterable<string>, limit = largestGlobs): IgnorePatterns {
  const names = new Map<string, Literal>();
  const paths = new Map<string, Literal>();
  const globs: Glob[] = [];
  let [line, size, dropped] = [0, 0, 0];
  for (const text of lines) {
    const pattern = readPattern(text, line);
    line += 1;
    if (!pattern) continue;
    const literal = literalOf(pattern);
    if (literal === undefined) {
      if (size + text.length > limit) dropped += 1;
      else {
        globs.push(pattern);
        size += text.length;
      }
      continue;
    }
    const map = pattern.isName ? names : paths;
    const before = map.get(literal) ?? { any: none, folder: none };
    map.set(literal, pattern.foldersOnly ? { ...before, folder: pattern } : { ...before, any: pattern });
  }
  return { names, paths, globs: globs.toReversed(), size, dropped };
}

/**
 * What the last pattern that matches says of a path, `undefined` if none does. The path is relative to the patterns' folder;
 * a folder's ends with `/`. The folders above the path are not asked.
 */
export function isIgnoredBy(patterns: IgnorePatterns, path: string): boolean | undefined {
  const isFolder = path.endsWith('/');
  const whole = isFolder ? path.slice(0, -1) : path;
  const steps = whole.split('/');
  const name = steps.at(-1)!;
  let last: Rule = later(ruleOf(patterns.names.get(name), isFolder), ruleOf(patterns.paths.get(whole), isFolder));
  for (const glob of patterns.globs) {
    if (glob.line < last.line) break;
    if (glob.foldersOnly && !isFolder) continue;
    if (!glob.isName && steps.length > deepestPath) continue;
    if (!matchesSteps(glob.steps, glob.isName ? [name] : steps)) continue;
    last = glob;
    break;
  }
  return last.line === -1 ? undefined : !last.includes;
}

/** Whether the patterns ignore a file or one of the folders above it: git doesn't look into an ignored folder. */
export function isIgnoredWithin(patterns: IgnorePatterns, path: string): boolean {
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1))
    if (isIgnoredBy(patterns, path.slice(0, slash + 1))) return true;
  return isIgnoredBy(patterns, path) === true;
}

const later = (a: Rule, b: Rule): Rule => (a.line > b.line ? a : b);

function ruleOf(literal: Literal | undefined, isFolder: boolean): Rule {
  if (!literal) return none;
  return isFolder ? later(literal.any, literal.folder) : literal.any;
}

function readPattern(text: string, line: number): Glob | undefined {
  const trimmed = withoutTrailingSpaces(text.endsWith('\r') ? text.slice(0, -1) : text);
  if (trimmed === '' || trimmed.startsWith('#')) return undefined;
  const includes = trimmed.startsWith('!');
  const marked = includes ? trimmed.slice(1) : trimmed;
  const foldersOnly = marked.endsWith('/');
  const body = foldersOnly ? marked.slice(0, -1) : marked;
  const isName = !body.includes('/');
  const tokens = readTokens(body.startsWith('/') ? body.slice(1) : body);
  if (!tokens || tokens.length === 0) return undefined;
  return { line, includes, foldersOnly, isName, steps: isName ? [flat(tokens)] : stepsOf(tokens) };
}

/** Spaces at the end are no part of a pattern, except after a backslash. */
function withoutTrailingSpaces(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === ' ') end -= 1;
  let slashes = 0;
  while (end - slashes > 0 && text[end - slashes - 1] === '\\') slashes += 1;
  return text.slice(0, slashes % 2 === 1 && end < text.length ? end + 1 : end);
}

/** `undefined` for a pattern that matches nothing: a bracket without an end, or a backslash at the end. */
function readTokens(text: string): readonly (Token | 'slash')[] | undefined {
  const tokens: (Token | 'slash')[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === '*') tokens.push('any');
    else if (character === '?') tokens.push('one');
    else if (character === '/') tokens.push('slash');
    else if (character === '[') {
      const bracket = readBracket(text, at + 1);
      if (!bracket) return undefined;
      tokens.push({ matches: bracket.matches });
      at = bracket.end;
    } else if (character !== '\\') tokens.push({ is: character });
    else if (at + 1 === text.length) return undefined;
    else {
      at += 1;
      tokens.push(text[at] === '/' ? 'slash' : { is: text[at]! });
    }
  }
  return tokens;
}

interface Bracket {
  readonly matches: (character: string) => boolean;
  /** The position of the closing bracket. */
  readonly end: number;
}

type Range = (character: string) => boolean;

/** A set such as `[a-z]`, `[!0-9]`, `[[:alpha:]_]`; `]` is a member if it stands first. */
function readBracket(text: string, start: number): Bracket | undefined {
  const isNegated = text[start] === '!' || text[start] === '^';
  const first = isNegated ? start + 1 : start;
  const ranges: Range[] = [];
  for (let at = first; at < text.length; at += 1) {
    if (text[at] === ']' && at > first)
      return { end: at, matches: (one) => one !== '/' && ranges.some((range) => range(one)) !== isNegated };
    if (text.startsWith('[:', at)) {
      const end = text.indexOf(']', at + 2);
      if (end === -1) return undefined;
      if (text[end - 1] === ':' && end - 1 >= at + 2) {
        const inClass = classes.get(text.slice(at + 2, end - 1));
        if (!inClass) return undefined;
        ranges.push((one) => inClass.test(one));
        at = end;
        continue;
      }
    }
    const low = memberAt(text, at);
    if (!low) return undefined;
    const dash = low.end + 1;
    const high =
      text[dash] === '-' && dash + 1 < text.length && text[dash + 1] !== ']' ? memberAt(text, dash + 1) : low;
    if (!high) return undefined;
    ranges.push((one) => low.is <= one && one <= high.is);
    at = high.end;
  }
  return undefined;
}

function memberAt(text: string, at: number): { readonly is: string; readonly end: number } | undefined {
  if (text[at] !== '\\') return { is: text[at]!, end: at };
  return at + 1 < text.length ? { is: text[at + 1]!, end: at + 1 } : undefined;
}

const classes: ReadonlyMap<string, RegExp> = new Map([
  ['alnum', /^[A-Za-z0-9]$/],
  ['alpha', /^[A-Za-z]$/],
  ['blank', /^[ \t]$/],
  ['cntrl', /^[\0-\x1f\x7f]$/],
  ['digit', /^[0-9]$/],
  ['graph', /^[!-~]$/],
  ['lower', /^[a-z]$/],
  ['print', /^[ -~]$/],
  ['punct', /^[!-/:-@[-`{-~]$/],
  ['space', /^[ \t\n\v\f\r]$/],
  ['upper', /^[A-Z]$/],
  ['xdigit', /^[A-Fa-f0-9]$/],
]);

/** `**` means folders only if it fills a step; elsewhere it is `*`. */
function stepsOf(tokens: readonly (Token | 'slash')[]): readonly Step[] {
  const groups: (Token | 'slash')[][] = [[]];
  for (const token of tokens) {
    if (token === 'slash') groups.push([]);
    else groups.at(-1)!.push(token);
  }
  return groups.map((group, index) => {
    if (group.length < 2 || group.some((token) => token !== 'any')) return flat(group);
    return index === groups.length - 1 ? 'everything' : 'folders';
  });
}

/** Adjacent `*` are one. */
function flat(tokens: readonly (Token | 'slash')[]): readonly Token[] {
  return tokens.filter(
    (token, at): token is Token => token !== 'slash' && !(token === 'any' && tokens[at - 1] === 'any'),
  );
}

function literalOf({ steps }: Glob): string | undefined {
  const texts = steps.map((step) =>
    typeof step === 'string' || step.some((token) => typeof token === 'string' || !('is' in token))
      ? undefined
      : step.map((token) => (token as { readonly is: string }).is).join(''),
  );
  return texts.includes(undefined) ? undefined : texts.join('/');
}

/** As for characters below, the last `**` alone has to be tried again. */
function matchesSteps(steps: readonly Step[], names: readonly string[]): boolean {
  let [step, name, afterFolders, resume] = [0, 0, -1, 0];
  while (name < names.length) {
    const now = steps[step];
    if (now === 'everything') return true;
    if (now === 'folders') {
      step += 1;
      [afterFolders, resume] = [step, name];
    } else if (now !== undefined && matchesName(now, names[name]!)) {
      step += 1;
      name += 1;
    } else if (afterFolders !== -1) {
      resume += 1;
      [step, name] = [afterFolders, resume];
    } else return false;
  }
  return step === steps.length;
}

/**
 * Compares left to right. If the text after a `*` doesn't fit, that `*` takes one character more; earlier ones need not be
 * tried again, since what they could take, the last one can take too.
 */
function matchesName(tokens: readonly Token[], name: string): boolean {
  let [token, at, afterAny, resume] = [0, 0, -1, 0];
  while (at < name.length) {
    const now = tokens[token];
    if (now === 'any') {
      token += 1;
      [afterAny, resume] = [token, at];
    } else if (now !== undefined && matchesCharacter(now, name[at]!)) {
      token += 1;
      at += 1;
    } else if (afterAny !== -1) {
      resume += 1;
      [token, at] = [afterAny, resume];
    } else return false;
  }
  while (tokens[token] === 'any') token += 1;
  return token === tokens.length;
}

function matchesCharacter(token: Token, character: string): boolean {
  if (typeof token === 'string') return true;
  return 'is' in token ? token.is === character : token.matches(character);
}
