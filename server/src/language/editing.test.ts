// The verbs that change text, over real standard input and output.
import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Position, TextEdit, WorkspaceEdit } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
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

const edited = (text: string, edits: readonly TextEdit[]) =>
  TextDocument.applyEdits(TextDocument.create('', 'yaml', 1, text), [...edits]);

describe('rename', () => {
  const files = {
    'kustomization.yaml': 'resources: [map.yaml, pod.yaml]\n',
    'map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
    'pod.yaml':
      'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {volumes: [{name: v, configMap: {name: a}}], containers: []}\n',
  };
  const position = at(2, 18);

  test('is prepared, and edits open and closed files with their versions', async () => {
    session = new Session();
    const { capabilities } = await session.start({ workspace: { workspaceEdit: { documentChanges: true } } }, files);
    expect(capabilities.renameProvider).toEqual({ prepareProvider: true });
    await session.open('map.yaml', files['map.yaml']);
    expect(await session.ask('textDocument/prepareRename', 'map.yaml', { position })).toEqual({
      range: { start: at(2, 17), end: at(2, 18) },
      placeholder: 'a',
    });
    const edit = await renamed();
    expect(edit.documentChanges).toEqual([
      {
        textDocument: { uri: session.uri('map.yaml'), version: 1 },
        edits: [{ range: { start: at(2, 17), end: at(2, 18) }, newText: 'b' }],
      },
      {
        textDocument: { uri: session.uri('pod.yaml'), version: null },
        edits: [{ range: { start: at(3, 45), end: at(3, 46) }, newText: 'b' }],
      },
    ]);
  });

  test('is an edit without versions for a client that knows no other', async () => {
    session = new Session();
    await session.start({}, files);
    await session.open('map.yaml', files['map.yaml']);
    expect(Object.keys((await renamed()).changes!)).toEqual([session.uri('map.yaml'), session.uri('pod.yaml')]);
  });

  test('is refused with the reason', async () => {
    session = new Session();
    await session.start({}, { ...files, 'kustomization.yaml': 'namePrefix: x-\nresources: [map.yaml, pod.yaml]\n' });
    await session.open('map.yaml', files['map.yaml']);
    await expect
      .poll(() => session.ask('textDocument/prepareRename', 'map.yaml', { position }).then(String, String))
      .toMatch(/changes the names of objects/);
    const nowhere = session.ask('textDocument/rename', 'map.yaml', { position: at(0, 0), newName: 'b' });
    await expect(nowhere).rejects.toThrow(/no name to rename here/);
    expect(session.logged).toEqual([]);
  });

  /** Asks again while the workspace is being read. */
  async function renamed(): Promise<WorkspaceEdit> {
    let edit: WorkspaceEdit = {};
    const ask = async () => {
      edit = await session.ask<WorkspaceEdit>('textDocument/rename', 'map.yaml', { position, newName: 'b' });
      return (edit.documentChanges ?? Object.keys(edit.changes ?? {})).length;
    };
    await expect.poll(() => ask().catch(() => 0)).toBe(2);
    return edit;
  }
});

describe('formatting', () => {
  const text = 'a:\n    b:   1\nc:\n    d:   ü  \n';
  const options = { tabSize: 2, insertSpaces: false };

  test('of a document and of a selection is announced and answered', async () => {
    session = new Session();
    const { capabilities } = await session.start();
    expect(capabilities).toMatchObject({ documentFormattingProvider: true, documentRangeFormattingProvider: true });
    await session.open('a.yaml', text);
    const whole = await session.ask<TextEdit[]>('textDocument/formatting', 'a.yaml', { options });
    expect(edited(text, whole)).toBe('a:\n  b: 1\nc:\n  d: ü\n');
    const range = { start: at(2, 0), end: at(4, 0) };
    const part = await session.ask<TextEdit[]>('textDocument/rangeFormatting', 'a.yaml', { options, range });
    expect(edited(text, part)).toBe('a:\n    b:   1\nc:\n  d: ü\n');
  });

  test('after Enter replaces tabs, leaves spaces as they were typed, and indents below a key', async () => {
    session = new Session();
    const { capabilities } = await session.start();
    expect(capabilities.documentOnTypeFormattingProvider).toEqual({ firstTriggerCharacter: '\n' });
    const typed = (text: string) => {
      const position = at(text.split('\n').length - 1, 0);
      return session.open('a.yaml', text).then(async () => {
        const request = { ch: '\n', position, options };
        return edited(text, await session.ask<TextEdit[]>('textDocument/onTypeFormatting', 'a.yaml', request));
      });
    };
    expect(await typed('a:\n\tb:\n')).toBe('a:\n  b:\n');
    expect(await typed('a:\n     b:\n')).toBe('a:\n     b:\n       ');
  });

  test('of a document that isn’t open is nothing', async () => {
    session = new Session();
    await session.start();
    expect(await session.ask('textDocument/formatting', 'b.yaml', { options })).toBeNull();
    expect(session.logged).toEqual([]);
  });
});

test('a file that is renamed is renamed in the kustomizations that list it', async () => {
  session = new Session();
  const listing = 'resources: [map.yaml]\n';
  const { capabilities } = await session.start({}, { 'kustomization.yaml': listing, 'map.yaml': 'a: 1\n' });
  expect(capabilities.workspace?.fileOperations?.willRename).toBeDefined();
  const files = [{ oldUri: session.uri('map.yaml'), newUri: session.uri('maps/a.yaml') }];
  const edit = await session.connection.sendRequest<WorkspaceEdit>('workspace/willRenameFiles', { files });
  const uri = session.uri('kustomization.yaml');
  expect(edited(listing, edit.changes![uri]!)).toBe('resources: [maps/a.yaml]\n');
  const none = [{ oldUri: session.uri('none.yaml'), newUri: session.uri('other.yaml') }];
  expect(await session.connection.sendRequest('workspace/willRenameFiles', { files: none })).toBeNull();
  expect(session.logged).toEqual([]);
});
