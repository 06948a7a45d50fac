import { expect, test } from 'vitest';
import { diagnose } from '../features/diagnostics.ts';
import { applied, cursorOf, fixture, labelsAt } from '../features/fixture.ts';
import { hover } from '../features/hover.ts';
import { schemaStatus } from '../features/status.ts';

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

test('the status bar names the schema of a file that says by its name alone what it is', () => {
  const status = (source: string) => schemaStatus(cursorOf(fixture(source)));
  expect(status(at('$0severities: {}\n'))).toMatchObject({ kind: '.capstan.yaml', sentence: 'Schema: Capstan’s own.' });
  expect(status('# file: kustomization.yaml\n$0resources: []\n')).toMatchObject({ kind: 'Kustomization' });
});

test('a comment silences a finding in the configuration, as everywhere', () => {
  const found = (text: string) => diagnose(fixture(`# file: .capstan.yaml\n${text}`).workspace, '.capstan.yaml');
  expect(found('ignore: [a]\n').map(({ message }) => message)).toEqual([
    'There is no field “ignore”; Capstan ignores it. Did you mean “ignores”?',
  ]);
  expect(found('ignore: [a] # capstan-ignore: config/invalid\n')).toEqual([]);
});
