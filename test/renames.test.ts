// Renames each object of examples/fleet that can be renamed, one at a time. The same with real repositories, and with anchors:
// `npm run renames -- --from DIR`.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { workspaceAt } from '../server/src/cli/lint/root.ts';
import { testCatalog, yaml } from '../server/src/fixture.ts';
import { Workspace } from '../server/src/workspace/workspace.ts';
import { placesIn, renamedAt } from './renames/check.ts';

const mostRenamed = 40;

test('objects of the fleet', { timeout: 120_000 }, async () => {
  const { workspace } = await workspaceAt(join(import.meta.dirname, '../examples/fleet'), {}, 'whole');
  const places = placesIn(workspace);
  let renamed = 0;
  for (let at = 0; at < places.length && renamed < mostRenamed; at += 3) {
    const outcome = renamedAt(workspace, places[at]!);
    if (!outcome || outcome.refused !== undefined) continue;
    renamed += 1;
    expect(outcome.wrong, places[at]!.path).toEqual([]);
  }
  expect(renamed).toBeGreaterThan(10);
});

test('an anchor, among others of similar names', () => {
  const workspace = new Workspace(testCatalog);
  const source = yaml`
    a: &one {b: c}
    d: *one
    e: &one-more [*one]
    f: {<<: *one, g: "*one", h: *one-more}
  `;
  workspace.put('a.yaml', source);
  const [first] = placesIn(workspace);
  expect(renamedAt(workspace, first!)).toEqual({ edits: 4, files: 1, wrong: [] });
});
