// The fast path must agree with the full composer: for any text the fast path accepts, both return the same tree.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Composed, composeBroken, composeWhole } from './compose.ts';
import { composeSimple } from './simple.ts';
import { splitDocuments } from './split.ts';
import type { MapNode, ScalarNode } from './tree.ts';

const root = join(import.meta.dirname, '../../..');

function documentsBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .flatMap((name) => splitDocuments(readFileSync(join(root, folder, name), 'utf8')).map(({ text }) => text));
}

const documents = [...documentsBelow('examples/fleet'), ...documentsBelow('server/src/validation/fixtures')];

/** Whether the fast path accepts the text. If it does, the full composer must return the same tree and no finding. */
function agrees(text: string): boolean {
  const composed = composeWhole(text);
  // Whoever expects errors reads the text once only.
  expect(partsOf(composeBroken(text))).toEqual(partsOf(composed));
  const simple = composeSimple(text);
  if (!simple) return false;
  const { root: whole, findings, aliases, merges } = composed;
  expect({ text, findings, aliases, merges }).toEqual({ text, findings: [], aliases: [], merges: false });
  expect({ text, root: simple }).toEqual({ text, root: whole });
  return true;
}

const partsOf = ({ root, findings, aliases, anchors, merges }: Composed) => [root, findings, aliases, anchors, merges];

test('the fast path accepts most documents of a fleet', () => {
  const short = documents.filter(agrees);
  expect(documents.length).toBeGreaterThan(100);
  expect(short.length / documents.length).toBeGreaterThan(0.8);
});

test('the fast path accepts multi-line scalars', () => {
  for (const text of [
    `a: one
  two

  three${' '}
  - four "five"
b: 1
`,
    `a:
  one
  two
- `,
    `a:
  - one
    two
  - three
`,
    `a: "one
  two\\n

  three\\
  four" # five
b: 1
`,
    `a: 'one''s

  two'
b: 1
`,
    `a:
#b
  c
d: 1
`,
    `a: "\\x41\\""
`,
  ])
    expect([text, agrees(text)]).toEqual([text, !text.endsWith('- ')]);
});

test.each([`'x''\n 'm': n\n`, `"x\\"\n "m": n\n`])(
  'an escaped quote at the end of a line ends no text: %j',
  (value) => {
    const text = ` w: ${value}`;
    expect(agrees(text)).toBe(false);
    expect(composeWhole(text).findings).not.toEqual([]);
  },
);

test('a backslash escapes a quote only where the backslash is not escaped itself', () => {
  const [entry] = (composeSimple(String.raw`a: "\\'b\'c"`) as MapNode).entries;
  expect((entry!.value as ScalarNode).text).toBe(String.raw`\'b'c`);
});

describe('the fast path returns the full composer’s tree or gives up', () => {
  const piece = fc.oneof(
    fc.constantFrom(...' :-{}[],"\'|>&*!%@`#?~\n'.split('')),
    fc.constantFrom(
      '- ',
      ': ',
      ' #',
      '\n\n',
      '\n  ',
      '\n- ',
      '|\n',
      '>-\n',
      '""',
      "''",
      '{}',
      '[]',
      '---',
      '...',
      '<<',
      '${A}',
    ),
    fc.constantFrom('a', 'a: b', '1', '0x1F', '.inf', 'no', '~', '\t', '\r\n', '\\', 'é', '\u2028'),
  );

  test('on real documents with a random edit', () => {
    const edit = fc.record({
      of: fc.nat(),
      at: fc.nat(),
      cut: fc.nat({ max: 12 }),
      put: fc.array(piece, { maxLength: 3 }),
    });
    let short = 0;
    fc.assert(
      fc.property(edit, ({ of, at, cut, put }) => {
        const text = documents[of % documents.length]!;
        const offset = at % (text.length + 1);
        if (agrees(text.slice(0, offset) + put.join('') + text.slice(offset + cut))) short += 1;
      }),
      { numRuns: 4000 },
    );
    expect(short).toBeGreaterThan(200);
  });

  test('on texts built from random pieces', () => {
    let short = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        if (agrees(pieces.join(''))) short += 1;
      }),
      { numRuns: 20_000 },
    );
    expect(short).toBeGreaterThan(50);
  });

  test('on lines indented at random', () => {
    const content = fc.constantFrom(
      'a:',
      'b: 1',
      '- c',
      '-',
      '- d: 2',
      'e: |',
      'f: >-',
      'text',
      '# g',
      '',
      '- - h',
      'i: [1, "2"]',
      'j: { k: l }',
      "'m': n",
      'o: p # q',
      'r: s t',
      'u: "v',
      "w: 'x''",
      '#y',
      '"',
      "'",
      '  ',
    );
    const line = fc.record({ column: fc.nat({ max: 5 }), content });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 9 }), (lines) => {
        agrees(lines.map((one) => ' '.repeat(one.column) + one.content).join('\n'));
      }),
      { numRuns: 20_000 },
    );
  });
});
