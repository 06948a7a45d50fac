// Writes a manifest as someone does who accepts what is offered: looks at the list, takes what is wanted with few keys, and
// types only the rest. Every key or chord counts as one.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { snippetTexts } from '../../../server/src/disk/snippets.ts';
import { complete } from '../../../server/src/features/completion/completion.ts';
import type { Completion } from '../../../server/src/features/completion/item.ts';
import { indentedBy, type Layout } from '../../../server/src/features/completion/layout.ts';
import { readSnippets } from '../../../server/src/features/completion/snippets.ts';
import { cursorAt as cursorIn } from '../../../server/src/features/cursor.ts';
import type { Workspace } from '../../../server/src/workspace/workspace.ts';
import { type Row, rowsShown } from './suggestions.ts';
import { type Match, matchTemplate, type Stop } from './template.ts';
import { cursorAt, type Window } from './window.ts';

/** Letters of a word after which its writer no longer looks at the list. */
const mostLetters = 4;
/** Items further down are not looked for. */
const mostDowns = 4;

const snippets = readSnippets(snippetTexts());

export class Writer {
  readonly #window: Window;
  /** The folder's files, to know what an item of the list holds. */
  readonly #workspace: Workspace;
  readonly #path: string;
  readonly #layout: Layout;
  /** Folder for a picture of each list from which something is accepted. */
  readonly #pictures: string | undefined;
  #keys = 0;
  #shots = 0;

  /** `step` is the indentation that the editor is set to. */
  constructor(window: Window, workspace: Workspace, path: string, step: number, pictures: string | undefined) {
    this.#window = window;
    this.#workspace = workspace;
    this.#path = path;
    this.#layout = indentedBy(step);
    this.#pictures = pictures;
    if (pictures !== undefined) mkdirSync(pictures, { recursive: true });
  }

  get keys(): number {
    return this.#keys;
  }

  /** Writes the text into the empty file; returns the number of keys. */
  async write(wanted: string): Promise<number> {
    for (let at = 0; at < wanted.length; )
      at = wanted[at] === '\n' ? await this.#breakLine(wanted, at) : await this.#writeWord(wanted, at);
    return this.#keys;
  }

