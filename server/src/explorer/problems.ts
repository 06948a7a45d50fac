// What is wrong in all open clusters. While somebody looks, the pods of what isn't ready, nodes and Jobs are asked for, again
// when the objects have changed or after a minute; otherwise only what is watched counts, and nothing is requested.
import { findingsOf, sickWorkloads } from '../engine/session/causes.ts';
import type { Fleet } from '../engine/session/fleet.ts';
import type { Session } from '../engine/session/session.ts';
import { keyOf, type LiveObject, type ObjectKey, objectKey } from '../live/object.ts';
import { type Findings, noFindings, type Trouble, troublesIn } from '../live/troubles.ts';

/** Milliseconds. */
const look = 1_000;
const askAgain = { changed: 5_000, unchanged: 60_000, timeout: 20_000 } as const;
/** Troubles of a context are computed at most this often. */
const pause = 250;

/** Of one session. */
interface Known {
  findings: Findings;
  /** The objects that the findings are about, as they were: `uid generation` by key. */
  about: ReadonlyMap<ObjectKey, string>;
  /** What was sick when it was asked for. */
  sick: string;
  asked: number;
  asking: boolean;
  /** Increases with each answer. */
  answers: number;
  made?: { readonly troubles: readonly Trouble[]; readonly of: string; readonly at: number };
}

export class Problems {
  readonly #fleet: Fleet;
  readonly #onFound: (contexts: readonly string[]) => void;
  readonly #known = new WeakMap<Session, Known>();
  readonly #byKey = new WeakMap<readonly Trouble[], ReadonlyMap<ObjectKey, Trouble>>();
  readonly #late = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #watch: NodeJS.Timeout | undefined;

  /** `onFound`: the troubles of these contexts may be others. */
  constructor(fleet: Fleet, onFound: (contexts: readonly string[]) => void) {
    this.#fleet = fleet;
    this.#onFound = onFound;
  }

  /** Whether somebody looks at them. */
  follow(isFollowed: boolean): void {
    if (isFollowed === (this.#watch !== undefined)) return;
    clearInterval(this.#watch);
    this.#watch = undefined;
    if (!isFollowed) return;
    this.#watch = setInterval(() => this.#look(), look);
    this.#watch.unref();
    this.#look();
  }

  dispose(): void {
    clearInterval(this.#watch);
    clearTimeout(this.#timer);
  }

  /** Those of one context, the worst first. */
  of(session: Session): readonly Trouble[] {
    const known = this.#of(session);
    const { store, context } = session;
    const of = `${store.revision} ${known.answers}`;
    const { made } = known;
    if (made?.of === of) return made.troubles;
    const now = performance.now();
    if (made && now - made.at < pause) {
      this.#later(context);
      return made.troubles;
    }
    const troubles = troublesIn(store.all(), current(known, session));
    known.made = { troubles, of, at: now };
    return troubles;
  }

  /** That of an object itself; of what only waits for another, undefined. */
  about(
    session: Session,
    { groupKind, namespace, name }: Pick<LiveObject, 'groupKind' | 'namespace' | 'name'>,
  ): Trouble | undefined {
    const troubles = this.of(session);
    let known = this.#byKey.get(troubles);
    if (!known) this.#byKey.set(troubles, (known = new Map(troubles.map((one) => [objectKey(one), one]))));
    return known.get(keyOf(groupKind, namespace, name));
  }

  #of(session: Session): Known {
    let known = this.#known.get(session);
    if (!known) {
      known = {
        findings: noFindings,
        about: new Map(),
        sick: '',
        asked: Number.NEGATIVE_INFINITY,
        asking: false,
        answers: 0,
      };
      this.#known.set(session, known);
    }
    return known;
  }

  #later(context: string): void {
    this.#late.add(context);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const contexts = [...this.#late];
      this.#late.clear();
      this.#onFound(contexts);
    }, pause);
    this.#timer.unref();
  }

  #look(): void {
    for (const session of this.#fleet.sessions.values()) if (session.state.is === 'live') void this.#ask(session);
  }

  async #ask(session: Session): Promise<void> {
    const known = this.#of(session);
    const since = performance.now() - known.asked;
    if (known.asking || since < askAgain.changed) return;
    const workloads = sickWorkloads(session);
    const sick = workloads.map((object) => `${objectKey(object)} ${object.resourceVersion}`).join();
    if (sick === known.sick && since < askAgain.unchanged) return;
    known.asking = true;
    try {
      known.findings = await findingsOf(session, AbortSignal.timeout(askAgain.timeout));
      known.about = new Map(workloads.map((object) => [objectKey(object), `${object.uid} ${object.generation}`]));
      known.sick = sick;
      known.answers++;
    } finally {
      known.asking = false;
      known.asked = performance.now();
    }
    this.#onFound([session.context]);
  }
}

/** Without what was found of objects that were changed or replaced since. */
function current({ findings, about }: Known, { store }: Session): Findings {
  const causes = [...findings.causes].filter(([key]) => {
    const object = store.get(key);
    return object !== undefined && about.get(key) === `${object.uid} ${object.generation}`;
  });
  return { ...findings, causes: new Map(causes) };
}
