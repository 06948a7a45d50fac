import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { success } from '../failure.ts';
import type { Cluster, Exec } from '../kubeconfig/file.ts';
import { CredentialStore, type Credentials } from './credentials.ts';
import { windowsEndings } from './exec-plugin.ts';

const folder = mkdtempSync(join(tmpdir(), 'capstan-plugin-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const exec: Exec = {
  command: '/bin/sh',
  args: [],
  env: [],
  apiVersion: 'client.authentication.k8s.io/v1',
  provideClusterInfo: false,
  interactiveMode: 'Never',
};

function credentials(own: Partial<Exec>, cluster: Partial<Cluster> = {}): Credentials {
  const store = new CredentialStore({ env: process.env, terminal: false, allow: async () => success(true) });
  const user = { name: 'u', file: '/k', asGroups: [], asUserExtra: {}, exec: { ...exec, ...own } };
  const server = { name: 'c', file: '/k', server: 'https://c', insecure: false, disableCompression: false, ...cluster };
  return store.for({ context: { name: 'c', file: '/k', cluster: 'c', user: 'u' }, cluster: server, user });
}

/** A plugin that writes its process id and keeps running. */
function staying(name: string): { readonly own: Partial<Exec>; readonly pid: () => Promise<number> } {
  const file = join(folder, name);
  return {
    own: { args: ['-c', `echo $$ > '${file}'; exec '${process.execPath}' -e 'setInterval(() => {}, 1000)'`] },
    async pid() {
      for (;;) {
        try {
          const read = Number(readFileSync(file, 'utf8'));
          if (read > 0) return read;
        } catch {}
        await sleep(10);
      }
    },
  };
}

async function gone(pid: number): Promise<true> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await sleep(10);
  }
}

test('a plugin that cannot be started is a failure with a remedy, however the system reports it', async () => {
  const tooLong = await credentials({ provideClusterInfo: true }, { caData: 'x'.repeat(200_000) }).get();
  expect(tooLong).toMatchObject({ ok: false, failure: { kind: 'credential', person: true } });
  expect(!tooLong.ok && tooLong.failure.remedy).toMatch(/provideClusterInfo/);
  expect(await credentials({ args: ['a\0b'] }).get()).toMatchObject({ ok: false, failure: { kind: 'credential' } });
  expect(await credentials({ command: '' }).get()).toMatchObject({ ok: false, failure: { kind: 'credential' } });
});

test('a plugin receives the certificate authorities even if they are in a file', async () => {
  const file = join(folder, 'ca.pem');
  writeFileSync(file, 'the authorities');
  const print = `echo "$KUBERNETES_EXEC_INFO" > ${folder}/info; exit 1`;
  await credentials({ args: ['-c', print], provideClusterInfo: true }, { caFile: file }).get();
  const { spec } = JSON.parse(readFileSync(join(folder, 'info'), 'utf8'));
  expect(atob(spec.cluster['certificate-authority-data'])).toBe('the authorities');
});

test('a plugin is killed when its last caller cancels, and runs again for the next caller', async () => {
  const { own, pid } = staying('last');
  const shared = credentials(own);
  const [first, second] = [new AbortController(), new AbortController()];
  const waiting = [shared.get(first.signal), shared.get(second.signal)];
  const running = await pid();
  first.abort();
  expect(await waiting[0]).toMatchObject({ ok: false, failure: { kind: 'aborted' } });
  expect(() => process.kill(running, 0)).not.toThrow();
  second.abort();
  expect(await waiting[1]).toMatchObject({ ok: false, failure: { kind: 'aborted' } });
  expect(await gone(running)).toBe(true);
  writeFileSync(join(folder, 'last'), '');
  const third = new AbortController();
  const again = shared.get(third.signal);
  expect(await pid()).not.toBe(running);
  third.abort();
  await again;
});

test('a caller that arrives just after the last one canceled takes over its run', async () => {
  const { own, pid } = staying('taken over');
  const shared = credentials(own);
  const [first, second] = [new AbortController(), new AbortController()];
  const left = shared.get(first.signal);
  const running = await pid();
  first.abort();
  expect(await left).toMatchObject({ ok: false, failure: { kind: 'aborted' } });
  const taken = shared.get(second.signal);
  await sleep(400);
  expect(() => process.kill(running, 0)).not.toThrow();
  second.abort();
  await taken;
  expect(await gone(running)).toBe(true);
});

test('on Windows a program has a file extension, either its own or one from PATHEXT', () => {
  expect(windowsEndings('aws', {})).toEqual(['.COM', '.EXE', '.BAT', '.CMD']);
  expect(windowsEndings('aws.exe', { PATHEXT: '.EXE;.CMD' })).toEqual(['', '.EXE', '.CMD']);
  expect(windowsEndings('C:\\v1.2\\aws', { PATHEXT: '.EXE' })).toEqual(['.EXE']);
});
