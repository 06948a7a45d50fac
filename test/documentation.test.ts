// What the documents say of the program is held to the program.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changes } from '../server/src/live/actions/list.ts';
import { readConfig } from '../server/src/workspace/config.ts';

const root = join(import.meta.dirname, '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const documents = ['README.md', 'ARCHITECTURE.md'];

test('npm scripts that are named exist', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = documents.flatMap((name) => [...read(name).matchAll(/npm run ([\w-]+)/g)].map(([, script]) => script!));
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((script) => scripts[script] === undefined)).toEqual([]);
});

test('the verbs are those of the program', () => {
  const table = [...read('README.md').matchAll(/^\| `(\w+)[^|]*\|/gm)].map(([, verb]) => verb);
  const program = [...read('server/src/cli/main.ts').matchAll(/^ {2}(\w+): \{$|^ {2}(\w+): \{ line/gm)];
  const own = program.map(([, a, b]) => a ?? b);
  // Changes of clusters are listed before the language server, as in --help.
  expect(table).toEqual([...own.slice(0, -1), ...changes.map(({ verb }) => verb), own.at(-1)]);
});

test('the configuration that is shown is one', () => {
  const [, shown] = /```yaml\n(severities:[\s\S]*?)```/.exec(read('README.md'))!;
  const { config, findings } = readConfig(shown!);
  expect(findings).toEqual([]);
  expect(config.severities.get('info/*')).toBe('off');
  expect(config.folders).toEqual([{ folder: 'legacy', schemas: ['cluster-api-provider-aws@2.9.0'] }]);
});

test('files and folders that are named exist', () => {
  const named = [...read('ARCHITECTURE.md').matchAll(/`([\w./-]+(?:\/|\.ts|\.mts|\.json))`/g)].map(([, path]) => path!);
  const all = ['client', 'server', 'scripts', 'test', 'snippets', 'syntaxes', 'dist']
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => [
      `${folder}/`,
      ...readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`),
    ]);
  const exists = (name: string) =>
    all.some(
      (path) => path === name || `${path}/`.endsWith(`/${name}`) || path.endsWith(`/${name}`) || `${path}/` === name,
    );
  expect(named.length).toBeGreaterThan(40);
  // Of the running machine, not of the project.
  expect(named.filter((name) => !name.includes('*') && !name.startsWith('.') && !exists(name))).toEqual([]);
});

test('nobody is told to fetch a package that isn’t published: the name on npm is another’s', () => {
  const { name, private: unpublished } = JSON.parse(read('package.json')) as { name: string; private?: boolean };
  const fetching = new RegExp(`\\b(npx|npm (install|i|exec)|pnpm dlx|yarn dlx) (-\\S+ )*${name}\\b`);
  expect(fetching.test(`npx -y ${name} lint`)).toBe(true);
  expect(unpublished ? documents.filter((document) => fetching.test(read(document))) : []).toEqual([]);
});
