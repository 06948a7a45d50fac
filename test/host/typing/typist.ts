// Types a manifest and ignores every popup.
import { cursorAt, press, typeText, type Window } from './window.ts';

/** A key pressed at the end of each line, before Enter. */
export type Ending = 'none' | 'Tab' | 'Escape' | 'Space';

export interface Hand {
  /** Milliseconds from one key to the next. */
  readonly delay: number;
  /** The editor indents new lines: after Enter the typist looks at the cursor and corrects its column. */
  readonly looks: boolean;
  readonly ending: Ending;
}

export async function typeManifest(window: Window, text: string, hand: Hand): Promise<void> {
  const lines = text.replace(/\n$/, '').split('\n');
  if (!hand.looks && hand.ending === 'none') return typeText(window, text, hand.delay);
  for (const [index, line] of lines.entries()) {
    await typeText(window, hand.looks ? line.slice(await indented(window, line, index + 1, hand)) : line, hand.delay);
    if (hand.ending !== 'none') await press(window, hand.ending, hand.delay);
    await press(window, 'Enter', hand.delay);
  }
  if (hand.looks) await indented(window, '', lines.length + 1, hand);
}

/** What the file holds afterwards if every key did what it does without suggestions. */
export function expected(text: string, { ending }: Hand): string {
  if (ending !== 'Tab' && ending !== 'Space') return text;
  // The editor trims the spaces of a Tab on an empty line (`editor.trimAutoWhitespace`), also without the extension.
  const spaces = (line: string) => (ending === 'Space' ? 1 : line === '' ? 0 : 2 - (line.length % 2));
  return text.replace(/^.*(?=\n)/gm, (line) => line + ' '.repeat(spaces(line)));
}

/** Brings the cursor to the line's indentation or left of it; returns its column, counted from 0. */
async function indented(window: Window, line: string, number: number, { delay }: Hand): Promise<number> {
  const wanted = line.search(/\S|$/);
  let at = await settled(window, number);
  while (at > wanted) {
    await press(window, 'Backspace', delay);
    at = await settled(window, number, at);
  }
  return at;
}

/** The cursor's column once the status bar shows it for the line, and another one than before. */
async function settled(window: Window, line: number, before = -1): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const cursor = await cursorAt(window);
    if (cursor.line === line && cursor.column - 1 !== before) return cursor.column - 1;
    await window.page.waitForTimeout(20);
  }
  throw new Error(`The cursor is not on line ${line}: a suggestion was accepted.`);
}
