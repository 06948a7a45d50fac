// Breaks the text of an object like a typo.
import type { Random } from '../random.ts';

const bits: readonly string[] = [
  '\t',
  ' ',
  '  ',
  '\n',
  '- ',
  '-',
  ':',
  ': ',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ',',
  '#',
  ' #',
  '|',
  '>',
  '&a ',
  '*a',
  '!',
  '!!str ',
  '? ',
  '%',
  '@',
  '`',
  '~',
  '\r\n',
  '\\',
  '<<: *a',
  '...',
  'é',
  '😀',
];

/** Spellings of YAML values; the server parses them as YAML 1.1. */
const spellings: readonly string[] = [
  'yes',
  'no',
  'on',
  'off',
  'y',
  'n',
  'True',
  'NULL',
  '~',
  '',
  '0x1f',
  '0o17',
  '017',
  '08',
  '0b11',
  '1_000',
  '1e3',
  '1.0',
  '.5',
  '+1',
  '1:30',
  '.inf',
  '2026-01-31',
  '"1"',
  "'yes'",
  '"\\x41"',
  '!!str 1',
  '!!int "3"',
  '|\n    text',
  '>-\n    folded\n    text',
  '{}',
  '[]',
  '{a: b}',
  '[a, b]',
  '12345678901234567890',
  '-0',
  '1.5',
  '"a\\nb"',
  '&x 1',
  '1e400',
  '0.0',
  '- a',
  'a: b',
  '# gone',
  '"unclosed',
  '!!binary YQ==',
  '!custom x',
];

export function mutateText(text: string, random: Random): string {
  const lines = text.split('\n');
  const at = random.below(lines.length);
  const line = lines[at]!;
  const column = random.below(line.length + 1);
  switch (random.below(9)) {
    case 0:
      lines[at] = line.replace(/:\s.*$/, `: ${random.pick(spellings)}`);
      break;
    case 1:
      lines[at] = line.replace(/(- |: )?[^\s:-]*$/, `$1${random.pick(spellings)}`);
      break;
    case 2:
      lines[at] = line.slice(0, column) + random.pick(bits) + line.slice(column);
      break;
    case 3:
      lines[at] = line.slice(0, column) + line.slice(column + 1 + random.below(3));
      break;
    case 4:
      lines.splice(at, 1);
      break;
    case 5:
      lines.splice(at, 0, random.pick(lines));
      break;
    case 6:
      lines[at] = ' '.repeat(random.below(6)) + line.trimStart();
      break;
    case 7:
      lines[at] = `${line}${random.pick([' # comment', '#', ' ', '\t', '\r', ' "', ' x'])}`;
      break;
    default:
      return random.pick([
        text.replaceAll('\n', '\r\n'),
        `\ufeff${text}`,
        `---\n${text}`,
        `# comment\n${text}\n...\n`,
        `${text}\n---\n`,
        `%YAML 1.1\n---\n${text}`,
        `${text}\n\n`,
      ]);
  }
  return lines.join('\n');
}
