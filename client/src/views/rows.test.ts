import { expect, test } from 'vitest';
import type { Row, RowState, Summary } from '../../../server/src/protocol.ts';
import { contextValueOf, lookOf, newsOf, spokenOf } from './rows.ts';

const row: Row = {
  id: 'r',
  label: 'checkout',
  description: '2/3',
  state: 'progressing',
  tooltip: '',
  branch: false,
  actions: ['suspend', 'reconcile'],
  kind: 'apps/Deployment',
  context: 'shop',
};

test('every state but none has its own icon and a word', () => {
  const states: readonly RowState[] = [
    'ready',
    'progressing',
    'busy',
    'failed',
    'suspended',
    'unknown',
    'denied',
    'deleting',
  ];
  const looks = states.map((state) => lookOf({ state, kind: 'x' }));
  expect(new Set(looks.map(({ icon }) => icon)).size).toBe(states.length);
  expect(looks.filter(({ word }) => word === '')).toEqual([]);
});

test('a closed context is told from an open one', () => {
  expect(lookOf({ state: 'none', kind: 'context' }).icon).not.toBe(lookOf({ state: 'ready', kind: 'context' }).icon);
});

test('a menu matches one action exactly', () => {
  const value = contextValueOf(row);
  expect(/;suspend;/.test(value) && /;reconcile;/.test(value)).toBe(true);
  expect(/;sus;/.test(value) || /;resume;/.test(value)).toBe(false);
});

test('a screen reader hears name, state and description', () => {
  expect(spokenOf(row)).toBe('checkout, progressing, 2/3');
  expect(spokenOf({ ...row, state: 'none', kind: 'folder', description: '' })).toBe('checkout');
});

test('the status bar names what is wrong, worst first, else how many clusters are open', () => {
  const calm: Summary = { open: 2, state: 'ready', failed: 0, progressing: 0, unreachable: 0, sentence: '' };
  expect(newsOf(calm)).toBe('$(pass) 2 clusters');
  expect(newsOf({ ...calm, open: 1 })).toBe('$(pass) 1 cluster');
  expect(newsOf({ ...calm, state: 'failed', failed: 2, progressing: 1 })).toBe('$(error) 2 failed, 1 progressing');
  expect(newsOf({ ...calm, state: 'busy' })).toBe('$(sync) 2 clusters');
});
