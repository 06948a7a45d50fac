// Composing from the tree of a similar text must give what composing the whole text gives.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compose } from './compose.ts';
import { composeNear, recompose } from './recompose.ts';
import { splitDocuments } from './split.ts';

const root = join(import.meta.dirname, '../../..');

function documentsBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .flatMap((name) => splitDocuments(readFileSync(join(root, folder, name), 'utf8')).map(({ text }) => text));
}

const documents = [...documentsBelow('examples/fleet'), ...documentsBelow('server/src/validation/fixtures')];

/** Whether the tree could be made from the old one. If so, it must be that of the whole text, with the same findings. */
function agrees(old: string, text: string): boolean {
  const composed = recompose(old, compose(old), text, Number.POSITIVE_INFINITY);
  if (!composed) return false;
  const { root: whole, findings, aliases, merges } = compose(text);
  expect({ old, text, root: composed.root }).toEqual({ old, text, root: whole });
  const { aliases: ownAliases, merges: ownMerges } = composed;
  expect({ old, text, findings: composed.findings, ownAliases, ownMerges }).toEqual({
    ...{ old, text, findings },
    ...{ ownAliases: aliases, ownMerges: merges },
  });
  return true;
}

const piece = fc.oneof(
  fc.constantFrom(...' :-{}[],"\'|>&*!%@`#?~\n'.split('')),
  fc.constantFrom(
    '- ',
    ': ',
    ' #',
    '\n\n',
    '\n  ',
    '\n    ',
    '\n- ',
    '|\n',
    '>-\n',
    '""',
    '{}',
    '---',
    '...',
    '<<',
    '${A}',
  ),
  fc.constantFrom('a', 'a: b', 'metadata:\n  ', '1', '~', '\t', '\r\n', '\\', 'é', '\u2028'),
);
const edit = fc.record({
  of: fc.nat(),
  at: fc.nat(),
  cut: fc.nat({ max: 30 }),
  put: fc.array(piece, { maxLength: 4 }),
  again: fc.nat({ max: 40 }),
  more: fc.array(piece, { maxLength: 2 }),
});

describe('composing from the tree of a similar text gives the tree of the whole text, or nothing', () => {
  test('after random edits of real documents, and after another edit nearby', () => {
    let near = 0;
    fc.assert(
      fc.property(edit, ({ of, at, cut, put, again, more }) => {
        const old = documents[of % documents.length]!;
        const offset = at % (old.length + 1);
        const text = old.slice(0, offset) + put.join('') + old.slice(offset + cut);
        if (agrees(old, text)) near += 1;
        const next = Math.min(text.length, offset + again);
        if (agrees(text, text.slice(0, next) + more.join('') + text.slice(next))) near += 1;
      }),
      { numRuns: 600, seed: 1 },
    );
    expect(near).toBeGreaterThan(200);
  });

  test('after the edits of typing: a letter, a new line at the same column or deeper, a line removed', () => {
    let [near, all] = [0, 0];
    const typing = fc.record({ of: fc.nat(), line: fc.nat(), kind: fc.nat({ max: 5 }) });
    fc.assert(
      fc.property(typing, ({ of, line, kind }) => {
        const old = documents[of % documents.length]!;
        const lines = old.split('\n');
        const at = line % lines.length;
        const margin = /^ */.exec(lines[at]!)![0];
        if (kind === 0) lines[at] += 's';
        else if (kind === 1) lines.splice(at, 0, `${margin}sus`);
        else if (kind === 2) lines.splice(at, 0, `${margin}suspend: `);
        else if (kind === 3) lines.splice(at + 1, 0, `${margin}  s`);
        else if (kind === 4) lines.splice(at, 0, `${margin}- s`);
        else lines.splice(at, 1);
        all += 1;
        if (agrees(old, lines.join('\n'))) near += 1;
      }),
      { numRuns: 600, seed: 1 },
    );
    // The others are first or last lines of a document, or in documents with anchors or errors.
    expect(near / all).toBeGreaterThan(0.4);
  });

  test('on lines indented at random', () => {
    const content = fc.constantFrom(
      ...[
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
      ],
      ...['o: p # q', 'r: s t', 'u: "v', "w: 'x''", '#y', '"', "'", '  ', 'z: [', ']', '? a', ': b'],
    );
    const line = fc.record({ column: fc.nat({ max: 5 }), content });
    let near = 0;
    fc.assert(
      fc.property(fc.array(line, { minLength: 3, maxLength: 12 }), fc.nat(), line, (lines, at, put) => {
        const written = lines.map((one) => ' '.repeat(one.column) + one.content);
        const changed = written.toSpliced(
          at % written.length,
          at % 3 === 0 ? 1 : 0,
          ' '.repeat(put.column) + put.content,
        );
        if (agrees(`a: 1\n${written.join('\n')}\nz: 1\n`, `a: 1\n${changed.join('\n')}\nz: 1\n`)) near += 1;
      }),
      { numRuns: 3000, seed: 1 },
    );
    expect(near).toBeGreaterThan(30);
  });
});

test('a long text is composed from the latest similar one', () => {
  const entries = Array.from({ length: 2000 }, (_, index) => `  key${index}: value\n`);
  const text = `data:\n${entries.join('')}`;
  expect(composeNear(text)).toEqual(compose(text));
  entries.splice(1000, 0, '  half\n');
  const typed = `data:\n${entries.join('')}`;
  const { root: near, findings } = composeNear(typed);
  expect({ near, findings }).toEqual({ near: compose(typed).root, findings: compose(typed).findings });
  expect(findings).not.toEqual([]);
});
