// `npm run bench`: measures the latency of an edit next to yaml-language-server on the same file in the same run, and
// linting many files next to kubeconform. Machines differ, so the verdict is based on ratios and on the limits of the
// design. With `--strict` a missed limit fails the run. `--against FOLDER` takes another, built checkout of Capstan as the
// peer: neither a 95th percentile nor the memory may be more than 1.1 times its. Each figure has twice `--times N` (60)
// samples, and a tenth as many starts: with fewer, the 95th percentile is the second or third worst sample, which is the
// machine's noise. `--only-fleets` measures the generated fleets only.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { settled } from '../../server/src/disk/compiled.ts';
import { languageServerOptions } from '../../server/src/protocol.ts';
import { measureBulk } from './bulk.ts';
import { measureDiff } from './diff.ts';
import { type BenchFile, benchFile, hugeFile } from './documents.ts';
import { measureCold, measureEditOfBase } from './fleet.ts';
import { peerCommand } from './peer.ts';
import { type BenchServer, type Measured, measured, type ServerCommand, startServer } from './server.ts';

const { values: args } = parseArgs({
  options: {
    strict: { type: 'boolean' },
    times: { type: 'string', default: '60' },
    'no-bulk': { type: 'boolean' },
    'only-fleets': { type: 'boolean' },
    against: { type: 'string' },
  },
});
const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'capstan-bench-'));
/** Fresh, so that the first start is one. */
const cache = join(folder, 'cache');
const times = Number(args.times);
/** Rounds of samples; the peer goes first in every other one, since the second finds the machine warm. */
const rounds = 6;
/** Letters that are typed in a new process; an even number. */
const firstLetters = 40;
/** Processes in which the example fleet is opened. */
const fleetStarts = 5;

interface Line {
  readonly what: string;
  readonly ours: string;
  readonly theirs?: string;
  readonly ratio?: string;
  /** The limit and whether it was met; absent if there is no limit. */
  readonly bar?: { readonly text: string; readonly met: boolean };
}
const lines: Line[] = [];

spawnSync(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', join(root, 'scripts/bundle.ts')], {
  cwd: root,
  stdio: 'inherit',
});
const ours: ServerCommand = {
  name: 'capstan',
  args: [...languageServerOptions, join(root, 'dist/language.js'), '--stdio'],
  settings: () => ({}),
};
const peer: ServerCommand =
  args.against === undefined
    ? peerCommand(folder)
    : { name: args.against, args: [resolve(args.against, 'dist/language.js'), '--stdio'], settings: () => ({}) };
/** How many times as slow as the peer a 95th percentile may be, and how the bar is printed. */
const [mostOfPeer, ratioText] =
  args.against === undefined ? [0.1, '10 times faster'] : [1.1, 'at most 1.1 times the peer'];

if (!args['only-fleets']) {
  await measureFirstStart(benchFile(1000));
  await measureStarts('1,000 lines', benchFile(1000), 400);
  await measureStarts('10,000 lines', benchFile(10_000), undefined);
  await measureFile('1,000 lines', benchFile(1000), 16);
  await measureFile('10,000 lines', benchFile(10_000), 30);
  await measureFile('one document of 5,000 lines', hugeFile(5000), undefined);
  await measureFleet();
  if (!args['no-bulk']) bulk();
  await diff();
}
await measureGenerated();
print();
rmSync(folder, { recursive: true, force: true });
if (args.strict && lines.some((line) => line.bar && !line.bar.met)) process.exitCode = 1;

/** The first start on a machine, and then the wait until the server has written what makes the next ones faster. */
async function measureFirstStart(file: BenchFile): Promise<void> {
  const taken: number[] = [];
  for (const command of [ours, peer]) {
    const server = await startServer(command, folder, cache);
    taken.push(await server.open(`file://${folder}/bench.yaml`, file));
    await new Promise((done) => setTimeout(done, settled + 2_000));
    await server.stop();
  }
  lines.push({ what: '1,000 lines: first start ever, to first diagnostics', ...pair(taken[0]!, taken[1]!) });
}

/**
 * `bar`: limit for the median of cold start to first diagnostics in milliseconds. The first completion is requested a
 * second after the first diagnostics, as by a person who types on then, or with them, or right after the file was opened, in
 * turn. The servers alternate, so that noise affects both.
 */
