// For tests: the language server as a process, driven over standard input and output, with a temporary folder as workspace.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, buildSync } from 'esbuild';
import {
  type ClientCapabilities,
  createProtocolConnection,
  type InitializeResult,
  type Position,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import type { LanguageOptions } from '../protocol.ts';

const root = join(import.meta.dirname, '../../..');
// Beside the real bundles, so that it finds the schemas in the same place. Test files run at the same time.
export const program = join(root, `dist/language.test.${process.env.VITEST_POOL_ID}.js`);

/** Bundles the server; `program` exists afterwards. */
export function buildProgram(): void {
  buildSync({
    entryPoints: [join(import.meta.dirname, 'main.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
}

/** What a server prints as a loop begins. */
export const looping = 'looping';

/** Bundles a server in which the verdict on an object named `loops` never ends. */
export async function buildLooping(outfile: string): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: `const importMetaUrl = ${JSON.stringify(pathToFileURL(program).href)};` },
    plugins: [
      {
        name: 'a loop',
        setup({ onLoad }) {
          onLoad({ filter: /validation[\\/]judge\.ts$/ }, ({ path }) => {
            const source = readFileSync(path, 'utf8');
            const begin = /(export function judge\((\w+)[^{]*\{)/;
            if (!begin.test(source)) throw new Error('judge isn’t where it was');
            const say = `process.getBuiltinModule('node:fs').writeSync(2, '${looping}\\n')`;
            const contents = source.replace(begin, `$1 if ($2?.metadata?.name === 'loops') { ${say}; for (;;); }`);
            return { contents, loader: 'ts' };
          });
        },
      },
    ],
  });
}

export class Session {
  readonly folder = mkdtempSync(join(tmpdir(), 'capstan-language-'));
  readonly child: ChildProcess;
  readonly connection: ProtocolConnection;
  readonly published: PublishDiagnosticsParams[] = [];
  readonly logged: string[] = [];
  #waiting: (() => void)[] = [];

  /** `monitor` is a module that is loaded first and answers messages of the parent process. */
  constructor(file = program, monitor?: string) {
    const args = [...(monitor === undefined ? [] : ['--import', pathToFileURL(monitor).href]), file, '--stdio'];
    const channel = monitor === undefined ? [] : (['ipc'] as const);
    this.child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit', ...channel] });
    this.connection = createProtocolConnection(
      new StreamMessageReader(this.child.stdout!),
      new StreamMessageWriter(this.child.stdin!),
    );
    this.connection.onNotification('textDocument/publishDiagnostics', (params) => {
      this.published.push(params);
      for (const wake of this.#waiting.splice(0)) wake();
    });
    this.connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.logged.push(message);
    });
    this.connection.onRequest('client/registerCapability', () => null);
    this.connection.onRequest('workspace/diagnostic/refresh', () => null);
    this.connection.listen();
  }

  async start(
    capabilities: ClientCapabilities = {},
    files: Readonly<Record<string, string>> = {},
    opened = true,
    initializationOptions: LanguageOptions = {},
  ): Promise<InitializeResult> {
    for (const [name, text] of Object.entries(files)) this.write(name, text);
    const result = await this.connection.sendRequest<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: opened ? [{ uri: pathToFileURL(this.folder).href, name: 'test' }] : null,
      capabilities,
      initializationOptions,
    });
    await this.connection.sendNotification('initialized', {});
    return result;
  }

  uri(name: string): string {
    return pathToFileURL(join(this.folder, name)).href;
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true });
    writeFileSync(join(this.folder, name), text);
  }

  open(name: string, text: string): Promise<void> {
    const textDocument = { uri: this.uri(name), languageId: 'yaml', version: 1, text };
    return this.connection.sendNotification('textDocument/didOpen', { textDocument });
  }

  change(name: string, version: number, start: Position, end: Position, text: string): Promise<void> {
    return this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: this.uri(name), version },
      contentChanges: [{ range: { start, end }, text }],
    });
  }

  ask<T>(method: string, name: string, more: object = {}): Promise<T> {
    return this.connection.sendRequest(method, { textDocument: { uri: this.uri(name) }, ...more });
  }

  /** Resolves once the codes published for a file are the wanted ones; the test's own timeout ends the wait. */
  async publishes(name: string, wanted: readonly string[]): Promise<void> {
    const uri = this.uri(name);
    for (;;) {
      const last = this.published.findLast((one) => one.uri === uri);
      if (last && JSON.stringify(last.diagnostics.map(({ code }) => code)) === JSON.stringify(wanted)) return;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async stop(): Promise<number | null> {
    await this.connection.sendRequest('shutdown');
    const ended = new Promise<number | null>((resolve) => this.child.once('exit', resolve));
    await this.connection.sendNotification('exit');
    return ended;
  }
}
