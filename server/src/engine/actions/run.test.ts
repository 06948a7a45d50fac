import { afterEach, expect, test } from 'vitest';
import type { Change } from '../../live/actions/action.ts';
import { remove } from '../../live/actions/machines.ts';
import { reconcile } from '../../live/actions/reconcile.ts';
import { reconcileWithSource } from '../../live/actions/reconcile-with-source.ts';
import { resume } from '../../live/actions/resume.ts';
import { suspend } from '../../live/actions/suspend.ts';
import { descriptionOf } from '../../live/describe.ts';
import { trim } from '../../live/object.ts';
import { type FluxApi, handle, startFluxApi, targetOf } from './fixture.ts';
import { commit, type Prepared, prepare, previewOf } from './run.ts';
import type { Target } from './target.ts';
import { changeWords } from './write.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function started(): Promise<{ api: FluxApi; target: Target }> {
  const api = await startFluxApi();
  const target = targetOf(api);
  ends.push(() => target.close(), api.stop);
  return { api, target };
}

async function ready(target: Target, action: Change, values: Record<string, string> = defaults): Promise<Prepared> {
  const preparing = await prepare(target, action, values);
  if (preparing.is !== 'ready') throw new Error(`${preparing.is}: ${JSON.stringify(preparing)}`);
  return preparing.prepared;
}

/** Of parameters that may be empty. */
const defaults = { reason: '' };

/** As of a machine, of any object. */
const removal: Change = { ...remove, offeredFor: () => ({ is: 'offered' }) };

const quiet = { onProgress: () => undefined, patience: 0 };
const over = (outcome: string, message: unknown) => ({ is: 'over', result: { outcome, message } });

test('a change is checked and dry-run before the user confirms it, and is then made once', async () => {
  const { api, target } = await started();
  const prepared = await ready(target, suspend);
  expect(api.asked).toEqual(['GET apps', 'POST selfsubjectaccessreviews', 'PATCH apps dryRun']);
  expect(prepared.changes.map(changeWords)).toEqual(['spec.suspend from none to true']);
  expect(api.object.spec.suspend).toBe(undefined);
  expect(await commit(prepared, quiet)).toEqual({
    outcome: 'handled',
    message: 'Kustomization fleet/apps is suspended on prod.',
  });
  expect(api.asked.slice(3)).toEqual(['PATCH apps']);
  expect(api.object.spec.suspend).toBe(true);
});

test('the preview includes changes made by admission, and hides secrets', async () => {
  const { api, target } = await started();
  api.object.spec = { ...api.object.spec, postBuild: { substitute: { password: 'hunter2' } } };
  const admitted = {
    ...api.object,
    spec: { ...api.object.spec, suspend: true, interval: '5m', postBuild: { substitute: { password: 'hunter3' } } },
  };
  api.onPatch = (_, response) => {
    response.end(JSON.stringify(admitted));
    return true;
  };
  const { changes } = await ready(target, suspend);
  expect(changes.map(changeWords)).toContain('spec.interval from none to "5m"');
  expect(JSON.stringify(changes)).not.toContain('hunter');
});

test('a missing permission is reported before the dry run', async () => {
  const { api, target } = await started();
  api.allowed = false;
  const message =
    'prod: you have no permission to patch kustomizations.kustomize.toolkit.fluxcd.io in namespace fleet.';
  expect(await prepare(target, suspend, defaults)).toEqual(over('failed', message));
  expect(api.asked).toEqual(['GET apps', 'POST selfsubjectaccessreviews']);
});

test('a read-only context receives no request', async () => {
  const { api, target } = await started();
  const preparing = await prepare({ ...target, readOnly: true }, reconcile);
  expect(preparing).toEqual(over('failed', expect.stringContaining('prod is a read-only context')));
  expect(api.asked).toEqual([]);
});

test('an action that is refused or already done sends no patch', async () => {
  const { api, target } = await started();
  expect(await prepare(target, resume)).toEqual(over('handled', 'Kustomization fleet/apps is not suspended.'));
  api.object.spec.suspend = true;
  expect(await prepare(target, reconcile)).toEqual(over('failed', expect.stringContaining('Resume it first')));
  api.object.metadata.deletionTimestamp = '2026-01-02T03:04:05Z';
  expect(await prepare(target, resume)).toEqual(over('failed', 'Kustomization fleet/apps is being deleted.'));
  expect(await prepare({ ...target, name: 'gone' }, resume)).toEqual(
    over('failed', 'Kustomization fleet/gone no longer exists.'),
  );
  expect(api.asked.filter((line) => line.startsWith('PATCH'))).toEqual([]);
});

