import { expect, test } from 'vitest';
import type { AppliedPreview } from '../../../server/src/protocol.ts';
import { lineFrom, lineOf } from './previewLines.ts';

const preview: AppliedPreview = {
  cluster: 'prod',
  clusters: ['prod'],
  text: 'a\nb\nc\n---\nd\n',
  sources: ['file:///base.yaml', 'file:///patch.yaml'],
  lines: [[0, 0], [1, 4], [0, 2], null, [0, 9]],
};

test('a line of a file is found in the preview by itself or by the line above', () => {
  expect(lineFrom(preview, 'file:///base.yaml', 2)).toBe(2);
  expect(lineFrom(preview, 'file:///base.yaml', 8)).toBe(2);
  expect(lineFrom(preview, 'file:///patch.yaml', 4)).toBe(1);
  expect(lineFrom(preview, 'file:///patch.yaml', 3)).toBeUndefined();
  expect(lineFrom(preview, 'file:///other.yaml', 3)).toBeUndefined();
});

test('a line of the preview has its source, except between documents', () => {
  expect(lineOf(preview, 1)).toEqual({ uri: 'file:///patch.yaml', line: 4 });
  expect(lineOf(preview, 3)).toBeUndefined();
  expect(lineOf(preview, 7)).toBeUndefined();
});
