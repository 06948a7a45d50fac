// Runs fault cases and checks the requirements common to all: the store equals a fresh list, and no unhandled rejection,
// timer, process or connection is left.
import type { ControlPlane } from '../../testbed/controlplane.ts';
import { type Fault, type Figures, openBed } from './bed.ts';
import { until } from './engine.ts';
import { children, engineTimers, unhandledRejections } from './leaks.ts';

export interface Outcome {
  readonly fault: Fault;
  readonly figures: Figures;
  /** Objects compared with fresh lists. */
  readonly compared: number;
  /** Seconds the case took. */
  readonly took: number;
  /** The reason why it failed. */
  readonly problem?: string;
}

export async function runFault(fault: Fault, server: ControlPlane): Promise<Outcome> {
  const bed = openBed(server);
  const began = performance.now();
  const before = new Set(children());
  let figures: Figures = {};
  let compared = 0;
  const problems: string[] = [];
  try {
    figures = await fault.run(bed);
    compared = await bed.compareAll();
  } catch (error) {
    problems.push((error as Error).message);
  }
  try {
    problems.push(...(await bed.close()));
  } catch (error) {
    problems.push(`cleaning up: ${(error as Error).message}`);
  }
  await until('no timer of the engine left', () => engineTimers().length === 0, 2).catch(() =>
    problems.push(`timers left: ${[...new Set(engineTimers())].join(', ')}`),
  );
  const since = () => children().filter((pid) => !before.has(pid));
  await until('no process left', () => since().length === 0, 3).catch(() => undefined);
  const left = since();
  if (left.length > 0) problems.push(`processes left: ${left.join(', ')}`);
  problems.push(...unhandledRejections().map((failure) => `unhandled rejection: ${failure}`));
  return {
    fault,
    figures,
    compared,
    took: (performance.now() - began) / 1000,
    ...(problems.length > 0 ? { problem: problems.join('; ') } : {}),
  };
}

const columns = [5, 46, 9, 9, 9, 9, 7] as const;

export function heading(): string {
  return line(['fault', 'what breaks', 'noticed', 'recovered', 'requests', 'compared', 'took'], 'outcome');
}

export function lineOf({ fault, figures, compared, took, problem }: Outcome): string {
  const { noticed, recovered, requests, note } = figures;
  return line(
    [
      fault.id,
      fault.title,
      seconds(noticed),
      seconds(recovered),
      requests === undefined ? '-' : String(requests),
      String(compared),
      `${took.toFixed(1)} s`,
    ],
    problem === undefined ? `ok${note ? `: ${note}` : ''}` : `NOT PASSED: ${problem}`,
  );
}

function line(cells: readonly string[], rest: string): string {
  return `${cells.map((cell, index) => cell.padEnd(columns[index]!)).join(' ')} ${rest}`;
}

function seconds(milliseconds: number | undefined): string {
  return milliseconds === undefined ? '-' : `${(milliseconds / 1000).toFixed(2)} s`;
}
