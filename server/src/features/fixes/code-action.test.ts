// Faults planted into the manifests of examples/fleet, a line at a time: the first fix of what is found must take that
// finding away and bring none of syntax, and where the fault can be undone it mostly gives the manifest back.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testCatalog } from '../../fixture.ts';
import { Workspace } from '../../workspace/workspace.ts';
import { diagnose, type FileFinding } from '../diagnostics.ts';
import { edited } from '../fixture.ts';
import { type CodeAction, codeActions } from './code-action.ts';

const folder = join(import.meta.dirname, '../../../../examples/fleet');
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml') && !name.includes('templates') && !name.startsWith('.'))
  .sort()
  .map((name) => readFileSync(join(folder, name), 'utf8'));

/** A line with the fault in it; undefined where it can't be planted. And how often the manifest comes back at least. */
const faults: readonly (readonly [string, number, (line: string) => string | undefined])[] = [
  [
    'a letter is missing in a key',
    0.95,
    (line) => (/^[ -]*[a-zA-Z]{6,}:/.test(line) ? line.replace(/([a-zA-Z]{3})[a-zA-Z]/, '$1') : undefined),
  ],
  ['a column too far', 0.8, (line) => (/^ +\w/.test(line) ? ` ${line}` : undefined)],
  ['a column too near', 0.75, (line) => (/^ {2,}\w/.test(line) ? line.slice(1) : undefined)],
  ['no blank behind the colon', 0.95, (line) => (/^[ -]*\w+: \w/.test(line) ? line.replace(': ', ':') : undefined)],
  ['no colon', 0.9, (line) => (/^[ -]*\w+:/.test(line) ? line.replace(':', '') : undefined)],
  ['a tab', 0.9, (line) => (/^ {2}/.test(line) ? line.replace(/^ {2}/, '\t') : undefined)],
];

describe.each(faults)('%s', (_, least, plant) => {
  test('is mended', () => {
    let asked = 0;
    let restored = 0;
    const wrong: string[] = [];
    for (const [index, source] of sources.entries()) {
      const lines = source.split('\n');
      // Another line of each file for each fault.
      for (let at = (index * 7 + least * 100) % 31; at < lines.length; at += 31) {
        const planted = plant(lines[at]!);
        if (planted === undefined) continue;
        const text = lines.with(at, planted).join('\n');
        const action = firstFix(text);
        if (!action) continue;
        asked += 1;
        const mended = edited(text, action.edits);
        if (mended === source) restored += 1;
        else if (!isBetter(text, mended, action.finding)) wrong.push(`${action.title}: ${planted}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(25);
    expect(restored / asked).toBeGreaterThan(least);
  });
});

function firstFix(text: string): CodeAction | undefined {
  const workspace = new Workspace(testCatalog);
  workspace.put('a.yaml', text);
  const [first] = diagnose(workspace, 'a.yaml');
  return first && codeActions(workspace, 'a.yaml', first.start, first.end).find(({ preferred }) => preferred);
}

function isBetter(before: string, after: string, { rule, message }: FileFinding): boolean {
  const [old, now] = [before, after].map((text) => {
    const workspace = new Workspace(testCatalog);
    workspace.put('a.yaml', text);
    return diagnose(workspace, 'a.yaml');
  });
  const same = (found: readonly FileFinding[]) =>
    found.filter((one) => one.rule === rule && one.message === message).length;
  const syntax = (found: readonly FileFinding[]) => found.filter((one) => one.rule.startsWith('syntax/')).length;
  return same(now!) < same(old!) && syntax(now!) <= syntax(old!);
}
