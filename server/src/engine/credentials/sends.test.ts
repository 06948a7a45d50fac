// A kubeconfig of a repository uses no file of the user, and no user of another kubeconfig, without consent to the file and to
// the server that gets it.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClusterQuestions } from '../../protocol.ts';
import { type KubeConfig, loadKubeConfig, targetOf } from '../kubeconfig/kubeconfig.ts';
import { Fleet } from '../session/fleet.ts';
import { Consents } from './consent.ts';
import { CredentialStore } from './credentials.ts';
import { isInWorkspace, type Send, sendOf } from './sends.ts';

let folder: string;
let home: string;
let repository: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'capstan-sends-')));
  home = join(folder, 'home');
  repository = join(folder, 'repository');
  for (const path of ['home/.kube', 'repository/.git', 'repository/apps'])
    mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(home, 'token'), 'the-token-of-the-user');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Entry {
  readonly name: string;
  readonly server?: string;
  readonly user?: string | false;
  readonly ca?: string;
}

function write(file: string, ...entries: readonly Entry[]): string {
  const text = entries.map((entry) => {
    const { name, user = 'token: inline-token', ca = '' } = entry;
    const server = entry.server ?? `https://${name}.example.com`;
    return {
      cluster: `  - name: ${name}\n    cluster: { server: "${server}"${ca} }\n`,
      user: user === false ? '' : `  - name: ${name}\n    user: { ${user} }\n`,
      context: `  - name: ${name}\n    context: { cluster: ${name}, user: ${name} }\n`,
    };
  });
  const list = (name: string, part: 'cluster' | 'user' | 'context') =>
    `${name}:\n${text.map((one) => one[part]).join('')}`;
  writeFileSync(file, list('clusters', 'cluster') + list('users', 'user') + list('contexts', 'context'));
  return file;
}

/** Reads credentials of contexts as a session does, and records the questions. */
function signingIn(list: string, workspace: readonly string[], answer = true, file?: string) {
  let config: KubeConfig | undefined;
  const questions: ClusterQuestions['consent']['params'][] = [];
  const ask = async (question: ClusterQuestions['consent']['params']) => {
    questions.push(question);
    return answer;
  };
  const consents = new Consents(ask, { HOME: home }, file);
  const send = (target: Parameters<typeof sendOf>[0]) => sendOf(target, (one) => isInWorkspace(one, workspace));
  const store = new CredentialStore({
    env: { HOME: home, PATH: '/usr/bin:/bin' },
    terminal: false,
    allow: async () => ({ ok: true, value: true }),
    async allowSend(target) {
      const now = config!;
      const all = (): readonly Send[] =>
        [...now.contexts.keys()].flatMap((name) => {
          const one = targetOf(now, name);
          return (one.ok && send(one.value)) || [];
        });
      const one = send(target);
      return one ? consents.allowSend(one, all) : { ok: true, value: true };
    },
  });
  async function header(context: string): Promise<unknown> {
    config ??= loadKubeConfig({ list });
    const target = targetOf(config, context);
    if (!target.ok) return target.failure.message;
    const auth = await store.for(target.value).get();
    return auth.ok ? auth.value.headers.authorization : auth.failure.kind;
  }
  const changed = () => {
    config = undefined;
  };
  return { questions, header, changed };
}

const tokenFile = () => `tokenFile: "${join(home, 'token')}"`;

