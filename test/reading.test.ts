// What the verbs of reading answer for every file of examples/fleet, and for texts in which answers are easily wrong. The
// same with real repositories: `npm run reading -- --from DIR`.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { workspaceAt } from '../server/src/cli/lint/root.ts';
import { testCatalog, yaml } from '../server/src/fixture.ts';
import { Workspace } from '../server/src/workspace/workspace.ts';
import { nonsenseIn } from './reading/nonsense.ts';

const everyOffset = 10_000;

test('files of the fleet', { timeout: 120_000 }, async () => {
  const { workspace } = await workspaceAt(join(import.meta.dirname, '../examples/fleet'), {}, 'whole');
  const paths = [...workspace.files()].map(({ path }) => path);
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.flatMap((path) => nonsenseIn(workspace, path, 40).map((one) => `${path}: ${one}`))).toEqual([]);
});

const manifest = yaml`
  # yaml-language-server: $schema=https://example.com/a.json
  # region first
  apiVersion: v1
  kind: ConfigMap
  metadata:
    name: a-\${ENV}
    labels: &labels {app: "é🙂", tier: 'b'}
  # endregion
  data: # why
    text: |
      # region in the text
      # endregion
      \${A} and \${B:=\${C}}

    merged: "x
      y"
    expression: &x *labels
  ---

  # only a comment
  ---
  - - a
    - <<: *none
  - ? [complex, key]
    : value
`;

test.each([
  ['all kinds of nodes', manifest],
  ['with CRLF', manifest.replaceAll('\n', '\r\n')],
  ['half-typed', `${manifest}---\napiVersion: v1\nkind: Pod\nspec:\n  contai`],
  ['with a slip', manifest.replace('  name: a', '     name: a')],
  ['with tabs', 'a:\n\tb: 1\n'],
  ['an item that shares its line', '- - - a: 1\n    - b\n'],
  ['empty', ''],
  ['no line break at the end', 'a: &b\n  - 1\nc: *b'],
])('a file: %s', (_, text) => {
  const workspace = new Workspace(testCatalog);
  workspace.put('a.yaml', text);
  expect(nonsenseIn(workspace, 'a.yaml', everyOffset)).toEqual([]);
});
