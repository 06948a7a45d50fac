// Kustomizations for every feature that `build` supports and for everything it refuses, each built in the folder `app`.
import { listFixtures } from './lists.ts';
import { objectFixtures } from './objects.ts';
import { patchFixtures } from './patches.ts';
import type { Fixture } from './pieces.ts';

export const fixtures: readonly Fixture[] = [...objectFixtures, ...patchFixtures, ...listFixtures];
