import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadKubeConfig } from '../../server/src/engine/kubeconfig/kubeconfig.ts';
import { currentContextFile, foundOn, k9s, kubeConfigList } from './contextTerminal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-terminal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const user = `apiVersion: v1
kind: Config
current-context: other
clusters: [{ name: c, cluster: { server: 'https://127.0.0.1:1' } }]
contexts:
  - { name: other, context: { cluster: c } }
  - { name: 'tenant: #1 "a"', context: { cluster: c } }
`;

test('the context is the current one, and all others stay known', () => {
  const [own, theirs] = [join(folder, 'own'), join(folder, 'theirs')];
  writeFileSync(own, currentContextFile('tenant: #1 "a"'));
  writeFileSync(theirs, user);
  const config = loadKubeConfig({ list: kubeConfigList(own, [theirs]) });
  expect(config.problems).toEqual([]);
  expect(config.current).toBe('tenant: #1 "a"');
  expect([...config.contexts.keys()].sort()).toEqual(['other', 'tenant: #1 "a"']);
});

test.skipIf(process.platform === 'win32')('a program is searched for in the absolute folders of PATH only', () => {
  const asked: string[] = [];
  const found = foundOn(['.', '/one', 'bin', '/two'].join(delimiter), 'k9s', (file) => {
    asked.push(file);
    return file.startsWith('/two');
  });
  expect(found).toBe('/two/k9s');
  expect(asked).toEqual(['/one/k9s', '/two/k9s']);
  expect(foundOn('', 'k9s', () => true)).toBeUndefined();
});

test('k9s changes nothing where Capstan doesn’t', () => {
  expect(k9s(true).args).toEqual(['--readonly']);
  expect(k9s(false).args).toEqual([]);
});
