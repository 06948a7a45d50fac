import { describe, expect, test } from 'vitest';
import {
  blockInMarkdown,
  codeInMarkdown,
  descriptionInMarkdown,
  forOneLine,
  forTerminal,
  nameInMarkdown,
  oneLine,
  readable,
  wordsInMarkdown,
} from './shown.ts';

const hostile =
  'a\u001b[31mred\u001b]8;;https://x\u0007link\u009b2J\r\u202eback\u061c\u2028\ufeff\u2066end\0\u0085\t\n::error::x\n  ##[set-output]y';

test('a terminal receives no control, bidirectional or invisible character, and no workflow command', () => {
  const shown = forTerminal(hostile);
  expect(shown).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/);
  expect(shown).not.toMatch(/^\s*(::|##\[)/m);
  expect(shown).toContain('\\u001b[31mred');
  expect(shown.split('\n')).toHaveLength(3);
});

test('JSON means the same after it was made safe', () => {
  const json = JSON.stringify({ [hostile]: [hostile] }, null, 2);
  expect(JSON.parse(forTerminal(json))).toEqual({ [hostile]: [hostile] });
});

test('one line has no line breaks', () => {
  expect(forOneLine(hostile)).not.toMatch(/[\r\n\t\u2028]/);
  expect(oneLine(hostile)).not.toMatch(/[\r\n\t\u2028\u001b]/);
  expect(oneLine('a'.repeat(10), 4)).toBe('aaa…');
});

test('readable text has neither escape sequences nor bidirectional characters', () => {
  expect(readable('\u001b[31mred\u001b[0m \u202eback')).toBe('red \ufffdback');
  expect(readable('a\tb\nc')).toBe('a\tb\nc');
});

describe('Markdown', () => {
  test.each([wordsInMarkdown, nameInMarkdown, descriptionInMarkdown])('has no image and no HTML: %o', (shown) => {
    for (const text of ['![t](https://x/t.png)', '\\![t][r]', '<img src=x>', 'a ![](x) <b>']) {
      expect(shown(text).replace(/\\./g, '')).not.toMatch(/!\[|</);
    }
  });

  test('keeps what a description may have', () => {
    expect(descriptionInMarkdown('*One* of [these](https://x):\n- a\n- b')).toBe(
      '*One* of [these](https://x):\n- a\n- b',
    );
  });

  test('has no fence of a description, which would hide what follows', () => {
    expect(descriptionInMarkdown('a\n```\nb')).toBe('a\n\\`\\`\\`\nb');
  });

  test.each(['a', 'a`b', '`', '``` a', 'a\nb', '``'])('has code that its text does not end: %j', (text) => {
    const shown = codeInMarkdown(text);
    const fence = /^`+/.exec(shown)![0];
    expect(shown.endsWith(fence)).toBe(true);
    const inside = shown.slice(fence.length, -fence.length);
    expect((inside.match(/`+/g) ?? []).every((run) => run.length !== fence.length)).toBe(true);
    expect(shown).not.toContain('\n');
  });

  test('has blocks that their text does not end', () => {
    expect(blockInMarkdown('a\n```\nb', 'yaml')).toBe('````yaml\na\n```\nb\n````');
    expect(blockInMarkdown('a', 'yaml')).toBe('```yaml\na\n```');
  });
});
