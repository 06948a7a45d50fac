// Decides which RE2 patterns JavaScript's backtracking engine may run: those whose Glushkov automaton has at most one
// path that survives more than a few characters, so that there is nothing to backtrack into. Returns the pattern in
// JavaScript's syntax with RE2's meaning (ASCII classes, `.` excludes only the line feed).
//
// Glushkov's construction has a position per character class, and the positions that may follow each. Backtracking is
// slow where the same path exists twice (`(a*)*`) or where two paths match the same text for long (`a*a*`, `(a|aa)+`).

type Ranges = readonly (readonly [number, number])[];

type Part =
  | { readonly type: 'class'; readonly ranges: Ranges }
  | { readonly type: 'anchor'; readonly text: '^' | '$' }
  | { readonly type: 'sequence' | 'choice'; readonly parts: readonly Part[] }
  | { readonly type: 'repeat'; readonly part: Part; readonly min: number; readonly max: number };

/** JavaScript source for the `u` flag; `undefined` where the pattern isn't provably safe or is outside this subset. */
export function deterministicSource(source: string): string | undefined {
  const part = new Parser(source).parse();
  if (!part) return undefined;
  const automaton = new Automaton();
  const ends = automaton.add(part);
  return ends && automaton.isDeterministic() ? print(part) : undefined;
}

const maxCode = 0x10ffff;
const digits: Ranges = [[48, 57]];
const word: Ranges = [[48, 57], [65, 90], [95, 95], [97, 122]]; // biome-ignore format: one line per class
const space: Ranges = [[9, 10], [12, 13], [32, 32]]; // biome-ignore format: one line per class
const perlClasses: Readonly<Record<string, Ranges>> = { d: digits, w: word, s: space };
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, a: 7 };

/** Parses the subset; returns `undefined` for everything else, valid or not. */
class Parser {
  private readonly chars: readonly string[];
  private at = 0;
  private depth = 0;

  constructor(source: string) {
    this.chars = [...source];
  }

  parse(): Part | undefined {
    const part = this.choice();
    return part && this.at === this.chars.length ? part : undefined;
  }

  private choice(): Part | undefined {
    if (++this.depth > 50) return undefined;
    const parts: Part[] = [];
    do {
      const part = this.sequence();
      if (!part) return undefined;
      parts.push(part);
    } while (this.take('|'));
    this.depth -= 1;
    return parts.length === 1 ? parts[0] : { type: 'choice', parts };
  }

  private sequence(): Part | undefined {
    const parts: Part[] = [];
    while (this.at < this.chars.length && !this.sees('|') && !this.sees(')')) {
      const atom = this.atom();
      const part = atom && this.repeated(atom);
      if (!part) return undefined;
      parts.push(part);
    }
    return { type: 'sequence', parts };
  }

  private atom(): Part | undefined {
    const char = this.chars[this.at++]!;
    if (char === '^' || char === '$') return { type: 'anchor', text: char };
    if (char === '.') return { type: 'class', ranges: complement([[10, 10]]) };
    if (char === '[') return this.bracket();
    if (char === '\\') return this.escape();
    if (char === '(') return this.group();
    return '*+?{}])'.includes(char) ? undefined : single(char.codePointAt(0)!);
  }

  private group(): Part | undefined {
    if (this.take('?') && !this.take(':')) return undefined;
    const part = this.choice();
    return part && this.take(')') ? part : undefined;
  }

