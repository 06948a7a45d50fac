import { expect, test } from 'vitest';
import type { Terminal } from './io.ts';
import { type Line, tableOfLines, writeLines } from './terminal.ts';

function written(lines: readonly Line[], terminal?: Terminal, options?: { readonly onScreen: boolean }): string {
  let out = '';
  writeLines({ write: (text: string) => (out += text), terminal }, lines, options);
  return out;
}

const plain = (columns: number, rows = 24): Terminal => ({ columns, rows, colours: false });
const message: Line = {
  indent: 4,
  pieces: [
    { text: '✘ ', tone: 'bad' },
    { text: `Deployment web  ${'the image can not be pulled '.repeat(6)}${'x'.repeat(90)}` },
  ],
};

test('a pipe gets whole lines without colours', () => {
  expect(written([message])).toBe(
    `    ✘ Deployment web  ${'the image can not be pulled '.repeat(6)}${'x'.repeat(90)}\n`,
  );
});

test.each([40, 41, 57, 80, 200])('no word is lost in a terminal of %i columns, and no line is wider', (columns) => {
  const out = written([message], plain(columns));
  const lines = out.trimEnd().split('\n');
  expect(lines.filter((line) => [...line].length > columns)).toEqual([]);
  expect(out.replace(/\s/g, '')).toBe(written([message]).replace(/\s/g, ''));
  expect(lines.slice(1).every((line) => /^ {8}\S/.test(line))).toBe(true);
});

test('a terminal narrower than 40 columns, or of unknown width, wraps by itself', () => {
  for (const columns of [0, 20]) expect(written([message], plain(columns)).split('\n')).toHaveLength(2);
});

test('colours surround what they belong to, and nothing that was quoted is one', () => {
  const line: Line = { indent: 0, pieces: [{ text: 'failed \u001b[2J\u202e', tone: 'bad' }, { text: ' plain' }] };
  expect(written([line], { columns: 80, rows: 24, colours: true })).toBe(
    '\u001b[31mfailed \\u001b[2J\\u202e\u001b[0m plain\n',
  );
  expect(written([line], plain(80))).toBe('failed \\u001b[2J\\u202e plain\n');
});

const cells = (...texts: readonly string[]) => texts.map((text) => ({ text }));

test('columns are aligned, and what does not fit is cut in a terminal only', () => {
  const rows = [cells('NAME', 'REASON'), cells('a-long-name', `because ${'y'.repeat(60)}`), cells('b', '')];
  const lines = tableOfLines(rows, 2);
  expect(written(lines)).toBe(`  NAME         REASON\n  a-long-name  because ${'y'.repeat(60)}\n  b\n`);
  const shown = written(lines, plain(50)).split('\n');
  expect(shown[1]).toBe(`  a-long-name  because ${'y'.repeat(26)}…`);
  expect([...shown[1]!].length).toBe(50);
});

test('a screen has the first lines, and how many are left', () => {
  const lines = Array.from({ length: 30 }, (_, index): Line => ({ indent: 0, pieces: [{ text: `${index}` }] }));
  const shown = written(lines, plain(80, 12), { onScreen: true }).trimEnd().split('\n');
  expect([shown.length, shown.at(-1)]).toEqual([11, '… 20 more lines']);
});
