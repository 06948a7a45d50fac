// A separate program, so that its cost isn't measured as the engine's: creates objects, or updates them at a rate, and prints
// the count. Arguments: JSON of `ChurnOptions`.
import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ChurnOptions {
  readonly port: number;
  readonly token: string;
  readonly do: 'create' | 'update';
  readonly path: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly prefix: string;
  readonly count: number;
  /** Updates per second, and the duration in seconds. */
  readonly rate?: number;
  readonly seconds?: number;
}

const options = JSON.parse(process.argv[2]!) as ChurnOptions;
const { port, token, path, prefix, count, rate = 0, seconds = 0 } = options;
const agent = new Agent({ keepAlive: true, maxSockets: 24, rejectUnauthorized: false });

function send(method: string, to: string, body: object): Promise<number> {
  return new Promise((done) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
    };
    const sent = request({ host: '127.0.0.1', port, path: to, method, headers, agent }, (answer) => {
      answer.resume();
      answer.on('end', () => done(answer.statusCode ?? 0));
    });
    sent.on('error', () => done(0));
    sent.end(JSON.stringify(body));
  });
}

let done = 0;
if (options.do === 'create') {
  let next = 0;
  await Promise.all(
    Array.from({ length: 24 }, async () => {
      while (next < count) {
        const name = `${prefix}-${next++}`;
        const status = await send('POST', path, {
          apiVersion: options.apiVersion,
          kind: options.kind,
          metadata: { name },
          spec: {
            interval: '10m',
            path: './',
            prune: true,
            sourceRef: { kind: 'GitRepository', name: 'repository-0' },
          },
          status: { conditions: [{ type: 'Ready', status: 'True', reason: 'ok', message: 'Applied revision: main' }] },
        });
        if (status < 300 && status > 0) done++;
      }
    }),
  );
} else {
  const end = Date.now() + seconds * 1000;
  const began = Date.now();
  let sent = 0;
  let under = 0;
  while (Date.now() < end) {
    const due = Math.floor(((Date.now() - began) / 1000) * rate);
    while (sent < due && under < 64) {
      const name = `${prefix}-${sent++ % count}`;
      under++;
      const status = { lastAppliedRevision: `main@sha1:${sent}` };
      void send('PATCH', `${path}/${name}`, { status }).then((code) => {
        under--;
        if (code === 200) done++;
      });
    }
    await sleep(5);
  }
  while (under > 0) await sleep(10);
}
agent.destroy();
console.log(done);
