// Objects that no context watches, looked up by name for "Go to Object": pods, and the instances of a kind that the query names.
// Only their metadata is read, up to a number of each kind, and forgotten soon after.
import type { Session } from '../engine/session/session.ts';
import { collectionPath, type Resource } from '../engine/watch/discovery.ts';
import { form } from '../engine/watch/reflector.ts';
import { apiVersionOf, type GroupKind } from '../kube/identity.ts';
import { fields, list, text } from '../live/fields.ts';
import { type LiveObject, trim } from '../live/object.ts';

/** Milliseconds after which a list is read again if it is asked for, and pages of 500 that are read of a kind. */
const limits = { again: 15_000, timeout: 10_000, pages: 10 } as const;

interface Known {
  objects: readonly LiveObject[];
  /** When it was read. */
  at: number;
  reading: boolean;
}

const podKind: GroupKind = '/Pod';

export class Sought {
  readonly #known = new WeakMap<Session, Map<GroupKind, Known>>();

  /** What is known of these kinds now; what isn't is read, and `isPending` until that is over. */
  of(
    session: Session,
    words: readonly string[],
  ): { readonly objects: readonly LiveObject[]; readonly isPending: boolean } {
    const kinds = soughtKinds(session, words);
    let all = this.#known.get(session);
    if (!all) this.#known.set(session, (all = new Map()));
    const now = performance.now();
    const found = kinds.map(([kind, resource]) => {
      let known = all.get(kind);
      if (!known) all.set(kind, (known = { objects: [], at: Number.NEGATIVE_INFINITY, reading: false }));
      if (!known.reading && now - known.at > limits.again) void read(session, resource, known);
      return known;
    });
    return {
      objects: found.flatMap(({ objects }) => objects),
      // A list that was read once is shown while it is read again.
      isPending: found.some(({ reading, at }) => reading && at === Number.NEGATIVE_INFINITY),
    };
  }
}

/** Pods for any query of some letters, other kinds if a word is one of their names. What is watched is in the store already. */
function soughtKinds(
  { discovery, kinds, state }: Session,
  words: readonly string[],
): readonly (readonly [GroupKind, Resource])[] {
  if (!discovery || state.is !== 'live' || !words.some((word) => word.length >= shortest)) return [];
  return [...discovery.resources].filter(([groupKind, { kind, plural, singular, shortNames, verbs }]) => {
    if (kinds.has(groupKind) || !verbs.includes('list')) return false;
    if (groupKind === podKind) return true;
    return words.some((word) => [kind.toLowerCase(), plural, singular, ...shortNames].includes(word));
  });
}

/** Letters of a word from which on pods are listed. */
const shortest = 2;

async function read({ transport }: Session, resource: Resource, known: Known): Promise<void> {
  if (!transport) return;
  known.reading = true;
  const objects: LiveObject[] = [];
  const signal = AbortSignal.timeout(limits.timeout);
  let page: string | undefined;
  let isRead = true;
  for (let pages = 0; pages === 0 || (page !== undefined && pages < limits.pages); pages++) {
    const query = new URLSearchParams({ limit: '500', ...(page === undefined ? {} : { continue: page }) });
    const path = `${collectionPath(resource)}?${query}`;
    const answer = await transport.json<unknown>({ path, accept: form('PartialObjectMetadataList'), signal });
    // Who may not list the kind finds what is watched.
    if (!answer.ok) {
      isRead = pages > 0;
      break;
    }
    for (const item of list(answer.value, 'items')) {
      const object = trim({ ...fields(item), apiVersion: apiVersionOf(resource), kind: resource.kind });
      if (object) objects.push(object);
    }
    page = text(answer.value, 'metadata', 'continue') || undefined;
  }
  if (isRead) known.objects = objects;
  known.at = performance.now();
  known.reading = false;
}
