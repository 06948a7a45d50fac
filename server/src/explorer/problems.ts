// What is wrong in all open clusters. While somebody looks, the pods of what isn't ready, nodes and Jobs are asked for, again
// when the objects have changed or after a minute; otherwise only what is watched counts, and nothing is requested.
import { aroundOf, causesOf, hasPods, sickWorkloads } from '../engine/session/causes.ts';
import type { Fleet } from '../engine/session/fleet.ts';
import type { Session } from '../engine/session/session.ts';
import { knownHealth } from '../live/describe.ts';
import type { Diagnosis } from '../live/diagnosis.ts';
import type { HealthState } from '../live/health-state.ts';
import { keyOf, type LiveObject, type ObjectKey, objectKey } from '../live/object.ts';
import { type Findings, provenFailure, type Trouble, troublesIn } from '../live/troubles.ts';

/** Milliseconds. */
const look = 1_000;
const askAgain = { changed: 5_000, unchanged: 60_000, timeout: 20_000 } as const;
/** Objects whose pods are asked for at a time; where more are sick, the others follow. */
const mostAtOnce = 24;
/** Troubles of a context are computed at most this often. */
const pause = 250;

/** What was found of an object. */
interface Answer {
  readonly uid: string;
  readonly generation: number;
  readonly resourceVersion: string;
  readonly diagnoses: readonly Diagnosis[];
  /** When it was asked for; milliseconds of `performance.now()`. */
  readonly at: number;
}

/** Of one session. */
interface Known {
  readonly about: Map<ObjectKey, Answer>;
  around: readonly LiveObject[];
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
    const troubles = troublesIn(store, current(known, session));
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

  /** The state of an object, which its pods may prove to have failed while it still progresses by its own words. */
  stateOf(session: Session, object: LiveObject): HealthState {
    const { state } = knownHealth(object);
    return provenFailure(state, () => this.about(session, object)) ? 'failed' : state;
  }

  #of(session: Session): Known {
    let known = this.#known.get(session);
    if (!known) {
      known = { about: new Map(), around: [], asked: Number.NEGATIVE_INFINITY, asking: false, answers: 0 };
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
    const now = performance.now();
    const rested = now - known.asked;
    if (known.asking || rested < askAgain.changed) return;
    const due = (object: LiveObject) => isDue(object, known.about.get(objectKey(object)), now);
    if (rested < askAgain.unchanged && !sickWorkloads(session).some(due)) return;
    known.asking = true;
    try {
      const signal = AbortSignal.timeout(askAgain.timeout);
      known.around = await aroundOf(session, signal);
      const sick = [...sickWorkloads(session), ...known.around.filter(hasPods)];
      const since = (object: LiveObject) => known.about.get(objectKey(object))?.at ?? Number.NEGATIVE_INFINITY;
      const waiting = sick.filter(due).sort((a, b) => since(a) - since(b) || 0);
      const causes = await causesOf(session, waiting.slice(0, mostAtOnce), signal);
      const keys = new Set(sick.map(objectKey));
      for (const key of known.about.keys()) if (!keys.has(key)) known.about.delete(key);
      for (const object of waiting) {
        const { uid, generation, resourceVersion } = object;
        const diagnoses = causes.get(objectKey(object));
        if (diagnoses) known.about.set(objectKey(object), { uid, generation, resourceVersion, diagnoses, at: now });
      }
      known.answers++;
    } finally {
      known.asking = false;
      known.asked = performance.now();
    }
    this.#onFound([session.context]);
  }
}

function isDue({ resourceVersion }: LiveObject, known: Answer | undefined, now: number): boolean {
  return known?.resourceVersion !== resourceVersion || now - known.at >= askAgain.unchanged;
}

/** Without what was found of objects that were changed or replaced since. */
function current({ about, around }: Known, { store }: Session): Findings {
  const jobs = new Map(around.map((object) => [objectKey(object), object]));
  const causes = [...about].flatMap(([key, { uid, generation, diagnoses }]) => {
    const object = store.get(key) ?? jobs.get(key);
    const isSame = object?.uid === uid && object.generation === generation;
    return isSame && diagnoses.length > 0 ? [[key, diagnoses] as const] : [];
  });
  return { causes: new Map(causes), around };
}
