// The trimmed live objects of one cluster, keyed by identity: a recreated object keeps its key and changes its uid.
// Changes are reported in batches, at most five a second. Beyond a limit objects are only counted, which bounds the memory
// for a cluster of any size while their existence remains known.
import type { GroupKind } from '../../kube/identity.ts';
import { isWell } from '../../live/describe.ts';
import { isMoved } from '../../live/forest.ts';
import { type LiveObject, type ObjectKey, objectKey } from '../../live/object.ts';

export interface Change {
  readonly key: ObjectKey;
  readonly before?: LiveObject;
  readonly after?: LiveObject;
}

export interface StoreOptions {
  readonly onBatch: (changes: ReadonlyMap<ObjectKey, Change>) => void;
  /** Maximum number of objects kept; default unlimited. */
  readonly limit?: number;
  /** There is room again for objects of a kind that are only counted; a relist would add them. */
  readonly onRoom?: (groupKind: GroupKind) => void;
}

const batchInterval = 200;
/** Room is reported when a tenth of the limit is free: a relist for each removed object would be too many. */
const roomShare = 0.9;

export class Store {
  readonly #objects = new Map<ObjectKey, LiveObject>();
  readonly #byKind = new Map<GroupKind, Map<ObjectKey, LiveObject>>();
  readonly #byOwner = new Map<string, Set<ObjectKey>>();
  readonly #unwell = new Map<ObjectKey, LiveObject>();
  /** Keys of what has changed since `unwell` was asked for. */
  readonly #unjudged = new Set<ObjectKey>();
  /** Keys of objects that exist but aren't kept. */
  readonly #counted = new Map<GroupKind, Set<ObjectKey>>();
  readonly #options: StoreOptions;
  #pending = new Map<ObjectKey, Change>();
  #timer: NodeJS.Timeout | undefined;
  // The first batch waits for none.
  #flushed = Number.NEGATIVE_INFINITY;
  #revision = 0;
  #structure = 0;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  get limit(): number {
    return this.#options.limit ?? Number.POSITIVE_INFINITY;
  }

  get size(): number {
    return this.#objects.size;
  }

  /** Number of objects that exist but aren't kept, of one kind or of all. */
  counted(groupKind?: GroupKind): number {
    if (groupKind !== undefined) return this.#counted.get(groupKind)?.size ?? 0;
    return [...this.#counted.values()].reduce((sum, keys) => sum + keys.size, 0);
  }

  /** Increases with each change: values derived from the store are valid while it is unchanged. */
  get revision(): number {
    return this.#revision;
  }

  /** Increases when an object is added, removed or may have moved in a tree, not with each change of its state. */
  get structure(): number {
    return this.#structure;
  }

  get(key: ObjectKey): LiveObject | undefined {
    return this.#objects.get(key);
  }

  ofKind(groupKind: GroupKind): Iterable<LiveObject> {
    return this.#byKind.get(groupKind)?.values() ?? [];
  }

  /** Number of objects of a kind, kept or not. */
  countOf(groupKind: GroupKind): number {
    return (this.#byKind.get(groupKind)?.size ?? 0) + this.counted(groupKind);
  }

  kinds(): readonly GroupKind[] {
    return [...this.#byKind.keys()];
  }

  all(): Iterable<LiveObject> {
    return this.#objects.values();
  }

  /** With their keys, which are expensive to make again for each of ten thousand objects. */
  entries(): Iterable<readonly [ObjectKey, LiveObject]> {
    return this.#objects.entries();
  }

  /**
   * The objects that aren't well: what counts and problems are made of, several times a second, without a look at the many that
   * are.
   */
  unwell(): ReadonlyMap<ObjectKey, LiveObject> {
    for (const key of this.#unjudged) {
      const object = this.#objects.get(key);
      if (object && !isWell(object)) this.#unwell.set(key, object);
      else this.#unwell.delete(key);
    }
    this.#unjudged.clear();
    return this.#unwell;
  }

  /** Objects with an owner reference to this uid. */
  ownedBy(uid: string): readonly LiveObject[] {
    return [...(this.#byOwner.get(uid) ?? [])].map((key) => this.#objects.get(key)!);
  }

  put(object: LiveObject): void {
    const key = objectKey(object);
    const before = this.#objects.get(key);
    if (before?.uid === object.uid && before.resourceVersion === object.resourceVersion) return;
    if (!before && this.#objects.size >= this.limit) {
      this.#count(object.groupKind, key);
      return;
    }
    this.#uncount(key, object.groupKind);
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

  /** With a uid, removes only that object: a late event of an earlier object doesn't remove a new one of the same name. */
  remove(key: ObjectKey, groupKind: GroupKind, uid?: string): void {
    this.#uncount(key, groupKind);
    const before = this.#objects.get(key);
    if (!before || (uid !== undefined && before.uid !== uid)) return;
    this.#unown(key, before);
    this.#objects.delete(key);
    const kind = this.#byKind.get(before.groupKind);
    kind?.delete(key);
    if (kind?.size === 0) this.#byKind.delete(before.groupKind);
    this.#note({ key, before });
  }

  /** Applies a complete list of one kind: others are removed. Objects in it beyond the limit may be identities only. */
  replace(groupKind: GroupKind, objects: readonly LiveObject[]): void {
    const listed = new Set(objects.map(objectKey));
    const beyond = objects.length > this.limit ? objects.slice(this.limit).map(objectKey) : [];
    for (const key of beyond) listed.delete(key);
    for (const key of [...(this.#byKind.get(groupKind)?.keys() ?? []), ...(this.#counted.get(groupKind) ?? [])])
      if (!listed.has(key)) this.remove(key, groupKind);
    for (const object of beyond.length > 0 ? objects.slice(0, this.limit) : objects) this.put(object);
    for (const key of beyond) this.#count(groupKind, key);
  }

  /** Reports changes that wait for their time. */
  flush(): void {
    clearTimeout(this.#timer);
    if (this.#pending.size > 0) this.#flush();
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
    this.#counted.clear();
    this.#unwell.clear();
    this.#unjudged.clear();
  }

  #count(groupKind: GroupKind, key: ObjectKey): void {
    let keys = this.#counted.get(groupKind);
    if (!keys) this.#counted.set(groupKind, (keys = new Set()));
    if (keys.has(key)) return;
    keys.add(key);
    this.#note({ key });
  }

  #uncount(key: ObjectKey, groupKind: GroupKind): void {
    const keys = this.#counted.get(groupKind);
    if (!keys?.delete(key)) return;
    if (keys.size === 0) this.#counted.delete(groupKind);
    this.#note({ key });
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
    this.#unjudged.add(change.key);
    if (isMoved(change.before, change.after)) this.#structure++;
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
    this.#options.onBatch(changes);
    if (this.#objects.size <= this.limit * roomShare)
      for (const groupKind of [...this.#counted.keys()]) this.#options.onRoom?.(groupKind);
  }
}
