// The views of delivery and of workloads: each open context, and below it one branch of its objects. Sources come first, below
// them what is applied from them; workloads are by namespace, with their revisions, pods and Jobs followed while looked at.
import type { Branch } from '../live/parents.ts';
import { oneLine } from '../syntax/shown.ts';
import { branchesOf, branchRow } from './context-rows.ts';
import type { View } from './view.ts';

export function branchView(branch: Branch): View {
  return ({ fleet: { sessions }, problems }, now) =>
    [...sessions.values()]
      .filter((session) => session.state.is !== 'gone' && branchesOf(session).includes(branch))
      .map((session) => ({
        ...branchRow(session, branch, now, (object) => problems.stateOf(session, object)),
        label: oneLine(session.context),
      }));
}
