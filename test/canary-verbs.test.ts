// No secret is in what any verb of the command line prints, in files that it writes, or in what it opens in an editor: values of
// Secrets, user information of URLs, tokens. Each verb is run in a repository or against a cluster that is full of them.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allVerbs, verbNamed } from '../server/src/cli/load.ts';
import { type Cluster, serving } from '../server/src/engine/objects-fixture.ts';
import { canaryIn, kubeconfigOf, planted, repository } from './canary/planted.ts';
import { elsewhere, inClusters, inRepository, type Lines, printsManifests } from './canary/verbs.ts';

const folder = mkdtempSync(join(tmpdir(), 'capstan-verbs-'));
const at = (path: string) => join(folder, path);
let cluster: Cluster;

beforeAll(async () => {
  const git = (...args: readonly string[]) => {
    const own = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
    execFileSync('git', [...own, ...args], { cwd: at('repository'), stdio: 'pipe' });
  };
  fill('was');
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'a');
  fill('now');
  mkdirSync(at('home'));
  writeFileSync(at('editor'), `#!/bin/sh\ncat "$1" >> ${at('edited')}\n`, { mode: 0o755 });
  cluster = await serving(planted);
  cluster.logs = 'connecting to postgres://jo:canary-log@db\npassword=canary-log-password\n';
  writeFileSync(at('config'), kubeconfigOf(cluster.url));
});
afterAll(() => {
  cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function fill(side: 'was' | 'now'): void {
  for (const [path, text] of Object.entries(repository(side))) {
    mkdirSync(dirname(at(`repository/${path}`)), { recursive: true });
    writeFileSync(at(`repository/${path}`), text);
  }
}

test('each verb is in one of the lists', async () => {
  const all = Object.keys(await allVerbs());
  const covered = [inRepository, inClusters, elsewhere].flatMap((list) => Object.keys(list));
  expect(covered.toSorted()).toEqual(all.toSorted());
  expect(Object.values(elsewhere).filter((file) => !existsSync(join(import.meta.dirname, '..', file)))).toEqual([]);
});

async function run(verb: string, line: string, cwd: string): Promise<{ said: string; exact: string }> {
  const one = (await verbNamed(verb))!;
  const out = { said: '', exact: '' };
  const stream = {
    write: (text: string, as?: 'exact') => {
      if (as === 'exact') out.exact += text;
      else out.said += text;
    },
  };
  const env = { PATH: process.env.PATH, HOME: at('home'), KUBECONFIG: at('config'), EDITOR: at('editor') };
  const args = line.split(' ').filter((word) => word !== '');
  await (await one.load())(args, { stdout: stream, stderr: stream, env, cwd, stop: AbortSignal.timeout(20_000) });
  return out;
}

const linesOf = (lists: Lines) =>
  Object.entries(lists).flatMap(([verb, lines]) => lines.map((line) => [verb, line] as const));

test.each(linesOf(inRepository))('in a repository: %s %s', { timeout: 60_000 }, async (verb, line) => {
  const { said, exact } = await run(verb, line, at('repository'));
  expect(said + exact).not.toBe('');
  expect(canaryIn(printsManifests.has(verb) ? said : said + exact)).toEqual([]);
});

test('what prints manifests has the secrets in them', async () => {
  for (const verb of printsManifests)
    expect(canaryIn((await run(verb, 'apps', at('repository'))).exact)).not.toEqual([]);
});

test.each(linesOf(inClusters))('in clusters: %s %s', { timeout: 60_000 }, async (verb, line) => {
  const { said, exact } = await run(verb, line, folder);
  expect(canaryIn(said + exact)).toEqual([]);
});

test('what was opened in an editor, and what is kept of actions', () => {
  expect(readFileSync(at('edited'), 'utf8')).toContain('kind: Secret');
  const kept = filesBelow(at('home'));
  expect(kept.join('\n')).toContain('"verb"');
  expect(canaryIn([readFileSync(at('edited'), 'utf8'), ...kept].join('\n'))).toEqual([]);
});

function filesBelow(path: string): readonly string[] {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries.filter((one) => one.isFile()).map((one) => readFileSync(join(one.parentPath, one.name), 'utf8'));
}

test('the search finds canaries as they are written and encoded', () => {
  for (const text of ['xcanary-a', Buffer.from('canary-a').toString('base64'), '8800990011'])
    expect(canaryIn(text)).toHaveLength(1);
});
