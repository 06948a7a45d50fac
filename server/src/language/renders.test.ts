// Releases that are rendered while the server runs, over real standard input and output.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { renderedObjects } from '../rules/rendered-objects.ts';
import { buildProgram, program, Session } from './fixture.ts';

beforeAll(buildProgram);
afterAll(() => rmSync(program, { force: true }));

let session: Session;
let bin = '';
const { PATH } = process.env;
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'capstan-renders-'));
  const port = '"$(/bin/grep -o \'[0-9]*\' "$7" | /usr/bin/head -1)"';
  const service = `apiVersion: v1\\nkind: Service\\nmetadata: { name: shop }\\nspec: { ports: [{ port: %s }] }\\n`;
  const script = `#!/bin/sh\nif [ "$1" = version ]; then echo v4.0.0; exit; fi\nport=${port}\nprintf '${service}' "\${port:-80}"\n`;
  writeFileSync(join(bin, 'helm'), script);
  chmodSync(join(bin, 'helm'), 0o755);
  // The server reads its environment when it starts.
  process.env.PATH = `${bin}:${PATH}`;
  session = new Session();
});
afterEach(() => {
  process.env.PATH = PATH;
  session.connection.dispose();
  session.child.kill();
  for (const folder of [session.folder, bin]) rmSync(folder, { recursive: true, force: true });
});

function files(): Readonly<Record<string, string>> {
  const [, ...parts] = renderedObjects.docs.bad.split(/^# file: (.+)\n/m);
  const pairs = parts.flatMap((part, at) =>
    at % 2 === 0 ? [[part, parts[at + 1]!.replace(/^ *# \^.*\n/gm, '')]] : [],
  );
  return Object.fromEntries(pairs);
}

const path = 'clusters/prod/shop.yaml';

test('an object that is rendered is judged at the value, and again after an edit', async () => {
  const given = files();
  await session.start({}, given, true, { renderReleases: true });
  await session.open(path, given[path]!);
  await session.publishes(path, ['flux/rendered-object']);
  const line = given[path]!.split('\n').findIndex((one) => one.includes('100000'));
  const found = session.published.findLast((one) => one.diagnostics.length > 0)!;
  expect(found.diagnostics[0]!.range.start).toEqual({ line, character: 14 });
  await session.change(path, 2, { line, character: 14 }, { line, character: 20 }, '8080');
  await session.publishes(path, []);
});

test('without the user’s consent nothing runs', async () => {
  writeFileSync(join(bin, 'helm'), `#!/bin/sh\necho > ${bin}/ran\n`);
  const given = files();
  await session.start({}, given);
  await session.open(path, given[path]!);
  await session.publishes(path, []);
  await session.ask('textDocument/hover', path, { position: { line: 0, character: 0 } });
  expect(() => rmSync(join(bin, 'ran'))).toThrow();
});
