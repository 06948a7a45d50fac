// Checks that only reader.ts opens files of a workspace. Other modules that open files are listed here with the reason.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');

const openers: Readonly<Record<string, string>> = {
  'client/src/commands/newManifest.ts': 'a new file, which it writes through the editor',
  'server/src/disk/reader.ts': 'the reader',
  'server/src/disk/compiled.ts': 'our own programs, and what V8 made of them',
  'server/src/disk/durable.ts': 'files of the user’s cache while they are replaced, and locks that Capstan wrote',
  'server/src/language/at-work.ts': 'the file of the client that names the document at work',
  'client/src/setAside.ts': 'the same file',
  'server/src/cli/schemas.ts': 'the index of the user’s cache of schemas',
  'server/src/releases/kubernetes.ts': 'a Go module in Go’s own cache',
  'server/src/releases/kustomize.ts': 'a Go module in Go’s own cache',
  'server/src/releases/releases.ts': 'the licence of a Go module in Go’s own cache',
  'server/src/engine/credentials/plugin-lock.ts': 'locks that Capstan wrote',
};

/** Functions of `node:fs` that open a file or read from an open one. */
const opening = /^(?:readFile|readFileSync|open|openSync|openAsBlob|createReadStream|read|readSync|readv|readvSync)$/;

/** Imports of the whole module, which could open files and are therefore not allowed. */
const whole =
  /import\s+(?:\* as )?\w+\s+from '(?:node:)?fs|(?:import|require|getBuiltinModule)\('(?:node:)?fs|workspace\.fs\b/;

function opens(text: string): boolean {
  const imports = [...text.matchAll(/import\s+\{([^}]*)\}\s+from '(?:node:)?fs(?:\/promises)?'/g)];
  const names = imports.flatMap(([, list]) => list!.split(',').map((name) => name.trim().split(/\s/)[0]!));
  return whole.test(text) || names.some((name) => opening.test(name));
}

function sources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.ts$|^fixture\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

test('only the reader and the listed modules open files', () => {
  const found = [...sources('server/src'), ...sources('client/src')].filter((file) =>
    opens(readFileSync(file, 'utf8')),
  );
  expect(found.map((file) => relative(root, file).replaceAll('\\', '/')).sort()).toEqual(Object.keys(openers).sort());
});

test.each([
  ["import { statSync, readFileSync as read } from 'node:fs';", true],
  ["import {\n  open,\n} from 'node:fs/promises';", true],
  ["import * as fs from 'fs';", true],
  ["const { readFile } = await import('node:fs/promises');", true],
  ["import { statSync } from 'node:fs';\nimport { readFile } from '../workspace/document.ts';", false],
])('the check detects an opener in %j: %s', (text, expected) => {
  expect(opens(text)).toBe(expected);
});
