// The server's end of standard input and output, the same for the language server and the cluster server: it answers what
// arrived before its input closed, and ends the process with a sentence when nobody can talk to it anymore.
import { writeSync } from 'node:fs';
import process from 'node:process';
import {
  type DataCallback,
  type Disposable,
  type Message,
  type MessageReader,
  type MessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { Framing } from './framing.ts';

/** `why` is a sentence for the log. */
export type End = (why: string, code: number) => void;

export interface Endpoint {
  readonly reader: MessageReader;
  readonly writer: MessageWriter;
}

/** Milliseconds for answers once the input is closed. */
const patience = 10_000;
/** Milliseconds between two looks at what is to be answered, or at the parent. */
const often = { answers: 10, parent: 1000 };

/** Reads and writes messages. `end` is called once, when the input is closed and everything is answered, or is broken. */
export function endpoint(input: NodeJS.ReadableStream, output: NodeJS.WritableStream, end: End): Endpoint {
  const state: State = { unanswered: 0, isShutDown: false };
  const framing = new Framing();
  let isOver = false;
  const over: End = (why, code) => {
    if (isOver) return;
    isOver = true;
    end(why, code);
  };
  const reader = new Reader(input, state);
  input.on('data', (bytes: Buffer) => {
    const problem = isOver ? undefined : framing.take(bytes);
    if (problem !== undefined) over(`A message of the client ${problem}, so nothing after it can be read.`, 1);
  });
  const closed = () => {
    const how = framing.isWithin ? 'in the middle of a message' : 'without a request to exit';
    const until = performance.now() + patience;
    const wait = () => {
      if (state.unanswered > 0 && performance.now() < until) return void setTimeout(wait, often.answers);
      over(`The client closed the input ${how}.`, state.isShutDown ? 0 : 1);
    };
    // What arrived last is decoded in later turns.
    setTimeout(wait, often.answers);
  };
  input.once('end', closed);
  input.once('close', closed);
  // The client is gone: nothing can be answered.
  output.on('error', () => over('The client no longer reads what the server writes.', state.isShutDown ? 0 : 1));
  return { reader, writer: new Writer(output, state) };
}

/** Calls `end` when the process of the client is gone: its input may stay open in processes that it started. */
export function watchParent(id: number, end: End): void {
  const timer = setInterval(() => {
    if (exists(id)) return;
    clearInterval(timer);
    end(`The process of the client (${id}) has ended.`, 1);
  }, often.parent);
  timer.unref();
}

function exists(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // It may be another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Logs a sentence on standard error, which is written before the process ends. */
export function logged(server: string, sentence: string): void {
  try {
    writeSync(2, `${server}: ${sentence}\n`);
  } catch {
    // Nobody reads it.
  }
}

interface State {
  unanswered: number;
  isShutDown: boolean;
}

type AnyMessage = Message & { readonly id?: unknown; readonly method?: string };

class Reader extends StreamMessageReader {
  readonly #state: State;

  constructor(input: NodeJS.ReadableStream, state: State) {
    super(input);
    this.#state = state;
  }

  /** The connection would answer nothing anymore; `endpoint` looks after the end. */
  protected override fireClose(): void {}

  override listen(callback: DataCallback): Disposable {
    return super.listen((message: AnyMessage) => {
      if (message.method !== undefined && message.id !== undefined) this.#state.unanswered += 1;
      if (message.method === 'shutdown') this.#state.isShutDown = true;
      callback(message);
    });
  }
}

class Writer extends StreamMessageWriter {
  readonly #state: State;

  constructor(output: NodeJS.WritableStream, state: State) {
    super(output);
    this.#state = state;
  }

  override async write(message: AnyMessage): Promise<void> {
    try {
      await super.write(message);
    } finally {
      if (message.method === undefined && message.id !== undefined) this.#state.unanswered -= 1;
    }
  }
}
