// The faults, in the order of their numbers.

import { accessFaults } from './access.ts';
import { actionFaults } from './actions.ts';
import type { Fault } from './bed.ts';
import { contextFaults } from './contexts.ts';
import { credentialFaults } from './credentials.ts';
import { loadFaults } from './load.ts';
import { networkFaults } from './network.ts';
import { objectFaults } from './objects.ts';
import { processFaults } from './processes.ts';
import { serverFaults } from './server.ts';

export const faults: readonly Fault[] = [
  ...serverFaults,
  ...accessFaults,
  ...credentialFaults,
  ...networkFaults,
  ...contextFaults,
  ...loadFaults,
  ...objectFaults,
  ...actionFaults,
  ...processFaults,
].sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
