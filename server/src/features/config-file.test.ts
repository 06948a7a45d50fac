import { expect, test } from 'vitest';
import { applied, cursorOf, fixture, labelsAt } from './fixture.ts';
import { hover } from './hover.ts';

const at = (text: string) => `# file: apps/web/a.yaml\na: 1\n# file: .capstan.yaml\n${text}`;

test('keys', () => {
  expect(labelsAt(at('$0'))).toEqual(['folders', 'ignores', 'severities', 'targets']);
  expect(labelsAt(at('severities:\n  $0\n'))).toContain('info/*');
  expect(labelsAt(at('folders:\n  $0\n'))).toEqual(['apps/web/']);
  expect(labelsAt(at('folders:\n  apps/:\n    $0\n'))).toEqual(['context', 'schemas']);
  expect(applied(at('ign$0\n'), 'ignores')).toBe('ignores:\n  - \n');
});

test('values', () => {
  expect(labelsAt(at('severities:\n  info/*: $0\n'))).toEqual(['error', 'warning', 'info', 'hint', 'off']);
  expect(labelsAt(at('folders:\n  apps/:\n    schemas:\n      - flux$0\n'))).toContain('flux@2.6.4');
});

test('hover says what a field is for', () => {
  const text = (source: string) => hover(cursorOf(fixture(at(source))))?.text;
  expect(text('sever$0ities: {}\n')).toMatch(/most specific/);
  expect(text('folders:\n  apps/:\n    sche$0mas: []\n')).toMatch(/\[\]string\*\n\nReleases/);
  expect(text('nothing$0: 1\n')).toBeUndefined();
});
