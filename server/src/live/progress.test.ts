import { expect, test } from 'vitest';
import { trim } from './object.ts';
import { progressOf } from './progress.ts';

function progress(apiVersion: string, kind: string, spec: object, status: object) {
  return progressOf(trim({ apiVersion, kind, metadata: { name: 'a', namespace: 'n', generation: 1 }, spec, status })!);
}

const condition = (type: string, status: string, message = '') => ({
  type,
  status,
  reason: type,
  message,
  observedGeneration: 1,
});

test('a Job is followed to its end', () => {
  const job = (spec: object, status: object) => progress('batch/v1', 'Job', spec, status);
  expect(job({ completions: 3 }, { succeeded: 1, active: 2, failed: 1 })).toEqual({
    is: 'waiting',
    message: 'Waiting for job "a" to complete: 1 of 3 completions, 2 active, 1 failed attempt...',
  });
  expect(job({}, { conditions: [condition('Complete', 'True')] })).toEqual({
    is: 'done',
    message: 'job "a" is complete',
  });
  expect(job({}, { conditions: [condition('Failed', 'True', 'too many retries')] })).toMatchObject({ is: 'failed' });
  expect(job({ suspend: true }, {})).toMatchObject({ is: 'waiting' });
});

test('a Flux object is followed until it is reconciled; only what is given up has failed', () => {
  const kustomization = (spec: object, ...conditions: object[]) =>
    progress('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', spec, {
      observedGeneration: 1,
      conditions,
      lastAppliedRevision: 'main@sha1:0123456789abcdef0123456789abcdef01234567',
    });
  expect(kustomization({}, condition('Ready', 'True'))).toEqual({
    is: 'done',
    message: 'kustomization "a" is reconciled at main@0123456',
  });
  expect(kustomization({}, condition('Ready', 'False', 'no such path'))).toMatchObject({
    ...{ is: 'waiting', message: 'Waiting for kustomization "a" to be reconciled: no such path...' },
  });
  expect(kustomization({}, condition('Ready', 'False', 'x'), condition('Stalled', 'True', 'x'))?.is).toBe('failed');
  expect(kustomization({ suspend: true }, condition('Ready', 'True'))).toMatchObject({ is: 'waiting' });
});

test('kinds that have nothing to follow', () => {
  expect(progress('v1', 'Service', {}, {})).toBeUndefined();
  expect(progress('notification.toolkit.fluxcd.io/v1beta3', 'Alert', {}, {})).toBeUndefined();
});
