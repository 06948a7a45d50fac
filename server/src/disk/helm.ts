// Renders releases with the user's own `helm`, once the user has agreed: `helm template` on a copy of the chart in a temporary
// folder. Helm gets no kubeconfig, no plugins and no settings of its own, and schemas that a chart names aren't fetched.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, relative } from 'node:path';
import type { Chart } from '../charts/chart.ts';
import { type ChartFiles, mostInChart } from '../charts/files.ts';
import { type Rendered, type RenderRequest, type Renders, renderedObjects } from '../charts/render.ts';
import type { ObjectValue } from '../syntax/value.ts';
import { programOn } from './programs.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** State: what was rendered, and what was asked for since. */
export interface HelmRenders extends Renders {
  /** Renders what was asked for. False if that was nothing. */
  render(): Promise<boolean>;
  /** Why Helm couldn't be run, each reason once. */
  readonly problems: readonly string[];
}

/** Of a program that needs longer, nothing is known. */
const longestRun = 60_000;
const largestOutput = 64 * 1024 * 1024;
/** Each run is a process of its own. */
const atOnce = 2;
/** What wasn't asked for lately is forgotten. */
const mostKept = 2000;

/** The flags need this version or a newer one. */
const oldest = [3, 16] as const;

/** `asked` is called when something is asked for that isn't known. */
export function helmRenders(env: Env, asked: () => void = () => undefined): HelmRenders {
  const known = new Map<string, Rendered>();
  const wanted = new Map<string, RenderRequest>();
  const problems: string[] = [];
  const digests = new WeakMap<Chart, string>();
  let helm: Promise<string | undefined> | undefined;
  const keyOf = ({ chart, ...rest }: RenderRequest) => {
    let digest = digests.get(chart);
    if (digest === undefined) digests.set(chart, (digest = digestOf(chart)));
    return `${digest} ${jsonOf(rest)}`;
  };
  return {
    isOn: true,
    problems,
    rendered: (request) => {
      const key = keyOf(request);
      const before = known.get(key);
      if (!before) {
        wanted.set(key, request);
        asked();
      } else {
        known.delete(key);
        known.set(key, before);
      }
      return before;
    },
    render: async () => {
      const batch = [...wanted];
      wanted.clear();
      if (batch.length === 0) return false;
      helm ??= usableHelm(env, (problem) => void problems.push(problem));
      const program = await helm;
      if (program === undefined) for (const [key] of batch) known.set(key, { is: 'failed' });
      else await renderAll(program, batch, (key, rendered) => void known.set(key, rendered));
      for (const key of known.keys()) {
        if (known.size <= mostKept) break;
        known.delete(key);
      }
      return true;
    },
  };
}

/** A chart in the repository is read again after many changes. */
function digestOf({ files }: Chart): string {
  const hash = createHash('sha256');
  for (const path of files.paths) {
    const content = files.bytes(path) ?? new Uint8Array();
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

async function renderAll(
  helm: string,
  batch: readonly (readonly [key: string, request: RenderRequest])[],
  done: (key: string, rendered: Rendered) => void,
): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'capstan-helm-')));
  try {
    const charts = new Map<Chart, Map<string, string | undefined>>();
    const staged = ({ chart, defaults }: RenderRequest) => {
      const copies = charts.get(chart) ?? new Map<string, string | undefined>();
      charts.set(chart, copies);
      const key = defaults ? jsonOf(defaults) : '';
      if (!copies.has(key)) {
        const copy = join(folder, `${charts.size}-${copies.size}`, 'chart');
        copies.set(key, writeChart(copy, chart.files, defaults) ? copy : undefined);
      }
      return copies.get(key);
    };
    const queue = [...batch];
    const work = async (at: number) => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const chart = staged(next[1]);
        const values = join(folder, `values-${at}.json`);
        writeFileSync(values, jsonOf(next[1].values), { mode: 0o600 });
        done(next[0], chart === undefined ? { is: 'failed' } : await template(helm, folder, chart, values, next[1]));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, (_, at) => work(at)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** False if a path of the chart isn't one within it. */
function writeChart(folder: string, files: ChartFiles, defaults: ObjectValue | undefined): boolean {
  for (const path of files.paths.slice(0, mostInChart.files)) {
    const file = join(folder, path);
    const within = relative(folder, file);
    if (within === '' || within.startsWith('..') || isAbsolute(within)) return false;
    const content = files.bytes(path);
    if (!content) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { mode: 0o600 });
  }
  if (defaults) writeFileSync(join(folder, 'values.yaml'), jsonOf(defaults), { mode: 0o600 });
  return true;
}

