// The faults, in the order of their numbers.

import { accessFaults } from './access.ts';
import type { Fault } from './bed.ts';
import { credentialFaults } from './credentials.ts';
import { networkFaults } from './network.ts';
import { serverFaults } from './server.ts';

export const faults: readonly Fault[] = [...serverFaults, ...accessFaults, ...credentialFaults, ...networkFaults].sort(
  (a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)),
);