test('a spec that someone else changed before the user confirmed is not patched', async () => {
  const { api, target } = await started();
  const prepared = await ready(target, suspend);
  const { metadata } = api.object;
  api.object = {
    ...api.object,
    metadata: { ...metadata, resourceVersion: '9', generation: 2 },
    spec: { path: './moved', prune: true },
  };
  const { outcome, message } = await commit(prepared, quiet);
  expect([outcome, message]).toEqual(['failed', expect.stringContaining('spec.path from "./apps" to "./moved"')]);
  expect(api.object.spec.suspend).toBe(undefined);
});

test('a status written by the controller in the meantime is not a conflict', async () => {
  const { api, target } = await started();
  const prepared = await ready(target, suspend);
  handle(api);
  expect(await commit(prepared, quiet)).toMatchObject({ outcome: 'handled' });
  expect(api.asked.slice(3)).toEqual(['PATCH apps', 'GET apps', 'PATCH apps']);
});

test('another object with the same name is not patched', async () => {
  const { api, target } = await started();
  const prepared = await ready(target, reconcile);
  api.object = { ...api.object, metadata: { ...api.object.metadata, uid: 'u2' } };
  const { outcome, message } = await commit(prepared, quiet);
  expect([outcome, message]).toEqual(['failed', expect.stringContaining('another object now has its name')]);
  expect(api.object.metadata.annotations).toBe(undefined);
});

test('reconcile is handled once the controller has acted, and requested until then', async () => {
  const { api, target } = await started();
  const progress: string[] = [];
  const onProgress = (message: string) => progress.push(message);
  expect(await commit(await ready(target, reconcile), { onProgress, patience: 0 })).toEqual({
    outcome: 'requested',
    message: expect.stringMatching(
      /^Kustomization fleet\/apps: reconciliation requested at \d\d:\d\d:\d\d UTC, not handled yet\.$/,
    ),
  });
  expect(progress).toHaveLength(1);
  let isOver = false;
  const waiting = commit(await ready(target, reconcile), { onProgress, patience: 20_000 }).finally(() => {
    isOver = true;
  });
  const reads = () => api.asked.filter((line) => line.startsWith('GET')).length;
  for (const from = reads(); reads() < from + 1; ) await new Promise((done) => setTimeout(done, 10));
  expect(isOver).toBe(false);
  handle(api);
  expect(await waiting).toEqual({
    outcome: 'handled',
    message: 'Kustomization fleet/apps was reconciled.',
  });
});

test('resume clears spec.suspend and requests a reconciliation in one write', async () => {
  const { api, target } = await started();
  api.object.spec.suspend = true;
  api.onWritten = () => handle(api);
  const prepared = await ready(target, resume);
  expect(prepared.changes.map(({ path }) => path)).toEqual(['metadata.annotations', 'spec.suspend']);
  expect(await commit(prepared, { onProgress: () => undefined, patience: 20_000 })).toMatchObject({
    outcome: 'handled',
  });
  expect(api.asked.filter((line) => line === 'PATCH apps')).toHaveLength(1);
  expect(api.object.spec.suspend).toBe(false);
});

test.each([
  [true, 'handled', 'is suspended on prod'],
  [false, 'failed', 'the change was not made'],
])('after a lost response the object shows whether the change was made: %s', async (isMade, outcome, words) => {
  const { api, target } = await started();
  const prepared = await ready(target, suspend);
  api.onPatch = (_, response) => {
    response.destroy();
    return !isMade;
  };
  const result = await commit(prepared, quiet);
  expect([result.outcome, result.message]).toEqual([outcome, expect.stringContaining(words)]);
  expect(api.asked.filter((line) => line === 'PATCH apps')).toHaveLength(1);
});

test('an action asks for its parameters, with initial values from the object, and refuses invalid ones', async () => {
  const { api, target } = await started();
  const rename: Change = {
    ...suspend,
    parameters: [
      {
        name: 'path',
        title: 'Path',
        initial: ({ spec }) => String(spec.path),
        problem: (value) => (value.startsWith('./') ? undefined : 'a path starts with ./'),
      },
    ],
    change: (_, { values }) => ({ body: { spec: { path: values.path } }, asSeen: true }),
  };
  expect(await prepare(target, rename)).toEqual({
    is: 'asks',
    parameters: [{ name: 'path', title: 'Path', initial: './apps', optional: false }],
  });
  expect(await prepare(target, rename, { path: '/' })).toEqual(over('failed', 'a path starts with ./'));
  expect(api.asked).toEqual(['GET apps', 'GET apps']);
  const preparing = await prepare(target, rename, { path: './b' });
  expect(preparing.is === 'ready' && preparing.prepared.changes.map(changeWords)).toEqual([
    'spec.path from "./apps" to "./b"',
  ]);
});

