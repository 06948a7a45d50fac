// A language server for one fault, and what the faults ask of it.
import { readFileSync, rmSync } from 'node:fs';
import type { DocumentDiagnosticReport } from 'vscode-languageserver/node';
import { Session } from '../../server/src/language/fixture.ts';

export interface Fault {
  readonly id: string;
  readonly what: string;
  /** Resolves to the figures; rejects if the fault isn't held. */
  readonly run: (bed: Bed) => Promise<string>;
}

export const pulls = { textDocument: { diagnostic: {} } };

/** State: the sessions of one fault. */
export class Bed {
  readonly #sessions: Session[] = [];

  session(file?: string, monitor?: string): Session {
    const session = new Session(file, monitor);
    // A server that is killed breaks the connection.
    session.connection.onError(() => {});
    session.child.stdin!.on('error', () => {});
    this.#sessions.push(session);
    return session;
  }

  /** A session that pulls diagnostics, whose files are read. */
  async started(files: Readonly<Record<string, string>> = {}): Promise<Session> {
    const session = this.session();
    await session.start(pulls, files);
    return session;
  }

  close(): void {
    for (const { child, folder } of this.#sessions) {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

export async function rulesOf(session: Session, name: string): Promise<readonly string[]> {
  const report = await session.ask<DocumentDiagnosticReport>('textDocument/diagnostic', name);
  return report.kind === 'full' ? report.items.map(({ code }) => String(code)) : [report.kind];
}

export async function rulesOfText(session: Session, name: string, text: string): Promise<readonly string[]> {
  await session.open(name, text);
  return rulesOf(session, name);
}

/** Megabytes. */
export function memoryOf({ child }: Session): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024);
}

export function same(what: string, found: unknown, wanted: unknown): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${what}: ${a?.slice(0, 300)}, not ${b?.slice(0, 300)}`);
}

export function holds(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(otherwise);
}

/** A sequence of numbers in [0, 1) that a seed determines (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export async function until(what: string, holdsNow: () => boolean | Promise<boolean>, seconds = 20): Promise<number> {
  const began = performance.now();
  while (!(await holdsNow())) {
    if (performance.now() - began > seconds * 1000) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return Math.round(performance.now() - began);
}

export const configMap = (name: string, more = '') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}`;
export const wrong = configMap('a', 'wrong: 1\n');
export const unknownField = ['schema/unknown-field'];
export const elapsed = (began: number) => `${Math.round(performance.now() - began)} ms`;

/** Sends events of files: 1 for created, 2 for changed, 3 for deleted. */
export function changed(session: Session, names: readonly string[], type: 1 | 2 | 3): Promise<void> {
  const changes = names.map((name) => ({ uri: session.uri(name), type }));
  return session.connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
}
