// Completion and hover at any offset of the example fleet, intact or damaged: neither throws, and every result applies to
// the requested offset.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testCatalog } from '../fixture.ts';
import { Workspace } from '../workspace/workspace.ts';
import { complete } from './completion/completion.ts';
import { cursorAt } from './cursor.ts';
import { hover } from './hover.ts';

const folder = join(import.meta.dirname, '../../../examples/fleet');
const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((name) => readFileSync(join(folder, name), 'utf8'));

test('a sample of offsets in each file', () => {
  let hovered = 0;
  let completed = 0;
  for (const [index, text] of texts.entries()) {
    const workspace = new Workspace(testCatalog);
    workspace.put('a.yaml', text);
    // A prime step covers all columns.
    for (let offset = index % 97; offset <= text.length; offset += 97) {
      const found = request(workspace, text, offset);
      hovered += Number(found.hovered);
      completed += Number(found.completed);
    }
  }
  expect(hovered).toBeGreaterThan(500);
  expect(completed).toBeGreaterThan(200);
});

test('each offset of every fixture of findings', () => {
  const fixtures = join(import.meta.dirname, '../validation/fixtures');
  let offsets = 0;
  for (const name of readdirSync(fixtures)) {
    const text = readFileSync(join(fixtures, name), 'utf8');
    const workspace = new Workspace(testCatalog);
    workspace.put('a.yaml', text);
    for (let offset = 0; offset <= text.length; offset += 1, offsets += 1) request(workspace, text, offset);
  }
  expect(offsets).toBeGreaterThan(15_000);
});

test('after arbitrary edits', () => {
  const edit = fc.record({
    at: fc.nat(20_000),
    length: fc.nat(12),
    by: fc.oneof(
      fc.constantFrom(
        '',
        ':',
        ': ',
        '- ',
        '\n',
        '\r\n',
        '  ',
        '\t',
        '{',
        '}',
        '[',
        ']',
        ',',
        '"',
        "'",
        '#',
        '|',
        '>',
        '&a',
        '*a',
        '---\n',
      ),
      fc.constantFrom('${', '{{ .x }}', '<< inputs.a >>', '? ', '!!str ', '\u{1F680}', '\uFEFF', '\u0000', '%'),
      fc.string({ maxLength: 6 }),
    ),
  });
  const place = { file: fc.nat(texts.length - 1), edits: fc.array(edit, { maxLength: 4 }), offset: fc.nat(20_000) };
  fc.assert(
    fc.property(fc.record(place), ({ file, edits, offset }) => {
      const text = edits.reduce((damaged, { at, length, by }) => {
        const from = at % (damaged.length + 1);
        return damaged.slice(0, from) + by + damaged.slice(from + length);
      }, texts[file]!);
      const workspace = new Workspace(testCatalog);
      workspace.put('a.yaml', text);
      request(workspace, text, offset % (text.length + 1));
    }),
    { numRuns: 300 },
  );
});

/** Requests hover and completion at an offset and checks their ranges. */
function request(workspace: Workspace, text: string, offset: number) {
  const cursor = cursorAt(workspace, 'a.yaml', offset);
  if (!cursor) return { hovered: false, completed: false };
  const found = hover(cursor);
  const items = complete(cursor);
  // An editor only replaces text of the cursor's own line.
  const here = ({ start, end }: { readonly start: number; readonly end: number }) =>
    start <= cursor.offset &&
    end >= cursor.offset &&
    !/[\r\n]/.test(text.slice(cursor.start + start, cursor.start + end));
  const astray = items.filter((item) => item.label === '' || item.insert === '' || !here(item));
  expect(astray, `completion at ${offset} of ${text}`).toEqual([]);
  if (found && (found.text === '' || found.start > cursor.offset || found.end < cursor.offset)) {
    expect.unreachable(`hover at ${offset} of ${text}`);
  }
  return { hovered: found !== undefined, completed: items.length > 0 };
}