  private escape(): Part | undefined {
    const char = this.chars[this.at++];
    if (char === undefined) return undefined;
    const perl = perlClasses[char] ?? (perlClasses[char.toLowerCase()] && complement(perlClasses[char.toLowerCase()]!));
    if (perl) return { type: 'class', ranges: perl };
    if (controls[char] !== undefined) return single(controls[char]);
    return /^[!-/:-@[-`{-~]$/.test(char) ? single(char.codePointAt(0)!) : undefined;
  }

  private bracket(): Part | undefined {
    const negated = this.take('^');
    const ranges: [number, number][] = [];
    for (let first = true; ; first = false) {
      if (this.take(']')) {
        if (first) return undefined;
        break;
      }
      const low = this.classItem();
      if (low?.type !== 'class') return undefined;
      const isRange = this.sees('-') && this.chars[this.at + 1] !== ']';
      if (!isRange || low.ranges.length !== 1 || low.ranges[0]![0] !== low.ranges[0]![1]) {
        ranges.push(...low.ranges.map(([from, to]): [number, number] => [from, to]));
        continue;
      }
      this.at += 1;
      const high = this.classItem();
      if (high?.type !== 'class' || high.ranges.length !== 1 || high.ranges[0]![0] !== high.ranges[0]![1])
        return undefined;
      if (high.ranges[0]![0] < low.ranges[0]![0]) return undefined;
      ranges.push([low.ranges[0]![0], high.ranges[0]![0]]);
    }
    return { type: 'class', ranges: negated ? complement(ranges) : ranges };
  }

  private classItem(): Part | undefined {
    const char = this.chars[this.at++];
    if (char === undefined || (char === '[' && this.sees(':'))) return undefined;
    return char === '\\' ? this.escape() : single(char.codePointAt(0)!);
  }

  private repeated(part: Part): Part | undefined {
    const bounds = this.bounds();
    if (bounds === 'invalid') return undefined;
    if (!bounds) return part;
    this.take('?');
    if (this.sees('*') || this.sees('+') || this.sees('?') || this.sees('{') || isNullable(part)) return undefined;
    return { type: 'repeat', part, ...bounds };
  }

  private bounds(): { min: number; max: number } | undefined | 'invalid' {
    if (this.take('*')) return { min: 0, max: Number.POSITIVE_INFINITY };
    if (this.take('+')) return { min: 1, max: Number.POSITIVE_INFINITY };
    if (this.take('?')) return { min: 0, max: 1 };
    if (!this.sees('{')) return undefined;
    const match = /^\{(\d{1,3})(,(\d{1,3})?)?\}/.exec(this.chars.slice(this.at, this.at + 9).join(''));
    if (!match) return 'invalid';
    this.at += match[0].length;
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === undefined ? Number.POSITIVE_INFINITY : Number(match[3]);
    return min > max || max === 0 ? 'invalid' : { min, max };
  }

  private sees(char: string): boolean {
    return this.chars[this.at] === char;
  }

  private take(char: string): boolean {
    if (!this.sees(char)) return false;
    this.at += 1;
    return true;
  }
}

function single(code: number): Part {
  return { type: 'class', ranges: [[code, code]] };
}

function complement(ranges: Ranges): Ranges {
  const rest: [number, number][] = [];
  let next = 0;
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (from > next) rest.push([next, from - 1]);
    next = Math.max(next, to + 1);
  }
  if (next <= maxCode) rest.push([next, maxCode]);
  return rest;
}

function isNullable(part: Part): boolean {
  if (part.type === 'class') return false;
  if (part.type === 'anchor') return true;
  if (part.type === 'repeat') return part.min === 0;
  return part.type === 'choice' ? part.parts.some(isNullable) : part.parts.every(isNullable);
}

/** The positions at which a part can begin and end; `nullable`: it can also match the empty text. */
interface Ends {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly nullable: boolean;
}

const nothing: Ends = { first: [], last: [], nullable: true };
const mostPositions = 256;
/** For how many characters two paths through the pattern may match the same text. */
const mostCompany = 8;
/** The maximum steps of the proof; beyond it, the pattern is left to RE2. */
const mostSteps = 20_000;

class Automaton {
  private readonly classes: Ranges[] = [];
  private readonly follow: Set<number>[] = [];
  private starts: readonly number[] = [];
  /** Whether some path exists twice; JavaScript would try both. */
  private doubled = false;
  private steps = 0;

  add(part: Part): Ends | undefined {
    const ends = this.build(part);
    this.starts = ends?.first ?? [];
    return ends;
  }

  isDeterministic(): boolean {
    if (this.doubled) return false;
    return [this.starts, ...this.follow].every((next) => this.livesAlone([...next]));
  }

  private build(part: Part): Ends | undefined {
    switch (part.type) {
      case 'anchor':
        return nothing;
      case 'class': {
        if (this.classes.length >= mostPositions) return undefined;
        const position = this.classes.push(part.ranges) - 1;
        this.follow.push(new Set());
        return { first: [position], last: [position], nullable: false };
      }
      case 'sequence':
        return this.sequence(part.parts);
      case 'choice':
        return this.choice(part.parts);
      case 'repeat':
        return this.repeat(part.part, part.min, part.max);
    }
  }

  private sequence(parts: readonly Part[]): Ends | undefined {
    let whole: Ends = nothing;
    for (const part of parts) {
      const ends = this.build(part);
      if (!ends) return undefined;
      whole = this.join(whole, ends);
    }
    return whole;
  }

  private choice(parts: readonly Part[]): Ends | undefined {
    const all: Ends[] = [];
    for (const part of parts) {
      const ends = this.build(part);
      if (!ends) return undefined;
      all.push(ends);
    }
    const nullable = all.filter((ends) => ends.nullable).length;
    if (nullable > 1) this.doubled = true;
    return { first: all.flatMap((e) => e.first), last: all.flatMap((e) => e.last), nullable: nullable > 0 };
  }

  /** Expands `x{2,4}` to `xx(x(x)?)?` and `x{2,}` to `xxx*`. The part must not be nullable. */
  private repeat(part: Part, min: number, max: number): Ends | undefined {
    let whole: Ends = nothing;
    for (let count = 0; count < min; count += 1) {
      const ends = this.build(part);
      if (!ends) return undefined;
      whole = this.join(whole, ends);
      if (max === Number.POSITIVE_INFINITY && count === min - 1) this.link(ends.last, ends.first);
    }
    if (max === Number.POSITIVE_INFINITY) {
      if (min > 0) return whole;
      const ends = this.build(part);
      if (!ends) return undefined;
      this.link(ends.last, ends.first);
      return { ...ends, nullable: true };
    }
    return this.optionally(part, max - min, whole);
  }

  private optionally(part: Part, count: number, before: Ends): Ends | undefined {
    let whole = before;
    let previous: Ends | undefined;
    for (let index = 0; index < count; index += 1) {
      const ends = this.build(part);
      if (!ends) return undefined;
      if (previous) {
        this.link(previous.last, ends.first);
        whole = { ...whole, last: [...whole.last, ...ends.last] };
      } else whole = this.join(whole, { ...ends, nullable: true });
      previous = ends;
    }
    return whole;
  }

  private join(left: Ends, right: Ends): Ends {
    this.link(left.last, right.first);
    return {
      first: left.nullable ? [...left.first, ...right.first] : left.first,
      last: right.nullable ? [...left.last, ...right.last] : right.last,
      nullable: left.nullable && right.nullable,
    };
  }

  private link(from: readonly number[], to: readonly number[]): void {
    for (const position of from) {
      const follow = this.follow[position]!;
      for (const next of to) {
        if (follow.has(next)) this.doubled = true;
        follow.add(next);
      }
    }
  }

  private livesAlone(next: readonly number[]): boolean {
    return next.every((a, index) => next.slice(index + 1).every((b) => !this.live(a, b, mostCompany)));
  }

  /** Whether two positions match a common text of more than `left` characters. */
  private live(a: number, b: number, left: number): boolean {
    if (!overlap(this.classes[a]!, this.classes[b]!)) return false;
    if (left === 0 || ++this.steps > mostSteps) return true;
    return [...this.follow[a]!].some((x) => [...this.follow[b]!].some((y) => this.live(x, y, left - 1)));
  }
}

function overlap(a: Ranges, b: Ranges): boolean {
  return a.some(([from, to]) => b.some(([low, high]) => from <= high && low <= to));
}

function print(part: Part): string {
  switch (part.type) {
    case 'anchor':
      return part.text;
    case 'class':
      return part.ranges.length === 0 ? '[]' : `[${part.ranges.map(printRange).join('')}]`;
    case 'sequence':
      return part.parts.map(print).join('');
    case 'choice':
      return `(?:${part.parts.map(print).join('|')})`;
    case 'repeat':
      return `(?:${print(part.part)})${printBounds(part.min, part.max)}`;
  }
}

function printRange([from, to]: readonly [number, number]): string {
  return from === to ? printCode(from) : `${printCode(from)}-${printCode(to)}`;
}

function printCode(code: number): string {
  const char = String.fromCodePoint(code);
  return /^[A-Za-z0-9]$/.test(char) ? char : `\\u{${code.toString(16)}}`;
}

function printBounds(min: number, max: number): string {
  return max === Number.POSITIVE_INFINITY ? `{${min},}` : `{${min},${max}}`;
}
