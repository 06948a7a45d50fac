// Findings while someone types, over real standard input and output: when they reach a client that gets them pushed, and
// one that pulls them.
import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Diagnostic } from 'vscode-languageserver/node';
import { yaml } from '../fixture.ts';
import { pause } from './diagnostics.ts';
import { buildProgram, program, Session } from './fixture.ts';

beforeAll(buildProgram);
afterAll(() => rmSync(program, { force: true }));

const release = yaml`
  apiVersion: helm.toolkit.fluxcd.io/v2
  kind: HelmRelease
  metadata:
    name: web
  spec:
    interval: 10m
    chartRef: { kind: OCIRepository, name: web }
`;

const namespace = yaml`
  apiVersion: v1
  kind: Namespace
  metadata:
    name: web
`;

let session: Session;
afterEach(() => {
  session.connection.dispose();
  session.child.kill();
  rmSync(session.folder, { recursive: true, force: true });
});

/** Types at the end of a line, and lets the server handle each key before the next. */
async function type(keys: string, line: number, character: number, handled: () => Promise<unknown>): Promise<void> {
  let version = 2;
  for (const [index, key] of [...keys].entries()) {
    const at = { line, character: character + index };
    await session.change('a.yaml', version, at, at, key);
    await handled();
    version += 1;
  }
}

const codes = (diagnostics: readonly Diagnostic[] = []) => diagnostics.map(({ code }) => code);

test('a key that is typed on a new line is pushed as an error only after a pause', async () => {
  session = new Session();
  await session.start();
  await session.open('a.yaml', namespace);
  await session.publishes('a.yaml', []);
  // A push follows each change within milliseconds; a request that is answered later proves that it was sent.
  await type('spec', 4, 0, () => pushed());
  expect(session.published.flatMap(({ diagnostics }) => codes(diagnostics))).toEqual([]);
  await session.publishes('a.yaml', ['syntax/missing-colon']);
});

test('and pulled only after a pause, for which the client is asked to pull again', async () => {
  session = new Session();
  let refreshed: (() => void) | undefined;
  const refresh = () =>
    new Promise<void>((resolve) => {
      refreshed = resolve;
    });
  session.connection.onRequest('workspace/diagnostic/refresh', () => {
    // One request follows the scan of the folder.
    if (typed) refreshed?.();
    return null;
  });
  let typed = false;
  await session.start({ textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } });
  await session.open('a.yaml', namespace);
  const pulled = async () =>
    codes((await session.ask<{ items?: Diagnostic[] }>('textDocument/diagnostic', 'a.yaml')).items);
  expect(await pulled()).toEqual([]);
  const seen: unknown[] = [];
  const began = performance.now();
  await type('spec', 4, 0, async () => seen.push(...(await pulled())));
  typed = true;
  expect(seen).toEqual([]);
  // The first request is for what the edit means elsewhere, when the hand rests for a moment.
  await refresh();
  const first = await pulled();
  // On a busy machine the pause is over by then.
  if (first.length > 0) expect(performance.now() - began).toBeGreaterThan(pause);
  else await refresh();
  expect(await pulled()).toEqual(['syntax/missing-colon']);
});

test('a client that can’t be asked to pull again gets everything at once', async () => {
  session = new Session();
  await session.start({ textDocument: { diagnostic: {} } });
  await session.open('a.yaml', namespace);
  await type('s', 4, 0, () => Promise.resolve());
  const report = await session.ask<{ items?: Diagnostic[] }>('textDocument/diagnostic', 'a.yaml');
  expect(codes(report.items)).toEqual(['syntax/missing-colon']);
});

test('a whole invalid document that is pasted is pushed at once', async () => {
  session = new Session();
  await session.start();
  await session.open('a.yaml', '');
  await session.publishes('a.yaml', []);
  await session.change(
    'a.yaml',
    2,
    { line: 0, character: 0 },
    { line: 0, character: 0 },
    release.replace('10m', 'ten'),
  );
  await session.publishes('a.yaml', ['schema/pattern']);
  // The pause pushes nothing more.
  expect(session.published.filter(({ version }) => version === 2)).toHaveLength(1);
});

/** Resolves after the server had the time to push what it was about to. */
async function pushed(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 30));
  await session.ask('textDocument/hover', 'a.yaml', { position: { line: 0, character: 0 } });
}
