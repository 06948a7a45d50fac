// A language server to measure: started over stdio, driven like an editor, timed at the protocol.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { Readable, Writable } from 'node:stream';
import {
  createProtocolConnection,
  type Diagnostic,
  type FileEvent,
  type InitializeParams,
  type Position,
  type Range,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import type { BenchFile } from './documents.ts';

export interface Measured {
  readonly p50: number;
  readonly p95: number;
}

/** The command line of the process, and the response to its `workspace/configuration` request. */
export interface ServerCommand {
  readonly name: string;
  readonly args: readonly string[];
  readonly settings: (section: string | undefined) => unknown;
  /** It runs with `pause-monitor.ts`. */
  readonly isMonitored?: true;
}

export interface BenchServer {
  /** Milliseconds from the start of the process to the response to `initialize`. */
  readonly activation: number;
  /** Milliseconds from the start of the process to the first diagnostics of the first opened file. */
  open(uri: string, file: BenchFile): Promise<number>;
  /** Opens a file and requests completion in it at once: milliseconds from then to the response, if it offers anything. */
  openAndComplete(uri: string, file: BenchFile): Promise<number | undefined>;
  /** Edits the planted field `times` times, waiting each time until its error appears or disappears. */
  changes(uri: string, file: BenchFile, times: number): Promise<readonly number[]>;
  /** Types a letter and deletes it, `times` times, requesting completion after each. */
  completions(uri: string, file: BenchFile, times: number): Promise<readonly number[]>;
  /** Resolves at the first diagnostics of a file that are wanted. */
  diagnosed(uri: string, wanted: (diagnostics: readonly Diagnostic[]) => boolean): Promise<void>;
  /** Sends one edit of an open file. */
  replace(uri: string, range: Range, text: string): Promise<void>;
  request(method: string, params: object): Promise<unknown>;
  /** Reports changes on disk. */
  watched(changes: readonly FileEvent[]): Promise<void>;
  /** Of a monitored process, since the last call. */
  longestPause(): Promise<number>;
  /** Resident set of the process in MB (0 if the platform doesn't report it). */
  memory(): number;
  /** The largest resident set so far, in MB. */
  peak(): number;
  /** CPU time of the process so far, in milliseconds. */
  cpu(): number;
  stop(): Promise<void>;
}

/** Maximum time for one response before the benchmark fails. */
const patience = 180_000;

/** `cache` is the user's cache folder, in which a server may keep what makes its next start faster. */
export async function startServer(command: ServerCommand, folder: string, cache: string): Promise<BenchServer> {
  const started = performance.now();
  const env = { ...process.env, XDG_CACHE_HOME: cache };
  const child = spawn(process.execPath, [...command.args], {
    stdio: ['pipe', 'pipe', 'ignore', ...(command.isMonitored ? (['ipc'] as const) : [])],
    cwd: folder,
    env,
  }) as ChildProcessByStdio<Writable, Readable, null>;
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const listeners = new Set<(uri: string, diagnostics: readonly Diagnostic[]) => void>();
  connection.onNotification('textDocument/publishDiagnostics', (params: { uri: string; diagnostics: Diagnostic[] }) => {
    for (const listener of [...listeners]) listener(params.uri, params.diagnostics);
  });
  connection.onRequest('workspace/configuration', ({ items }: { items: { section?: string }[] }) =>
    items.map((item) => command.settings(item.section) ?? null),
  );
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('window/workDoneProgress/create', () => null);
  connection.onRequest('custom/schema/request', () => null);
  connection.listen();
  const root = `file://${folder}`;
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: root,
    workspaceFolders: [{ uri: root, name: 'bench' }],
    capabilities: {
      workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
      textDocument: {
        publishDiagnostics: {},
        completion: { completionItem: { snippetSupport: true, resolveSupport: { properties: ['documentation'] } } },
      },
    },
  } satisfies InitializeParams);
  const activation = performance.now() - started;
  await connection.sendNotification('initialized', {});
  await connection.sendNotification('workspace/didChangeConfiguration', { settings: command.settings(undefined) });
  const versions = new Map<string, number>();

  function diagnosed(uri: string, wanted: (diagnostics: readonly Diagnostic[]) => boolean): Promise<void> {
    return new Promise((done, fail) => {
      const timer = setTimeout(() => {
        listeners.delete(listener);
        fail(new Error(`${command.name} did not report what was planted in ${uri} within ${patience / 1000} s`));
      }, patience);
      const listener = (about: string, diagnostics: readonly Diagnostic[]) => {
        if (about !== uri || !wanted(diagnostics)) return;
        clearTimeout(timer);
        listeners.delete(listener);
        done();
      };
      listeners.add(listener);
    });
  }

  async function change(uri: string, file: BenchFile, from: string, to: string): Promise<number> {
    const { line, column } = file.planted;
    const isWrong = to === file.planted.wrong;
    const answered = diagnosed(uri, (all) => all.some((one) => one.range.start.line === line) === isWrong);
    const began = performance.now();
    const end = { line, character: column + from.length };
    await replace(uri, { start: { line, character: column }, end }, to);
    await answered;
    return performance.now() - began;
  }

  function replace(uri: string, range: Range, text: string): Promise<void> {
    const version = (versions.get(uri) ?? 1) + 1;
    versions.set(uri, version);
    const contentChanges = [{ range, text }];
    return connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges });
  }

  /** A figure of the process's status in MB; 0 if the platform doesn't report it. */
  function status(field: 'VmRSS' | 'VmHWM'): number {
    try {
      const text = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(text)?.[1] ?? 0) / 1024;
    } catch {
      return 0;
    }
  }

  function cpu(): number {
    try {
      const threads = readdirSync(`/proc/${child.pid}/task`);
      const nanoseconds = threads.map((one) =>
        Number(readFileSync(`/proc/${child.pid}/task/${one}/schedstat`, 'utf8').split(' ')[0]),
      );
      return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e6;
    } catch {
      return 0;
    }
  }

  function opened(uri: string, { text }: BenchFile): Promise<void> {
    return connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'yaml', version: 1, text },
    });
  }

  /** Whether the key that belongs there is offered. */
  async function complete(uri: string, position: Position): Promise<boolean> {
    const answer = await connection.sendRequest('textDocument/completion', { textDocument: { uri }, position });
    const items = Array.isArray(answer) ? answer : (answer as { items: { label: string }[] }).items;
    return items.some((item: { label: string }) => item.label === 'suspend');
  }

  return {
    activation,
    async open(uri, file) {
      const first = diagnosed(uri, () => true);
      await opened(uri, file);
      await first;
      return performance.now() - started;
    },
    async openAndComplete(uri, file) {
      const began = performance.now();
      await opened(uri, file);
      const offered = await complete(uri, { line: file.completion.line, character: file.completion.column });
      return offered ? performance.now() - began : undefined;
    },
    async changes(uri, file, times) {
      const { right, wrong } = file.planted;
      const samples: number[] = [];
      for (let round = 0; round < times; round++) {
        samples.push(await change(uri, file, right, wrong));
        samples.push(await change(uri, file, wrong, right));
      }
      return samples;
    },
    async completions(uri, file, times) {
      const samples: number[] = [];
      const { line, column } = file.completion;
      for (let round = 0; round < times * 2; round++) {
        // As while typing: a letter is added or deleted, and the editor requests completion at once.
        const typed = round % 2 === 0;
        const range = { start: { line, character: column }, end: { line, character: typed ? column : column + 1 } };
        const began = performance.now();
        await replace(uri, range, typed ? 's' : '');
        const position = { line, character: typed ? column + 1 : column };
        const offered = await complete(uri, position);
        samples.push(performance.now() - began);
        if (!offered) throw new Error(`${command.name} completed no HelmRelease key at line ${line + 1}`);
      }
      return samples;
    },
    diagnosed,
    replace,
    request: (method, params) => connection.sendRequest(method, params),
    watched: (changes) => connection.sendNotification('workspace/didChangeWatchedFiles', { changes }),
    longestPause() {
      const answered = new Promise<number>((done) => child.once('message', (longest) => done(Number(longest))));
      child.send('report');
      return answered;
    },
    memory: () => status('VmRSS'),
    peak: () => status('VmHWM'),
    cpu,
    async stop() {
      const ended = new Promise<void>((done) => child.once('exit', () => done()));
      connection.dispose();
      child.kill();
      await ended;
    },
  };
}

export function measured(samples: readonly number[]): Measured {
  const warm = [...samples].sort((a, b) => a - b);
  const at = (share: number) => warm[Math.min(warm.length - 1, Math.ceil(warm.length * share) - 1)] ?? 0;
  return { p50: at(0.5), p95: at(0.95) };
}
