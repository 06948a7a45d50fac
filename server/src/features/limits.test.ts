// Hostile texts: every feature finishes in bounded time and none throws, whatever the text nests, repeats or references.
import { describe, expect, test } from 'vitest';
import { testCatalog } from '../fixture.ts';
import { LineIndex } from '../syntax/lines.ts';
import { Workspace } from '../workspace/workspace.ts';
import { complete } from './completion/completion.ts';
import { cursorAt } from './cursor.ts';
import { definition, references } from './definition.ts';
import { diagnose, type FileFinding } from './diagnostics.ts';
import { codeActions } from './fixes/code-action.ts';
import { folds } from './folding.ts';
import { format } from './formatting/formatting.ts';
import { highlights } from './highlights.ts';
import { hover } from './hover.ts';
import { links } from './links.ts';
import { prepareRename } from './rename/rename.ts';
import { selections } from './selection.ts';
import { semanticTokens } from './semantic-tokens.ts';
import { schemaStatus } from './status.ts';
import { documentSymbols, workspaceSymbols } from './symbols.ts';

/**
 * Milliseconds of CPU time for all features together, independent of other load on the machine. Several times the usual
 * time, since CPUs differ.
 */
const bound = 15_000;

const release = (values: string): string => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web, namespace: default }
spec:
  interval: 10m
  chartRef: { kind: OCIRepository, name: web }
  values: ${values}
`;

const crd = (schema: string): string => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { plural: things, kind: Thing }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema: ${schema}
---
apiVersion: example.com/v1
kind: Thing
metadata: { name: a }
spec: ${'{"a": '.repeat(500)}1${'}'.repeat(500)}
`;

const nested = (open: string, close: string, depth: number): string => open.repeat(depth) + close.repeat(depth);

/** Ten lines of ten aliases each: 10^10 values. */
const bomb = Array.from({ length: 10 }, (_, level) =>
  level === 0 ? 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]' : `a${level}: &a${level} [${`*a${level - 1}, `.repeat(10)}]`,
);

const texts: Readonly<Record<string, string>> = {
  'alias bomb': release(`\n${bomb.map((line) => `    ${line}`).join('\n')}`),
  'alias bomb of merges': release(
    `\n${Array.from({ length: 30 }, (_, level) => `    m${level}: &m${level} {${level === 0 ? 'a: 1' : `<<: [*m${level - 1}, *m${level - 1}]`}}`).join('\n')}`,
  ),
  'cyclic anchors': release('\n    a: &a { b: *a, c: &c [*a, *c] }\n    <<: *a'),
  'flow nested 20,000 deep, lists': release(nested('[', ']', 20_000)),
  'flow nested 20,000 deep, maps': release(`${'{a: '.repeat(20_000)}1${'}'.repeat(20_000)}`),
  'flow nested 20,000 deep, never closed': release('{a: ['.repeat(10_000)),
  'dashes 20,000 deep': `${'- '.repeat(20_000)}a\n`,
  'question marks 20,000 deep': `${'? '.repeat(20_000)}a\n`,
  'block nested 1,000 deep': release(
    `\n${Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(4 + depth)}a:`).join('\n')} 1`,
  ),
  'CRD nested 5,000 deep': crd(`${'{type: object, properties: {a: '.repeat(5_000)}{type: string}${'}}'.repeat(5_000)}`),
  'CRD nested 300 deep': crd(`${'{type: object, properties: {a: '.repeat(300)}{type: string}${'}}'.repeat(300)}`),
  'CRD nested 300 deep in items': crd(`${'{type: array, items: '.repeat(300)}{type: string}${'}'.repeat(300)}`),
  'CRD of itself': crd('&s {type: object, properties: {a: *s}, items: *s, additionalProperties: *s}'),
  'CRD with a pattern that backtracks': crd(
    '{type: object, properties: {spec: {type: string, pattern: "^(a+)+$", default: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"}}}',
  ),
  'CRD with a rule that multiplies': crd(
    '{type: object, properties: {spec: {type: array, default: [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1], items: {type: integer}, x-kubernetes-validations: [{rule: "self.all(a, self.all(b, self.all(c, self.all(d, self.all(e, a + b + c + d + e > 0)))))"}]}}}',
  ),
  'CRD with a rule nested deeply': crd(
    `{type: object, x-kubernetes-validations: [{rule: "${'('.repeat(5000)}true${')'.repeat(5000)}"}, {rule: "${'!'.repeat(5000)}true"}, {rule: "${'true ? true : '.repeat(3000)}true"}]}`,
  ),
  'a line of a megabyte': release(`"${'x'.repeat(1_000_000)}"`),
  'thirty thousand keys': release(
    `\n${Array.from({ length: 30_000 }, (_, index) => `    k${index}: ${index}`).join('\n')}`,
  ),
  'ten thousand containers': `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n${Array.from({ length: 10_000 }, (_, index) => `  - { name: c${index % 7000}, image: a }`).join('\n')}\n`,
  'ten thousand documents': 'a: 1\n---\n'.repeat(10_000),
  'a number of a hundred thousand digits': release(
    `{ a: ${'9'.repeat(100_000)}, b: 0.${'9'.repeat(100_000)}, c: 1e99999 }`,
  ),
  'a quantity of a hundred thousand digits': `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: a }\nspec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: "${'9'.repeat(100_000)}Gi" } } }\n`,
  'a schedule of many commas': `apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: a }\nspec: { schedule: "${'*/1,'.repeat(50_000)}1 * * * *" }\n`,
  'holes without end': release(`"${'${A:=${B:='.repeat(20_000)}"`),
  'braces of templates': release('{{ '.repeat(20_000)),
  'quotes never closed': `a: "${"b\n'".repeat(20_000)}`,
  'tags and anchors': release(`${'!!str &a '.repeat(5000)}x`),
  'control characters': release(`"${'\u0000\u0007\u001b'.repeat(5000)}"`),
  'lone surrogates': release(`"${'\ud800'.repeat(5000)}"`),
};

