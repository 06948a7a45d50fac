// Positions at which nothing is suggested.

import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { deployment, labelsAt, release } from '../fixture.ts';

describe('no items', () => {
  test.each([
    ['in a comment', `${deployment}# $0\n`],
    [
      'in the indentation of a line',
      yaml`
        ${deployment}
        spec:
         $0 replicas: 1
      `,
    ],
    [
      'after a value',
      yaml`
        ${deployment}
        spec:
          replicas: 1 # a $0
      `,
    ],
    [
      'in a block scalar',
      yaml`
        apiVersion: v1
        kind: ConfigMap
        data:
          a: |
            $0
      `,
    ],
    ['on a document marker', `--$0-\n${deployment}`],
    [
      'in a workflow',
      yaml`
        on: push
        jobs:
          $0
      `,
    ],
    [
      'under a free-form field',
      yaml`
        ${release}
        spec:
          values:
            $0
      `,
    ],
  ])('%s', (_, text) => {
    expect(labelsAt(text)).toEqual([]);
  });
});
