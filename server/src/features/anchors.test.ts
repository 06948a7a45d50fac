// Definition, references, highlights and hover of anchors and aliases.
import { expect, test } from 'vitest';
import { yaml } from '../fixture.ts';
import { definition, references } from './definition.ts';
import { cursorOf, fixture } from './fixture.ts';
import { highlights } from './highlights.ts';
import { hover } from './hover.ts';

const text = yaml`
  apiVersion: v1
  kind: ConfigMap
  metadata:
    name: &name a
    labels: &labels
      app: *name
    annotations:
      <<: *labels
      other: &name b
      last: *name
`;

/** The texts and lines of ranges; lines start at 1. */
const shown = (sites: readonly { readonly start: number; readonly end: number }[]) =>
  sites.map(({ start, end }) => `${text.slice(start, end)} ${text.slice(0, start).split('\n').length}`);

const at = (marked: string) => cursorOf(fixture(text.replace(marked.replace('$0', ''), marked)));

test('an alias leads to the nearest anchor of its name above it', () => {
  expect(shown(definition(at('app: *na$0me')))).toEqual(['&name 4']);
  expect(shown(definition(at('last: $0*name')))).toEqual(['&name 9']);
  expect(shown(definition(at('<<: *labels$0')))).toEqual(['&labels 5']);
});

test('references of an anchor are its aliases, wherever they are looked for', () => {
  for (const marked of ['&la$0bels', '*label$0s']) {
    expect(shown(references(at(marked), false))).toEqual(['*labels 8']);
    expect(shown(references(at(marked), true))).toEqual(['&labels 5', '*labels 8']);
  }
});

test('highlights tell the anchor from its aliases', () => {
  expect(highlights(at('app: *na$0me')).map(({ kind }) => kind)).toEqual(['write', 'read']);
  expect(shown(highlights(at('app: *na$0me')))).toEqual(['&name 4', '*name 6']);
});

test('hover on an alias shows the text at its anchor', () => {
  expect(hover(at('app: *na$0me'))?.text).toBe('```yaml\n&name a\n```');
  expect(hover(at('<<: *la$0bels'))?.text).toBe('```yaml\n&labels\n    app: *name\n```');
});

test('an alias without an anchor leads nowhere', () => {
  const broken = cursorOf(fixture('a: *b$0\n'));
  expect(definition(broken)).toEqual([]);
  expect(highlights(broken)).toEqual([]);
});