test('the reason of a suspension is kept with it, shown in the row, and removed when it is resumed', async () => {
  const { api, target } = await started();
  const asked = await prepare(target, suspend);
  expect(asked).toMatchObject({ is: 'asks', parameters: [{ name: 'reason', optional: true }] });
  await commit(await ready(target, suspend, { reason: 'INC-7:\nnodes are moved' }), quiet);
  expect(api.object.metadata.annotations).toEqual({ 'capstan/suspend-reason': 'INC-7: nodes are moved' });
  expect(descriptionOf(trim(api.object)!, 0)).toContain('(INC-7: nodes are moved)');
  await commit(await ready(target, resume), quiet);
  expect(Object.keys(api.object.metadata.annotations ?? {})).toEqual(['reconcile.fluxcd.io/requestedAt']);
});

test('a source is fetched before what is applied from it is reconciled, which is not if that fails', async () => {
  const { api, target } = await started();
  api.object.spec = { ...api.object.spec, sourceRef: { kind: 'GitRepository', name: 'apps' } };
  const prepared = await ready(target, reconcileWithSource);
  expect(api.asked.filter((line) => line.startsWith('PATCH'))).toEqual(['PATCH apps dryRun', 'PATCH apps dryRun']);
  const written: string[] = [];
  api.onWritten = () => {
    written.push(String(api.object.metadata.annotations?.['reconcile.fluxcd.io/requestedAt']));
    handle(api);
  };
  expect(await commit(prepared, { ...quiet, patience: 5000 })).toMatchObject({ outcome: 'handled' });
  expect(written.length).toBe(2);

  const failing = await ready(target, reconcileWithSource);
  written.length = 0;
  api.onPatch = (_, response) => {
    response.writeHead(403).end(JSON.stringify({ kind: 'Status', code: 403, message: 'no' }));
    return true;
  };
  expect(await commit(failing, quiet)).toEqual({
    outcome: 'failed',
    message: expect.stringMatching(/no Kustomization fleet\/apps was not changed\.$/),
  });
  expect(written).toEqual([]);
});

test('an object is deleted by its uid, and the deletion is done once it is gone', async () => {
  const { api, target } = await started();
  const prepared = await ready(target, removal);
  expect(prepared.changes).toEqual([]);
  expect(await commit(prepared, { ...quiet, patience: 5000 })).toMatchObject({ outcome: 'handled' });
  expect(api.asked.filter((line) => line.startsWith('DELETE'))).toEqual(['DELETE apps dryRun', 'DELETE apps']);
  expect(api.isGone).toBe(true);
});

test('an object with the same name that was made since is not deleted', async () => {
  const { api, target } = await started();
  const prepared = await ready(target, removal);
  api.object = { ...api.object, metadata: { ...api.object.metadata, uid: 'u2' } };
  expect(await commit(prepared, quiet)).toEqual({
    outcome: 'failed',
    isConflict: true,
    message: expect.stringContaining('another object now has its name'),
  });
  expect(api.isGone).toBe(false);
});

/** As of a pool that a topology owns: `suspend` written to what sets it. */
const passedOn: Change = {
  ...suspend,
  through: () => ({
    named: { groupKind: 'kustomize.toolkit.fluxcd.io/Kustomization', namespace: 'fleet', name: 'apps' },
    change: () => ({ body: { spec: { path: './other' } }, asSeen: true }),
  }),
  settled: ({ written, now }) =>
    now.resourceVersion === written.resourceVersion ? undefined : { outcome: 'handled', message: 'passed on' },
};

test('a change that another object passes on is tried and written there, and observed on the first', async () => {
  const { api, target } = await started();
  const prepared = await ready(target, passedOn);
  expect(prepared.changes.map(changeWords)).toEqual(['Kustomization fleet/apps: spec.path from "./apps" to "./other"']);
  expect(await commit(prepared, { onProgress: () => undefined })).toEqual({ outcome: 'handled', message: 'passed on' });
  expect(api.object.spec.path).toBe('./other');
});

test('what applies the other object may revert the change', async () => {
  const { api, target } = await started();
  const applied = { 'kustomize.toolkit.fluxcd.io/name': 'fleet', 'kustomize.toolkit.fluxcd.io/namespace': 'fleet' };
  const plain = previewOf(await ready(target, passedOn));
  api.object = { ...api.object, metadata: { ...api.object.metadata, labels: applied } };
  expect(previewOf(await ready(target, passedOn))).toBe(
    `${plain} Kustomization fleet applies Kustomization fleet/apps and reverts this if Git sets it.`,
  );
});

test('a conflict there is one of the change', async () => {
  const { api, target } = await started();
  const prepared = await ready(target, passedOn);
  const { metadata } = api.object;
  const changed = { ...metadata, resourceVersion: '9', generation: 2 };
  api.object = { ...api.object, metadata: changed, spec: { ...api.object.spec, prune: false } };
  expect(await commit(prepared, quiet)).toMatchObject({ outcome: 'failed', isConflict: true });
  expect(api.object.spec.path).toBe('./apps');
});
