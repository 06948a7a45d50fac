// Runs the documentation of every rule: the bad example must be reported at its marks, the good one not at all.
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../features/diagnostics.ts';
import { edited, fixture } from '../features/fixture.ts';
import { clusterRules, rules as documentRules, objectRules } from './rules.ts';

const rules = [...documentRules, ...clusterRules, ...objectRules];

test('every file in this folder is a rule in the list', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => !/^rules?\.|\.test\.ts$/.test(name));
  expect(files).toHaveLength(rules.length);
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
});

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  test('reports its bad example at the mark, and its fixes remove the finding', () => {
    const { workspace, path, text } = fixture(rule.docs.bad.trimStart());
    const lines = text.split('\n');
    const marked = lines.flatMap((line, index) => (/^\s*# \^+ /.test(line) ? [index - 1] : []));
    expect(marked.length).toBeGreaterThan(0);
    const found = diagnose(workspace, path).filter((finding) => finding.rule === id);
    expect(found.map(({ start }) => text.slice(0, start).split('\n').length - 1)).toEqual(marked);
    for (const fix of found.flatMap((finding) => finding.fixes ?? [])) {
      workspace.put(path, edited(text, fix.edits));
      expect(diagnose(workspace, path).filter((finding) => finding.rule === id).length).toBeLessThan(found.length);
    }
  });

  test('reports nothing in its good example', () => {
    const { workspace, path } = fixture(rule.docs.good.trimStart());
    expect(diagnose(workspace, path)).toEqual([]);
  });
});
