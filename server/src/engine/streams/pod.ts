// The pod that a shell or a forwarded port connects to: a pod itself, or the one of a workload or a Service that kubectl would
// choose; checked before anything connects: whether the action is offered there, and permitted.
import { offerOf, type Stream } from '../../live/actions/action.ts';
import { at, list, number, text, texts } from '../../live/fields.ts';
import { trim } from '../../live/object.ts';
import { deniedNeed } from '../actions/permission.ts';
import type { Target } from '../actions/target.ts';
import { type Failure, failed, type Result, success } from '../failure.ts';
import { podCollection, podSelectorOf } from '../session/inspect.ts';
import { listObjects, type RawObject, readObject } from '../watch/objects.ts';

export interface DeclaredPort {
  readonly container: string;
  /** Empty if it has none. */
  readonly name: string;
  readonly port: number;
}

export interface ConnectedPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly containers: readonly string[];
  /** Of the annotation that kubectl reads, else the first. */
  readonly main: string;
  /** What containers declare; whether anything listens there isn't known. */
  readonly ports: readonly DeclaredPort[];
  /** Of a Service: the number of a port to the number or name in the pod. */
  readonly targets: ReadonlyMap<string, string>;
}

/** Reads the object and chooses a pod that the action may be done to; nothing is connected yet. */
export async function permittedPod(target: Target, action: Stream): Promise<Result<ConnectedPod>> {
  const { context, readOnly, transport, resource } = target;
  const read = await readObject(transport, resource, target);
  if (!read.ok) return named(read.failure, `${resource.kind} ${target.name}`);
  const object = trim(read.value, `${resource.group}/${resource.version}`.replace(/^\//, ''), resource.kind);
  if (!object) return failed('server', 'the API server responded with something other than an object');
  const offer = offerOf(action, object, { context, readOnly, verbs: resource.verbs });
  if (offer.is === 'refused') return failed('invalid', offer.why);
  const pod = await podOf(target, read.value);
  if (!pod.ok) return pod;
  const { namespace, name } = pod.value;
  const ofPod = target.other({ groupKind: '/Pod', namespace, name });
  if (!ofPod.ok) return ofPod;
  const denied = await deniedNeed(ofPod.value, action.needs);
  return denied === undefined ? pod : failed('forbidden', denied);
}

/** The newest of the pods that are ready, else of those that run. */
async function podOf({ transport, namespace = '' }: Target, raw: RawObject): Promise<Result<ConnectedPod>> {
  const object = trim(raw)!;
  if (object.groupKind === '/Pod') return success(connected(raw, namespace));
  const isService = object.groupKind === '/Service';
  const selector = isService
    ? Object.entries(texts(raw, 'spec', 'selector'))
        .map(([key, value]) => `${key}=${value}`)
        .join(',')
    : podSelectorOf(object);
  const what = `${text(raw, 'kind') ?? ''} ${namespace}/${object.name}`;
  // Without a selector, it would be every pod of the namespace.
  if (selector === '') return failed('invalid', `${what} selects no pods`);
  const answer = await listObjects(transport, podCollection, { namespace, labelSelector: selector });
  if (!answer.ok) return answer;
  const usable = list(answer.value, 'items').filter((pod) => rankOf(pod) > 0);
  const created = (pod: unknown) => text(pod, 'metadata', 'creationTimestamp') ?? '';
  const [best] = usable.sort((a, b) => rankOf(b) - rankOf(a) || (created(a) < created(b) ? 1 : -1));
  if (best === undefined) return failed('notFound', `no pod of ${what} is running`);
  const targets = isService ? targetsOf(raw) : new Map<string, string>();
  return success({ ...connected(best, namespace), targets });
}

function rankOf(pod: unknown): number {
  const phase = text(pod, 'status', 'phase');
  if (text(pod, 'metadata', 'deletionTimestamp') !== undefined || phase !== 'Running') return 0;
  const isReady = list(pod, 'status', 'conditions').some(
    (one) => text(one, 'type') === 'Ready' && text(one, 'status') === 'True',
  );
  return isReady ? 2 : 1;
}

function connected(pod: unknown, namespace: string): ConnectedPod {
  const all = list(pod, 'spec', 'containers');
  const containers = all.map((container) => text(container, 'name') ?? '');
  const wanted = text(at(pod, 'metadata', 'annotations'), 'kubectl.kubernetes.io/default-container');
  const ports = all.flatMap((container) =>
    list(container, 'ports').flatMap((port): readonly DeclaredPort[] => {
      const [declared, protocol] = [number(port, 'containerPort'), text(port, 'protocol')];
      // Only TCP can be forwarded.
      if (declared === undefined || (protocol ?? 'TCP') !== 'TCP') return [];
      return [{ container: text(container, 'name') ?? '', name: text(port, 'name') ?? '', port: declared }];
    }),
  );
  return {
    namespace,
    name: text(pod, 'metadata', 'name') ?? '',
    uid: text(pod, 'metadata', 'uid') ?? '',
    containers: [...containers, ...startingContainers(pod)],
    main: wanted !== undefined && containers.includes(wanted) ? wanted : (containers[0] ?? ''),
    ports,
    targets: new Map(),
  };
}

/** Sidecars, which are init containers that keep running, and those of debugging. */
function startingContainers(pod: unknown): readonly string[] {
  const sidecars = list(pod, 'spec', 'initContainers').filter((one) => text(one, 'restartPolicy') === 'Always');
  return [...sidecars, ...list(pod, 'spec', 'ephemeralContainers')].map((one) => text(one, 'name') ?? '');
}

function targetsOf(service: unknown): ReadonlyMap<string, string> {
  const targets = new Map<string, string>();
  for (const port of list(service, 'spec', 'ports')) {
    const own = number(port, 'port');
    const target = at(port, 'targetPort') ?? own;
    if (own === undefined || (typeof target !== 'number' && typeof target !== 'string')) continue;
    targets.set(`${own}`, `${target}`);
    const name = text(port, 'name');
    if (name !== undefined) targets.set(name, `${target}`);
  }
  return targets;
}

/** The number in the pod of a port that is given by number or name, of the Service if it is one. */
export function portIn({ ports, targets, name }: ConnectedPod, wanted: string): Result<number> {
  const target = targets.get(wanted) ?? wanted;
  if (targets.size > 0 && !targets.has(wanted))
    return failed('invalid', `the Service has no port ${wanted}; it has ${[...targets.keys()].join(', ')}`);
  if (/^\d{1,5}$/.test(target) && Number(target) >= 1 && Number(target) <= 65_535) return success(Number(target));
  const declared = ports.find((port) => port.name === target);
  if (declared) return success(declared.port);
  const known = ports.map((port) => port.name || `${port.port}`);
  return failed(
    'invalid',
    `pod ${name} declares no port ${target}${known.length > 0 ? `; it declares ${known.join(', ')}` : ''}`,
  );
}

function named(failure: Failure, what: string): { ok: false; failure: Failure } {
  return {
    ok: false,
    failure: failure.kind === 'notFound' ? { ...failure, message: `${what} no longer exists` } : failure,
  };
}
