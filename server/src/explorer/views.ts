// The views of the explorer, one for each id in protocol.ts.
import type { ViewId } from '../protocol.ts';
import { branchView } from './branch-view.ts';
import { clusters } from './clusters.ts';
import { operators } from './operator-rows.ts';
import { problems } from './problem-rows.ts';
import type { View } from './view.ts';

export const views: Readonly<Record<ViewId, View>> = {
  problems,
  clusters,
  delivery: branchView('flux'),
  workloads: branchView('workload'),
  operators,
};
