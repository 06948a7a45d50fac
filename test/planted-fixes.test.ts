// Plants faults of each kind in examples/fleet: nearly all have a fix, and no fix leaves a finding at its place. The same
// with real repositories: `npm run planted -- --fixes --from DIR`.
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { workspaceAt } from '../server/src/cli/lint/root.ts';
import type { Workspace } from '../server/src/workspace/workspace.ts';
import { mistakes, type Repaired, repair, type Target, targetsIn } from './live/planted/fixes.ts';
import { randomOf } from './live/verdict/random.ts';

/** Of each kind. */
const faults = 8;
/** No manifest of the fleet is of v1beta1. */
const kinds = mistakes.filter((mistake) => mistake !== 'v1beta1 shape');

let workspace: Workspace;
let targets: readonly Target[];

beforeAll(async () => {
  ({ workspace } = await workspaceAt(join(import.meta.dirname, '../examples/fleet'), {}, 'whole'));
  targets = targetsIn(workspace);
}, 60_000);

describe.each(kinds)('%s', (mistake) => {
  test('has a fix that leaves nothing at its place', () => {
    const random = randomOf(1);
    const found: Repaired[] = [];
    for (let tries = 0; found.length < faults && tries < 100 * faults; tries += 1) {
      const result = repair(workspace, random.pick(targets), mistake, random);
      if (result && result !== 'nothing found') found.push(result);
    }
    expect(found.length).toBeGreaterThan(faults / 2);
    const left = found.flatMap(({ what, fixes }) =>
      fixes.filter((fix) => !fix.open && fix.left.length > 0).map((fix) => `${fix.title}: ${what}`),
    );
    expect(left).toEqual([]);
    expect(found.filter(({ fixes }) => fixes.length > 0).length).toBeGreaterThanOrEqual(found.length - 1);
  });
});
