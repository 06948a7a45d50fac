// Finds objects by a few letters of what distinguishes them: name, kind or its short name, namespace, context. Each word of the
// query has to fit; letters may be left out (`chkout` finds `checkout`). Pure and linear: a mask of letters rules out nearly all
// objects before a text is looked at.

/** What an object can be found by, prepared once for each object. */
export interface Findable {
  /** In lower case. */
  readonly name: string;
  readonly kind: string;
  readonly namespace: string;
  readonly letters: number;
}

export function findable(kind: string, namespace: string, name: string): Findable {
  const [lowName, lowKind, lowNamespace] = [name.toLowerCase(), kind.toLowerCase(), namespace.toLowerCase()];
  const letters = lettersOf(lowName) | lettersOf(lowKind) | lettersOf(lowNamespace);
  return { name: lowName, kind: lowKind, namespace: lowNamespace, letters };
}

/** Objects of one context. */
export interface Pile<T> {
  readonly context: string;
  readonly items: Iterable<T>;
  readonly findable: (item: T) => Findable;
  /** The kinds, in lower case, that a short name stands for: `hr` for `helmrelease`. */
  readonly shortNames: ReadonlyMap<string, string>;
}

export interface Hit<T> {
  readonly context: string;
  readonly item: T;
  /** The lower, the better. */
  readonly score: number;
}

/** Counts the texts that were compared, for tests. */
export interface Work {
  compared: number;
}

/** The best hits, the best first; of equals the shorter name, then in order of the alphabet. */
export function find<T>(
  query: string,
  piles: readonly Pile<T>[],
  limit: number,
  work: Work = { compared: 0 },
): readonly Hit<T>[] {
  const words = query
    .toLowerCase()
    .slice(0, longestQuery)
    .split(/[\s/]+/)
    .filter(Boolean)
    .map(wordOf);
  const best = new Best<T>(limit);
  for (const { context, items, findable: of, shortNames } of piles) {
    const lowContext = context.toLowerCase();
    const contextLetters = lettersOf(lowContext);
    const kinds = words.map(({ text }) => shortNames.get(text));
    for (const item of items) {
      const found = of(item);
      const letters = found.letters | contextLetters;
      let score = 0;
      for (const [index, { text, letters: needed }] of words.entries()) {
        if (kinds[index] === found.kind) {
          score += scores.shortName;
          continue;
        }
        if ((letters & needed) !== needed) {
          score = Number.POSITIVE_INFINITY;
          break;
        }
        work.compared++;
        score += scoreOf(text, found, lowContext);
        if (score === Number.POSITIVE_INFINITY) break;
      }
      if (score < Number.POSITIVE_INFINITY) best.add({ context, item, score }, found.name);
    }
  }
  return best.sorted();
}

/** Characters of a query beyond this number are ignored. */
const longestQuery = 200;

interface Word {
  readonly text: string;
  readonly letters: number;
}

function wordOf(text: string): Word {
  return { text, letters: lettersOf(text) };
}

/** A bit for each letter, five for digits by value, one for all other characters. */
function lettersOf(text: string): number {
  let letters = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 97 && code <= 122) letters |= 1 << (code - 97);
    else if (code >= 48 && code <= 57) letters |= 1 << (26 + ((code - 48) >> 1));
    else letters |= 1 << 31;
  }
  return letters;
}

const scores = {
  exact: 0,
  start: 4,
  shortName: 6,
  kind: 8,
  wordStart: 8,
  inside: 14,
  kindStart: 16,
  namespace: 20,
  namespaceStart: 24,
  context: 28,
  scattered: 40,
} as const;

function scoreOf(word: string, { name, kind, namespace }: Findable, context: string): number {
  const inName = inText(word, name);
  // The name distinguishes most, unless the word is exactly something else.
  if (inName <= scores.start) return inName;
  if (kind === word) return scores.kind;
  if (namespace === word) return Math.min(inName, scores.namespace);
  // In the order of the scores, so that the first that fits is the best.
  if (inName <= scores.inside) return inName;
  if (kind.startsWith(word)) return scores.kindStart;
  if (namespace.includes(word)) return scores.namespaceStart;
  if (context.includes(word)) return scores.context;
  return Math.min(scattered(word, name), 20 + scattered(word, kind), 20 + scattered(word, context));
}

function inText(word: string, text: string): number {
  const at = text.indexOf(word);
  if (at === -1) return Number.POSITIVE_INFINITY;
  if (at === 0) return text.length === word.length ? scores.exact : scores.start;
  for (let next = at; next !== -1; next = text.indexOf(word, next + 1))
    if (isBoundary(text, next)) return scores.wordStart;
  return scores.inside;
}

/** The letters in their order, the first one at the start of a part; fewer gaps are better. */
function scattered(word: string, text: string): number {
  let at = text.indexOf(word[0]!);
  while (at !== -1 && !isBoundary(text, at)) at = text.indexOf(word[0]!, at + 1);
  if (at === -1) return Number.POSITIVE_INFINITY;
  let gaps = 0;
  for (let index = 1; index < word.length; index++) {
    const next = text.indexOf(word[index]!, at + 1);
    if (next === -1) return Number.POSITIVE_INFINITY;
    if (next !== at + 1 && !isBoundary(text, next)) gaps++;
    at = next;
  }
  return scores.scattered + gaps;
}

function isBoundary(text: string, index: number): boolean {
  if (index === 0) return true;
  const before = text.charCodeAt(index - 1);
  return !((before >= 97 && before <= 122) || (before >= 48 && before <= 57));
}

/** Keeps the best of any number of hits without sorting them all. */
class Best<T> {
  readonly #limit: number;
  #kept: { readonly hit: Hit<T>; readonly name: string }[] = [];
  #worst = Number.POSITIVE_INFINITY;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(hit: Hit<T>, name: string): void {
    if (hit.score > this.#worst) return;
    this.#kept.push({ hit, name });
    // Sorted once for each doubling, so that each hit costs a constant number of comparisons on average.
    if (this.#kept.length >= 2 * this.#limit + 100) this.#cut();
  }

  sorted(): readonly Hit<T>[] {
    this.#cut();
    return this.#kept.map(({ hit }) => hit);
  }

  #cut(): void {
    this.#kept.sort(
      (a, b) =>
        a.hit.score - b.hit.score ||
        a.name.length - b.name.length ||
        (a.name === b.name ? 0 : a.name < b.name ? -1 : 1) ||
        (a.hit.context < b.hit.context ? -1 : a.hit.context > b.hit.context ? 1 : 0),
    );
    this.#kept = this.#kept.slice(0, this.#limit);
    if (this.#kept.length === this.#limit) this.#worst = this.#kept.at(-1)!.hit.score;
  }
}
