import { expect, test } from 'vitest';
import { descriptionOf } from './describe.ts';
import { retryWords } from './helm-retries.ts';
import { trim } from './object.ts';

function release(spec: object, status: object) {
  return trim({
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: 'a', namespace: 'n', uid: 'u', generation: 1 },
    spec,
    status: { observedGeneration: 1, ...status },
  })!;
}

const remediated = (retries: number) => ({ remediation: { retries } });
const forever = { strategy: { name: 'RetryOnFailure', retryInterval: '2m' } };

test.each([
  ['nothing failed', { install: remediated(5) }, {}, ''],
  ['no retries by default', {}, { installFailures: 1 }, 'not retried'],
  ['the third retry of an install', { install: remediated(5) }, { installFailures: 3 }, 'retry 3 of 5'],
  ['the last retry', { install: remediated(5) }, { installFailures: 5 }, 'retry 5 of 5'],
  ['no retry is left', { install: remediated(5) }, { installFailures: 6 }, 'all 5 retries failed'],
  ['one was all', { install: remediated(1) }, { installFailures: 2 }, 'the only retry failed'],
  ['no limit', { install: remediated(-1) }, { installFailures: 40 }, 'retry 40, without a limit'],
  [
    'an upgrade has its own',
    { install: remediated(9), upgrade: remediated(3) },
    { upgradeFailures: 2 },
    'retry 2 of 3',
  ],
  ['a strategy that retries', { upgrade: forever }, { upgradeFailures: 7 }, 'retry 7, every 2m'],
  [
    'its interval by default',
    { install: { strategy: { name: 'RetryOnFailure' } } },
    { installFailures: 1 },
    'retry 1, every 5m',
  ],
])('%s', (_, spec, status, expected) => {
  expect(retryWords(release(spec, status))).toBe(expected);
});

test('the row of a release that is not ready has it, that of a ready one does not', () => {
  const ready = (value: string, reason: string) => [
    { type: 'Ready', status: value, reason, message: 'said', observedGeneration: 1 },
  ];
  const status = { installFailures: 2, conditions: ready('False', 'InstallFailed') };
  expect(descriptionOf(release({ install: remediated(5) }, status), 0)).toBe('said, retry 2 of 5');
  const well = { installFailures: 0, conditions: ready('True', 'InstallSucceeded') };
  expect(descriptionOf(release({ install: remediated(5) }, well), 0)).not.toContain('retry');
});
