import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadKubeConfig } from '../../server/src/engine/kubeconfig/kubeconfig.ts';
import { currentContextFile, k9s, kubeConfigList } from './contextTerminal.ts';

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

test('k9s changes nothing where Capstan doesn’t', () => {
  expect(k9s({ files: [], k9s: '/two/k9s', readOnly: true }).args).toEqual(['--readonly']);
  expect(k9s({ files: [], k9s: '/two/k9s', readOnly: false }).args).toEqual([]);
  expect(() => k9s({ files: [], readOnly: false })).toThrow('k9s isn’t on the PATH');
});
