// Unit, property and protocol tests: everything named *.test.ts beside the source it tests. The live and the host
// tier have runners of their own (test/live, test/host).
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
    testTimeout: 30_000,
    reporters: ['default'],
  },
});
