import { expect, test } from 'vitest';
import type { Pin, Row } from '../../server/src/protocol.ts';
import { createPins } from './pins.ts';

const row = (name: string, context = 'prod'): Row => ({
  ...{ id: name, label: name, description: '', state: 'ready', tooltip: '', branch: false, actions: [] },
  ...{ kind: 'apps/Deployment', context, ref: { cluster: 'c', groupKind: 'apps/Deployment', namespace: 'n', name } },
});

test('pins are kept once each, sent when they change and to a server that starts', async () => {
  let kept: readonly Pin[] = [];
  let ready: () => void = () => undefined;
  const sent: number[] = [];
  const cluster = {
    request: async (_: string, { pins }: { pins: readonly Pin[] }) => void sent.push(pins.length),
    onReady: (then: () => void) => {
      ready = then;
      return { dispose: () => undefined };
    },
  };
  const pins = createPins(cluster as never, { get: () => kept, set: (now) => (kept = now) });
  ready();
  expect(sent).toEqual([]);
  await pins.add([row('web'), row('api')]);
  await pins.add([row('web'), row('web', 'dev')]);
  expect(kept.map(({ context, ref }) => `${context} ${ref.name}`)).toEqual(['prod web', 'prod api', 'dev web']);
  await pins.remove([row('web')]);
  expect(kept.map(({ context, ref }) => `${context} ${ref.name}`)).toEqual(['prod api', 'dev web']);
  ready();
  expect(sent).toEqual([2, 3, 2, 2]);
});
