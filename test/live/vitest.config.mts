// The live tier: tests against real servers, one file at a time, since two cores can run only
// one control plane that works hard; `npm test` runs the cases of faults, which mostly wait, beside the others.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['test/live/**/*.live.ts'],
    globalSetup: ['test/live/setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    reporters: ['default'],
  },
});
