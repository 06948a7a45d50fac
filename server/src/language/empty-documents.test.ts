// The lists of empty documents are prepared in slices, until somebody types.
import { beforeEach, expect, test, vi } from 'vitest';
import { usualLayout } from '../features/completion/layout.ts';
import { settledObject } from '../features/completion/settled.ts';
import { configMap } from '../features/fixture.ts';
import { testCatalog } from '../fixture.ts';
import { Workspace } from '../workspace/workspace.ts';
import { emptyDocumentsPrepared } from './empty-documents.ts';
import type { Session } from './session.ts';

vi.mock(import('../features/completion/settled.ts'), { spy: true });

beforeEach(() => {
  vi.mocked(settledObject).mockClear();
});

function open(text: string): { workspace: Workspace; prepared: () => Promise<void> } {
  const workspace = new Workspace(testCatalog);
  workspace.put('a.yaml', text);
  const session = {
    programs: { placeOf: (path: string) => ({ program: { workspace }, path }) },
    client: { snippets: true, layout: usualLayout },
    snippets: () => [],
  } as unknown as Session;
  return { workspace, prepared: () => emptyDocumentsPrepared(session, 'a.yaml') };
}

const found = () => vi.mocked(settledObject).mock.calls.length;

test.each([
  ['a file', ''],
  ['the last document', `${configMap('a')}---\n`],
  ['a document between two others', `${configMap('a')}---\n\n---\n${configMap('b')}`],
])('%s that is empty', async (_name, text) => {
  await open(text).prepared();
  expect(found()).toBeGreaterThan(10);
});

test.each([configMap('a'), '# a\n- b\n', `# a\n---\n${configMap('a')}`])('nothing in %j is empty', async (text) => {
  await open(text).prepared();
  expect(found()).toBe(0);
});

test('it ends when somebody types', async () => {
  const { workspace, prepared } = open('');
  vi.mocked(settledObject).mockImplementationOnce((lines) => {
    workspace.put('a.yaml', 'k');
    return lines;
  });
  await prepared();
  expect(found()).toBe(1);
});
