// What is asked for about a context beyond its watches, to find out what is wrong in it: the pods and events of workloads that
// aren't ready, nodes, unfinished Jobs, namespaces that don't end. Each is one request, never a watch.
import { knownHealth } from '../../live/describe.ts';
import type { Diagnosis } from '../../live/diagnosis.ts';
import { familyOf } from '../../live/family.ts';
import { type LiveObject, type ObjectKey, objectKey } from '../../live/object.ts';
import type { Findings } from '../../live/troubles.ts';
import { readAround } from './around.ts';
import { inspect } from './inspect.ts';
import type { Session } from './session.ts';

const concurrentInspections = 6;

type Asked = Pick<Session, 'transport' | 'store'>;

export async function findingsOf(session: Asked, signal: AbortSignal): Promise<Findings> {
  const around = aroundOf(session, signal);
  const [ofWorkloads, ofJobs] = await Promise.all([
    causesOf(session, sickWorkloads(session), signal),
    around.then((all) => causesOf(session, all.filter(hasPods), signal)),
  ]);
  return { causes: new Map([...ofWorkloads, ...ofJobs]), around: await around };
}

/** Objects of kinds that aren't watched. */
export async function aroundOf({ transport }: Asked, signal: AbortSignal): Promise<readonly LiveObject[]> {
  return transport ? readAround(transport, signal) : [];
}

/** Why objects aren't well, from their pods and events: asked for once, in their order; without those that time was too short for. */
export async function causesOf(
  { transport }: Asked,
  objects: readonly LiveObject[],
  signal: AbortSignal,
): Promise<ReadonlyMap<ObjectKey, readonly Diagnosis[]>> {
  const causes = new Map<ObjectKey, readonly Diagnosis[]>();
  if (!transport) return causes;
  const queue = [...objects];
  const worker = async () => {
    for (let object = queue.shift(); object !== undefined && !signal.aborted; object = queue.shift()) {
      const found = await inspect(transport, object, signal);
      if (!signal.aborted) causes.set(objectKey(object), found);
    }
  };
  await Promise.all(Array.from({ length: concurrentInspections }, worker));
  return causes;
}

/** The workloads whose pods are worth a question, the failed ones first. */
export function sickWorkloads({ store }: Pick<Session, 'store'>): readonly LiveObject[] {
  const rank = (object: LiveObject) => ['failed', 'unknown', 'progressing'].indexOf(knownHealth(object).state);
  return [...store.unwell().values()]
    .filter((object) => familyOf(object.groupKind) === 'workload' && rank(object) >= 0)
    .sort((a, b) => rank(a) - rank(b));
}

/** A Job that failed says only that its pods did. */
export function hasPods(object: LiveObject): boolean {
  return object.groupKind === 'batch/Job' && knownHealth(object).state === 'failed';
}