async function template(
  helm: string,
  home: string,
  chart: string,
  values: string,
  { name, namespace, kubernetes, hasCrds }: RenderRequest,
): Promise<Rendered> {
  // A repository names the release: as a flag, it could have Helm run a program (`--post-renderer=...`).
  if ([name, namespace, kubernetes].some((one) => one?.startsWith('-'))) return { is: 'failed' };
  const args = ['template', name, chart, '--namespace', namespace, '--values', values];
  // The schema is judged without Helm, which might fetch others that it names.
  const more = ['--skip-schema-validation', '--skip-tests', ...(hasCrds ? ['--include-crds'] : [])];
  const ran = await run(helm, [...args, ...more, ...(kubernetes ? ['--kube-version', kubernetes] : [])], home);
  if (!ran) return { is: 'failed' };
  if (ran.code === 0) return { is: 'objects', objects: renderedObjects(ran.stdout) };
  const why = ran.stderr.replaceAll(chart, name).replace(/^(?:Error: |level=\S+ msg=)/gm, '');
  return { is: 'refused', why: why.replace(/\n\nUse --debug flag[^\n]*/, '').trim() };
}

/** The program on the PATH, never one of the current folder; undefined if there is none that is new enough. */
async function usableHelm(env: Env, report: (problem: string) => void): Promise<string | undefined> {
  const found = programOn(env.PATH, 'helm');
  if (found === undefined) {
    report('there is no program helm on the PATH, so releases aren’t rendered');
    return undefined;
  }
  const program = realpathSync(found);
  const ran = await run(program, ['version', '--template', '{{.Version}}'], tmpdir());
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(ran?.stdout.trim() ?? '') ?? [];
  const [least, of] = oldest;
  if (Number(major) > least || (Number(major) === least && Number(minor) >= of)) return program;
  report(`${program} isn’t Helm ${least}.${of} or newer, so releases aren’t rendered`);
  return undefined;
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Undefined if the program can't be started, is ended by a signal, or prints too much. */
function run(program: string, args: readonly string[], home: string): Promise<Ran | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: home,
      env: {
        ...(process.env.SystemRoot !== undefined && { SystemRoot: process.env.SystemRoot }),
        ...{ HOME: home, TMPDIR: home, TEMP: home, KUBECONFIG: join(home, 'none'), HELM_NO_PLUGINS: '1' },
        ...{ HELM_CACHE_HOME: home, HELM_CONFIG_HOME: home, HELM_DATA_HOME: home, HELM_PLUGINS: join(home, 'none') },
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: longestRun,
      killSignal: 'SIGKILL',
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    let length = 0;
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > largestOutput) child.kill('SIGKILL');
      else chunks.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (stderr.length < 8000) stderr += chunk.toString('utf8');
    });
    child.on('error', () => resolve(undefined));
    child.on('close', (code) =>
      resolve(code === null ? undefined : { code, stdout: Buffer.concat(chunks).toString('utf8'), stderr }),
    );
  });
}

/** Integers have any length; what isn't a number in JSON is a text. */
function jsonOf(value: object): string {
  const integers: string[] = [];
  const mark = '\uE000';
  const text = JSON.stringify(value, (_, one: unknown) => {
    if (typeof one !== 'bigint') return one;
    integers.push(String(one));
    return `${mark}${integers.length - 1}${mark}`;
  });
  return text.replace(new RegExp(`"${mark}(\\d+)${mark}"`, 'g'), (_, at: string) => integers[Number(at)]!);
}
