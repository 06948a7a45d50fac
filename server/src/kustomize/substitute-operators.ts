// The operators of Flux's post-build substitution (github.com/fluxcd/pkg/envsubst, funcs.go). Lengths and positions count
// bytes of UTF-8, as in Go.

/** An empty argument may be missing: `${NAME/text/}` has one. */
export type ApplyOperator = (value: string, args: readonly string[]) => string;

export const operators: ReadonlyMap<string, ApplyOperator> = new Map<string, ApplyOperator>([
  [',', (value) => onFirst(value, lower)],
  [',,', (value) => [...value].map(lower).join('')],
  ['^', (value) => onFirst(value, upper)],
  ['^^', (value) => [...value].map(upper).join('')],
  [
    '#',
    (value, [pattern]) =>
      pattern === undefined ? String(bytesOf(value).length) : withoutPrefix(value, pattern, 'shortest'),
  ],
  ['##', (value, [pattern = '']) => withoutPrefix(value, pattern, 'longest')],
  ['%', (value, [pattern = '']) => reversed(withoutPrefix(reversed(value), reversed(pattern), 'shortest'))],
  ['%%', (value, [pattern = '']) => reversed(withoutPrefix(reversed(value), reversed(pattern), 'longest'))],
  [':', substring],
  ['/', (value, [sought = '', by = '']) => value.replace(sought, () => by)],
  ['//', (value, [sought = '', by = '']) => value.replaceAll(sought, () => by)],
  [
    '/#',
    (value, [sought = '', by]) =>
      by !== undefined && value.startsWith(sought) ? by + value.slice(sought.length) : value,
  ],
  [
    '/%',
    (value, [sought = '', by]) =>
      by !== undefined && value.endsWith(sought) ? value.slice(0, value.length - sought.length) + by : value,
  ],
]);

/** Go maps each character to one character: it has no upper case of `ß`. */
function upper(character: string): string {
  const mapped = character.toUpperCase();
  return [...mapped].length === 1 ? mapped : character;
}

function lower(character: string): string {
  const mapped = character.toLowerCase();
  return [...mapped].length === 1 ? mapped : character;
}

function onFirst(value: string, change: (character: string) => string): string {
  const [first, ...rest] = value;
  return first === undefined ? value : change(first) + rest.join('');
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** What isn't an integer leaves the value unchanged. A negative position counts from the end, as does a negative length. */
function substring(value: string, [from = '', count]: readonly string[]): string {
  const bytes = bytesOf(value);
  if (!isInteger(from) || (count !== undefined && !isInteger(count))) return value;
  const position = Number(from) < 0 ? Math.max(bytes.length + Number(from), 0) : Number(from);
  const length = count === undefined ? Number.POSITIVE_INFINITY : Number(count);
  const end = length < 0 ? bytes.length + length : position + length;
  return new TextDecoder().decode(bytes.slice(position, Math.max(end, position)));
}

function isInteger(text: string): boolean {
  return /^[-+]?\d+$/.test(text);
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}

/** Removes the shortest or longest prefix that is not empty and matches; a pattern that is invalid removes nothing. */
function withoutPrefix(value: string, pattern: string, which: 'shortest' | 'longest'): string {
  const items = itemsOf([...pattern]);
  if (!items) return value;
  const characters = [...value];
  let states = reached(new Set([0]), items);
  let found = 0;
  for (const [index, character] of characters.entries()) {
    states = reached(advanced(states, items, character), items);
    if (!states.has(items.length)) continue;
    found = index + 1;
    if (which === 'shortest') break;
  }
  return characters.slice(found).join('');
}

/** An item of a pattern: any number of characters, or one character that it accepts. */
type Item = '*' | ((character: string) => boolean);

/** After an item, the states at the position of stars include the position after them. */
function reached(states: ReadonlySet<number>, items: readonly Item[]): ReadonlySet<number> {
  const all = new Set(states);
  for (const state of all) if (items[state] === '*') all.add(state + 1);
  return all;
}

function advanced(states: ReadonlySet<number>, items: readonly Item[], character: string): ReadonlySet<number> {
  const next = new Set<number>();
  for (const state of states) {
    const item = items[state];
    if (item === '*') next.add(state);
    else if (item?.(character)) next.add(state + 1);
  }
  return next;
}

/** Undefined if the pattern is invalid. `*` and `?` also match slashes, unlike in Go's `path.Match`. */
function itemsOf(pattern: readonly string[]): readonly Item[] | undefined {
  const items: Item[] = [];
  let at = 0;
  while (at < pattern.length) {
    const character = pattern[at]!;
    at += 1;
    if (character === '*') items.push('*');
    else if (character === '?') items.push(() => true);
    else if (character === '[') {
      const read = classOf(pattern, at);
      if (!read) return undefined;
      items.push(read.accepts);
      at = read.end;
    } else {
      const meant = character === '\\' ? pattern[at] : character;
      if (meant === undefined) return undefined;
      if (character === '\\') at += 1;
      items.push((one) => one === meant);
    }
  }
  return items;
}

/** The class of characters after `[`. */
function classOf(
  pattern: readonly string[],
  start: number,
): { readonly accepts: (character: string) => boolean; readonly end: number } | undefined {
  const negated = pattern[start] === '^';
  const ranges: (readonly [number, number])[] = [];
  let at = negated ? start + 1 : start;
  const bound = (): number | undefined => {
    if (pattern[at] === '-' || pattern[at] === ']') return undefined;
    if (pattern[at] === '\\') at += 1;
    const character = pattern[at];
    at += 1;
    // The class must be closed after it.
    return at < pattern.length ? character?.codePointAt(0) : undefined;
  };
  while (pattern[at] !== ']' || ranges.length === 0) {
    const low = bound();
    if (low === undefined) return undefined;
    let high: number | undefined = low;
    if (pattern[at] === '-') {
      at += 1;
      high = bound();
    }
    if (high === undefined) return undefined;
    ranges.push([low, high]);
  }
  const contains = (code: number) => ranges.some(([low, high]) => low <= code && code <= high);
  return { accepts: (character) => contains(character.codePointAt(0)!) !== negated, end: at + 1 };
}
