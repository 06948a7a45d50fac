// The work for a hostile text grows with its size, not with its square: counted at n, 2n and 4n.
import { expect, test } from 'vitest';
import { readChart } from '../server/src/charts/chart.ts';
import type { ChartFiles } from '../server/src/charts/files.ts';
import { redact } from '../server/src/engine/redact.ts';
import { complete } from '../server/src/features/completion/completion.ts';
import { cursorAt } from '../server/src/features/cursor.ts';
import { diagnose } from '../server/src/features/diagnostics.ts';
import { findingsAtRest, findingsWhileTyping } from '../server/src/features/latest-findings.ts';
import { documentSymbols } from '../server/src/features/symbols.ts';
import { testCatalog } from '../server/src/fixture.ts';
import { forTerminal } from '../server/src/syntax/shown.ts';
import { ignorePatterns, isIgnoredWithin } from '../server/src/workspace/ignore.ts';
import { Workspace } from '../server/src/workspace/workspace.ts';
import { workOf } from './work.ts';

/** Four times as much input may take this many times the work: logarithms and tables that grow are allowed, squares aren't. */
const most = 6;

const many = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, at) => text(at)).join('');
const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';
const crd = (schema: string) =>
  `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: things.example.com }\nspec:\n  group: example.com\n  scope: Namespaced\n  names: { plural: things, kind: Thing }\n  versions:\n    - name: v1\n      served: true\n      storage: true\n      schema:\n        openAPIV3Schema:\n          type: object\n          properties:\n            spec: ${schema}\n`;
