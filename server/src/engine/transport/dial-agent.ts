// Node's HTTP/1.1 agent over sockets that we dial, so that proxy, certificate authorities and deadlines match HTTP/2.
import { Agent } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Failure, Result } from '../failure.ts';

/** `first`: the socket on which the protocol was negotiated; it serves the first request. */
export class DialAgent extends Agent {
  readonly #dial: () => Promise<Result<Socket>>;
  #first: Socket | undefined;

  constructor(dialer: () => Promise<Result<Socket>>, first: Socket) {
    super({ keepAlive: true, maxSockets: 64, maxFreeSockets: 2 });
    this.#dial = dialer;
    this.#first = first;
  }

  /** Closes all connections; the next request opens a new one. */
  override destroy(): void {
    this.#first?.destroy();
    this.#first = undefined;
    super.destroy();
  }

  override createConnection(_options: object, callback?: (error: Error | null, stream: Duplex) => void): undefined {
    const first = this.#first;
    this.#first = undefined;
    if (first && !first.destroyed) {
      callback?.(null, first);
      return;
    }
    void this.#dial().then((socket) => {
      if (socket.ok) callback?.(null, socket.value);
      else callback?.(new DialFailure(socket.failure), undefined as never);
    });
  }
}

/** Carries a failure through Node's agent. */
export class DialFailure extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}
