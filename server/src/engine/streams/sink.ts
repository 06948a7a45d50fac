// The end of a stream of a pod, which holds the stream up while it can't be delivered, so that nothing piles up here.
import { Writable } from 'node:stream';
import type { Socket } from './web-socket.ts';

/** Bytes that wait before the socket is paused. */
const most = 256 << 10;

export class Sink extends Writable {
  readonly #deliver: (data: Buffer) => Promise<void>;

  constructor(deliver: (data: Buffer) => Promise<void>) {
    super({ highWaterMark: most });
    this.#deliver = deliver;
  }

  /** From now on, what its messages bring is written here, and pauses it. */
  follow(socket: Socket): void {
    let isPaused = false;
    socket.on('message', () => {
      if (isPaused || !this.writableNeedDrain) return;
      isPaused = true;
      socket.pause();
      this.once('drain', () => {
        isPaused = false;
        socket.resume();
      });
    });
  }

  override _write(data: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.#deliver(data).then(
      () => done(),
      () => done(),
    );
  }
}

/** A terminal, whose size client-node follows. */
export class Screen extends Sink {
  rows: number;
  columns: number;

  constructor(size: { readonly columns: number; readonly rows: number }, deliver: (data: Buffer) => Promise<void>) {
    super(deliver);
    this.rows = size.rows;
    this.columns = size.columns;
  }

  resize({ columns, rows }: { readonly columns: number; readonly rows: number }): void {
    if (columns === this.columns && rows === this.rows) return;
    this.columns = columns;
    this.rows = rows;
    this.emit('resize');
  }
}
