// What the measures of scale share: a simulated API server in a process of its own, and figures with their bounds.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { GeneratedOptions, GeneratedState, Order } from './generated-api.ts';

export interface Generated {
  readonly port: number;
  obey(order: OrderBody): Promise<unknown>;
  state(): Promise<GeneratedState>;
  stop(): void;
}

type OrderBody = Order extends infer One ? (One extends Order ? Omit<One, 'id'> : never) : never;

let outside = 0;

/** How many figures were out of their bounds. */
export function figuresOutside(): number {
  return outside;
}

export function figure(what: string, value: number, unit: string, most: number): void {
  const bad = !(value <= most);
  if (bad) outside++;
  console.log(
    `  ${what.padEnd(52)} ${value.toFixed(2).padStart(8)} ${unit.padEnd(5)} at most ${most} ${bad ? ' OUT OF BOUNDS' : ''}`,
  );
}

export function generated(options: GeneratedOptions): Promise<Generated> {
  const child = fork(join(import.meta.dirname, 'generated-api.ts'), [JSON.stringify(options)], {
    execArgv: ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const waiting = new Map<number, (answer: unknown) => void>();
  let last = 0;
  const obey = (order: OrderBody): Promise<unknown> =>
    new Promise((done) => {
      waiting.set(++last, done);
      child.send({ ...order, id: last });
    });
  return new Promise((ready, fail) => {
    child.once('exit', (code) => fail(new Error(`the generated API ended with ${code}`)));
    child.on('message', (message: { port?: number; id?: number; answer?: unknown }) => {
      if (message.port !== undefined) {
        const { port } = message;
        ready({
          port,
          obey,
          state: async () => (await obey({ do: 'state' })) as GeneratedState,
          stop: () => child.disconnect(),
        });
      } else if (message.id !== undefined) {
        waiting.get(message.id)?.(message.answer);
        waiting.delete(message.id);
      }
    });
  });
}
