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

/** Objects whose causes are asked for, for each context; further ones keep the reason of their own status. */
const inspected = 24;
const concurrentInspections = 6;

type Asked = Pick<Session, 'transport' | 'store'>;

export async function findingsOf(session: Asked, signal: AbortSignal): Promise<Findings> {
  const { transport } = session;
  const [causes, around] = await Promise.all([
    causesOf(session, signal),
    transport ? readAround(transport, signal) : [],
  ]);
  return { causes, around };
}

/** Why workloads aren't ready, from their pods and events: asked for once, the failed ones first. */
export async function causesOf(
  session: Asked,
  signal: AbortSignal,
): Promise<ReadonlyMap<ObjectKey, readonly Diagnosis[]>> {
  const causes = new Map<ObjectKey, readonly Diagnosis[]>();
  const { transport } = session;
  if (!transport) return causes;
  const queue = [...sickWorkloads(session)];
  const worker = async () => {
    for (let object = queue.shift(); object !== undefined; object = queue.shift()) {
      const found = await inspect(transport, object, signal);
      if (found.length > 0) causes.set(objectKey(object), found);
    }
  };
  await Promise.all(Array.from({ length: concurrentInspections }, worker));
  return causes;
}

/** The workloads whose pods are worth a question, the failed ones first. */
export function sickWorkloads({ store }: Pick<Session, 'store'>): readonly LiveObject[] {
  const rank = (object: LiveObject) => ['failed', 'unknown', 'progressing'].indexOf(knownHealth(object).state);
  return [...store.all()]
    .filter((object) => familyOf(object.groupKind) === 'workload' && rank(object) >= 0)
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, inspected);
}
