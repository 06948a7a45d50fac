import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const quiet = '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON';
const root = join(import.meta.dirname, '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

test('package.json contributes what the code defines', () => {
  const script = join(root, 'scripts/contributes.ts');
  const { status, stderr } = spawnSync(process.execPath, [quiet, script, '--check'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('every menu entry refers to a command, and an inline one has an icon', () => {
  const { commands, menus } = manifest.contributes;
  const icons = new Map(commands.map(({ command, icon }: { command: string; icon?: string }) => [command, icon]));
  const entries = Object.values(menus).flat() as { command: string; group?: string }[];
  expect(entries.length).toBeGreaterThan(10);
  expect(entries.filter(({ command }) => !icons.has(command))).toEqual([]);
  expect(entries.filter(({ command, group }) => group?.startsWith('inline') && !icons.get(command))).toEqual([]);
});

test('contributed files exist', () => {
  const { viewsContainers, grammars } = manifest.contributes;
  const paths = [
    ...viewsContainers.activitybar.map(({ icon }: { icon: string }) => icon),
    ...grammars.map(({ path }: { path: string }) => path),
  ];
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('settings that could start a program or lift a protection have machine scope', () => {
  const { properties } = manifest.contributes.configuration;
  expect(Object.entries<{ scope: string }>(properties).filter(([, { scope }]) => scope !== 'machine')).toEqual([]);
});
