// Tests that a commit is followed as far as the real Flux has brought it: what is said of it is compared with the status that
// another client reads.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommitStatus } from '../../server/src/cli/output.ts';
import { missingPrograms, provide } from '../testbed/cache.ts';
import { type ControlPlane, runProgram, startControlPlane, until } from '../testbed/controlplane.ts';
import { type Flux, missingForFlux, startFlux } from '../testbed/flux.ts';
import { type GitServer, startGitServer } from '../testbed/git-server.ts';
import { startCapstan } from './capstan.ts';

const missing = [...missingPrograms('kubernetes'), ...missingForFlux()];
if (missing.length > 0) console.log(`skipped, not built: ${missing.join(', ')} (\`${provide('flux')}\`)`);

describe.skipIf(missing.length > 0)('a commit', () => {
  let server: ControlPlane;
  let flux: Flux;
  let git: GitServer;
  let clone = '';

  beforeAll(async () => {
    server = await startControlPlane({ controllerManager: true });
    flux = await startFlux(server);
    git = await startGitServer(server.folder);
    git.commit('fleet', files('one'));
    clone = join(server.folder, 'clone');
    // The server is in this process: waiting for Git must not hold it up.
    await inGit('clone', '--quiet', git.url('fleet'), clone);
    await server.apply(
      [source(git.url('fleet')), applied('infra', []), applied('apps', ['infra'])]
        .map((one) => JSON.stringify(one))
        .join('\n---\n'),
    );
  }, 120_000);
  afterAll(async () => {
    await git?.stop();
    await flux?.stop();
    await server?.stop();
  });

  const flags = () => ['--kubeconfig', server.kubeconfig, '--context', 'admin'];
  const capstan = (...args: readonly string[]) => startCapstan([...args, ...flags()], {}, clone);
  const follow = (...args: readonly string[]) => capstan('follow', ...args, '--limit', '60s').ended;
  const pull = () => inGit('-C', clone, 'pull', '--quiet');
  const fetched = () => capstan('reconcile', 'gitrepository/fleet', '-n', 'flux-system', '--wait').ended;
  const field = async (name: string, path: string) =>
    (await server.kubectl(['get', 'kustomization', name, '-n', 'flux-system', '-o', `jsonpath={${path}}`])).stdout;

  test('is ready once every Kustomization has applied it, not before', async () => {
    const { code, stdout, stderr } = await follow();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/is ready on 1 of 1 clusters\n$/);
    for (const name of ['infra', 'apps']) {
      const head = (await inGit('-C', clone, 'rev-parse', 'HEAD')).trim();
      expect(await field(name, '.status.lastAppliedRevision')).toBe(`main@sha1:${head}`);
    }
    const next = git.commit('fleet', files('two'));
    await pull();
    const waiting = await follow('HEAD', '--no-wait', '--format', 'json');
    const [status] = JSON.parse(waiting.stdout) as readonly CommitStatus[];
    expect([waiting.code, status?.state]).toEqual([1, 'progressing']);
    expect(status?.objects.map(({ name, state, reason }) => `${name} ${state}: ${reason}`)).toEqual([
      expect.stringMatching(/^fleet progressing: at main@/),
      'apps progressing: waits for GitRepository fleet',
      'infra progressing: waits for GitRepository fleet',
    ]);
    const following = capstan('follow', next.slice(0, 9), '--limit', '60s');
    await following.lines(1);
    await fetched();
    expect((await following.ended).code).toBe(0);
    expect(await field('apps', '.status.lastAppliedRevision')).toBe(`main@sha1:${next}`);
  }, 120_000);

  test('failed where it was attempted and failed; what depends on it waits, and a later commit heals both', async () => {
    const broken = git.commit('fleet', {
      ...files('three'),
      'infra/all.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n',
    });
    await pull();
    await fetched();
    await until('it is attempted', undefined, async () =>
      (await field('infra', '.status.lastAttemptedRevision')).includes(broken),
    );
    await until(
      'it failed',
      undefined,
      async () => (await field('infra', '.status.conditions[?(@.type=="Ready")].status')) === 'False',
    );
    const { stdout } = await follow('HEAD', '--no-wait', '--format', 'json');
    const [status] = JSON.parse(stdout) as readonly CommitStatus[];
    const states = Object.fromEntries((status?.objects ?? []).map(({ name, state }) => [name, state]));
    expect(states).toMatchObject({ fleet: 'ready', infra: 'failed' });
    expect(['progressing', 'failed']).toContain(states.apps);
    git.commit('fleet', files('four'));
    await pull();
    await fetched();
    const { code } = await follow(broken);
    expect(code).toBe(0);
  }, 120_000);

  test('suspended where nobody applies it before somebody resumes it', async () => {
    await capstan('suspend', 'kustomization/apps', '-n', 'flux-system').ended;
    const next = git.commit('fleet', files('five'));
    await pull();
    await fetched();
    const { code, stdout } = await follow();
    expect([code, stdout]).toEqual([1, expect.stringContaining('Kustomization flux-system/apps: suspended, at main@')]);
    expect(await field('apps', '.status.lastAppliedRevision')).not.toContain(next);
    expect(await field('infra', '.status.lastAppliedRevision')).toContain(next);
    const unknown = await follow('never-was');
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('never-was')]);
  }, 120_000);
});

async function inGit(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram('git', args);
  if (code !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout;
}

function source(url: string): object {
  return {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name: 'fleet', namespace: 'flux-system' },
    spec: { interval: '1h', timeout: '5s', url, ref: { branch: 'main' } },
  };
}

function applied(name: string, dependsOn: readonly string[]): object {
  const sourceRef = { kind: 'GitRepository', name: 'fleet' };
  const after = dependsOn.map((other) => ({ name: other }));
  return {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name, namespace: 'flux-system' },
    spec: {
      interval: '1h',
      retryInterval: '5s',
      timeout: '30s',
      prune: true,
      path: `./${name}`,
      sourceRef,
      dependsOn: after,
    },
  };
}

function files(greeting: string): Readonly<Record<string, string>> {
  const map = (name: string) =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'default' },
      data: { greeting },
    });
  return { 'infra/all.yaml': map('infra'), 'apps/all.yaml': map('apps') };
}
