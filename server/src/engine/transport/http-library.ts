// Connects clients of @kubernetes/client-node to our transport, which is their HttpLibrary, so that credentials, timeouts,
// redaction and kinds of failure are the same for every request. `call` creates a client for one request.
import type { Configuration } from '@kubernetes/client-node/dist/gen/configuration.js';
import { type HttpLibrary, RequestContext, ResponseContext } from '@kubernetes/client-node/dist/gen/http/http.js';
import { from, type Observable } from '@kubernetes/client-node/dist/gen/rxjsStub.js';
import { type Failure, failed, notJson, type Result, success } from '../failure.ts';
import type { Request, Transport } from './transport.ts';

/** `accept`: instead of the client's own. */
export interface CallOptions extends Pick<Request, 'signal' | 'quiet' | 'accept'> {
  /** Seconds after which the server gives up with a reason, before the connection times out without one. */
  readonly serverTimeout?: number;
}

/**
 * Sends one request through a client and returns its result: `call(transport, (c) => new VersionApi(c).getCode())`. Throws
 * only for bugs of our own; never creates an `ApiException`, which would quote the whole response.
 */
export async function call<T>(
  transport: Transport,
  send: (configuration: Configuration) => Promise<T>,
  options: CallOptions = {},
): Promise<Result<T>> {
  const library = new TransportLibrary(transport, options);
  const baseServer = {
    makeRequestContext: (path: string, method: ReturnType<RequestContext['getHttpMethod']>) => {
      // URLs resolve such segments, so that the name would address another object or a whole collection.
      if (path.split('/').some((segment) => segment === '.' || segment === '..'))
        throw new RequestError(failed('invalid', 'the name of an object must not be "." or ".."').failure);
      return new RequestContext(`${anyServer}${path}`, method);
    },
  };
  try {
    return success(await send({ baseServer, httpApi: library, middleware: [], authMethods: {} }));
  } catch (error) {
    if (error instanceof RequestError) return { ok: false, failure: error.failure };
    if (library.receivedPath !== undefined) return notJson(transport.server, library.receivedPath);
    throw error;
  }
}

/** A placeholder: only the path of a client's URL is used, since the transport has its own server. */
const anyServer = 'http://server';

/** Carries a failure through the generated code. */
class RequestError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

class TransportLibrary implements HttpLibrary {
  readonly #transport: Transport;
  readonly #options: CallOptions;
  /** The path whose response was received: any later error means that the response can't be parsed. */
  receivedPath: string | undefined;

  constructor(transport: Transport, options: CallOptions) {
    this.#transport = transport;
    this.#options = options;
  }

  send(context: RequestContext): Observable<ResponseContext> {
    return from(this.#send(context));
  }

  async #send(context: RequestContext): Promise<ResponseContext> {
    const { serverTimeout, ...options } = this.#options;
    const url = new URL(context.getUrl());
    if (serverTimeout !== undefined) url.searchParams.set('timeout', `${serverTimeout}s`);
    const { Accept: accept, 'Content-Type': contentType } = context.getHeaders();
    const body = context.getBody();
    const answer = await this.#transport.text({
      ...options,
      method: context.getHttpMethod() as NonNullable<Request['method']>,
      path: `${url.pathname}${url.search}`,
      ...(accept === undefined || options.accept !== undefined ? {} : { accept }),
      ...(contentType === undefined ? {} : { contentType }),
      ...(typeof body === 'string' ? { body } : {}),
    });
    if (!answer.ok) throw new RequestError(answer.failure);
    this.receivedPath = url.pathname;
    // The server's content type doesn't matter: a response that isn't JSON can't be read.
    return new ResponseContext(
      200,
      { 'content-type': 'application/json' },
      {
        text: async () => answer.value,
        binary: async () => Buffer.from(answer.value),
        stream: () => null,
      },
    );
  }
}
