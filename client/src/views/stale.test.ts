import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { staleText } from './stale.ts';

test('what was last known of an object stays, and is still YAML', () => {
  const text = staleText('object', '# Pod a\n---\nkind: Pod\n', 'c is not connected:\nno route\n');
  expect(text.split('\n')[0]).toBe('# not up to date: c is not connected: no route');
  expect(parseDocument(text).toJS()).toEqual({ kind: 'Pod' });
  expect(staleText('rollout', 'done', 'gone')).toBe('not up to date: gone\ndone');
});
