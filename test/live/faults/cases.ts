// The faults, in the order of their numbers.
import type { Fault } from './bed.ts';
import { serverFaults } from './server.ts';

export const faults: readonly Fault[] = [...serverFaults].sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
