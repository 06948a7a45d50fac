// Lines for people: in colours and wrapped to the width where a terminal shows them, plain where a file or a pipe gets them.
import { forTerminal } from '../syntax/shown.ts';
import type { Output } from './io.ts';

export type Tone = 'good' | 'bad' | 'busy' | 'held' | 'leaving' | 'faint' | 'strong';

export interface Piece {
  readonly text: string;
  readonly tone?: Tone | undefined;
}

export interface Line {
  /** Columns before the text; a line that is wrapped goes on four columns further. */
  readonly indent: number;
  readonly pieces: readonly Piece[];
  /** One line whatever the width, as in a table: what doesn't fit ends with `…`. */
  readonly isCut?: true;
}

/** SGR parameters (ECMA-48). The colours are those of the terminal's theme, and no state is told by its colour alone. */
const codes: Readonly<Record<Tone, number>> = {
  good: 32,
  bad: 31,
  busy: 36,
  held: 33,
  leaving: 35,
  faint: 2,
  strong: 1,
};

/** Narrower terminals get whole lines, which they wrap themselves. */
const narrowest = 40;
const hanging = 4;

/** `onScreen`: no more than the terminal has rows; the rest is counted. */
export function writeLines(out: Output, lines: readonly Line[], { onScreen = false } = {}): void {
  const { terminal } = out;
  if (!terminal) {
    for (const { indent, pieces } of lines)
      out.write(`${' '.repeat(indent)}${pieces.map(({ text }) => text).join('')}\n`);
    return;
  }
  const rows = lines.flatMap((line) => laidOut(line, terminal.columns, terminal.colours));
  const room = onScreen ? Math.max(terminal.rows - 2, 1) : rows.length;
  const more = rows.length > room ? [`… ${rows.length - room} more lines`] : [];
  const shown = [...rows.slice(0, room), ...more];
  if (shown.length > 0) out.write(`${shown.join('\n')}\n`, 'exact');
}

/** Cells in columns, two spaces apart; all but the first row are cut at the edge of a terminal. */
export function tableOfLines(rows: readonly (readonly Piece[])[], indent: number): readonly Line[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, { text }] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, widthOf(text));
  return rows.map((row) => ({
    indent,
    isCut: true,
    pieces: row.flatMap((cell, index) => {
      const isLast = row.slice(index + 1).every(({ text }) => text === '');
      if (isLast) return cell.text === '' ? [] : [cell];
      return [cell, { text: ' '.repeat(widths[index]! - widthOf(cell.text) + 2) }];
    }),
  }));
}

/** The lines of a terminal; each piece is escaped before its colour is added. */
function laidOut({ indent, pieces, isCut }: Line, columns: number, colours: boolean): readonly string[] {
  const safe = pieces.map(({ text, tone }) => ({ text: forTerminal(text).replace(/[\t\n]/g, ' '), tone }));
  const width = columns >= narrowest ? columns - indent : Number.POSITIVE_INFINITY;
  const rows = isCut ? [cut(safe, width)] : wrapped(safe, width, width - hanging);
  return rows.map((row, index) => {
    const shown = row.map(({ text, tone }) => (colours && tone !== undefined ? inTone(text, tone) : text)).join('');
    return `${' '.repeat(indent + (index === 0 ? 0 : hanging))}${shown}`;
  });
}

function inTone(text: string, tone: Tone): string {
  return text === '' ? '' : `\u001b[${codes[tone]}m${text}\u001b[0m`;
}

function cut(pieces: readonly Piece[], width: number): readonly Piece[] {
  const shown: Piece[] = [];
  let room = width;
  for (const [index, piece] of pieces.entries()) {
    const own = widthOf(piece.text);
    const isLast = pieces.slice(index + 1).every(({ text }) => text === '');
    if (own < room || (own === room && isLast)) {
      shown.push(piece);
      room -= own;
      continue;
    }
    shown.push({ ...piece, text: `${[...piece.text].slice(0, room - 1).join('')}…` });
    break;
  }
  return shown;
}

/** Broken at spaces; a word that is longer than a line is broken where the line ends. */
function wrapped(pieces: readonly Piece[], first: number, others: number): readonly (readonly Piece[])[] {
  const rows: Piece[][] = [[]];
  let room = first;
  for (const { text, tone } of pieces)
    for (const word of text.match(/ +|[^ ]+/g) ?? []) {
      const isSpace = word.startsWith(' ');
      let rest = [...word];
      if (rest.length > room && !isSpace && rows.at(-1)!.length > 0 && rest.length <= others) {
        rows.push([]);
        room = others;
      }
      // A line doesn't begin with the space that it is broken at.
      if (isSpace && (rest.length > room || (rows.length > 1 && rows.at(-1)!.length === 0))) continue;
      while (rest.length > room) {
        rows.at(-1)!.push({ text: rest.slice(0, room).join(''), tone });
        rest = rest.slice(room);
        rows.push([]);
        room = others;
      }
      rows.at(-1)!.push({ text: rest.join(''), tone });
      room -= rest.length;
    }
  return rows.map(joined);
}

/** Neighbours of one tone in one piece. */
function joined(pieces: readonly Piece[]): readonly Piece[] {
  const all: Piece[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (last && last.tone === piece.tone) all[all.length - 1] = { ...last, text: last.text + piece.text };
    else all.push(piece);
  }
  return all;
}

/** In columns of a terminal, as far as names and messages of clusters need it: one for each character. */
function widthOf(text: string): number {
  return [...text].length;
}
