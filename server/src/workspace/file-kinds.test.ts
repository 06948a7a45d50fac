import { expect, test } from 'vitest';
import { diagnose } from '../features/diagnostics.ts';
import { applied, cursorOf, fixture, labelsAt } from '../features/fixture.ts';
import { hover } from '../features/hover.ts';
import { schemaStatus } from '../features/status.ts';
import { yaml } from '../fixture.ts';

const at = (text: string) => yaml`
  # file: apps/web/a.yaml
  a: 1
  # file: .capstan.yaml
  ${text}`;

test('keys are completed', () => {
  expect(labelsAt(at('$0'))).toEqual(['folders', 'ignores', 'severities', 'targets']);
  expect(
    labelsAt(
      at(yaml`
        severities:
          $0
      `),
    ),
  ).toContain('info/*');
  expect(
    labelsAt(
      at(yaml`
        folders:
          $0
      `),
    ),
  ).toEqual(['apps/web/']);
  expect(
    labelsAt(
      at(yaml`
        folders:
          apps/:
            $0
      `),
    ),
  ).toEqual(['schemas']);
  expect(applied(at('ign$0\n'), 'ignores')).toBe(yaml`
    ignores:
      -\x20
  `);
});

test('values are completed', () => {
  expect(
    labelsAt(
      at(yaml`
        severities:
          info/*: $0
      `),
    ),
  ).toEqual(['error', 'warning', 'info', 'hint', 'off']);
  expect(
    labelsAt(
      at(yaml`
        folders:
          apps/:
            schemas:
              - flux$0
      `),
    ),
  ).toContain('flux@2.6.4');
});

test('hover shows the purpose of a field', () => {
  const text = (source: string) => hover(cursorOf(fixture(at(source))))?.text;
  expect(text('sever$0ities: {}\n')).toMatch(/most specific/);
  expect(
    text(yaml`
      folders:
        apps/:
          sche$0mas: []
    `),
  ).toMatch(/\[\]string\*\n\nReleases/);
  expect(text('nothing$0: 1\n')).toBeUndefined();
});

test('the status bar shows the schema of a file whose name determines its kind', () => {
  const status = (source: string) => schemaStatus(cursorOf(fixture(source)));
  expect(status(at('$0severities: {}\n'))).toMatchObject({ kind: '.capstan.yaml', sentence: 'Schema: Capstan’s own.' });
  expect(
    status(yaml`
      # file: kustomization.yaml
      $0resources: []
    `),
  ).toMatchObject({ kind: 'Kustomization' });
});

test('a comment suppresses a finding in the configuration', () => {
  const found = (text: string) =>
    diagnose(
      fixture(yaml`
        # file: .capstan.yaml
        ${text}`).workspace,
      '.capstan.yaml',
    );
  expect(found('ignore: [a]\n').map(({ message }) => message)).toEqual([
    'The field ignore is unknown; Capstan ignores it. Did you mean ignores?',
  ]);
  expect(found('ignore: [a] # capstan-ignore: config/invalid\n')).toEqual([]);
});
