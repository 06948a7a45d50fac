import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { changes } from '../../../server/src/live/actions/list.ts';
import { changesIn } from './changes.ts';
import { commands } from './list.ts';

vi.mock('vscode', () => ({}));

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'));

test('the commands in package.json without a file here are the server’s changes', () => {
  expect(changesIn(manifest, commands)).toEqual(changes.map(({ verb, title }) => ({ verb, title })));
});

test('every command in package.json is registered once', () => {
  const registered = [...commands.map(({ id }) => id), ...changesIn(manifest, commands).map(({ verb }) => verb)];
  const offered = manifest.contributes.commands.map(({ command }: { command: string }) => command);
  expect(registered.map((id) => `capstan.${id}`).sort()).toEqual([...offered].sort());
});
