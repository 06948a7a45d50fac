// The live objects of one cluster, trimmed, by identity. An object recreated under its name keeps its key and changes
// its uid. Changes are told in batches, at most five a second, whatever the rate they come at.
import type { GroupKind } from '../kube/identity.ts';
import { type LiveObject, type ObjectKey, objectKey } from '../live/object.ts';

export interface Change {
  readonly key: ObjectKey;
  readonly before?: LiveObject;
  readonly after?: LiveObject;
}

const batchInterval = 200;

export class Store {
  readonly #objects = new Map<ObjectKey, LiveObject>();
  readonly #byKind = new Map<GroupKind, Map<ObjectKey, LiveObject>>();
  readonly #byOwner = new Map<string, Set<ObjectKey>>();
  readonly #onBatch: (changes: ReadonlyMap<ObjectKey, Change>) => void;
  #pending = new Map<ObjectKey, Change>();
  #timer: NodeJS.Timeout | undefined;
  #flushed = 0;
  #revision = 0;
  #structure = 0;

  constructor(onBatch: (changes: ReadonlyMap<ObjectKey, Change>) => void) {
    this.#onBatch = onBatch;
  }

  get size(): number {
    return this.#objects.size;
  }

  /** Grows with each change: what was made of the store holds while it is the same. */
  get revision(): number {
    return this.#revision;
  }

  /** Grows when an object comes, goes or may belong elsewhere, not with each of its states. */
  get structure(): number {
    return this.#structure;
  }

  /** Changes that weren't told yet. */
  get unsettled(): boolean {
    return this.#pending.size > 0;
  }

  get(key: ObjectKey): LiveObject | undefined {
    return this.#objects.get(key);
  }

  ofKind(groupKind: GroupKind): Iterable<LiveObject> {
    return this.#byKind.get(groupKind)?.values() ?? [];
  }

  countOf(groupKind: GroupKind): number {
    return this.#byKind.get(groupKind)?.size ?? 0;
  }

  kinds(): readonly GroupKind[] {
    return [...this.#byKind.keys()];
  }

  all(): Iterable<LiveObject> {
    return this.#objects.values();
  }

  /** Objects with an owner reference to this uid. */
  ownedBy(uid: string): readonly LiveObject[] {
    return [...(this.#byOwner.get(uid) ?? [])].map((key) => this.#objects.get(key)!);
  }

  put(object: LiveObject): void {
    const key = objectKey(object);
    const before = this.#objects.get(key);
    if (before?.uid === object.uid && before.resourceVersion === object.resourceVersion) return;
    if (before) this.#unown(key, before);
    this.#objects.set(key, object);
    let kind = this.#byKind.get(object.groupKind);
    if (!kind) this.#byKind.set(object.groupKind, (kind = new Map()));
    kind.set(key, object);
    for (const { uid } of object.owners) {
      const owned = this.#byOwner.get(uid);
      if (owned) owned.add(key);
      else this.#byOwner.set(uid, new Set([key]));
    }
    this.#note({ key, ...(before ? { before } : {}), after: object });
  }

  /** With a uid, only that very object: a late event of an earlier one of the name doesn't take the new one away. */
  remove(key: ObjectKey, uid?: string): void {
    const before = this.#objects.get(key);
    if (!before || (uid !== undefined && before.uid !== uid)) return;
    this.#unown(key, before);
    this.#objects.delete(key);
    const kind = this.#byKind.get(before.groupKind);
    kind?.delete(key);
    if (kind?.size === 0) this.#byKind.delete(before.groupKind);
    this.#note({ key, before });
  }

  /** A whole list of one kind: what isn't in it is gone. */
  replace(groupKind: GroupKind, objects: Iterable<LiveObject>): void {
    const kept = new Set<ObjectKey>();
    for (const object of objects) {
      kept.add(objectKey(object));
      this.put(object);
    }
    for (const key of [...(this.#byKind.get(groupKind)?.keys() ?? [])]) if (!kept.has(key)) this.remove(key);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending = new Map();
    this.#revision++;
    this.#structure++;
    this.#objects.clear();
    this.#byKind.clear();
    this.#byOwner.clear();
  }

  #unown(key: ObjectKey, { owners }: LiveObject): void {
    for (const { uid } of owners) {
      const owned = this.#byOwner.get(uid);
      owned?.delete(key);
      if (owned?.size === 0) this.#byOwner.delete(uid);
    }
  }

  #note(change: Change): void {
    this.#revision++;
    if (isMoved(change)) this.#structure++;
    // Of several changes in one batch the first state before and the last after count.
    const pending = this.#pending.get(change.key);
    const before = pending ? pending.before : change.before;
    this.#pending.set(change.key, {
      key: change.key,
      ...(before ? { before } : {}),
      ...(change.after ? { after: change.after } : {}),
    });
    if (this.#timer) return;
    const wait = Math.max(0, this.#flushed + batchInterval - performance.now());
    this.#timer = setTimeout(() => this.#flush(), wait);
    this.#timer.unref();
  }

  #flush(): void {
    this.#timer = undefined;
    this.#flushed = performance.now();
    const changes = this.#pending;
    this.#pending = new Map();
    this.#onBatch(changes);
  }
}

/** Its place in a tree is told by its owners and labels. */
function isMoved({ before, after }: Change): boolean {
  if (!before || !after || before.uid !== after.uid) return true;
  return (
    JSON.stringify(before.owners) !== JSON.stringify(after.owners) ||
    JSON.stringify(before.labels) !== JSON.stringify(after.labels)
  );
}
