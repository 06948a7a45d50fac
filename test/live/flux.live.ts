// Tests with the real Flux: its controllers deliver a Git repository, the result is compared with `flux get` and `flux tree`,
// and the engine acts on it. "Done" is reported only when the controller has acted.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ContextStatus, TreeNode } from '../../server/src/cli/output.ts';
import { Fleet } from '../../server/src/engine/session/fleet.ts';
import type { GroupKind } from '../../server/src/kube/identity.ts';
import { conditionsOf } from '../../server/src/live/conditions.ts';
import { knownHealth } from '../../server/src/live/describe.ts';
import { keyOf, type LiveObject } from '../../server/src/live/object.ts';
import type { ActResult, PrepareParams } from '../../server/src/protocol.ts';
import { missingPrograms, provide } from '../testbed/cache.ts';
import { type ControlPlane, startControlPlane, until } from '../testbed/controlplane.ts';
import { type Flux, missingForFlux, startFlux } from '../testbed/flux.ts';
import { type GitServer, startGitServer } from '../testbed/git-server.ts';
import { act } from './act.ts';
import { applied, type FluxTree, files, fluxTree, gitRepository, ourTree, yaml } from './agree/delivery-objects.ts';
import { capstan } from './capstan.ts';

const missing = [...missingPrograms('kubernetes'), ...missingForFlux()];
if (missing.length > 0) console.log(`skipped, not built: ${missing.join(', ')} (\`${provide('flux')}\`)`);

const source: GroupKind = 'source.toolkit.fluxcd.io/GitRepository';
const kustomization: GroupKind = 'kustomize.toolkit.fluxcd.io/Kustomization';

