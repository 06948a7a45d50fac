// Checks which bundles contain client-node and undici. Loading undici replaces the dispatcher of `fetch` for the whole
// process, which the extension host shares with every other extension; and both require a newer Node than `lint` does.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const clientNode = /node_modules\/@kubernetes\/client-node\//;
const undici = /node_modules\/undici\//;

// Builds the bundles here, so that the lists of inputs match the source.
beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'scripts/bundle.ts')], { stdio: 'pipe' });
}, 300_000);

function inputsOf(program: string): readonly string[] {
  return JSON.parse(readFileSync(join(root, `dist/${program}.js.inputs.json`), 'utf8'));
}

test.each([
  ['extension', 'client/src/extension.ts'],
  ['language-client', 'node_modules/vscode-languageclient/lib/node/main.js'],
  ['language', 'server/src/language/boot.ts'],
  ['cli', 'server/src/cli/boot.ts'],
  ['language-server', 'server/src/language/server.ts'],
])('the %s bundle contains neither client-node nor undici', (program, own) => {
  const inputs = inputsOf(program);
  expect(inputs).toContain(own);
  expect(inputs.filter((input) => clientNode.test(input) || undici.test(input))).toEqual([]);
});

test.each(['cluster', 'cli-files', 'cli-clusters'])(
  'the %s bundle contains client-node but not undici, which our transport replaces',
  (program) => {
    const inputs = inputsOf(program);
    expect(inputs).toContain('node_modules/@kubernetes/client-node/dist/object.js');
    expect(inputs.filter((input) => undici.test(input))).toEqual([]);
  },
);

test.each(['cluster', 'cli-clusters'])('the models of client-node are loaded in %s when they are used', (program) => {
  const text = readFileSync(join(root, `dist/${program}.js`), 'utf8');
  expect(text).toMatch(/get V1SelfSubjectRulesReview\(\) ?\{/);
  expect(text).not.toContain('V1SelfSubjectRulesReview:V1SelfSubjectRulesReview');
});

test('the bundle of the extension contains none of the protocol library, which is loaded after the activation', () => {
  expect(inputsOf('extension').filter((input) => input.includes('node_modules/'))).toEqual([]);
});

test('the bundles are ASCII, so that V8 keeps their texts with one byte for each character', () => {
  // Other tests put programs of their own there.
  const programs = readdirSync(join(root, 'dist')).filter((name) => /^[\w-]+\.js$/.test(name));
  expect(programs).toContain('language-server.js');
  for (const name of programs)
    expect(/[^\0-\x7f]/.exec(readFileSync(join(root, 'dist', name), 'utf8')), name).toBeNull();
});

// Node can't load a module for a script that it didn't load itself.
test.each(['cli-files', 'cli-clusters', 'language-server'])(
  'the %s bundle imports nothing while it runs',
  (program) => {
    expect(readFileSync(join(root, `dist/${program}.js`), 'utf8')).not.toMatch(/[^\w$.]import\(/);
  },
);

test('the check finds client-node and undici in a bundle that contains them', async () => {
  const { metafile } = await build({
    stdin: { contents: `import '@kubernetes/client-node'`, resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    write: false,
    metafile: true,
  });
  const found = Object.keys(metafile.inputs);
  expect(found.some((input) => clientNode.test(input))).toBe(true);
  expect(found.some((input) => undici.test(input))).toBe(true);
});

/** The bundle's functions that ran, according to V8's coverage: each module that loads on demand is one function. */
function modulesRun(args: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'capstan-bundle-'));
  try {
    const env = { PATH: process.env.PATH, HOME: folder, NODE_V8_COVERAGE: folder };
    const { status } = spawnSync(process.execPath, [join(root, 'dist/cli.js'), ...args], {
      env,
      input: '',
      cwd: folder,
    });
    expect(status).not.toBeNull();
    const [report] = readdirSync(folder).filter((name) => name.startsWith('coverage-'));
    const { result } = JSON.parse(readFileSync(join(folder, report!), 'utf8')) as Coverage;
    const { functions } = result.find(({ url }) => /\/dist\/cli-\w+\.js$/.test(url))!;
    return functions.flatMap(({ functionName, ranges }) => (ranges[0]!.count > 0 ? [functionName] : []));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly functionName: string; readonly ranges: readonly { count: number }[] }[];
  }[];
}

test.each([
  [['--help'], false],
  [['lint', '.'], false],
  [['explain', 'Deployment'], false],
  [['schemas'], false],
  [['contexts'], false],
  [['lsp', '--stdio'], false],
  [['status', '--context', 'none'], true],
  [['tree', 'cluster/a'], true],
  [['rollout', 'deployment/a'], true],
  [['suspend', 'kustomization/a', '--context', 'none'], true],
])('capstan %j loads client-node: %s', (args, expected) => {
  const run = modulesRun(args);
  expect(run).toContain('main');
  expect(run.some((name) => clientNode.test(name))).toBe(expected);
});

test('each dependency is imported by a source', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const sources = ['client/src', 'server/src'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.test.ts'))
      .map((name) => readFileSync(join(root, folder, name), 'utf8')),
  );
  const imported = sources.flatMap((source) =>
    [...source.matchAll(/(?:\sfrom|^import|\bimport\()\s*'([^'.][^']*)'/gm)].map(([, specifier]) => specifier!),
  );
  const isImported = (name: string) => imported.some((specifier) => `${specifier}/`.startsWith(`${name}/`));
  expect(Object.keys(dependencies).filter((name) => !isImported(name))).toEqual([]);
});
