// A client that has no handlers yet for the requests of the server, as VS Code's has none while it starts.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configMap } from '../features/fixture.ts';
import { buildProgram, program, Session } from './fixture.ts';

beforeAll(buildProgram);
afterAll(() => rmSync(program, { force: true }));

test('the server survives refused requests, and asks again', async () => {
  const session = new Session();
  let refusals = 0;
  const asked = new Promise<void>((done) => {
    session.connection.onRequest('workspace/diagnostic/refresh', () => {
      if (refusals > 0) {
        done();
        return null;
      }
      refusals += 1;
      throw new Error('Unhandled method workspace/diagnostic/refresh');
    });
  });
  const capabilities = { textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } };
  await session.start(capabilities, { 'a.yaml': configMap('a') });
  await asked;
  expect(refusals).toBe(1);
  expect(await session.stop()).toBe(0);
  rmSync(session.folder, { recursive: true });
});
