// The verbs that change text, over real standard input and output.
import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Position, TextEdit } from 'vscode-languageserver/node';
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

  test('of a document that isn’t open is nothing', async () => {
    session = new Session();
    await session.start();
    expect(await session.ask('textDocument/formatting', 'b.yaml', { options })).toBeNull();
    expect(session.logged).toEqual([]);
  });
});
