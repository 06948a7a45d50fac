import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type FluxApi, handle, startFluxApi } from '../engine/actions/fixture.ts';
import { configFor } from '../engine/fixture.ts';
import { commandName } from '../live/actions/action.ts';
import { changes } from '../live/actions/list.ts';
import { reconcile } from '../live/actions/reconcile.ts';
import { suspend } from '../live/actions/suspend.ts';
import { run } from './act.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

type Act = (line: string) => Promise<{ code: number; out: string; err: string }>;

async function started(action: Parameters<typeof run>[0]): Promise<{ api: FluxApi; act: Act }> {
  const api = await startFluxApi();
  const folder = mkdtempSync(join(tmpdir(), 'capstan-act-'));
  const kubeconfig = join(folder, 'config');
  writeFileSync(kubeconfig, configFor(api.url));
  ends.push(api.stop, () => rmSync(folder, { recursive: true, force: true }));
  const act: Act = async (line) => {
    let [out, err] = ['', ''];
    const io = {
      stdout: { write: (text: string) => (out += text) },
      stderr: { write: (text: string) => (err += text) },
      env: { KUBECONFIG: kubeconfig, HOME: folder },
      cwd: folder,
    };
    return { code: await run(action, line.split(' '), io), out, err };
  };
  return { api, act };
}

test.each(changes.map((action) => [commandName(action.verb), action] as const))(
  '%s prints its usage',
  async (verb, action) => {
    const { act } = await started(action);
    const { code, out } = await act('--help');
    expect([code, out.split(' KIND/NAME')[0]]).toEqual([0, `Usage: capstan ${verb}`]);
    expect(out).toContain(action.summary);
  },
);

test.each([
  ['ks/apps -n fleet', '--context is required'],
  ['--context c', 'one KIND/NAME is required'],
  ['ks/a/b --context c', 'one KIND/NAME is required'],
  ['ks/apps --context c --timeout soon', '--timeout must be a duration such as 30s or 2m, not "soon"'],
  ['ks/apps --context c --format yaml', '--format must be text or json, not "yaml"'],
])('%s is wrong usage', async (line, error) => {
  const { api, act } = await started(suspend);
  const { code, out, err } = await act(line);
  expect([code, out, err.split('\n')[0]]).toEqual([2, '', expect.stringContaining(error)]);
  expect(api.asked).toEqual([]);
});

test('suspend shows the changes and reports the observed outcome', async () => {
  const { api, act } = await started(suspend);
  expect(await act('ks/apps -n fleet --context c')).toEqual({
    code: 0,
    out: [
      'Kustomization fleet/apps on c',
      '  spec.suspend from none to true',
      'Kustomization fleet/apps is suspended on c.',
      '',
    ].join('\n'),
    err: '',
  });
  expect(api.object.spec.suspend).toBe(true);
  expect(await act('ks/apps -n fleet --context c')).toEqual({
    code: 0,
    out: 'Kustomization fleet/apps is already suspended.\n',
    err: '',
  });
});

test('a dry run changes nothing', async () => {
  const { api, act } = await started(suspend);
  const { code, out } = await act('kustomization/apps -n fleet --context c --dry-run --format json');
  expect([code, JSON.parse(out)]).toEqual([
    0,
    {
      context: 'c',
      verb: 'suspend',
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      namespace: 'fleet',
      name: 'apps',
      outcome: 'previewed',
      message: 'Nothing was changed (dry run).',
      changes: [{ path: 'spec.suspend', to: true }],
    },
  ]);
  expect(api.object.spec.suspend).toBe(undefined);
  const text = await act('ks/apps -n fleet --context c --dry-run');
  expect(text.out).toBe(
    'Kustomization fleet/apps on c (dry run)\n  spec.suspend from none to true\nNothing was changed (dry run).\n',
  );
});

test('reconcile succeeds once it is accepted, or with --wait once it is handled', async () => {
  const { api, act } = await started(reconcile);
  const accepted = await act('ks/apps -n fleet --context c');
  expect([accepted.code, accepted.out]).toEqual([
    0,
    expect.stringMatching(/: reconciliation requested at .* UTC, not handled yet\.\n$/),
  ]);
  const late = await act('ks/apps -n fleet --context c --wait --timeout 1ms');
  expect([late.code, late.out]).toEqual([1, expect.stringContaining('Is its controller running?')]);
  api.onWritten = () => handle(api);
  const handled = await act('ks/apps -n fleet --context c --wait --timeout 20s');
  expect([handled.code, handled.out]).toEqual([0, expect.stringMatching(/was reconciled\.\n$/)]);
});

test('a refusal is printed on standard error, or in the JSON report', async () => {
  const { api, act } = await started(reconcile);
  api.object.spec.suspend = true;
  const text = await act('ks/apps -n fleet --context c');
  expect(text).toEqual({
    code: 1,
    out: '',
    err: 'Kustomization fleet/apps is suspended, so its controller ignores requests. Resume it first.\n',
  });
  const json = await act('ks/apps -n fleet --context c --format json');
  expect([json.code, JSON.parse(json.out)]).toMatchObject([1, { outcome: 'failed', changes: [] }]);
  const unknown = await act('gadget/apps --context c');
  expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('the server has no kind "gadget"')]);
});