describe.skipIf(missing.length > 0)('Flux', () => {
  let controlPlane: ControlPlane;
  let flux: Flux;
  let git: GitServer;
  let fleet: Fleet;
  let commit = '';

  beforeAll(async () => {
    controlPlane = await startControlPlane({ controllerManager: true });
    flux = await startFlux(controlPlane);
    git = await startGitServer(controlPlane.folder);
    fleet = new Fleet({
      selection: { explicit: controlPlane.kubeconfig },
      env: {},
      readOnlyContexts: [],
      userAgent: 'capstan-test',
      terminal: false,
      ask: async () => true,
      remember: false,
      log: () => undefined,
      onChange: () => undefined,
    });
    fleet.open(['admin']);
    await session().settled(AbortSignal.timeout(20_000));
    commit = git.commit('fleet', files('one'));
    await controlPlane.apply(yaml(gitRepository('fleet', git.url('fleet')), applied('root', './root', { wait: true })));
  }, 120_000);
  afterAll(async () => {
    await fleet?.dispose();
    await git?.stop();
    await flux?.stop();
    await controlPlane?.stop();
  });

  const session = () => fleet.session('admin')!;
  const live = (groupKind: GroupKind, name: string, namespace = 'flux-system'): LiveObject | undefined =>
    session().store.get(keyOf(groupKind, namespace, name));
  const flags = () => ['--kubeconfig', controlPlane.kubeconfig, '--context', 'admin'];

  function healthOf(groupKind: GroupKind, name: string, namespace?: string) {
    const object = live(groupKind, name, namespace);
    return object === undefined ? { state: 'absent', reason: '' } : knownHealth(object);
  }

  async function comesTo(state: string, groupKind: GroupKind, name: string, namespace?: string): Promise<void> {
    const now = () => healthOf(groupKind, name, namespace);
    await until(
      `${name} ${state}`,
      undefined,
      async () => {
        if (now().state === state) return true;
        throw new Error(`It is ${now().state}: ${now().reason}`);
      },
      45,
    );
  }

  function doIt(
    verb: PrepareParams['verb'],
    groupKind: GroupKind,
    name: string,
    patience = 20_000,
  ): Promise<ActResult> {
    const ref = { cluster: session().clusterId, groupKind, namespace: 'flux-system', name };
    return act(session(), { ref, verb }, { readOnly: false, onProgress: () => undefined, patience });
  }

  async function configMap(name: string): Promise<Readonly<Record<string, string>> | undefined> {
    const { status, body } = await controlPlane.request('GET', `/api/v1/namespaces/apps/configmaps/${name}`);
    return status === 200 ? (body as { readonly data: Readonly<Record<string, string>> }).data : undefined;
  }

  test('delivers, and rows match the output of flux', async () => {
    await comesTo('ready', kustomization, 'root');
    await comesTo('ready', 'helm.toolkit.fluxcd.io/HelmRelease', 'web', 'apps');
    expect(await configMap('inner')).toEqual({ greeting: 'one', place: 'here' });
    expect(healthOf(source, 'fleet').reason).toBe(`main@${commit.slice(0, 7)}`);

    const { code, stdout } = await flux.flux(['tree', 'kustomization', 'root', '-n', 'flux-system', '-o', 'json']);
    expect(code).toBe(0);
    const ours = await capstan(['tree', 'kustomization/root', '-n', 'flux-system', ...flags(), '--format', 'json']);
    expect(ours.code).toBe(0);
    const theirs = fluxTree(JSON.parse(stdout) as FluxTree);
    expect(ourTree(JSON.parse(ours.stdout) as TreeNode)).toEqual(theirs);
    expect(theirs).toContain('    ClusterRole.rbac.authorization.k8s.io//system:web');
    const text = await capstan(['tree', 'ks/root', '-n', 'flux-system', ...flags()]);
    expect(text.stdout).toMatch(new RegExp(`^✔ Kustomization/flux-system/root {2}main@${commit.slice(0, 7)}\\n`));
    await expectGetAgrees();
  });

  /** Every object in `flux get all`, with its readiness and suspension. */
  async function expectGetAgrees(): Promise<void> {
    let [ours, theirs]: (readonly string[])[] = [[], []];
    for (let tries = 0; tries < 5; tries++) {
      const got = await flux.flux(['get', 'all', '--all-namespaces', '--status-selector', 'ready=true']);
      const all = await flux.flux(['get', 'all', '--all-namespaces']);
      const ready = new Set(rowsOf(got.stdout));
      theirs = rowsOf(all.stdout).map((row) => `${row} ${ready.has(row) ? 'ready' : 'not ready'}`);
      const { stdout } = await capstan(['status', ...flags(), '--format', 'json']);
      const [status] = JSON.parse(stdout) as readonly ContextStatus[];
      ours = status!.objects.flatMap(({ apiVersion, kind, namespace, name }) => {
        const object = live(`${apiVersion.split('/')[0]!}/${kind}`, name, namespace);
        if (!apiVersion.includes('toolkit.fluxcd.io') || object === undefined) return [];
        // flux prints the Ready condition even for suspended objects; kinds without a status by design are ready.
        const isReady = kind === 'Provider' || conditionsOf(object.status).get('Ready')?.status === 'True';
        return [`${namespace}/${kind.toLowerCase()}/${name} ${isReady ? 'ready' : 'not ready'}`];
      });
      if (isDeepEqual(ours, theirs)) break;
      await sleep(1000);
    }
    expect([...ours!].sort()).toEqual([...theirs!].sort());
  }

  test('reconcile is done when the controllers have acted', async () => {
    commit = git.commit('fleet', files('two'));
    const fetched = await doIt('reconcile', source, 'fleet');
    expect(fetched).toEqual({
      outcome: 'handled',
      message: `GitRepository flux-system/fleet was reconciled: main@${commit.slice(0, 7)}.`,
    });
    // The reported result is already true on the server.
    const path = '/apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories/fleet';
    const { metadata, status } = (await controlPlane.request('GET', path)).body as {
      metadata: { annotations: Record<string, string> };
      status: { lastHandledReconcileAt: string; artifact: { revision: string } };
    };
    expect(status.lastHandledReconcileAt).toBe(metadata.annotations['reconcile.fluxcd.io/requestedAt']);
    expect(status.artifact.revision).toBe(`main@sha1:${commit}`);
    const built = await doIt('reconcile', kustomization, 'apps');
    expect([built.outcome, built.message]).toEqual(['handled', expect.stringContaining(commit.slice(0, 7))]);
    expect(await configMap('inner')).toEqual({ greeting: 'two', place: 'here' });
  });

  test('a reconcile is not done while the controller hangs', async () => {
    flux.freeze('kustomize-controller', true);
    try {
      const { outcome, message } = await doIt('reconcile', kustomization, 'apps', 3000);
      expect([outcome, message]).toEqual([
        'requested',
        expect.stringContaining('not handled yet. Is its controller running?'),
      ]);
    } finally {
      flux.freeze('kustomize-controller', false);
    }
    expect((await doIt('reconcile', kustomization, 'apps')).outcome).toBe('handled');
  });

  test('suspend and resume change the object, and the watch shows it', async () => {
    const suspended = await doIt('suspend', kustomization, 'apps');
    expect(suspended.outcome).toBe('handled');
    expect(suspended.message).toContain('Kustomization root, which may revert this');
    await comesTo('suspended', kustomization, 'apps');
    const writer = live(kustomization, 'apps')!.writers.suspend;
    expect(writer?.manager).toBe('capstan');
    const refused = await doIt('reconcile', kustomization, 'apps');
    expect([refused.outcome, refused.message]).toEqual(['failed', expect.stringContaining('is suspended')]);
    commit = git.commit('fleet', files('three'));
    expect((await doIt('reconcile', source, 'fleet')).outcome).toBe('handled');
    await sleep(1000);
    expect(await configMap('inner')).toEqual({ greeting: 'two', place: 'here' });
    const { stdout } = await flux.flux(['get', 'kustomizations', 'apps', '-n', 'flux-system', '--no-header']);
    const [, , isSuspended] = stdout.split('\t').map((cell) => cell.trim());
    expect(isSuspended).toBe('True');

    const resumed = await doIt('resume', kustomization, 'apps');
    expect(resumed.outcome).toBe('handled');
    await comesTo('ready', kustomization, 'apps');
    expect(await configMap('inner')).toEqual({ greeting: 'three', place: 'here' });
  });

  test('changes by others are detected', async () => {
    const patch = (suspend: boolean) =>
      controlPlane.kubectl([
        'patch',
        'gitrepository/fleet',
        '-n',
        'flux-system',
        '--type=merge',
        '-p',
        JSON.stringify({ spec: { suspend } }),
      ]);
    expect((await patch(true)).code).toBe(0);
    await comesTo('suspended', source, 'fleet');
    expect((await patch(false)).code).toBe(0);
    await comesTo('ready', source, 'fleet');
  });

  test('failures have Flux’s own message; waiting is not a failure', async () => {
    await controlPlane.apply(
      yaml(
        applied('broken', './broken'),
        applied('missing', './nowhere'),
        applied('strict', './strict', { postBuild: { substitute: { other: 'x' } } }),
        applied('waiting', './apps', { dependsOn: [{ name: 'broken' }] }),
        applied('sourceless', './apps', { sourceRef: { kind: 'GitRepository', name: 'nowhere' } }),
        gitRepository('unreachable', 'http://127.0.0.1:1/fleet.git'),
      ),
    );
    for (const name of ['broken', 'missing', 'strict']) await comesTo('failed', kustomization, name);
    await comesTo('failed', source, 'unreachable');
    await comesTo('progressing', kustomization, 'waiting');
    // No controller creates a source that does not exist.
    await comesTo('failed', kustomization, 'sourceless');
    expect(healthOf(kustomization, 'broken').reason).toMatch(/wrong\.yaml/);
    expect(healthOf(kustomization, 'missing').reason).toMatch(/nowhere/);
    expect(healthOf(kustomization, 'strict').reason).toMatch(/undefined_here/);
    expect(healthOf(source, 'unreachable').reason).toMatch(/connection refused/);
    expect(healthOf(kustomization, 'waiting').reason).toMatch(/broken/);
    expect(healthOf(kustomization, 'sourceless').reason).toMatch(/nowhere/);

    const { stdout } = await flux.flux(['get', 'kustomizations', '-n', 'flux-system', '--no-header']);
    const messages = new Map(
      stdout
        .split('\n')
        .map((line) => line.split('\t').map((cell) => cell.trim()))
        .map(([name = '', , , , message = '']) => [name, message]),
    );
    for (const name of ['broken', 'missing']) {
      const said = healthOf(kustomization, name).reason.replace(/[;\s]+/g, ' ');
      expect(plain(messages.get(name)!)).toBe(plain(said));
    }
    const reconciled = await doIt('reconcile', kustomization, 'broken');
    expect([reconciled.outcome, reconciled.message]).toEqual([
      'failed',
      expect.stringContaining('failed to reconcile'),
    ]);
    const status = await capstan(['status', ...flags()]);
    expect(status.code).toBe(1);
    expect(status.stdout).toMatch(/✘ Kustomization broken {2}.*wrong\.yaml/);
    expect(status.stdout).toMatch(/↻ Kustomization waiting {2}/);
    await expectGetAgrees();
  });
});

/** `namespace/kind/name` of each row in `flux get all -A`. */
function rowsOf(table: string): readonly string[] {
  return table.split('\n').flatMap((line) => {
    const [namespace = '', name = ''] = line.split('\t').map((cell) => cell.trim());
    return name.includes('/') ? [`${namespace}/${name}`] : [];
  });
}

function isDeepEqual(a: readonly string[], b: readonly string[]): boolean {
  return [...a].sort().join('\n') === [...b].sort().join('\n');
}

/** flux truncates digests and joins lines. */
function plain(message: string): string {
  return message.replace(/[;\s]+/g, ' ').trim();
}
