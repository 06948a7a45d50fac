// The block style of a file: its line breaks, the width of its indentation and where its lists stand.

export interface Layout {
  readonly eol: string;
  /** Indentation of a map relative to its key. */
  readonly step: number;
  /** Indentation of a list relative to its key. */
  readonly listIndent: number;
}

/** As most files are written, and our snippets. */
export const usualLayout: Layout = { eol: '\n', step: 2, listIndent: 2 };

/** Read from the first map and the first list below a key; what the text doesn't show is as in `usual`. */
export function layoutOf(text: string, usual = usualLayout): Layout {
  const map = /^( *)(?:- )?[\w./-]+:[ \t]*\r?\n(?:[ \t]*(?:#.*)?\r?\n)*(\1 +)[\w./"'-]+:(?:\s|$)/m.exec(text);
  const list = /^( *)(?:- )?[\w./-]+:[ \t]*\r?\n(\1 *)- /m.exec(text);
  // Below the key of an item, its own column is two to the right of the dash.
  const step = map && !/^ *- /.test(map[0]) ? map[2]!.length - map[1]!.length : usual.step;
  const shown = list && !/^ *- /.test(list[0]) ? list[2]!.length - list[1]!.length : undefined;
  return { eol: text.includes('\r\n') ? '\r\n' : '\n', step, listIndent: shown ?? (map ? step : usual.listIndent) };
}

/** As an editor indents that was set to this many spaces. */
export function indentedBy(spaces: number): Layout {
  return { ...usualLayout, step: spaces, listIndent: spaces };
}

interface Level {
  readonly from: number;
  readonly to: number;
}

/** Lines in the usual layout, indented as the file and moved to `column`. The first line has no indentation added. */
export function laidOut(lines: readonly string[], layout: Layout, column: number): string {
  const levels: Level[] = [];
  /** The indentation of the key whose text the lines are, and of the text itself. */
  let block: { readonly key: number; from?: number; readonly to: number } | undefined;
  const written = lines.map((line) => {
    const from = line.search(/\S|$/);
    const rest = line.slice(from);
    if (rest === '') return '';
    if (block && from > block.key) {
      block.from ??= from;
      return ' '.repeat(column + block.to + from - block.from) + rest;
    }
    block = undefined;
    let beside: Level | undefined;
    while (levels.length > 0 && levels.at(-1)!.from >= from) beside = levels.pop();
    const above = levels.at(-1);
    const isItem = /^-(?: |$)/.test(rest);
    const below = above === undefined ? 0 : above.to + (isItem ? layout.listIndent : layout.step);
    const to = beside?.from === from ? beside.to : below;
    levels.push({ from, to });
    // What follows a dash is a level of its own.
    const dashes = /^(?:- +)*/.exec(rest)![0].length;
    for (let at = 2; at <= dashes; at += 2) levels.push({ from: from + at, to: to + at });
    if (/[:-] [|>][-+]?\d?$/.test(rest)) block = { key: from + dashes, to: to + dashes + layout.step };
    return ' '.repeat(column + to) + rest;
  });
  return written.join(layout.eol).trimStart();
}