async function measureStarts(name: string, file: BenchFile, bar: number | undefined): Promise<void> {
  const uri = `file://${folder}/bench.yaml`;
  const figures = [
    'activation',
    'cold start to first diagnostics',
    'first completion',
    'completions from the first one on',
    'completion with the first diagnostics',
    'open and complete',
  ] as const;
  const taken = [ours, peer].map(() => new Map(figures.map((figure) => [figure, [] as number[]])));
  for (let start = 0; start < Math.ceil(times / 5); start++) {
    for (const which of start % 4 < 2 ? [0, 1] : [1, 0]) {
      const server = await startServer([ours, peer][which]!, folder, cache);
      const add = (figure: (typeof figures)[number], value: number | undefined) => {
        if (value !== undefined) taken[which]!.get(figure)!.push(value);
      };
      add('activation', server.activation);
      if (start % 3 === 2) add('open and complete', await server.openAndComplete(uri, file));
      else {
        add('cold start to first diagnostics', await server.open(uri, file));
        const isLater = start % 3 === 0;
        if (isLater) await new Promise((done) => setTimeout(done, 1000));
        const completed = await server.completions(uri, file, isLater ? firstLetters / 2 : 1);
        add(isLater ? 'first completion' : 'completion with the first diagnostics', completed[0]);
        if (isLater) for (const one of completed) add('completions from the first one on', one);
      }
      await server.stop();
    }
  }
  const [mine, theirs] = taken.map((one) => (figure: (typeof figures)[number]) => measured(one.get(figure)!));
  for (const figure of figures) {
    const [own, other] = [mine!(figure), theirs!(figure)];
    const limit = figure === 'cold start to first diagnostics' ? bar : undefined;
    lines.push({
      what: `${name}: ${figure} p50`,
      ...(other.p50 > 0 ? pair(own.p50, other.p50) : { ours: ms(own.p50), theirs: 'nothing' }),
      ...(limit !== undefined && { bar: { text: `< ${limit} ms`, met: own.p50 < limit } }),
    });
    // A person waits for the first one as for any other.
    if (figure === 'completions from the first one on')
      lines.push({
        what: `${name}: ${figure} p95`,
        ...pair(own.p95, other.p95),
        bar: { text: '<= 10 ms', met: own.p95 <= 10 },
      });
  }
}

/** `bar`: limit for the p95 of change to diagnostics in milliseconds. The servers alternate, so that noise affects both. */
async function measureFile(name: string, file: BenchFile, bar: number | undefined): Promise<void> {
  const uri = `file://${folder}/bench.yaml`;
  const servers: BenchServer[] = [];
  for (const command of [ours, peer]) servers.push(await startServer(command, folder, cache));
  const [mine, theirs] = servers as [BenchServer, BenchServer];
  for (const server of servers) await server.open(uri, file);
  const changed = await alternate(mine, theirs, (server) => server.changes(uri, file, Math.ceil(times / rounds)));
  const completed = await alternate(mine, theirs, (server) => server.completions(uri, file, Math.ceil(times / rounds)));
  await Promise.all(servers.map((server) => server.stop()));
  lines.push(
    ...percentiles(`${name}: change to diagnostics`, changed[0], changed[1], bar),
    ...percentiles(`${name}: completion`, completed[0], completed[1], bar && 10),
  );
}

/** The first round only warms up. */
async function alternate(
  mine: BenchServer,
  theirs: BenchServer,
  sample: (server: BenchServer) => Promise<readonly number[]>,
): Promise<readonly [Measured, Measured]> {
  const samples = new Map<BenchServer, number[]>([
    [mine, []],
    [theirs, []],
  ]);
  for (let round = 0; round <= rounds; round++) {
    for (const server of round % 2 === 0 ? [mine, theirs] : [theirs, mine]) {
      await atRest([mine, theirs]);
      const taken = await sample(server);
      if (round > 0) samples.get(server)!.push(...taken);
    }
  }
  return [measured(samples.get(mine)!), measured(samples.get(theirs)!)];
}

/** Waits until servers work no more, at most a few seconds: what one does after its last answer would slow the other. */
async function atRest(servers: readonly BenchServer[]): Promise<void> {
  const used = () => servers.reduce((sum, server) => sum + server.cpu(), 0);
  for (let before = -1, turn = 0; turn < 50 && used() - before > 2; turn++) {
    before = used();
    await new Promise((done) => setTimeout(done, 100));
  }
}

function percentiles(what: string, mine: Measured, theirs: Measured, bar: number | undefined): Line[] {
  return [
    { what: `${what} p50`, ...pair(mine.p50, theirs.p50) },
    {
      what: `${what} p95`,
      ...pair(mine.p95, theirs.p95),
      ...(bar !== undefined && {
        bar: { text: `<= ${bar} ms and ${ratioText}`, met: mine.p95 <= bar && mine.p95 <= mostOfPeer * theirs.p95 },
      }),
    },
  ];
}

/** The example fleet: time until a cold server responds for one of its files, and its memory with all files open. */
async function measureFleet(): Promise<void> {
  const mine = await openFleet(ours);
  const { first, memory, opened } = mine;
  lines.push({
    what: 'examples/fleet: cold start to first diagnostics',
    ours: ms(first),
    bar: { text: '< 400 ms', met: first < 400 },
  });
  const what = `examples/fleet: memory with ${opened} files open`;
  const held = `${memory.toFixed(0)} MB`;
  if (args.against === undefined) {
    lines.push({ what, ours: held, bar: { text: '< 150 MB', met: memory < 150 } });
    return;
  }
  const theirs = (await openFleet(peer)).memory;
  lines.push({
    what,
    ours: held,
    theirs: `${theirs.toFixed(0)} MB`,
    ratio: `${(theirs / memory).toFixed(2)}x`,
    bar: { text: `< 150 MB and ${ratioText}`, met: memory < 150 && memory <= mostOfPeer * theirs },
  });
}

