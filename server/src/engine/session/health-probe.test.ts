import { expect, test } from 'vitest';
import { failed } from '../failure.ts';
import { HealthProbe } from './health-probe.ts';

test('a server that does not respond to the check is reported as lost, an unhealthy one is not', async () => {
  const lost: string[] = [];
  const ill: (string | undefined)[] = [];
  for (const answer of [failed('timeout', 'silence'), failed('server', 'etcd failed', { status: 500 })]) {
    let checked: (() => void) | undefined;
    const once = new Promise<void>((done) => (checked = done));
    const probe = new HealthProbe({
      transport: { text: async () => answer, json: async () => answer } as never,
      namespace: 'default',
      isOpen: () => true,
      onHealth: (unhealthy) => {
        ill.push(unhealthy);
        checked?.();
      },
      onPermissions: () => undefined,
      onLost: ({ message }) => lost.push(message),
    });
    await once;
    probe.close();
  }
  expect([lost, ill]).toEqual([['silence'], [undefined, 'etcd failed']]);
});
