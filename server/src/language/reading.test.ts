// The verbs that show what belongs together, over real standard input and output.
import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type {
  DocumentHighlight,
  DocumentLink,
  FoldingRange,
  Hover,
  Location,
  Position,
  SelectionRange,
  SemanticTokens,
  SemanticTokensDelta,
} from 'vscode-languageserver/node';
import { buildProgram, program, Session } from './fixture.ts';

beforeAll(buildProgram);
afterAll(() => rmSync(program, { force: true }));

let session: Session;
afterEach(() => {
  session.connection.dispose();
  session.child.kill();
  rmSync(session.folder, { recursive: true, force: true });
});

const at = (line: number, character: number): Position => ({ line, character });

test('highlights, selection ranges, links, folds, and definition and hover of aliases are announced and answered', async () => {
  session = new Session();
  const { capabilities } = await session.start({}, { 'a.yaml': 'a: 1\n', 'data.ini': 'a=1\n' });
  expect(capabilities).toMatchObject({ documentHighlightProvider: true, selectionRangeProvider: true });
  expect(capabilities.documentLinkProvider).toEqual({});
  await session.open(
    'kustomization.yaml',
    'resources: [a.yaml]\nconfigMapGenerator:\n  - name: &n a\n    namespace: *n\n    files: [data.ini]\n# one\n# two\n',
  );
  const position = at(3, 16);
  const lights = await session.ask<DocumentHighlight[]>('textDocument/documentHighlight', 'kustomization.yaml', {
    position,
  });
  expect(lights.map(({ range, kind }) => [range.start.line, kind])).toEqual([
    [2, 3],
    [3, 2],
  ]);
  const definitions = await session.ask<Location[]>('textDocument/definition', 'kustomization.yaml', { position });
  expect(definitions.map(({ range }) => range.start)).toEqual([at(2, 10)]);
  const hover = await session.ask<Hover>('textDocument/hover', 'kustomization.yaml', { position });
  expect(hover.contents).toMatchObject({ value: '```yaml\n&n a\n```' });
  const [selection] = await session.ask<SelectionRange[]>('textDocument/selectionRange', 'kustomization.yaml', {
    positions: [at(0, 13)],
  });
  expect(selection?.range).toEqual({ start: at(0, 12), end: at(0, 13) });
  expect(selection?.parent?.range).toEqual({ start: at(0, 12), end: at(0, 18) });
  const links = await session.ask<DocumentLink[]>('textDocument/documentLink', 'kustomization.yaml');
  expect(links.map(({ target }) => target)).toEqual([session.uri('a.yaml'), session.uri('data.ini')]);
  const data = await session.ask<Location[]>('textDocument/definition', 'kustomization.yaml', { position: at(4, 14) });
  expect(data.map(({ uri }) => uri)).toEqual([session.uri('data.ini')]);
  const folds = await session.ask<FoldingRange[]>('textDocument/foldingRange', 'kustomization.yaml');
  expect(folds).toContainEqual({ startLine: 5, endLine: 6, kind: 'comment' });
  expect(session.logged).toEqual([]);
});

test('semantic tokens of a document and of a range are encoded by the announced legend', async () => {
  session = new Session();
  const refreshed = new Promise<void>((resolve) => {
    session.connection.onRequest('workspace/semanticTokens/refresh', () => resolve());
  });
  const { capabilities } = await session.start({ workspace: { semanticTokens: { refreshSupport: true } } });
  const { legend } = capabilities.semanticTokensProvider!;
  expect(legend.tokenModifiers).toContain('unresolved');
  await session.open('a.yaml', 'a: &b ${C}\nd:\n  - *b\n');
  const label = legend.tokenTypes.indexOf('label');
  const all = await session.ask<SemanticTokens>('textDocument/semanticTokens/full', 'a.yaml');
  const declaration = 1 << legend.tokenModifiers.indexOf('declaration');
  const variable = legend.tokenTypes.indexOf('variable');
  expect(all.data).toEqual([0, 3, 2, label, declaration, 0, 5, 1, variable, 0, 2, 4, 2, label, 0]);
  const range = { start: at(2, 0), end: at(3, 0) };
  const some = await session.ask<SemanticTokens>('textDocument/semanticTokens/range', 'a.yaml', { range });
  expect(some.data).toEqual([2, 4, 2, label, 0]);
  await refreshed;
  expect(session.logged).toEqual([]);
});

test('after an edit, only the tokens that differ are sent', async () => {
  session = new Session();
  await session.start();
  await session.open('a.yaml', 'a: ${B}\nc: ${D}\ne: ${F}\n');
  const all = await session.ask<SemanticTokens>('textDocument/semanticTokens/full', 'a.yaml');
  await session.change('a.yaml', 2, at(1, 6), at(1, 6), 'D');
  const previousResultId = all.resultId!;
  const delta = await session.ask<SemanticTokensDelta>('textDocument/semanticTokens/full/delta', 'a.yaml', {
    previousResultId,
  });
  const data = [...all.data];
  expect(delta.edits.length).toBe(1);
  for (const { start, deleteCount, data: put } of delta.edits) data.splice(start, deleteCount, ...(put ?? []));
  const again = await session.ask<SemanticTokens>('textDocument/semanticTokens/full', 'a.yaml');
  expect(data).toEqual(again.data);
  const unknown = await session.ask<SemanticTokens>('textDocument/semanticTokens/full/delta', 'a.yaml', {
    previousResultId: 'none',
  });
  expect(unknown.data).toEqual(again.data);
});
