// A snippet in LSP syntax as the text that an editor inserts, with the positions of the tab stops that are left empty.

export interface Expanded {
  readonly text: string;
  readonly stops: readonly number[];
}

/** Defaults are kept, also where they are repeated, and a choice becomes its first option. */
export function expanded(snippet: string): Expanded {
  const defaults = new Map<string, string>();
  const read = (): Expanded => {
    let text = '';
    const stops: number[] = [];
    for (let at = 0; at < snippet.length; ) {
      const rest = snippet.slice(at);
      const [whole, bare, braced, stop, preset, choiceStop, choices] =
        /^\$(?:(\d+)|\{(\d+)\}|\{(\d+):((?:\\.|[^}\\])*)\}|\{(\d+)\|((?:\\.|[^|\\])*)\|\})/.exec(rest) ?? [];
      if (whole === undefined) {
        const escaped = snippet[at] === '\\' && /[\\$}]/.test(snippet[at + 1] ?? '');
        text += escaped ? snippet[at + 1] : snippet[at];
        at += escaped ? 2 : 1;
        continue;
      }
      const number = (bare ?? braced ?? stop ?? choiceStop)!;
      const value = choices === undefined ? (preset ?? '') : choices.split(/(?<!\\),/)[0]!;
      const own = value === '' ? defaults.get(number) : unescaped(value);
      if (own !== undefined) {
        defaults.set(number, own);
        text += own;
      } else if (number !== '0' || !/\S$/.test(text)) stops.push(text.length);
      at += whole.length;
    }
    // Without a last stop, the cursor is at the end.
    const isOpen = /\s$/.test(text) && stops.at(-1) !== text.length;
    return { text, stops: isOpen ? [...stops, text.length] : stops };
  };
  // What repeats a default may come before it.
  read();
  return read();
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}
