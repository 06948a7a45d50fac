// `npm test`: runs every tier this machine can run, in order, with its runner's own output. A tier with a missing
// prerequisite is reported as skipped with the command that provides it; CAPSTAN_REQUIRE=live,host makes that a failure.
// The last line is the total: `N passed, N failed, N skipped`.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingPrograms, provide } from '../test/testbed/cache.ts';

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Why a tier (or a part of it) didn't run. */
  readonly lacking?: string;
}

interface Tier {
  readonly name: string;
  readonly title: string;
  run(): Outcome | Promise<Outcome>;
}

const root = join(import.meta.dirname, '..');
const quiet = '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON';
const results = mkdtempSync(join(tmpdir(), 'capstan-results-'));
const requiredTiers = new Set((process.env.CAPSTAN_REQUIRE ?? '').split(',').filter((name) => name !== ''));

const liveConfig = 'test/live/vitest.config.mts';
/** The cases of faults mostly wait for what must not happen, so that they run beside the other files. */
const besideOthers = 'test/live/faults.live.ts';

const tiers: readonly Tier[] = [
  { name: 'check', title: 'Formatting, lint and types', run: check },
  { name: 'unit', title: 'Unit, property and protocol tests', run: () => vitest('unit', 'test/vitest.config.mts') },
  { name: 'live', title: 'Against a real control plane, Cluster API and Flux', run: live },
  { name: 'host', title: 'Inside VS Code', run: host },
];

const unknownTiers = [...requiredTiers].filter((name) => !tiers.some((tier) => tier.name === name));
if (unknownTiers.length > 0) {
  console.error(
    `CAPSTAN_REQUIRE must list tiers (${tiers.map((tier) => tier.name).join(', ')}), not ${unknownTiers.join(', ')}.`,
  );
  process.exit(2);
}

const only = process.argv.slice(2);
const outcomes = new Map<Tier, Outcome>();
for (const tier of tiers) {
  if (only.length > 0 && !only.includes(tier.name)) continue;
  console.log(`\n=== ${tier.name}: ${tier.title}`);
  const outcome = await tier.run();
  const isMissing = outcome.lacking !== undefined && requiredTiers.has(tier.name);
  outcomes.set(tier, isMissing ? { ...outcome, failed: outcome.failed + 1 } : outcome);
  if (outcome.lacking)
    console.log(`${isMissing ? 'FAILED, since CAPSTAN_REQUIRE requires it' : 'SKIPPED'}: ${outcome.lacking}`);
}
rmSync(results, { recursive: true, force: true });

console.log('\n=== Summary');
for (const [tier, { passed, failed, skipped, lacking }] of outcomes)
  console.log(
    `${tier.name.padEnd(6)} ${passed} passed, ${failed} failed, ${skipped} skipped${lacking ? `  (${lacking})` : ''}`,
  );
const sum = (key: 'passed' | 'failed' | 'skipped') =>
  [...outcomes.values()].reduce((total, outcome) => total + outcome[key], 0);
const skipped = sum('skipped');
console.log(`${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(sum('failed') === 0 ? 0 : 1);

function check(): Outcome {
  const failures = [run('biome', ['check', '.']), run('tsc', ['--noEmit'])].filter((status) => status !== 0).length;
  return { passed: 2 - failures, failed: failures, skipped: 0 };
}

async function live(): Promise<Outcome> {
  const lacking = missingPrograms('kubernetes', ['etcd', 'kube-apiserver', 'kubectl']);
  if (lacking.length > 0)
    return nothing(`${lacking.join(', ')} not built; \`${provide('kubernetes')}\` builds them (requires Go)`);
  const faults = vitestBeside('faults', liveConfig, [besideOthers]);
  const others = vitest('live', liveConfig, ['--exclude', besideOthers]);
  const outcome = added(others, await faults());
  const more = (['kubernetes', 'cluster-api', 'flux'] as const).filter((set) => missingPrograms(set).length > 0);
  return more.length === 0
    ? outcome
    : { ...outcome, lacking: `without ${more.join(' and ')}; \`npm run testbed -- ${more.join(' ')}\` builds them` };
}

/** The host runner prints what is missing and exits 3 if no VS Code can run. */
function host(): Outcome {
  const file = join(results, 'host.json');
  const status = run(process.execPath, [quiet, 'test/host/run.ts'], {
    CAPSTAN_HOST_RESULT: file,
  });
  if (status === 3) return nothing('no VS Code can run on this machine; see above for what is missing');
  const tests = counted(read(file) as Partial<Outcome> | undefined, status);
  const others = [typed(), pictured()];
  const lacking = others.flatMap((one) => one.lacking ?? []);
  return { ...others.reduce(added, tests), ...(lacking.length > 0 && { lacking: lacking.join('; ') }) };
}

/** The way through the views that the pictures of the README are taken on. */
function pictured(): Outcome {
  const status = run(process.execPath, [quiet, 'test/host/screenshots.ts', 'light']);
  if (status === 3) return nothing('pictures require code-server and a browser; see above for what is missing');
  return counted({ passed: status === 0 ? 1 : 0 }, status);
}

/** Real keystrokes, which need code-server: a desktop VS Code has no page to type into. */
function typed(): Outcome {
  const file = join(results, 'typing.json');
  const status = run(process.execPath, [quiet, 'test/host/typing/run.ts', '--ci'], { CAPSTAN_TYPING_RESULT: file });
  if (status === 3) return nothing('typing requires code-server and a browser; see above for what is missing');
  return counted(read(file) as Partial<Outcome> | undefined, status);
}

function vitest(name: string, config: string, args: readonly string[] = []): Outcome {
  const file = join(results, `${name}.json`);
  return vitestOutcome(file, run('vitest', [...vitestArguments(config, file), ...args]));
}

/** Starts the runner; the returned function waits for its end, then prints what it printed. */
function vitestBeside(name: string, config: string, args: readonly string[]): () => Promise<Outcome> {
  const file = join(results, `${name}.json`);
  const printed = join(results, `${name}.txt`);
  const output = openSync(printed, 'w');
  const child = spawn('vitest', [...vitestArguments(config, file), ...args], {
    cwd: root,
    stdio: ['ignore', output, output],
    shell: process.platform === 'win32',
  });
  closeSync(output);
  const ended = once(child, 'close').then(
    ([status]) => (status as number | null) ?? 1,
    (error: Error) => {
      console.error(`vitest could not be started: ${error.message}`);
      return 1;
    },
  );
  return async () => {
    const status = await ended;
    process.stdout.write(readFileSync(printed));
    return vitestOutcome(file, status);
  };
}

function vitestArguments(config: string, file: string): readonly string[] {
  return ['run', '--config', config, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
}

function vitestOutcome(file: string, status: number): Outcome {
  const report = read(file) as
    | { numPassedTests: number; numFailedTests: number; numPendingTests: number; numTodoTests: number }
    | undefined;
  if (!report) return counted(undefined, status);
  return counted(
    {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    },
    status,
  );
}

function added(one: Outcome, other: Outcome): Outcome {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}

/** A runner that failed without a failed test (it crashed, or a file didn't load) is one failure. */
function counted(outcome: Partial<Outcome> | undefined, status: number): Outcome {
  const { passed = 0, failed = 0, skipped = 0 } = outcome ?? {};
  return { passed, failed: status !== 0 && failed === 0 ? 1 : failed, skipped };
}

function nothing(lacking: string): Outcome {
  return { passed: 0, failed: 0, skipped: 1, lacking };
}

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): number {
  const { status, error } = spawnSync(command, [...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  if (error) console.error(`${command} could not be started: ${error.message}`);
  return status ?? 1;
}

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