  /** Enter, and what the indentation of the next line lacks or has too much. */
  async #breakLine(wanted: string, at: number): Promise<number> {
    await this.#press('Enter');
    const next = wanted.slice(at + 1);
    const indent = next.search(/[^ ]|$/);
    // The editor takes the white space of a blank line away again.
    if (next[indent] === '\n') return at + 1 + indent;
    await this.#goToColumn(indent, lineOf(wanted, at + 1));
    return at + 1 + indent;
  }

  async #goToColumn(column: number, line: number): Promise<void> {
    let now = await this.#column(line);
    for (let tries = 0; now !== column && tries < 20; tries += 1) {
      await this.#press(now > column ? 'Backspace' : 'Space');
      now = await this.#column(line);
    }
    if (now !== column) throw new Error(`column ${now} on line ${line}, wanted ${column}`);
  }

  async #writeWord(wanted: string, at: number): Promise<number> {
    const kind =
      at === 0 || wanted.slice(0, at).endsWith('---\n') ? /^kind: (.+)$/m.exec(wanted.slice(at))?.[1] : undefined;
    const whole = kind === undefined ? undefined : await this.#writeObject(wanted, at, kind);
    if (whole !== undefined) return whole;
    const word = /^.*?(?:: +(?=\S)|- +(?=\S)|$)/m.exec(wanted.slice(at))![0];
    for (let letters = 0; letters < Math.min(word.length, mostLetters + 1); letters += 1) {
      if (letters > 0) await this.#type(word[letters - 1]!);
      const choice = await this.#choose(wanted, at, letters);
      if (choice) return this.#accept(choice, wanted, at);
    }
    const typed = Math.min(word.length - 1, mostLetters);
    await this.#type(word.slice(Math.max(0, typed)));
    return at + word.length;
  }

  /** Begins with the kind, as long as the list has the whole object. */
  async #writeObject(wanted: string, at: number, kind: string): Promise<number | undefined> {
    const most = Math.min(kind.length, 2 * mostLetters);
    for (let letters = 1; letters <= most; letters += 1) {
      await this.#type(kind[letters - 1]!);
      const choice = await this.#choose(wanted, at, letters, kind);
      if (choice && (choice.downs === 0 || letters === most)) return this.#accept(choice, wanted, at);
    }
    for (let letters = 0; letters < most; letters += 1) await this.#press('Backspace');
    return undefined;
  }

  /** The item of the list that saves the most keys. */
  async #choose(wanted: string, at: number, letters: number, kind?: string): Promise<Choice | undefined> {
    const rows = await rowsShown(this.#window.page);
    if (rows.length === 0) return undefined;
    const typed = kind?.slice(0, letters) ?? wanted.slice(at, at + letters);
    const items = this.#items(wanted.slice(0, at) + typed);
    const focused = rows.findIndex(({ isFocused }) => isFocused);
    let best: Choice | undefined;
    for (const [index, row] of rows.entries()) {
      const downs = index - focused;
      if (downs < 0 || downs > mostDowns) continue;
      const item = items.find((one) => one.label === row.label && (one.detail ?? '') === row.details);
      const match =
        item && item.start <= at + letters ? matchTemplate(item.insert, wanted.slice(item.start)) : undefined;
      if (!item || !match || (kind !== undefined && item.kind !== 'resource') || (item.additional?.length ?? 0) > 0)
        continue;
      const saved = item.start + match.length - at - letters - costOf(match) - downs - 1;
      if (saved > (best?.saved ?? 0)) best = { item, match, downs, saved, row };
    }
    return best;
  }

  /** With offsets in the file. */
  #items(text: string): readonly Completion[] {
    this.#workspace.put(this.#path, text);
    const cursor = cursorIn(this.#workspace, this.#path, text.length);
    if (!cursor) return [];
    return complete(cursor, snippets, this.#layout).map((item) => ({ ...item, start: item.start + cursor.start }));
  }

  async #accept({ item, match, downs, row }: Choice, wanted: string, at: number): Promise<number> {
    for (let down = 0; down < downs; down += 1) await this.#press('ArrowDown');
    await this.#picture(row.label);
    await this.#press('Enter');
    const end = item.start + match.length;
    if (process.env.CAPSTAN_TYPING_TRACE) console.log(`    ${JSON.stringify(wanted.slice(at, end))} by ${row.label}`);
    await this.#fillIn(match);
    await this.#goToEnd(match, lineOf(wanted, end), end - wanted.lastIndexOf('\n', end - 1) - 1);
    return end;
  }

  async #fillIn({ stops }: Match): Promise<void> {
    for (const [index, stop] of stops.entries()) {
      const hasMoved = await this.#fillStop(stop);
      // A preset value is selected: the next key would replace it.
      if (!hasMoved && (index < stops.length - 1 || stop.wanted === stop.preset)) await this.#press('Tab');
    }
  }

  /** Whether the editor went to the next stop by itself, as it does once an option is taken. */
  async #fillStop({ preset, options, wanted }: Stop): Promise<boolean> {
    const index = options.indexOf(wanted);
    if (options.length > 1 && index !== -1 && index <= mostDowns) {
      await rowsShown(this.#window.page);
      for (let down = 0; down < index; down += 1) await this.#press('ArrowDown');
      await this.#picture(wanted);
      await this.#press('Enter');
      return true;
    }
    if (wanted !== preset) await this.#writeInto(wanted);
    return false;
  }

  async #writeInto(wanted: string): Promise<void> {
    for (let letters = 0; letters < Math.min(wanted.length, mostLetters + 1); letters += 1) {
      if (letters > 0) await this.#type(wanted[letters - 1]!);
      const rows = await rowsShown(this.#window.page);
      const focused = rows.findIndex(({ isFocused }) => isFocused);
      const at = rows.findIndex(({ label }) => label === wanted || JSON.stringify(label) === wanted);
      const downs = at - focused;
      if (at === -1 || downs < 0 || downs + 1 >= wanted.length - letters) continue;
      for (let down = 0; down < downs; down += 1) await this.#press('ArrowDown');
      await this.#picture(wanted);
      return this.#press('Enter');
    }
    await this.#type(wanted.slice(Math.min(wanted.length - 1, mostLetters)));
  }

  /** Leaves the snippet, and removes what of it is not wanted: everything after the end. */
  async #goToEnd({ isWhole }: Match, line: number, column: number): Promise<void> {
    const { page } = this.#window;
    await page.waitForTimeout(120);
    let now = await cursorAt(this.#window);
    if (isWhole && now.line === line && now.column - 1 === column) return;
    if (!isWhole) await this.#press('Escape');
    if ((await rowsShown(page)).length > 0) await this.#press('Escape');
    for (let tries = 0; now.line !== line && tries < 40; tries += 1) {
      await this.#press(now.line < line ? 'ArrowDown' : 'ArrowUp');
      await page.waitForTimeout(60);
      now = await cursorAt(this.#window);
    }
    if (now.column - 1 !== column) await this.#press('End');
    if (isWhole) return;
    await this.#press('Control+Shift+End');
    await this.#press('Delete');
  }

  /** The column, counted from 0, once the cursor is on the line. */
  async #column(line: number): Promise<number> {
    const { page } = this.#window;
    await page.waitForTimeout(80);
    for (let tries = 0; tries < 50; tries += 1) {
      const now = await cursorAt(this.#window);
      if (now.line === line) return now.column - 1;
      await page.waitForTimeout(40);
    }
    throw new Error(`the cursor is on line ${(await cursorAt(this.#window)).line}, not ${line}`);
  }

  async #type(text: string): Promise<void> {
    for (const char of text) {
      await this.#window.page.keyboard.type(char);
      this.#keys += 1;
      await this.#window.page.waitForTimeout(20);
    }
  }

  async #press(key: string): Promise<void> {
    this.#keys += 1;
    await this.#window.page.keyboard.press(key);
    await this.#window.page.waitForTimeout(20);
  }

  async #picture(label: string): Promise<void> {
    if (this.#pictures === undefined) return;
    this.#shots += 1;
    const name = `${String(this.#shots).padStart(3, '0')}-${label.replace(/[^\w.-]+/g, '_').slice(0, 40)}.png`;
    await this.#window.page.screenshot({ path: join(this.#pictures, name) });
  }
}

interface Choice {
  readonly item: Completion;
  readonly match: Match;
  readonly downs: number;
  /** Keys saved compared with typing the covered text. */
  readonly saved: number;
  readonly row: Row;
}

/** Keys for the stops, and to remove what is not wanted. */
function costOf({ stops, isWhole }: Match): number {
  const typed = stops.map(({ preset, options, wanted }) => {
    const index = options.indexOf(wanted);
    return (wanted === preset ? 0 : index > 0 ? index + 1 : wanted.length) + 1;
  });
  return typed.reduce((total, one) => total + one, 0) + (isWhole ? 0 : 5);
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}
