// Plants faults into the manifests of examples/fleet, one line at a time. The first fix must remove the finding without
// adding syntax errors, and must usually restore the manifest.
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

/** The fault, the minimum share of restored manifests, and the line with the fault or undefined if it can't be planted. */
const faults: readonly (readonly [string, number, (line: string) => string | undefined])[] = [
  [
    'a letter is missing in a key',
    0.95,
    (line) => (/^[ -]*[a-zA-Z]{6,}:/.test(line) ? line.replace(/([a-zA-Z]{3})[a-zA-Z]/, '$1') : undefined),
  ],
  ['one column too many', 0.8, (line) => (/^ +\w/.test(line) ? ` ${line}` : undefined)],
  ['one column too few', 0.75, (line) => (/^ {2,}\w/.test(line) ? line.slice(1) : undefined)],
  ['no space after the colon', 0.95, (line) => (/^[ -]*\w+: \w/.test(line) ? line.replace(': ', ':') : undefined)],
  ['no colon', 0.9, (line) => (/^[ -]*\w+:/.test(line) ? line.replace(':', '') : undefined)],
  ['a tab', 0.9, (line) => (/^ {2}/.test(line) ? line.replace(/^ {2}/, '\t') : undefined)],
];

/** Milliseconds for hundreds of documents, on a machine that does other work as well. */
const patience = 120_000;

describe.each(faults)('%s', (_, least, plant) => {
  test('is fixed', { timeout: patience }, () => {
    let offered = 0;
    let restored = 0;
    const wrong: string[] = [];
    for (const [index, source] of sources.entries()) {
      const lines = source.split('\n');
      // Each fault is planted on other lines of a file.
      for (let at = (index * 7 + least * 100) % 31; at < lines.length; at += 31) {
        const planted = plant(lines[at]!);
        if (planted === undefined) continue;
        const text = lines.with(at, planted).join('\n');
        const action = firstFix(text);
        if (!action) continue;
        offered += 1;
        const fixed = edited(text, action.edits);
        if (fixed === source) restored += 1;
        else if (!isBetter(text, fixed, action.finding)) wrong.push(`${action.title}: ${planted}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(offered).toBeGreaterThan(25);
    expect(restored / offered).toBeGreaterThan(least);
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
