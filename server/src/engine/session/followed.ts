// Objects of kinds that a context doesn't watch, such as the pods of one workload: followed in their scope while somebody looks
// at them, then released. Nothing is ever followed over a whole cluster.
import { type GroupKind, groupKindOf, kindName } from '../../kube/identity.ts';
import { isMoved } from '../../live/forest.ts';
import { type LiveObject, type ObjectKey, objectKey, trim } from '../../live/object.ts';
import type { Failure } from '../failure.ts';
import { collectionPath } from '../watch/discovery.ts';
import { Reflector } from '../watch/reflector.ts';
import { isListOnly } from '../watch/reflector-state.ts';
import type { Session } from './session.ts';

/** The objects of a kind in a namespace, by labels if there is a selector. */
export interface Scope {
  readonly groupKind: GroupKind;
  readonly namespace: string;
  readonly labelSelector: string;
}

interface Follower {
  readonly reflector: Reflector<LiveObject>;
  readonly objects: Map<ObjectKey, LiveObject>;
  isListed: boolean;
  failure: Failure | undefined;
}

/** Changes are reported at most this often, in milliseconds. */
const pause = 200;

export class Followed {
  readonly #session: Session;
  readonly #onChange: () => void;
  readonly #followers = new Map<string, Follower>();
  #timer: NodeJS.Timeout | undefined;
  #structure = 0;
  #revision = 0;

  constructor(session: Session, onChange: () => void) {
    this.#session = session;
    this.#onChange = onChange;
  }

  /** As in Store. */
  get structure(): number {
    return this.#structure;
  }

  get revision(): number {
    return this.#revision;
  }

  get(key: ObjectKey): LiveObject | undefined {
    for (const { objects } of this.#followers.values()) {
      const found = objects.get(key);
      if (found) return found;
    }
    return undefined;
  }

  /** Scopes may overlap; each object is one. */
  entries(): ReadonlyMap<ObjectKey, LiveObject> {
    return new Map([...this.#followers.values()].flatMap(({ objects }) => [...objects]));
  }

  /** The failures of these scopes: what can't be listed. */
  failuresOf(scopes: readonly Scope[]): readonly { readonly kind: string; readonly failure: Failure }[] {
    return scopes.flatMap((scope) => {
      const failure = this.#followers.get(keyOf(scope))?.failure;
      return failure ? [{ kind: kindName(scope.groupKind), failure }] : [];
    });
  }

  /** Follows these scopes and no others. */
  want(scopes: readonly Scope[]): void {
    const wanted = new Map(scopes.map((scope) => [keyOf(scope), scope]));
    for (const [key, { reflector, objects }] of this.#followers) {
      if (wanted.has(key)) continue;
      this.#followers.delete(key);
      void reflector.stop();
      if (objects.size > 0) this.#moved();
    }
    for (const [key, scope] of wanted) if (!this.#followers.has(key)) this.#start(key, scope);
  }

  /** Waits until the scopes are listed or can't be, at most `timeout` milliseconds. */
  async settled(scopes: readonly Scope[], timeout: number): Promise<void> {
    const until = performance.now() + timeout;
    const isPending = (scope: Scope) => {
      const follower = this.#followers.get(keyOf(scope));
      return follower !== undefined && !follower.isListed && follower.failure === undefined;
    };
    while (scopes.some(isPending) && performance.now() < until) await new Promise((done) => setTimeout(done, 15));
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    const running = [...this.#followers.values()];
    this.#followers.clear();
    await Promise.all(running.map(({ reflector }) => reflector.stop()));
  }

  #start(key: string, { groupKind, namespace, labelSelector }: Scope): void {
    const { transport, discovery, reach } = this.#session;
    const resource = discovery?.resources.get(groupKind);
    if (!transport || !resource) return;
    const objects = new Map<ObjectKey, LiveObject>();
    const isCurrent = () => this.#followers.get(key) === follower;
    const put = (object: LiveObject) => {
      const own = objectKey(object);
      const before = objects.get(own);
      objects.set(own, object);
      if (isMoved(before, object)) this.#moved();
      else this.#changed();
    };
    const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
    const reflector: Reflector<LiveObject> = new Reflector<LiveObject>({
      ...{ transport, path: collectionPath(resource, namespace), metadataOnly: false, follows: true, gate: reach },
      ...(labelSelector === '' ? {} : { selectors: { labelSelector } }),
      log: () => undefined,
      sink: {
        read: (raw) => trim(raw, apiVersion, resource.kind),
        replace: (listed) => {
          if (!isCurrent()) return;
          const kept = new Set(listed.map(objectKey));
          for (const own of [...objects.keys()]) if (!kept.has(own)) objects.delete(own);
          for (const object of listed) put(object);
          follower.isListed = true;
          this.#moved();
        },
        put: (object) => {
          if (isCurrent()) put(object);
        },
        remove: (object) => {
          if (isCurrent() && objects.delete(objectKey(object))) this.#moved();
        },
        state: (state) => {
          if (!isCurrent()) return;
          const { failure } = state;
          const before = follower.failure?.kind;
          follower.failure = isListOnly(state) ? undefined : failure;
          if (before !== follower.failure?.kind) this.#changed();
        },
      },
    });
    const follower: Follower = { reflector, objects, isListed: false, failure: undefined };
    this.#followers.set(key, follower);
  }

  #moved(): void {
    this.#structure++;
    this.#changed();
  }

  #changed(): void {
    this.#revision++;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#onChange();
    }, pause);
    this.#timer.unref();
  }
}

function keyOf({ groupKind, namespace, labelSelector }: Scope): string {
  return `${groupKind}|${namespace}|${labelSelector}`;
}

/** Kinds that are followed and never watched. */
export const followedKinds = {
  pods: groupKindOf({ group: '', kind: 'Pod' }),
  replicaSets: groupKindOf({ group: 'apps', kind: 'ReplicaSet' }),
  jobs: groupKindOf({ group: 'batch', kind: 'Job' }),
  cronJobs: groupKindOf({ group: 'batch', kind: 'CronJob' }),
  autoscalers: groupKindOf({ group: 'autoscaling', kind: 'HorizontalPodAutoscaler' }),
  claims: groupKindOf({ group: '', kind: 'PersistentVolumeClaim' }),
} as const;
