// Why the rollout of a MachineDeployment or a control plane is stuck: its own conditions, and its machines that aren't
// ready with the reason of each.

import { oneLine } from '../syntax/shown.ts';
import { conditionsOf, wordsOf } from './conditions.ts';
import { knownHealth } from './describe.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { LiveObject } from './object.ts';
import { rolloutOf } from './rollout.ts';

/** Any further machines are only counted. */
const shown = 5;

/** Empty if nothing is wrong or nothing is reported yet. `machines`: the object's own machines. */
export function diagnoseMachines(object: LiveObject, machines: readonly LiveObject[]): readonly Diagnosis[] {
  if (rolloutOf(object)?.is === 'done') return [];
  const waiting = machines
    .map((machine) => ({ name: machine.name, ...knownHealth(machine) }))
    .filter(({ state }) => state !== 'ready')
    .sort((a, b) => Number(b.state === 'failed') - Number(a.state === 'failed') || (a.name < b.name ? -1 : 1));
  const named = waiting.slice(0, shown).map(
    ({ name, state, reason }): Diagnosis => ({
      cause: 'machine',
      sentence: `machine ${name} is ${state === 'deleting' ? 'being deleted' : 'not ready'}`,
      evidence: oneLine(reason, 400),
      pods: 0,
    }),
  );
  const rest = waiting.length - named.length;
  return [
    ...ofItself(object),
    ...named,
    ...(rest > 0
      ? [
          {
            cause: 'machine' as const,
            sentence: `${rest} more ${rest === 1 ? 'machine is' : 'machines are'} not ready`,
            evidence: '',
            pods: 0,
          },
        ]
      : []),
  ];
}

/** The object's controllers report in these conditions why they hold back a change. */
function ofItself({ status, name }: LiveObject): readonly Diagnosis[] {
  const conditions = conditionsOf(status);
  return ['RollingOut', 'ScalingUp', 'ScalingDown', 'Remediating'].flatMap((type) => {
    const condition = conditions.get(type);
    if (condition?.status !== 'True' || !/blocked|cannot|fail/i.test(condition.message)) return [];
    return [
      {
        cause: 'machine' as const,
        sentence: `${name} cannot make progress`,
        evidence: oneLine(wordsOf(condition), 400),
        pods: 0,
      },
    ];
  });
}
