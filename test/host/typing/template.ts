// How far a suggestion's text is the text that is wanted: its literal parts must be the same, and its tab stops stand for
// what is wanted in their places.

export interface Stop {
  readonly number: number;
  /** What the editor fills in. */
  readonly preset: string;
  /** Choices, if the stop has some. */
  readonly options: readonly string[];
  readonly wanted: string;
}

export interface Match {
  /** Length of the wanted text that is covered. */
  readonly length: number;
  /** Stops in the covered part, in the order of their numbers; repeated ones only once. */
  readonly stops: readonly Stop[];
  /** Nothing of the suggestion is left over. */
  readonly isWhole: boolean;
}

type Part = { readonly text: string } | Omit<Stop, 'wanted'>;

/** Undefined if not even the first line is wanted. */
export function matchTemplate(snippet: string, wanted: string): Match | undefined {
  const parts = partsOf(snippet);
  const stops: Stop[] = [];
  let at = 0;
  /** The end of the last line that is wanted, and the number of stops before it. */
  let line = { at: 0, stops: 0 };
  for (const [index, part] of parts.entries()) {
    if ('text' in part) {
      const same = commonPrefix(part.text, wanted.slice(at));
      const broken = part.text.slice(0, same).lastIndexOf('\n');
      if (broken !== -1) line = { at: at + broken, stops: stops.length };
      at += same;
      if (same < part.text.length) {
        if (part.text[same] === '\n' && wanted[at] === undefined) line = { at, stops: stops.length };
        return cut(line, stops);
      }
      continue;
    }
    if (part.number === 0) continue;
    // The cursor stays at an empty stop at the end: what follows is written there as anywhere else.
    if (part.preset === '' && parts.slice(index + 1).every((one) => 'number' in one && one.number === 0)) break;
    const next = parts.slice(index + 1).find((one) => 'text' in one);
    const until = next && 'text' in next ? next.text.split('\n')[0]! : '';
    const rest = wanted.slice(at).split('\n')[0]!;
    const end = until === '' ? rest.length : rest.indexOf(until);
    if (end === -1) return cut(line, stops);
    const value = rest.slice(0, end);
    const known = stops.find(({ number }) => number === part.number);
    if (known && known.wanted !== value) return cut(line, stops);
    if (!known) stops.push({ ...part, wanted: value });
    at += value.length;
  }
  return found(at, stops, true);
}

function cut(line: { at: number; stops: number }, stops: readonly Stop[]): Match | undefined {
  return line.at === 0 ? undefined : found(line.at, stops.slice(0, line.stops), false);
}

function found(length: number, stops: readonly Stop[], isWhole: boolean): Match {
  return { length, stops: stops.toSorted((a, b) => a.number - b.number), isWhole };
}

function partsOf(snippet: string): readonly Part[] {
  const parts: Part[] = [];
  const presets = new Map<number, string>();
  let text = '';
  const flush = () => {
    if (text !== '') parts.push({ text });
    text = '';
  };
  for (let at = 0; at < snippet.length; ) {
    const stop = /^\$(?:(\d+)|\{(\d+)(?::((?:\\.|[^}\\])*)|\|((?:\\.|[^|\\])*)\|)?\})/.exec(snippet.slice(at));
    if (stop) {
      const [whole, bare, braced, preset, choices] = stop;
      flush();
      const number = Number(bare ?? braced);
      const options = choices === undefined ? [] : choices.split(/(?<!\\),/).map(unescaped);
      const own = preset === undefined ? options[0] : unescaped(preset);
      if (own !== undefined) presets.set(number, own);
      parts.push({ number, preset: own ?? presets.get(number) ?? '', options });
      at += whole.length;
    } else {
      if (snippet[at] === '\\' && /[$}\\]/.test(snippet[at + 1] ?? '')) at += 1;
      text += snippet[at];
      at += 1;
    }
  }
  flush();
  return parts;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

function commonPrefix(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}
