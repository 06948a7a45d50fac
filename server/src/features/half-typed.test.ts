// Half-typed text: the verbs of the editor answer for every beginning of every fixture, without throwing and with ranges
// inside of the text.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testCatalog } from '../fixture.ts';
import { LineIndex } from '../syntax/lines.ts';
import { Workspace } from '../workspace/workspace.ts';
import { cursorAt } from './cursor.ts';
import { definition, references } from './definition.ts';
import { folds } from './folding.ts';
import { format } from './formatting/formatting.ts';
import { highlights } from './highlights.ts';
import { links } from './links.ts';
import { prepareRename, rename } from './rename/rename.ts';
import { selections } from './selection.ts';
import { semanticTokens } from './semantic-tokens.ts';

const folder = join(import.meta.dirname, '../validation/fixtures');

/** Syntax that the fixtures of findings don't have. */
const others = [
  'a: &x\n  - *x\n  - &y {b: *y, "c": \'d\'}\n<<: *x\n? e\n: |2-\n    f\n---\n# region g\n!!str h: ${I:=${J}}\n# endregion\n...\n',
  'resources:\n  - a.yaml\n  - ../b\n  - https://example.com\r\npatches: [{path: a.yaml}]\n',
];

const texts = [...readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')), ...others];

interface Range {
  readonly start: number;
  readonly end: number;
}

test('every beginning of every fixture', { timeout: 120_000 }, () => {
  let answers = 0;
  for (const [index, text] of texts.entries()) {
    const workspace = new Workspace(testCatalog);
    // A prime step covers all columns; short texts are covered entirely.
    const step = text.length < 500 ? 1 : 29;
    for (let length = index % step; length <= text.length; length += step) {
      const typed = text.slice(0, length);
      const file = workspace.put('a.yaml', typed);
      const found: Range[] = [...format(workspace, 'a.yaml', { step: 4 }), ...links(workspace, 'a.yaml')];
      found.push(...semanticTokens(workspace, 'a.yaml'));
      const lines = folds(file, new LineIndex(typed));
      expect(lines.filter(({ start, end }) => start >= end || end > typed.split('\n').length)).toEqual([]);
      for (const offset of [length, Math.floor(length / 2)]) {
        const cursor = cursorAt(workspace, 'a.yaml', offset)!;
        const named = prepareRename(cursor);
        if (named && !('refused' in named)) found.push(named);
        const renamed = rename(cursor, 'b');
        if (!('refused' in renamed)) found.push(...renamed.edits);
        found.push(...definition(cursor), ...references(cursor, true), ...highlights(cursor), ...selections(cursor));
      }
      expect(found.filter(({ start, end }) => start < 0 || start > end || end > length)).toEqual([]);
      answers += found.length;
    }
  }
  expect(answers).toBeGreaterThan(5_000);
});
