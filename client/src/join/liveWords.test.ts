import { expect, test } from 'vitest';
import type { LiveState } from '../../../server/src/protocol.ts';
import { hoverLines, lensTitle } from './liveWords.ts';

const state = (context: string, is: LiveState['state'], description = '') => ({ context, state: is, description });

test('a lens says what needs somebody first, and why', () => {
  const states = [
    state('aws', 'ready', 'Applied revision: main'),
    state('dc', 'ready'),
    state('shop', 'failed', 'image not found'),
  ];
  expect(lensTitle(states)).toBe('failed on shop (image not found) · ready on aws, dc');
});

test('many contexts and states are counted', () => {
  const states = ['a', 'b', 'c', 'd'].map((context) => state(context, 'ready'));
  expect(lensTitle(states)).toBe('ready on 4 clusters');
  const more = [state('a', 'failed'), state('b', 'suspended'), state('c', 'progressing'), state('d', 'ready')];
  expect(lensTitle(more)).toBe('failed on a · suspended on b · progressing on c · 1 more');
});

test('of an object without a state, the description is said', () => {
  expect(lensTitle([state('a', 'none', 'applied'), state('b', 'none', 'not there')])).toBe(
    'applied on a · not there on b',
  );
});

test('what a cluster says is no icon, and not long', () => {
  expect(lensTitle([state('a', 'failed', '$(pass) all is well')])).toBe('failed on a (\\$(pass) all is well)');
  expect(lensTitle([state('a', 'failed', 'x'.repeat(500))]).length).toBeLessThan(100);
});

test('what applies the object is said, and that it is suspended', () => {
  const delivery = {
    name: 'Kustomization flux-system/apps',
    state: 'suspended',
    description: 'suspended 3 h',
  } as const;
  const held = { ...state('aws', 'ready', '3/3'), delivery };
  expect(lensTitle([held, state('dc', 'ready')])).toBe('ready on aws, dc · delivery suspended on aws');
  expect(hoverLines(held)).toEqual(['aws: ready, 3/3', 'applied by Kustomization flux-system/apps: suspended 3 h']);
  expect(hoverLines(state('dc', 'none', 'not there'))).toEqual(['dc: not there']);
});
