// What differs in what clusters get since a revision of Git, over real standard input and output.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Differences, LanguageRequests } from '../protocol.ts';
import { buildProgram, program, Session } from './fixture.ts';

beforeAll(buildProgram);
afterAll(() => rmSync(program, { force: true }));

let session: Session;
afterEach(() => {
  session.connection.dispose();
  session.child.kill();
  rmSync(session.folder, { recursive: true, force: true });
});

const sync = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, prune: true, path: ./clusters/prod, sourceRef: { kind: GitRepository, name: fleet } }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec: { interval: 1m, prune: true, path: ./apps, sourceRef: { kind: GitRepository, name: fleet } }
`;

const config = `apiVersion: v1
kind: ConfigMap
metadata: { name: web, namespace: shop }
data: { color: red }
`;

type Params = LanguageRequests['capstan/differences']['params'];

test('what is open in the editor is compared with a revision', async () => {
  session = new Session();
  await session.start({}, { 'clusters/prod/sync.yaml': sync, 'apps/web.yaml': config });
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false'];
  for (const args of [
    ['init', '--quiet'],
    ['add', '--all'],
    ['commit', '--quiet', '--message', 'state'],
  ])
    execFileSync('git', ['-C', session.folder, ...author, ...args]);
  await session.open('apps/web.yaml', config.replace('red', 'blue'));
  const asked = (between: Params['between']) => {
    const params: Params = { uri: session.uri('apps/web.yaml'), position: { line: 0, character: 0 }, between };
    return session.connection.sendRequest<Differences | null>('capstan/differences', params);
  };
  const texts = await asked({ is: 'revision', revision: 'HEAD' });
  expect(texts).toMatchObject({ is: 'texts', name: expect.stringMatching(/^HEAD \(/) });
  expect(texts).toHaveProperty('old', expect.stringContaining('color: red'));
  expect(texts).toHaveProperty('now', expect.stringContaining('color: blue'));
  const report = await asked({ is: 'repository', revision: 'HEAD' });
  expect(report).toHaveProperty('markdown', expect.stringContaining('data.color'));
  expect(await asked({ is: 'revision', revision: 'nowhere' })).toMatchObject({ is: 'problem' });
});
