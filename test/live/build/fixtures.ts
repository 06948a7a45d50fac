// Kustomizations for every feature that `build` supports and for everything it refuses, each built in the folder `app`.
import { copyFixtures } from './copies.ts';
import { generatorFixtures } from './generators.ts';
import { historyFixtures } from './history.ts';
import { formFixtures, keptFixtures, repeatedFixtures, sourceFixtures, subjectFixtures } from './kept.ts';
import { listFixtures } from './lists.ts';
import { markFixtures } from './marks.ts';
import { nameFixtures } from './names.ts';
import { objectFixtures } from './objects.ts';
import { patchFixtures } from './patches.ts';
import type { Fixture } from './pieces.ts';
import { pluginFixtures } from './plugins.ts';
import { textFixtures } from './texts.ts';

export const fixtures: readonly Fixture[] = [
  ...objectFixtures,
  ...patchFixtures,
  ...listFixtures,
  ...nameFixtures,
  ...markFixtures,
  ...generatorFixtures,
  ...copyFixtures,
  ...textFixtures,
  ...pluginFixtures,
  ...historyFixtures,
  ...keptFixtures,
  ...subjectFixtures,
  ...formFixtures,
  ...repeatedFixtures,
  ...sourceFixtures,
];
