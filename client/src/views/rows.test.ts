import { expect, test } from 'vitest';
import type { Row, RowState } from '../../../server/src/protocol.ts';
import { contextValueOf, lookOf, spokenOf } from './rows.ts';

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
