// Workloads with something wrong: each of the causes that pods have.
import { crashed, notReady, unstarted } from './failing.ts';
import { refused, unscheduled } from './refused.ts';
import type { Broken } from './situation.ts';

export const broken: readonly Broken[] = [...refused, ...unscheduled, ...unstarted, ...crashed, ...notReady];
