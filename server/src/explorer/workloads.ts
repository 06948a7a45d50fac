// The view of workloads: each open context, its namespaces, and in them Deployments with their revisions and pods, StatefulSets,
// DaemonSets, Jobs. Revisions, pods and Jobs are followed only while they are looked at.
import { oneLine } from '../syntax/shown.ts';
import { branchesOf, branchRow } from './context-rows.ts';
import type { View } from './view.ts';

export const workloads: View = ({ fleet: { sessions } }, now) =>
  [...sessions.values()]
    .filter((session) => session.state.is !== 'gone' && branchesOf(session).includes('workload'))
    .map((session) => ({ ...branchRow(session, 'workload', now), label: oneLine(session.context) }));
