// A snippet as the text that an editor inserts before anything is typed.

/**
 * Placeholders become their defaults, choices the given option, and mirrors what they repeat; stops without a default are
 * empty. `snippet` is in LSP syntax, without variables.
 */
export function expand(snippet: string, alternative = 0): string {
  const defaults = new Map<string, string>();
  const read = (source: string): string => {
    let result = '';
    for (let at = 0; at < source.length; ) {
      const special = /[$\\]/.exec(source.slice(at))?.index ?? source.length - at;
      result += source.slice(at, at + special);
      at += special;
      const rest = source.slice(at, at + 5000);
      const escaped = /^\\([$}\\])/.exec(rest);
      const bare = /^\$(\d+)|^\$\{(\d+)\}/.exec(rest);
      const choice = /^\$\{(\d+)\|((?:\\.|[^|\\])*)\|\}/.exec(rest);
      const open = /^\$\{(\d+):/.exec(rest);
      if (escaped) {
        result += escaped[1];
        at += 2;
      } else if (bare) {
        result += mark(bare[1] ?? bare[2]!);
        at += bare[0].length;
      } else if (choice) {
        const options = choice[2]!.split(/(?<!\\),/).map((option) => option.replace(/\\(.)/g, '$1'));
        const chosen = options[alternative % options.length]!;
        defaults.set(choice[1]!, chosen);
        result += chosen;
        at += choice[0].length;
      } else if (open) {
        const end = closing(source, at + open[0].length);
        const inner = read(source.slice(at + open[0].length, end));
        defaults.set(open[1]!, inner);
        result += inner;
        at = end + 1;
      } else {
        result += source[at] ?? '';
        at += 1;
      }
    }
    return result;
  };
  return read(snippet).replace(/\uE001(\d+)\uE002/g, (_, stop: string) => defaults.get(stop) ?? '');
}

/** A mirror may come before the placeholder that it repeats, so that it is filled in at the end. */
function mark(stop: string): string {
  return `\uE001${stop}\uE002`;
}

/** The index of the brace that closes the placeholder whose content begins at `from`; the end if it is never closed. */
function closing(source: string, from: number): number {
  let depth = 0;
  for (let at = from; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1;
    else if (source.startsWith('${', at)) depth += 1;
    else if (source[at] === '}') {
      if (depth === 0) return at;
      depth -= 1;
    }
  }
  return source.length;
}
