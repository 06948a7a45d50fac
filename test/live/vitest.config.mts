// The live tier: tests against real servers, one file after the other, since two cores carry one control plane.
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
