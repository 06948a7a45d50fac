// The health of a Pod, in the words that its phase, its conditions and the states of its containers give.
import { type Conditions, wordsOf } from './conditions.ts';
import { at, list, number, text } from './fields.ts';
import { fromCondition, type Health, sinceOf } from './health-state.ts';
import type { LiveObject } from './object.ts';

export function podHealth({ spec, status }: LiveObject, conditions: Conditions): Health {
  const ready = conditions.get('Ready');
  switch (text(status, 'phase')) {
    case 'Succeeded':
      return { state: 'ready', reason: 'completed', ...sinceOf(ready?.since) };
    case 'Failed':
      return { state: 'failed', reason: failureOf(status), ...sinceOf(ready?.since) };
    case 'Running': {
      if (ready?.status === 'True') return { state: 'ready', reason: countsOf(status), ...sinceOf(ready.since) };
      const broken = brokenContainer(status);
      if (broken) return { state: 'failed', reason: broken, ...sinceOf(ready?.since) };
      if (ready?.status === 'Unknown') return fromCondition('unknown', ready);
      return { state: 'progressing', reason: `${countsOf(status)} ready`, ...sinceOf(ready?.since) };
    }
    case 'Unknown':
      return { state: 'unknown', reason: text(status, 'message') ?? 'its node does not report it' };
    default: {
      const scheduled = conditions.get('PodScheduled');
      if (list(spec, 'schedulingGates').length > 0 && scheduled?.status !== 'True')
        return { state: 'progressing', reason: `held by scheduling gate ${gatesOf(spec)}` };
      if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable')
        return fromCondition('failed', scheduled);
      const broken = brokenContainer(status);
      if (broken) return { state: 'failed', reason: broken, ...sinceOf(ready?.since) };
      const words = scheduled && scheduled.status !== 'True' ? wordsOf(scheduled) : 'its containers are being created';
      return { state: 'progressing', reason: words, ...sinceOf(scheduled?.since) };
    }
  }
}

export function gatesOf(spec: LiveObject['spec']): string {
  return list(spec, 'schedulingGates')
    .flatMap((gate) => text(gate, 'name') ?? [])
    .join(', ');
}

/** `2/3`, with restarts. */
function countsOf(status: LiveObject['status']): string {
  const containers = list(status, 'containerStatuses');
  const restarts = containers.reduce<number>((sum, one) => sum + (number(one, 'restartCount') ?? 0), 0);
  const ready = containers.filter((one) => at(one, 'ready') === true).length;
  const words = restarts === 0 ? '' : `, ${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`;
  return `${ready}/${containers.length}${words}`;
}

/** Why a pod that has ended did so: the kubelet's reason (evicted, refused by the node), else its containers'. */
function failureOf(status: LiveObject['status']): string {
  const own = [text(status, 'reason'), text(status, 'message')].filter(Boolean).join(': ');
  if (own !== '') return own;
  for (const container of [...list(status, 'initContainerStatuses'), ...list(status, 'containerStatuses')]) {
    const code = number(container, 'state', 'terminated', 'exitCode');
    if (code !== undefined && code !== 0)
      return `container ${text(container, 'name') ?? ''} ended with exit code ${code}${reasonOf(container)}`;
  }
  return 'failed';
}

function reasonOf(container: unknown): string {
  const reason = text(container, 'state', 'terminated', 'reason');
  return reason === undefined || reason === 'Error' ? '' : ` (${reason})`;
}

/** Reasons of a container that waits for something to be created, not because of a failure. */
const starting: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing']);

function brokenContainer(status: LiveObject['status']): string | undefined {
  for (const container of [...list(status, 'initContainerStatuses'), ...list(status, 'containerStatuses')]) {
    const reason = text(container, 'state', 'waiting', 'reason');
    if (reason !== undefined && !starting.has(reason)) return `container ${text(container, 'name') ?? ''}: ${reason}`;
  }
  return undefined;
}
