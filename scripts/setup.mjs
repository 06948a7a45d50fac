// Setup before `npm start` and `npm test`, run with any Node 20 or newer: installs the packages of the lock file and builds
// dist/. Plain JavaScript, since nothing is installed yet when it first runs. It is a separate npm script (`prestart`,
// `pretest`) so that the script after it runs with Node 24 from node_modules/.bin.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const windows = process.platform === 'win32';

const [major] = process.versions.node.split('.').map(Number);
if (major < 20)
  fail(
    `Capstan's setup requires Node 20 or newer; this is ${process.version}.`,
    'Install a newer Node and run the command again.',
  );

// node_modules is up to date if it was installed from exactly this lock file.
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
const stamp = join(root, 'node_modules/.capstan-lock');
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  console.log('Installing dependencies (npm ci) ...');
  // Scripts of packages would run with the user's rights, and nothing here needs any.
  run(
    windows ? 'npm.cmd' : 'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    process.env,
  );
  writeFileSync(stamp, lock);
}

// If no Node 24 package exists for the platform, the machine's own Node is used if it is new enough for the tools.
const bundled = join(root, 'node_modules/.bin', windows ? 'node.cmd' : 'node');
const node = existsSync(bundled) ? bundled : process.execPath;
run(node, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', join(root, 'scripts/bundle.ts')], process.env);

function run(command, args, env) {
  const { status, error } = spawnSync(command, args, { cwd: root, env, stdio: 'inherit', shell: windows });
  if (error) fail(`${command} could not be started: ${error.message}`, 'Check that npm and Node are on the PATH.');
  if (status !== 0)
    fail(
      `${[command, ...args].join(' ')} failed (exit ${status}).`,
      'Its output is above; fix the problem and run the command again.',
    );
}

function fail(problem, remedy) {
  console.error(`${problem}\n${remedy}`);
  process.exit(2);
}
