// What the documents say of the program is held to the program.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { packagedFiles } from '../scripts/package/files.ts';
import { allVerbs } from '../server/src/cli/load.ts';
import { readConfig } from '../server/src/workspace/config.ts';

const root = join(import.meta.dirname, '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const documents = ['README.md', 'ARCHITECTURE.md'];

test('npm scripts that are named exist', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = documents.flatMap((name) =>
    [...read(name).matchAll(/npm run ([\w:-]+)/g)].map(([, script]) => script!),
  );
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((script) => scripts[script] === undefined)).toEqual([]);
});

test('the verbs are those of the program, in the order of its help', async () => {
  const table = [...read('README.md').matchAll(/^\| `([\w-]+)[^|]*\|/gm)].map(([, verb]) => verb);
  expect(table).toEqual(Object.keys(await allVerbs()));
});

test('the configuration that is shown is one', () => {
  const [, shown] = /```yaml\n(severities:[\s\S]*?)```/.exec(read('README.md'))!;
  const { config, findings } = readConfig(shown!);
  expect(findings).toEqual([]);
  expect(config.severities.get('info/*')).toBe('off');
  expect(config.folders).toEqual([{ folder: 'legacy', schemas: ['cluster-api-provider-aws@2.9.0'] }]);
});

test('files and folders that ARCHITECTURE.md names exist', () => {
  const text = read('ARCHITECTURE.md');
  const named = [...text.matchAll(/`([\w./-]+(?:\/|\.ts|\.mts|\.json))`/g)].map(([, path]) => path!);
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((path) => !exists(path, ['', 'server/src', 'client/src']))).toEqual([]);
});

const sources = ['client/src', 'server/src', 'scripts', 'test'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|mts|mjs)$/.test(path))
    .map((path) => `${folder}/${path}`),
);

/** Folders at the top of other projects' repositories, whose files are cited as sources. */
const upstream = /^(?:api|cmd|docs|internal|pkg|staging)\//;

test('files that comments name exist', () => {
  const named = sources.flatMap((path) =>
    commentsOf(read(path)).flatMap((comment) =>
      [...comment.matchAll(/(?<![\w/.@-])([\w-][\w./-]*\.(?:ts|mts|mjs|md))\b/g)].flatMap(([, name]) =>
        upstream.test(name!) ? [] : [{ path, name: name! }],
      ),
    ),
  );
  expect(named.length).toBeGreaterThan(30);
  const missing = named.filter(
    ({ path, name }) => !exists(name, [...foldersUp(dirname(path)), 'server/src', 'client/src', '']),
  );
  expect(missing).toEqual([]);
});

test('sections of ARCHITECTURE.md that comments cite exist', () => {
  const headings = [...read('ARCHITECTURE.md').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!);
  const cited = sources.flatMap((path) =>
    commentsOf(read(path)).flatMap((comment) =>
      [...comment.matchAll(/["“]([^"”]+)["”] (?:in|of) ARCHITECTURE\.md|ARCHITECTURE\.md \(["“]([^"”]+)["”]\)/g)].map(
        ([, before, after]) => ({ path, section: (before ?? after)! }),
      ),
    ),
  );
  expect(cited.filter(({ section }) => !headings.includes(section))).toEqual([]);
});

function exists(name: string, folders: readonly string[]): boolean {
  return folders.some((folder) => existsSync(join(root, folder, name)));
}

function foldersUp(folder: string): readonly string[] {
  return folder === '.' ? [''] : [folder, ...foldersUp(dirname(folder))];
}

/** Line comments that follow each other are one; line breaks inside are spaces. */
function commentsOf(text: string): readonly string[] {
  const blocks = [...text.matchAll(/\/\*[\s\S]*?\*\/|^ *\/\/.*(?:\n *\/\/.*)*/gm)];
  return blocks.map(([block]) => block.replace(/\s*\n\s*(?:\*|\/\/)?\s*/g, ' '));
}

test('nobody is told to fetch a package that isn’t published: the name on npm is another’s', () => {
  const { name, private: unpublished } = JSON.parse(read('package.json')) as { name: string; private?: boolean };
  const fetching = new RegExp(`\\b(npx|npm (install|i|exec)|pnpm dlx|yarn dlx) (-\\S+ )*${name}\\b`);
  expect(fetching.test(`npx -y ${name} lint`)).toBe(true);
  expect(unpublished ? documents.filter((document) => fetching.test(read(document))) : []).toEqual([]);
});

test('pictures of the README are delivered with it', () => {
  const shown = [...read('README.md').matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path]) => path!);
  expect(shown.length).toBeGreaterThan(1);
  expect(shown.filter((path) => !packagedFiles(root).includes(path) || !existsSync(join(root, path)))).toEqual([]);
});
