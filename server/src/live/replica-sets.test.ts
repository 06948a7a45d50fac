import { expect, test } from 'vitest';
import { trim } from './object.ts';
import { revisionWords } from './replica-sets.ts';

function revision(number: number, ...images: readonly string[]) {
  const containers = images.map((image) => {
    const [name = '', of = ''] = image.split('=');
    return { name, image: of };
  });
  return trim({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: `r${number}`, annotations: { 'deployment.kubernetes.io/revision': `${number}` } },
    spec: { template: { spec: { containers } } },
  })!;
}

test.each([
  [['web=r.io/a/web:1'], ['web=r.io/a/web:2'], 'revision 2, web 1 → 2'],
  [['web=r.io/a/web:1'], ['web=r.io/b/web:1'], 'revision 2, web r.io/a/web → r.io/b/web:1'],
  [['web=web:1', 'log=log:1'], ['web=web:1', 'log=log:2'], 'revision 2, log 1 → 2'],
  [['web=web:1'], ['web=web:1', 'proxy=envoy:3'], 'revision 2, new container proxy'],
  [['web=web:1', 'proxy=envoy:3'], ['web=web:1'], 'revision 2, without container proxy'],
  [['web=web:1'], ['web=web:1'], 'revision 2, same images'],
  [['web=localhost:5000/web'], ['web=localhost:5000/web:2'], 'revision 2, web latest → 2'],
  [['web=web@sha256:0123456789'], ['web=web@sha256:abcdef0123'], 'revision 2, web 0123456 → abcdef0'],
])('from %j to %j: %s', (before, after, expected) => {
  expect(revisionWords(revision(2, ...after), revision(1, ...before))).toBe(expected);
});

test('the first revision names what it runs, and other objects are no revisions', () => {
  expect(revisionWords(revision(1, 'web=web:1', 'log=log:2'), undefined)).toBe('revision 1, web 1, log 2');
  expect(revisionWords(trim({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } })!, undefined)).toBe('');
});
