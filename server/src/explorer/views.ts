// The views of the explorer, one for each id in protocol.ts.
import type { ViewId } from '../protocol.ts';
import { clusters } from './clusters.ts';
import { operators } from './operator-rows.ts';
import { problems } from './problem-rows.ts';
import type { View } from './view.ts';
import { workloads } from './workloads.ts';

export const views: Readonly<Record<ViewId, View>> = { problems, clusters, workloads, operators };