/** The memory is the median of several processes: it depends on when each last collected its garbage. */
async function openFleet(
  command: ServerCommand,
): Promise<{ readonly first: number; readonly memory: number; readonly opened: number }> {
  const fleet = join(root, 'examples/fleet');
  const files = readdirSync(fleet, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
  const firsts: number[] = [];
  const memories: number[] = [];
  for (let start = 0; start < fleetStarts; start += 1) {
    const server = await startServer(command, fleet, cache);
    for (const [index, name] of files.entries()) {
      const text = readFileSync(join(fleet, name), 'utf8');
      const opened = await server.open(`file://${join(fleet, name)}`, { text } as BenchFile);
      if (index === 0) firsts.push(opened);
    }
    // What a server does by itself once nobody types is part of its memory.
    await new Promise((done) => setTimeout(done, 5000));
    memories.push(server.memory());
    await server.stop();
  }
  return { first: measured(firsts).p50, memory: measured(memories).p50, opened: files.length };
}

/** Generated fleets: an edit in a base of 20 overlays, and 10,000 manifests cold, with kustomize as the peer. */
async function measureGenerated(): Promise<void> {
  const { findings, cpu, opened } = await measureEditOfBase(ours, folder, cache, Math.ceil(times / 2));
  const edit = `edit in the base of 20 overlays (${opened} files open)`;
  lines.push(
    { what: `${edit}: to all diagnostics p50`, ours: ms(findings.p50) },
    {
      what: `${edit}: to all diagnostics p95`,
      ours: ms(findings.p95),
      bar: { text: '< 50 ms', met: findings.p95 < 50 },
    },
    { what: `${edit}: CPU time p50`, ours: ms(cpu.p50) },
  );
  const { manifests, found, cpu: used, memory, kustomize } = await measureCold(ours, folder, cache, 3);
  const cold = `${manifests.toLocaleString('en')} manifests, cold start`;
  lines.push(
    {
      what: `${cold} to a finding that depends on all${kustomize ? ' (next to kustomize)' : ''}`,
      ...(kustomize ? pair(found, kustomize.taken) : { ours: ms(found) }),
      bar: { text: '< 5 s', met: found < 5000 },
    },
    { what: `${cold}: CPU time`, ours: ms(used) },
    {
      what: `${cold}: memory at its largest`,
      ours: `${memory.toFixed(0)} MB`,
      bar: { text: '< 400 MB', met: memory < 400 },
    },
  );
}

async function diff(): Promise<void> {
  const { files, cold, cpu, warm, warmCpu, kustomize } = await measureDiff(folder, join(root, 'dist/cli.js'), 7);
  const change = `diff of one changed file of ${files.toLocaleString('en')}`;
  lines.push(
    {
      what: `${change}${kustomize === undefined ? '' : ' (next to kustomize building both sides)'}`,
      ...(kustomize === undefined ? { ours: ms(cold.p50) } : pair(cold.p50, kustomize)),
      bar: { text: '< 1.5 s', met: cold.p50 < 1500 },
    },
    { what: `${change}: CPU time`, ours: ms(cpu.p50) },
    { what: `${change}, in a server`, ours: ms(warm.p50), bar: { text: '< 300 ms', met: warm.p50 < 300 } },
    { what: `${change}, in a server: CPU time`, ours: ms(warmCpu.p50) },
  );
}

function bulk(): void {
  const result = measureBulk(folder, join(root, 'dist/cli.js'), 5);
  if (typeof result === 'string') {
    lines.push({ what: 'bulk lint next to kubeconform', ours: `skipped: ${result}` });
    return;
  }
  const { ours: mine, theirs, found, files } = result;
  const honest = found.ours >= found.planted && found.theirs >= found.planted;
  lines.push({
    what: `lint of ${files} files (next to kubeconform)`,
    ...pair(mine, theirs),
    bar: { text: `<= 2 times kubeconform; both find ${found.planted}`, met: mine <= 2 * theirs && honest },
  });
}

function pair(mine: number, theirs: number): Pick<Line, 'ours' | 'theirs' | 'ratio'> {
  return { ours: ms(mine), theirs: ms(theirs), ratio: `${(theirs / mine).toFixed(theirs < mine ? 2 : 0)}x` };
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

function print(): void {
  const cells = lines.map((line) => [
    line.what,
    line.ours,
    line.theirs ?? '',
    line.ratio ?? '',
    line.bar ? `${line.bar.met ? 'met' : 'MISSED'}: ${line.bar.text}` : '',
  ]);
  const header = ['', 'capstan', 'peer', 'peer/ours', 'bar'];
  const widths = header.map((name, column) => Math.max(name.length, ...cells.map((row) => row[column]!.length)));
  for (const row of [header, ...cells])
    console.log(
      row
        .map((cell, column) =>
          column === 0 || column === 4 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
        )
        .join('  ')
        .trimEnd(),
    );
}
