// Configures the unit tier: unit, property and protocol tests, all named *.test.ts beside the source they test. The live
// and host tiers have their own runners (test/live, test/host).
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: [
      'server/src/**/*.test.ts',
      'client/src/**/*.test.ts',
      'scripts/**/*.test.ts',
      'test/*.test.ts',
      'test/testbed/**/*.test.ts',
    ],
    // By default one core is left for the main process, which is idle while tests run: on two cores, half of the machine.
    maxWorkers: availableParallelism(),
    setupFiles: ['test/seed.ts'],
    // For what hangs: a test that takes long on a slow or busy machine isn't wrong.
    testTimeout: 120_000,
    // Programs are built there.
    hookTimeout: 120_000,
    reporters: ['default'],
  },
});
