// A snippet in LSP syntax as the text that an editor inserts, with the positions of the tab stops that are left empty.

export interface Expanded {
  readonly text: string;
  readonly stops: readonly number[];
}

/** Defaults are kept, and a choice becomes its first option. */
export function expanded(snippet: string): Expanded {
  let text = '';
  const stops: number[] = [];
  for (let at = 0; at < snippet.length; ) {
    const rest = snippet.slice(at);
    const [whole, stop, preset, choices] =
      /^\$(?:(\d+)|\{\d+\}|\{\d+:((?:\\.|[^}\\])*)\}|\{\d+\|((?:\\.|[^|\\])*)\|\})/.exec(rest) ?? [];
    if (whole === undefined) {
      const escaped = snippet[at] === '\\' && /[\\$}]/.test(snippet[at + 1] ?? '');
      text += escaped ? snippet[at + 1] : snippet[at];
      at += escaped ? 2 : 1;
      continue;
    }
    if (choices !== undefined) text += unescaped(choices.split(/(?<!\\),/)[0]!);
    else if (preset !== undefined && preset !== '') text += unescaped(preset);
    else if (stop !== '0' || !/[^\n]$/.test(text)) stops.push(text.length);
    at += whole.length;
  }
  return { text, stops };
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}
