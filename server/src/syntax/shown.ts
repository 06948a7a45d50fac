// Text that others wrote (repositories, CRDs, clusters, kubeconfigs), made safe for where it is shown: a terminal, one line of
// a list, Markdown. Whatever writes there uses one of these functions and escapes nothing itself.

/**
 * Control characters, and those that reorder or hide the text around them: a terminal acts on the former, and both let a text
 * look like another. `\t` and `\n` are left to the functions below.
 */
const unprintable = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** An escape sequence of a terminal: colors and cursor (CSI), titles and links (OSC). */
const sequences = /\u001b(\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(\u0007|\u001b\\)?)?/g;

const codeOf = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * For a stream that a terminal or a log shows: unprintable characters become `\u001b`, which JSON reads as the same character,
 * and no line is a command of GitHub Actions (`::error::`). Lines and tabs stay.
 */
export function forTerminal(text: string): string {
  return text.replace(unprintable, codeOf).replace(/^([ \t]*)(::|##\[)/gm, (_, indent: string, mark: string) => {
    return `${indent}${codeOf(mark)}${mark.slice(1)}`;
  });
}

/** As `forTerminal`, in one line: line breaks and tabs are written as escapes too. */
export function forOneLine(text: string): string {
  return text.replace(unprintable, codeOf).replace(/[\t\n]/g, codeOf);
}

/** For people: escape sequences are removed and other unprintable characters are replaced. Lines and tabs stay. */
export function readable(text: string): string {
  return text.replace(sequences, '').replace(unprintable, '\ufffd');
}

/** As `readable`, in one line of at most `limit` characters. */
export function oneLine(text: string, limit = 240): string {
  // Most conditions of what is well say nothing.
  if (text === '') return text;
  const line = readable(text.replace(sequences, '').replace(/\s+/g, ' ')).trim();
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}

/** `a, b, c and 2 more`: all of them, or the first `most` and the number of the others. */
export function firstOf(names: readonly string[], most: number, more = 'more'): string {
  const rest = names.length - most;
  return rest > 0 ? `${names.slice(0, most).join(', ')} and ${rest} ${more}` : names.join(', ');
}

/** Backslashes before every character that Markdown gives a meaning. */
export function escapedMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+!|~-]/g, '\\$&');
}

/** Words within Markdown: nothing in them is formatted, linked or loaded. */
export function wordsInMarkdown(text: string): string {
  return escapedMarkdown(oneLine(text, 500));
}

/** A name within Markdown. Only what has a meaning inside a line is escaped, so that the source stays readable. */
export function nameInMarkdown(name: string): string {
  return oneLine(name, 500).replace(/[\\`*_[\]<!~|&]/g, '\\$&');
}

/** A span of code within Markdown, which nothing in it can end. */
export function codeInMarkdown(text: string): string {
  const line = oneLine(text, 1000);
  if (line === '') return '`""`';
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}

/** A block of code in Markdown, which nothing in it can end. */
export function blockInMarkdown(text: string, language: string): string {
  const shown = readable(text);
  const longest = Math.max(2, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${shown}\n${fence}`;
}

/**
 * A description that its author wrote in Markdown: lists, emphasis and links stay; images, HTML and fences, which load from
 * anywhere or run into the text that follows, are shown as they are written.
 */
export function descriptionInMarkdown(text: string): string {
  return readable(text)
    .replaceAll('<', '&lt;')
    .replaceAll('![', '!\\[')
    .replace(/`{3,}|~{3,}/g, (fence) => fence.replace(/./g, '\\$&'));
}
