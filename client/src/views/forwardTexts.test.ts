import { expect, test } from 'vitest';
import type { Forward } from '../../../server/src/protocol.ts';
import { forwardsTextOf } from './forwardTexts.ts';

const forward = (local: number, problem = ''): Forward => ({
  id: `${local}`,
  asked: { context: 'prod', ref: { cluster: '', groupKind: '/Pod', namespace: 'shop', name: 'web' }, port: '80' },
  ...{ pod: 'web', port: 80, local, connections: 0, problem },
});

test('the entry counts ports and says which of them have a problem', () => {
  expect(forwardsTextOf([forward(8080)])).toEqual({
    text: '$(plug) 1 port',
    tooltip: '1 port forwarded from pods\n127.0.0.1:8080: port 80 of web on prod',
  });
  expect(forwardsTextOf([forward(8080), forward(8081, 'refused')])).toEqual({
    text: '$(warning) 2 ports',
    tooltip: expect.stringMatching(/^2 ports forwarded from pods, 1 with a problem\n/),
  });
});
