import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { suspend } from '../../live/actions/suspend.ts';
import { type AuditEntry, auditFile, auditTo, readAudit } from './audit.ts';
import { startFluxApi, targetOf } from './fixture.ts';
import { commit, prepare } from './run.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function home(): { readonly HOME: string } {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-audit-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  return { HOME: folder };
}

const entry: AuditEntry = {
  ...{ time: '2026-01-02T03:04:05Z', context: 'prod', verb: 'suspend', apiVersion: 'v1', kind: 'A', name: 'a' },
  ...{ uid: 'u', changes: [], outcome: 'sent', message: '' },
};

async function prepared() {
  const api = await startFluxApi();
  const target = targetOf(api);
  ends.push(() => target.close(), api.stop);
  const preparing = await prepare(target, suspend, { reason: '' });
  if (preparing.is !== 'ready') throw new Error(preparing.is);
  return { api, change: preparing.prepared };
}

const quiet = { onProgress: () => undefined, patience: 0 };

test('a change is recorded when it is sent, and once more with its outcome, as one entry', async () => {
  const env = home();
  const { api, change } = await prepared();
  const seen: unknown[] = [];
  api.onWritten = () => seen.push(readAudit(env).map(({ outcome }) => outcome));
  await commit(change, { ...quiet, audit: auditTo(env) });
  expect(seen).toEqual([['sent']]);
  expect(readAudit(env)).toEqual([
    {
      ...{ time: expect.any(String), context: 'prod', verb: 'suspend', kind: 'Kustomization', uid: 'u1' },
      ...{ apiVersion: 'kustomize.toolkit.fluxcd.io/v1', namespace: 'fleet', name: 'apps' },
      changes: [{ path: 'spec.suspend', to: true }],
      ...{ outcome: 'handled', message: 'Kustomization fleet/apps is suspended on prod.' },
    },
  ]);
});

test('a failure is recorded with its reason', async () => {
  const env = home();
  const { api, change } = await prepared();
  api.isGone = true;
  const { message } = await commit(change, { ...quiet, audit: auditTo(env) });
  expect(readAudit(env)).toEqual([expect.objectContaining({ outcome: 'failed', message })]);
});

test('an action is done even if it can not be recorded, and says so', async () => {
  const { api, change } = await prepared();
  const audit = () => {
    throw new Error('no space left');
  };
  expect(await commit(change, { ...quiet, audit })).toEqual({
    outcome: 'handled',
    message: 'Kustomization fleet/apps is suspended on prod. The action could not be recorded: no space left.',
  });
  expect(api.object.spec.suspend).toBe(true);
});

test('secrets are hidden, nobody else can read the file, and it is bounded', () => {
  const env = home();
  const audit = auditTo(env);
  audit({ ...entry, changes: [{ path: 'spec.password', to: { password: 'hunter2hunter2' } }] });
  const file = auditFile(env);
  expect(readFileSync(file, 'utf8')).not.toContain('hunter2');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const filler = JSON.stringify({ ...entry, name: 'old', message: 'x'.repeat(1000) });
  writeFileSync(file, `${Array.from({ length: 1100 }, () => filler).join('\n')}\n`);
  audit({ ...entry, name: 'new' });
  expect(statSync(file).size).toBeLessThan(1_000_000);
  expect(readAudit(env).at(-1)?.name).toBe('new');
});

test('a line that is no entry is skipped', () => {
  const env = home();
  auditTo(env)(entry);
  writeFileSync(auditFile(env), `nonsense\nnull\n{"time": 1}\n${JSON.stringify(entry)}\n{"time"`);
  expect(readAudit(env)).toEqual([entry]);
});
