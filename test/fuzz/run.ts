// Feeds targets with inputs of a seed until the time is over, and collects what must not be: an exception, a pause of more than
// a second, a finding outside of its text, another result after edits than at once, memory that grows.
import { randomFrom } from '../faults/bed.ts';
import { makerOf } from './make.ts';
import { longestPause } from './pauses.ts';
import type { Target } from './targets.ts';

export interface Fuzzed {
  readonly inputs: number;
  /** The longest verb, in milliseconds of CPU time. */
  readonly slowest: { readonly milliseconds: number; readonly input: string };
  readonly problems: readonly string[];
}

/** Milliseconds of CPU time for one verb. */
const longest = 1000;
/** In megabytes, of what is still reachable: caches have filled in the first half of the time. */
const mostGrown = 40;
const mostProblems = 5;

/** `seconds` for each target; at most `most` inputs, whatever the time. */
export async function fuzz(
  { name, make, read }: Target,
  seed: number,
  seconds: number,
  most = Number.POSITIVE_INFINITY,
): Promise<Fuzzed> {
  const problems: string[] = [];
  let inputs = 0;
  let slowest = { milliseconds: 0, input: '' };
  const growth = new Growth(performance.now(), seconds);
  for (const until = performance.now() + seconds * 1000; performance.now() < until && inputs < most; inputs += 1) {
    // Each input has a seed of its own, so that it can be made alone.
    const own = seed * 1_000_003 + inputs;
    const maker = makerOf(randomFrom(own));
    const input = make(maker);
    longestPause();
    // As in a server: what ends with a turn of the event loop may end.
    await new Promise(setImmediate);
    growth.look(performance.now());
    try {
      await read(input, maker);
    } catch (error) {
      problems.push(
        `${name}, seed ${seed}, input ${inputs}: ${(error as Error).stack}\n${JSON.stringify(input).slice(0, 2000)}`,
      );
    }
    const milliseconds = longestPause();
    if (milliseconds > slowest.milliseconds) slowest = { milliseconds, input };
    // The first inputs compile the code.
    if (milliseconds > longest && inputs > 20)
      problems.push(
        `${name}, seed ${seed}, input ${inputs}: ${Math.round(milliseconds)} ms\n${JSON.stringify(input).slice(0, 2000)}`,
      );
    if (problems.length >= mostProblems) break;
  }
  const grown = growth.megabytes;
  if (grown > mostGrown)
    problems.push(`${name}, seed ${seed}: memory grew by ${Math.round(grown)} MB in the last half`);
  return { inputs, slowest, problems };
}

/** The memory that stays, between the middle and the end of the time; 0 if the collector can't be asked (`--expose-gc`). */
class Growth {
  readonly #middle: number;
  #before: number | undefined;

  constructor(now: number, seconds: number) {
    this.#middle = now + seconds * 500;
  }

  look(now: number): void {
    if (now > this.#middle) this.#before ??= kept();
  }

  get megabytes(): number {
    return this.#before === undefined ? 0 : kept() - this.#before;
  }
}

function kept(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return globalThis.gc ? (heapUsed + external) / 1e6 : 0;
}
