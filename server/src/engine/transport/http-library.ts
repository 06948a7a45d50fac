// How clients of @kubernetes/client-node reach a server: their HttpLibrary is our transport, so that credentials,
// time-outs, redaction and kinds of failure are the same for every request. `ask` makes a client for one request.
import type { Configuration } from '@kubernetes/client-node/dist/gen/configuration.js';
import { type HttpLibrary, RequestContext, ResponseContext } from '@kubernetes/client-node/dist/gen/http/http.js';
import { from, type Observable } from '@kubernetes/client-node/dist/gen/rxjsStub.js';
import { type Failure, failed, type Result, success } from '../failure.ts';
import { notJson, type Request, type Transport } from './transport.ts';

export interface AskOptions extends Pick<Request, 'signal' | 'quiet'> {
  /** Seconds after which the server gives up and says why, rather than leaving the connection to do so. */
  readonly serverTimeout?: number;
}

/**
 * What the server answers to one request of a client: `ask(transport, (c) => new VersionApi(c).getCode())`. Only errors
 * of our own making are thrown; an `ApiException`, which quotes the whole answer, is never made.
 */
export async function ask<T>(
  transport: Transport,
  question: (configuration: Configuration) => Promise<T>,
  options: AskOptions = {},
): Promise<Result<T>> {
  const library = new TransportLibrary(transport, options);
  const baseServer = {
    makeRequestContext: (path: string, method: ReturnType<RequestContext['getHttpMethod']>) => {
      // URLs resolve such segments, and a name would address another object, or a whole collection.
      if (path.split('/').some((segment) => segment === '.' || segment === '..'))
        throw new Unanswered(failed('invalid', 'no object can have the name "." or ".."').failure);
      return new RequestContext(`${anyServer}${path}`, method);
    },
  };
  try {
    return success(await question({ baseServer, httpApi: library, middleware: [], authMethods: {} }));
  } catch (error) {
    if (error instanceof Unanswered) return { ok: false, failure: error.failure };
    if (library.answered !== undefined) return notJson(transport.server, library.answered);
    throw error;
  }
}

/** Paths are all that is taken from the clients' URLs: the transport knows its server. */
const anyServer = 'http://server';

/** Carries a failure through the generated code. */
class Unanswered extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

class TransportLibrary implements HttpLibrary {
  readonly #transport: Transport;
  readonly #options: AskOptions;
  /** The path that was answered: what fails from then on is that the answer can't be read. */
  answered: string | undefined;

  constructor(transport: Transport, options: AskOptions) {
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
      ...(accept === undefined ? {} : { accept }),
      ...(contentType === undefined ? {} : { contentType }),
      ...(typeof body === 'string' ? { body } : {}),
    });
    if (!answer.ok) throw new Unanswered(answer.failure);
    this.answered = url.pathname;
    // What the server calls it doesn't matter: it is JSON or it can't be read.
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