describe.each(Object.entries(texts))('%s', (name, text) => {
  test('every feature finishes in time', { timeout: 300_000 }, () => {
    const began = process.cpuUsage();
    const workspace = new Workspace(testCatalog);
    const file = workspace.put('a.yaml', text);
    const findings = diagnose(workspace, 'a.yaml');
    for (const { start, end } of findings) {
      expect(start).toBeLessThanOrEqual(end);
      expect(end).toBeLessThanOrEqual(text.length);
    }
    codeActions(workspace, 'a.yaml', 0, Math.min(text.length, 10_000));
    documentSymbols(file);
    workspaceSymbols(workspace, 'a');
    folds(file, new LineIndex(text));
    links(workspace, 'a.yaml');
    semanticTokens(workspace, 'a.yaml');
    format(workspace, 'a.yaml', { step: 4 });
    for (const offset of [0, 90, 200, Math.floor(text.length / 2), text.length - 1, text.length]) {
      const cursor = cursorAt(workspace, 'a.yaml', offset);
      if (!cursor) continue;
      hover(cursor);
      complete(cursor);
      definition(cursor);
      references(cursor, true);
      schemaStatus(cursor);
      highlights(cursor);
      selections(cursor);
      prepareRename(cursor);
    }
    const { user, system } = process.cpuUsage(began);
    expect((user + system) / 1000, name).toBeLessThan(bound);
  });
});

/** Findings that some texts must have, so that skipping the work does not pass as speed. */
const expected: Readonly<Record<string, (finding: FileFinding) => boolean>> = {
  'flow nested 20,000 deep, lists': ({ rule }) => rule === 'syntax/too-deep',
  'flow nested 20,000 deep, maps': ({ rule }) => rule === 'syntax/too-deep',
  'CRD with a pattern that backtracks': ({ rule }) => rule === 'schema/invalid',
  'ten thousand containers': ({ rule }) => rule === 'schema/duplicate-item',
};

test.each(Object.keys(expected))('%s is reported', (name) => {
  const workspace = new Workspace(testCatalog);
  workspace.put('a.yaml', texts[name]!);
  expect(diagnose(workspace, 'a.yaml').some(expected[name]!)).toBe(true);
});