const thing = (spec: string) => `apiVersion: example.com/v1\nkind: Thing\nmetadata: { name: a }\nspec: ${spec}\n`;
const pod = (containers: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n${containers}`;

function workspaceOf(files: Readonly<Record<string, string>>): Workspace {
  const workspace = new Workspace(testCatalog);
  workspace.list(Object.keys(files));
  for (const [path, text] of Object.entries(files)) workspace.put(path, text);
  return workspace;
}

const verdict = (text: string, others: Readonly<Record<string, string>> = {}) => {
  const workspace = workspaceOf({ ...others, 'a.yaml': text });
  return diagnose(workspace, 'a.yaml').length;
};

const typing = (text: string) => {
  const workspace = workspaceOf({ 'a.yaml': text });
  findingsAtRest(workspace, 'a.yaml');
  workspace.put('a.yaml', text.replace('name: a', 'name: ab'));
  return findingsWhileTyping(workspace, 'a.yaml').length;
};

const completion = (text: string, others: Readonly<Record<string, string>>) => {
  const workspace = workspaceOf({ ...others, 'a.yaml': text });
  const cursor = cursorAt(workspace, 'a.yaml', text.length - 1);
  return cursor && complete(cursor);
};

const chartOf = (files: Readonly<Record<string, string>>): ChartFiles => ({
  paths: Object.keys(files).sort(),
  text: (path) => files[path],
  bytes: () => undefined,
  archive: () => undefined,
});
const dependencies = (count: number) =>
  `name: a\ndependencies:\n${many(count, (at) => `  - { name: c${at}, version: 1.0.0 }\n`)}`;
const subchart = (at: number) => [`charts/c${at}/Chart.yaml`, `name: c${at}\n`] as const;

const cases: Readonly<Record<string, (count: number) => unknown>> = {
  'unknown fields in one map': (n) => verdict(head + many(n, (at) => `wrong${at}: 1\n`)),
  'unknown fields while somebody types': (n) => typing(head + many(n, (at) => `wrong${at}: 1\n`)),
  'fields with a slip of a known one': (n) => verdict(head + many(n, (at) => `data${at}: 1\n`)),
  'suppressions above one finding': (n) => verdict(`${head}${many(n, () => '# capstan-ignore: schema/a\n')}wrong: 1\n`),
  'suppressions of many findings': (n) =>
    verdict(head + many(n, (at) => `# capstan-ignore: schema/unknown-field\nwrong${at}: 1\n`)),
  'values of an enum': (n) =>
    verdict(thing('x'), { 'crd.yaml': crd(`{ type: string, enum: [${many(n, (at) => `v${at}, `)}z] }`) }),
  'wrong values of an enum': (n) =>
    verdict(thing(`[${many(n, (at) => `w${at}, `)}z]`), {
      'crd.yaml': crd(`{ type: array, items: { type: string, enum: [a, b, c] } }`),
    }),
  'a key that is set again and again': (n) => verdict(head + many(n, () => 'data: {}\n')),
  'items with the same key': (n) => verdict(pod(many(n, () => '    - { name: a, image: b }\n'))),
  'items of a set': (n) =>
    verdict(thing(`[${many(n, (at) => `${at}, `)}0]`), {
      'crd.yaml': crd('{ type: array, x-kubernetes-list-type: set, items: { type: integer } }'),
    }),
  'required fields that are missing': (n) =>
    verdict(thing('{}'), { 'crd.yaml': crd(`{ type: object, required: [${many(n, (at) => `r${at}, `)}z] }`) }),
  'anchors and aliases': (n) => verdict(head + many(n, (at) => `a${at}: &a${at} 1\nb${at}: *a${at}\n`)),
  'documents of one file': (n) => verdict(many(n, (at) => `${head}wrong: ${at}\n---\n`)),
  'lines that aren’t indented right': (n) => verdict(head + many(n, (at) => ` a${at}: 1\n`)),
  'lines without a colon': (n) => verdict(head + many(n, (at) => `a${at}\n`)),
  tabs: (n) => verdict(head + many(n, (at) => `a${at}:\tb\n`)),
  'brackets that aren’t closed': (n) => verdict(`${head}a: ${'['.repeat(n)}`),
  'braces of templates': (n) => verdict(`${head}a: ${'{{ '.repeat(n)}`),
  'markers of conflicts': (n) => verdict(head + many(n, () => '<<<<<<< a\nb: 1\n=======\nb: 2\n>>>>>>> c\n')),
  variables: (n) => verdict(`${head}data:\n  a: "${'${A}'.repeat(n)}"\n`),
  symbols: (n) => documentSymbols(workspaceOf({ 'a.yaml': head + many(n, (at) => `a${at}: 1\n`) }).file('a.yaml')!),
  'completion beside many keys': (n) => completion(`${head}data:\n${many(n, (at) => `  a${at}: b\n`)}i\n`, {}),
  'completion of many values': (n) =>
    completion(thing('v'), { 'crd.yaml': crd(`{ type: string, enum: [${many(n, (at) => `v${at}, `)}z] }`) }),
  'completion of many properties': (n) =>
    completion(`${thing('')}  a\n`, {
      'crd.yaml': crd(`{ type: object, properties: { ${many(n, (at) => `a${at}: { type: string }, `)} } }`),
    }),
  'subcharts in folders': (n) =>
    readChart(
      chartOf({
        'Chart.yaml': dependencies(n),
        ...Object.fromEntries(Array.from({ length: n }, (_, at) => subchart(at))),
      }),
    ),
  redaction: (n) => redact('eyJ-'.repeat(n)),
  'redaction of names': (n) => redact('a-'.repeat(n)),
  'credentials in URLs that aren’t': (n) => redact('x://a'.repeat(n)),
  'a pattern of ignored folders anywhere': (n) =>
    isIgnoredWithin(ignorePatterns([`${'**/a/'.repeat(n / 10)}b`]), `${'a/'.repeat(40)}x.yaml`),
  'folders of a path and of a pattern': (n) =>
    isIgnoredWithin(ignorePatterns([`**/${'a/'.repeat(n)}b`]), `${'a/'.repeat(2 * n)}x.yaml`),
  'lines of an ignore file': (n) =>
    isIgnoredWithin(ignorePatterns(many(n, (at) => `a${at}/*.b\n`).split('\n')), 'c/x.yaml'),
  escapes: (n) => forTerminal('\u001b[31m::'.repeat(n)),
};

test.each(Object.entries(cases))('%s', (_what, run) => {
  // What is computed once for all is computed.
  run(10);
  const [one, two, four] = [150, 300, 600].map((count) => workOf(() => run(count)));
  const factors = [two! / one!, four! / one!].map((factor) => Math.round(factor * 10) / 10);
  expect(factors.at(-1), `work: ${[one, two, four].join(', ')}`).toBeLessThan(most);
});

test('work that grows with the square is more', () => {
  const squared = (n: number) => workOf(() => many(n, () => many(n, () => forTerminal('::') && '')));
  expect(squared(40)).toBeGreaterThan(3 * squared(20));
});
