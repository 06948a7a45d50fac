// Measures the requests of an open context while nothing changes.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlPlane } from '../../testbed/controlplane.ts';
import { openBed } from './bed.ts';

/** Requests per second over the given number of seconds after the context is live. */
export async function idleRate(server: ControlPlane, seconds = 20): Promise<number> {
  const bed = openBed(server);
  try {
    const proxy = await bed.tcp();
    const engine = await bed.live(proxy.port);
    await sleep(2000);
    const from = engine.asked.length;
    await sleep(seconds * 1000);
    return (engine.asked.length - from) / seconds;
  } finally {
    await bed.close();
  }
}
