// What whole objects are made of is found once for a place, before anyone types, and again when what it depends on changed.
import { beforeEach, expect, test, vi } from 'vitest';
import { snippetTexts } from '../../disk/snippets.ts';
import { testCatalog } from '../../fixture.ts';
import { atOnce } from '../../syntax/steps.ts';
import { Workspace } from '../../workspace/workspace.ts';
import { cursorAt } from '../cursor.ts';
import { diagnose } from '../diagnostics.ts';
import { configMap, fixture } from '../fixture.ts';
import { complete, preparingObjects } from './completion.ts';
import { flux, instance } from './fixture.ts';
import { settledObject } from './settled.ts';
import { readSnippets } from './snippets.ts';

vi.mock(import('./settled.ts'), { spy: true });

beforeEach(() => {
  vi.mocked(settledObject).mockClear();
});

const snippets = readSnippets(snippetTexts());

/** Writes a text whose last document is empty. */
function opened(text = '', files: Readonly<Record<string, string>> = {}): Workspace {
  const workspace = new Workspace(testCatalog);
  for (const [path, other] of Object.entries(files)) workspace.put(path, other);
  workspace.put('apps/new.yaml', text);
  return workspace;
}

function itemsAfter(workspace: Workspace, text: string): readonly string[] {
  workspace.put('apps/new.yaml', text);
  return complete(cursorAt(workspace, 'apps/new.yaml', text.length)!, snippets).map(
    ({ label, insert }) => `${label}: ${insert}`,
  );
}

function prepare(workspace: Workspace): void {
  const end = workspace.file('apps/new.yaml')!.text.length;
  atOnce(preparingObjects(cursorAt(workspace, 'apps/new.yaml', end)!, snippets));
}

const found = () => vi.mocked(settledObject).mock.calls.length;

test.each([
  ['an empty file', ''],
  ['a new document', '---\n'],
  ['a document below another', `${configMap('other', 'default')}---\n`],
])('%s: the first list is there when somebody types, the same as without', (_name, text) => {
  const workspace = opened(text);
  prepare(workspace);
  expect(found()).toBeGreaterThan(40);
  vi.mocked(settledObject).mockClear();
  const lists = ['', 'a', 'k'].map((word) => itemsAfter(workspace, text + word));
  expect(found()).toBe(0);
  expect(lists).toEqual(['', 'a', 'k'].map((word) => itemsAfter(opened(text), text + word)));
  expect(lists[0]!.length).toBeGreaterThan(40);
});

test('one step is one object, so that a request waits for no more', () => {
  const workspace = opened();
  const steps = preparingObjects(cursorAt(workspace, 'apps/new.yaml', 0)!, snippets);
  for (let before = 0; !steps.next().done; before = found()) expect(found() - before).toBeLessThanOrEqual(1);
  expect(found()).toBeGreaterThan(40);
});

test('nothing is prepared where something is written, or nothing would be offered', () => {
  for (const text of [configMap('other', 'default'), 'a', '- ']) prepare(opened(text));
  expect(found()).toBe(0);
});

test('it is found again once another file, the file itself or the clusters are others', () => {
  const taken = configMap('apps', 'default');
  const workspace = opened('', { 'kustomization.yaml': 'resources: [apps/new.yaml, other.yaml]\n' });
  const name = (text: string) => itemsAfter(workspace, text).find((one) => one.startsWith('ConfigMap: '));
  prepare(workspace);
  expect(name('')).toContain('name: ${1:apps}');
  workspace.put('other.yaml', taken);
  expect(name('')).toContain('name: $1\n');
  workspace.put('other.yaml', configMap('other', 'default'));
  expect(name('')).toContain('name: ${1:apps}');
  expect(name(`${taken}---\n`)).not.toContain('name: ${1:apps}');
});

test('it is found again once it is known what clusters get', () => {
  const delivery = `${instance}${flux('apps', './apps')}`;
  const { workspace } = fixture(
    `${delivery}# file: apps/other.yaml\n${configMap('apps', 'default')}# file: apps/new.yaml\n`,
  );
  const name = () => itemsAfter(workspace, '').find((one) => one.startsWith('ConfigMap: '));
  expect(name()).toContain('name: ${1:apps}');
  diagnose(workspace, 'apps/other.yaml');
  expect(name()).toContain('name: $1\n');
});
