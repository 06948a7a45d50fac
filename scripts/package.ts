// `npm run package [-- --out FOLDER]`: builds the programs and packs them twice, as an extension for VS Code (`capstan.vsix`) and
// as an npm package with the command line (`capstan.tgz`). Equal sources give equal bytes. By default they go to dist/.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { packFile, packOf } from '../server/src/disk/schema-pack.ts';
import { filesBelow, packagedFiles, programs } from './package/files.ts';
import { bundledPackages, type Part, partsList } from './package/parts.ts';

const root = join(import.meta.dirname, '..');
const { values: args } = parseArgs({
  options: {
    out: { type: 'string', default: 'dist' },
    /** A folder with programs that are built already. */
    programs: { type: 'string' },
  },
});
const out = resolve(args.out);
/** 1 January 2026: archives have the times of their files. */
const time = new Date(Date.UTC(2026, 0, 1));

mkdirSync(out, { recursive: true });
const work = mkdtempSync(join(tmpdir(), 'capstan-package-'));
const built = resolve(args.programs ?? join(work, 'programs'));
const stage = join(work, 'stage');
try {
  // Not in dist/, which others may be building at the same time.
  if (args.programs === undefined) {
    const bundle = [...process.execArgv, join(root, 'scripts/bundle.ts'), '--out', built];
    execFileSync(process.execPath, bundle, { stdio: 'inherit' });
  }
  fill(
    stage,
    bundledPackages(
      root,
      programs.map((name) => join(built, `${name}.js.inputs.json`)),
    ),
  );
  // vsce reads the time of all files from here, and sorts them.
  const env = { ...process.env, SOURCE_DATE_EPOCH: String(time.getTime() / 1000) };
  const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
  const vsix = join(out, 'capstan.vsix');
  const options = ['--no-dependencies', '--no-rewrite-relative-links', '--allow-missing-repository', '--out', vsix];
  execFileSync(process.execPath, [vsce, 'package', ...options], { cwd: stage, env, stdio: 'pipe' });
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const packed = execFileSync(npm, ['pack', '--silent', '--ignore-scripts', '--pack-destination', stage], {
    cwd: stage,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  renameSync(join(stage, packed.trim().split('\n').at(-1)!), join(stage, 'capstan.tgz'));
  cpSync(join(stage, 'capstan.tgz'), join(out, 'capstan.tgz'));
  for (const name of ['capstan.vsix', 'capstan.tgz']) console.log(join(out, name));
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** The files of both packages: what packagedFiles lists, and nothing else. */
function fill(folder: string, parts: readonly Part[]): void {
  const made: Readonly<Record<string, string | Buffer>> = {
    'package.json': `${JSON.stringify(deliveredManifest(), null, 2)}\n`,
    'sbom.cdx.json': `${JSON.stringify(partsList(root, parts), null, 1)}\n`,
    'THIRD-PARTY-LICENSES.txt': licenceTexts(parts),
    [`server/schemas/${packFile}`]: packOf(schemaTexts()),
  };
  for (const path of packagedFiles(root)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    const [, program] = /^dist\/(.*)$/.exec(path) ?? [];
    const content = made[path] ?? readFileSync(program === undefined ? join(root, path) : join(built, program));
    // Source maps aren't delivered.
    writeFileSync(
      file,
      path.endsWith('.js') ? String(content).replace(/\n\/\/# sourceMappingURL=\S*\s*$/, '\n') : content,
    );
    utimesSync(file, time, time);
  }
}

/** package.json without what only developers need: everything is in the bundles. */
function deliveredManifest(): object {
  const {
    scripts,
    dependencies,
    devDependencies,
    optionalDependencies,
    private: isPrivate,
    ...rest
  } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return rest;
}

function schemaTexts(): ReadonlyMap<string, string> {
  const folder = join(root, 'server/schemas');
  const names = filesBelow(folder);
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

function licenceTexts(parts: readonly Part[]): string {
  const texts = parts.map(({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text.trim()}\n`);
  return `The programs contain code of these packages.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
