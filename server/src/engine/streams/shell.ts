// A command in a container, through `Exec` of @kubernetes/client-node: with a terminal, or with pipes.
import { PassThrough } from 'node:stream';
import { Exec } from '@kubernetes/client-node/dist/exec.js';
import { list, text } from '../../live/fields.ts';
import { type Failure, failed, type Result, success } from '../failure.ts';
import { presentable } from '../redact.ts';
import type { Transport } from '../transport/transport.ts';
import type { ConnectedPod } from './pod.ts';
import { Screen, Sink } from './sink.ts';
import { type Socket, SocketFailure, socketsOver } from './web-socket.ts';

export interface ShellQuery {
  /** By default the main one. */
  readonly container: string | undefined;
  /** By default a shell. */
  readonly command: readonly string[];
  /** Absent: without a terminal. */
  readonly size?: { readonly columns: number; readonly rows: number };
}

export interface ShellOutput {
  /** Resolves once more can be taken. */
  readonly out: (data: Buffer) => Promise<void>;
  /** Only without a terminal, which has one stream. */
  readonly error: (data: Buffer) => Promise<void>;
}

export type ShellEnd =
  | { readonly is: 'exited'; readonly code: number }
  /** It didn't run, or nothing is known of its end. */
  | { readonly is: 'failed'; readonly message: string };

export interface Shell {
  readonly container: string;
  write(data: string | Buffer): void;
  /** The end of its input. */
  end(): void;
  resize(size: { readonly columns: number; readonly rows: number }): void;
  readonly ended: Promise<ShellEnd>;
}

/** The best shell of the container; every image with one has `sh`. */
const anyShell = ['sh', '-c', 'TERM=xterm-256color exec $(command -v bash || command -v ash || echo sh)'];

export async function openShell(
  transport: Transport,
  { namespace, name, containers, main }: Pick<ConnectedPod, 'namespace' | 'name' | 'containers' | 'main'>,
  { container = main, command, size }: ShellQuery,
  output: ShellOutput,
  signal: AbortSignal,
): Promise<Result<Shell>> {
  if (!containers.includes(container))
    return failed('invalid', `Pod ${name} has no container ${container}; it has ${containers.join(', ')}`);
  const input = new PassThrough();
  const out = size ? new Screen(size, output.out) : new Sink(output.out);
  const errors = size ? null : new Sink(output.error);
  let status: unknown;
  let closed: (end: ShellEnd) => void;
  const ended = new Promise<ShellEnd>((done) => {
    closed = done;
  });
  const onOpen = (socket: Socket) => {
    out.follow(socket);
    errors?.follow(socket);
    socket.on('close', () => {
      // What arrived before the end is delivered before it.
      const flushed = [out, errors].map((sink) => new Promise<void>((done) => (sink ? sink.end(done) : done())));
      void Promise.all(flushed).then(() => closed(endOf(status, name, signal)));
    });
  };
  const exec = new Exec(undefined as never, socketsOver(transport, signal, onOpen));
  const words = command.length > 0 ? [...command] : anyShell;
  try {
    const [ns, pod] = [namespace, name].map(encodeURIComponent) as [string, string];
    await exec.exec(ns, pod, container, words, out, errors, input, size !== undefined, (now) => {
      status = now;
    });
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
  return success({
    container,
    write: (data) => void input.write(data),
    end: () => void input.end(),
    resize: (now) => out instanceof Screen && out.resize(now),
    ended,
  });
}

/** Throws bugs of our own. */
export function failureOf(error: unknown): Failure {
  if (error instanceof SocketFailure) return error.failure;
  throw error;
}

/** A Status, as the API server sends it in the channel of errors (`k8s.io/cri-streaming`, remotecommand/exec.go). */
function endOf(status: unknown, pod: string, { aborted }: AbortSignal): ShellEnd {
  if (text(status, 'status') === 'Success') return { is: 'exited', code: 0 };
  const causes = list(status, 'details', 'causes');
  const code = causes.find((cause) => text(cause, 'reason') === 'ExitCode');
  if (code !== undefined) return { is: 'exited', code: Number(text(code, 'message')) };
  const message = text(status, 'message');
  if (message === undefined)
    return { is: 'failed', message: aborted ? 'The shell was closed.' : `The connection to pod ${pod} was lost.` };
  const isMissing = /executable file not found|no such file or directory/.test(message);
  const next = isMissing ? ' The image has no such program; “kubectl debug” adds a container that has one.' : '';
  return { is: 'failed', message: `${presentable(message, 500)}.${next}` };
}
