// SECURITY.md names every threat and tests that exist, and what it says that there is none of isn't there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: unknown; readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: Readonly<Record<string, unknown>> & {
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope?: string }>> };
  };
};

const sources = ['server/src', 'client/src'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.ts$|^fixture\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name)),
);

function filesWith(pattern: RegExp): readonly string[] {
  return sources
    .filter((file) => pattern.test(readFileSync(file, 'utf8')))
    .map((file) => relative(root, file).replaceAll('\\', '/'));
}

test('the table has all threats, each with tests that exist or a decision', () => {
  const rows = [...read('SECURITY.md').matchAll(/^\| (S\d+) \|.*\| ([^|]+) \|$/gm)].map(([, id, by]) => ({
    id,
    by: by!,
  }));
  expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 32 }, (_, at) => `S${at + 1}`));
  for (const { id, by } of rows) {
    const files = [...by.matchAll(/`([^`]+)`/g)].map(([, file]) => file!);
    expect(files.length > 0 || by.includes('decision'), id).toBe(true);
    expect(
      files.filter((file) => !existsSync(join(root, file))),
      id,
    ).toEqual([]);
  }
});

test.each([
  ['code is made of text', /\beval\(|\bnew Function\(/, []],
  // Our own programs, compiled before.
  ['scripts are run', /from 'node:vm'/, ['server/src/disk/compiled.ts']],
  // Pseudoterminals, which start no program of this machine, and the user's own shell or k9s on an open context.
  ['terminals', /\bcreateTerminal\(/, ['client/src/views/shells.ts', 'client/src/views/terminals.ts']],
  ['programs in terminals', /\bshellPath\b/, ['client/src/views/terminals.ts']],
  ['text that is typed into terminals', /\.sendText\(|\bShellExecution\(/, []],
  ['shells', /\bshell: true\b|\bexecSync\(|\bexec\(\s*[`'"]/, []],
  ['webviews', /\bcreateWebviewPanel\(|\bregisterWebviewViewProvider\(/, []],
  ['Markdown that is trusted', /\.isTrusted = |\bsupportHtml\b/, []],
  ['handlers of links', /\bregisterUriHandler\(/, []],
  ['tools for language models', /\blm\.register|\bregisterTool\(/, []],
  ['telemetry', /\bcreateTelemetryLogger\(|\bappinsights\b/, []],
] as const)('where there are %s', (_what, pattern, files) => {
  expect(filesWith(pattern)).toEqual(files);
});

test('only these write files, and none of them a kubeconfig with a server or a credential', () => {
  const writing =
    /import \{[^}]*\b(?:writeFile|writeFileSync|writeSync|appendFile|appendFileSync|createWriteStream)\b[^}]*\} from '(?:node:)?fs/;
  expect(filesWith(writing).toSorted()).toEqual([
    'client/src/setAside.ts',
    // The name of a terminal’s context.
    'client/src/views/terminals.ts',
    'server/src/cli/schemas.ts',
    'server/src/disk/compiled.ts',
    'server/src/disk/durable.ts',
    // Charts and values for Helm, in a temporary folder.
    'server/src/disk/helm.ts',
    'server/src/engine/credentials/plugin-lock.ts',
    'server/src/language/at-work.ts',
    'server/src/stdio/endpoint.ts',
  ]);
});

test('a workspace sets nothing that names files or hosts, and is trusted first', () => {
  const { untrustedWorkspaces } = manifest.capabilities;
  expect(untrustedWorkspaces.supported).toBe('limited');
  for (const setting of untrustedWorkspaces.restrictedConfigurations)
    expect(manifest.contributes.configuration.properties[setting]?.scope, setting).toBe('machine');
  const naming = Object.keys(manifest.contributes.configuration.properties).filter((name) =>
    /kubeconfig|proxy|context/i.test(name),
  );
  expect(naming.length).toBeGreaterThan(0);
  expect(naming.filter((name) => !untrustedWorkspaces.restrictedConfigurations.includes(name))).toEqual([]);
});

test('no tools for language models are contributed', () => {
  expect(Object.keys(manifest.contributes).filter((point) => /languageModel|mcp|chat/i.test(point))).toEqual([]);
});

test('at set-up no script of a package runs', () => {
  expect(read('scripts/setup.mjs')).toMatch(/\['ci', '--ignore-scripts',/);
});