describe('a question is asked', () => {
  test('for a file that a kubeconfig of the workspace names, before it is read', async () => {
    const list = write(join(repository, 'kubeconfig'), { name: 'a', user: tokenFile() });
    const refused = signingIn(list, [repository], false);
    expect(await refused.header('a')).toBe('credential');
    expect(refused.questions).toHaveLength(1);
    expect(refused.questions[0]!.detail).toContain(`token file ${join(home, 'token')}`);
    expect(refused.questions[0]!.detail).toContain('https://a.example.com');
    const accepted = signingIn(list, [repository]);
    expect(await accepted.header('a')).toBe('Bearer the-token-of-the-user');
  });

  test('once for all clusters, and again for another file or another server', async () => {
    const path = join(repository, 'kubeconfig');
    const many = Array.from({ length: 200 }, (_, at) => ({ name: `c${at}`, user: tokenFile() }));
    const { questions, header, changed } = signingIn(write(path, ...many), [repository]);
    const answers = await Promise.all(many.map(({ name }) => header(name)));
    expect(new Set(answers)).toEqual(new Set(['Bearer the-token-of-the-user']));
    expect(questions).toHaveLength(1);
    for (const { name } of many) expect(questions[0]!.detail).toContain(`https://${name}.example.com`);

    write(path, { ...many[0]!, server: 'https://evil.example.com' });
    changed();
    expect(await header('c0')).toContain('Bearer');
    expect(questions).toHaveLength(2);
    expect(questions[1]!.detail).toContain('server  https://evil.example.com');
    expect(questions[1]!.detail).toContain('- server  https://c0.example.com');
    writeFileSync(join(home, 'other'), 'x');
    write(path, { ...many[0]!, server: 'https://evil.example.com', user: `tokenFile: "${join(home, 'other')}"` });
    changed();
    await header('c0');
    expect(questions).toHaveLength(3);
  });

  test.each([
    ['a client key', 'client-certificate: /c.pem, client-key: /k.pem', '', ['/c.pem', '/k.pem']],
    ['a program', 'exec: { command: aws, apiVersion: client.authentication.k8s.io/v1 }', '', ['that aws prints']],
    ['a certificate authority', 'token: t', ', certificate-authority: /ca.pem', ['/ca.pem']],
  ] as const)('for %s', async (_, user, ca, shown) => {
    const list = write(join(repository, 'kubeconfig'), { name: 'a', user, ca });
    const { questions, header } = signingIn(list, [repository], false);
    expect(await header('a')).toBe('credential');
    for (const text of shown) expect(questions[0]!.detail).toContain(text);
  });

  test('for a server of the workspace that takes the user of another kubeconfig', async () => {
    const own = write(join(home, '.kube/config'), { name: 'prod', user: 'token: the-token-of-prod' });
    const evil = write(join(repository, 'kubeconfig'), {
      name: 'prod',
      server: 'https://evil.example.com',
      user: false,
    });
    const { questions, header } = signingIn(`${evil}:${own}`, [repository], false);
    expect(await header('prod')).toBe('credential');
    expect(questions[0]!.detail).toContain(`token of ${own}`);
  });

  test('wherever in the repository the opened folder is, and through links', async () => {
    const list = write(join(repository, 'kubeconfig'), { name: 'a', user: tokenFile() });
    symlinkSync(list, join(home, '.kube/linked'));
    symlinkSync(repository, join(folder, 'link'));
    for (const [file, opened] of [
      [list, join(repository, 'apps')],
      [join(home, '.kube/linked'), repository],
      [list, join(folder, 'link')],
      [join(folder, 'link/kubeconfig'), repository],
    ] as const) {
      const { questions, header } = signingIn(file, [opened], false);
      await header('a');
      expect(questions, `${file} in ${opened}`).toHaveLength(1);
    }
  });

  test('which no name in the kubeconfig can imitate', async () => {
    const list = write(join(repository, 'kubeconfig'), {
      name: '"a\\nserver  https://fine.example.com"',
      server: 'https://evil.example.com',
      user: 'tokenFile: "t\\nuses    nothing"',
    });
    const { questions, header } = signingIn(list, [repository], false);
    await header('a\nserver  https://fine.example.com');
    const lines = questions[0]!.detail.split('\n');
    expect(lines.filter((line) => line.startsWith('server'))).toEqual(['server  https://evil.example.com']);
    expect(lines.filter((line) => line.startsWith('uses'))).toHaveLength(1);
  });
});

describe('no question is asked', () => {
  test('for kubeconfigs elsewhere, for what a kubeconfig contains, and where nothing is sent', async () => {
    const list = write(join(home, '.kube/config'), { name: 'a', user: tokenFile() });
    const inside = write(
      join(repository, 'kubeconfig'),
      { name: 'b' },
      { name: 'c', server: 'http://c.example.com', user: tokenFile() },
    );
    const { questions, header } = signingIn(`${list}:${inside}`, [repository], false);
    expect(await header('a')).toBe('Bearer the-token-of-the-user');
    expect(await header('b')).toBe('Bearer inline-token');
    expect(await header('c')).toBeUndefined();
    expect(questions).toEqual([]);
  });

  test('again after a restart, nor for what another window was allowed', async () => {
    const file = join(folder, 'state/consents.json');
    const list = write(join(repository, 'kubeconfig'), { name: 'a', user: tokenFile() });
    const other = signingIn(list, [repository], true, file);
    expect(await signingIn(list, [repository], true, file).header('a')).toContain('Bearer');
    expect(await other.header('a')).toContain('Bearer');
    expect(other.questions).toEqual([]);
  });
});

test('a fleet asks, and contacts nothing until it is answered', async () => {
  const list = write(join(repository, 'kubeconfig'), { name: 'a', server: 'https://127.0.0.1:1', user: tokenFile() });
  const asked: string[] = [];
  const fleet = new Fleet({
    selection: { list },
    env: { HOME: home },
    readOnlyContexts: [],
    userAgent: 'test',
    terminal: false,
    workspace: [repository],
    remember: false,
    ask: async ({ detail }) => {
      asked.push(detail);
      return false;
    },
    log: () => undefined,
    onChange: () => undefined,
  });
  try {
    fleet.open(['a']);
    await expect.poll(() => fleet.session('a')?.state.is).toBe('auth-needed');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain('token file');
  } finally {
    await fleet.dispose();
  }
});

test('a token file that is a pipe or endless is a failure, not a wait', async () => {
  const list = write(join(home, '.kube/config'), { name: 'a', user: 'tokenFile: /dev/zero' });
  expect(await signingIn(list, []).header('a')).toBe('credential');
});
