// The objects of one cluster that Flux looks up while it builds others, and who looked them up.
import { type BuiltMap, textAt } from '../kustomize/built.ts';
import { type BuiltObject, idOf } from '../kustomize/objects.ts';
import { signatureOf } from '../kustomize/signature.ts';
import { controllerName, isStrict } from './flux-versions.ts';

/** State: the objects, by kind, then by namespace and name. */
export class ClusterObjects {
  readonly #objects = new Map<string, Map<string, BuiltMap>>();
  readonly #readers = new Map<string, Set<string>>();
  readonly #deferred = new Map<string, Deferred>();
  #strict: boolean | undefined;

  /**
   * Postpones what an applier brings until something of it is looked up. Returns false if something was already. What tells the
   * version of Flux must not be postponed.
   */
  defer(applier: string, deferred: Deferred): boolean {
    for (const read of this.#readers.keys()) {
      const [kind, of] = read.split(' ');
      if (!versioned.has(kind!) && deferred.has(kind!, of?.slice(of.indexOf('/') + 1))) return false;
    }
    this.#deferred.set(applier, deferred);
    return true;
  }

  #settle(kind: string, name?: string): void {
    for (const [applier, deferred] of this.#deferred) {
      if (!deferred.has(kind, name)) continue;
      this.#deferred.delete(applier);
      deferred.apply();
    }
  }

  find(reader: string, kind: string, namespace: string, name: string): BuiltMap | undefined {
    this.#note(`${kind} ${namespace}/${name}`, reader);
    this.#settle(kind, name);
    return this.#objects.get(kind)?.get(`${namespace}/${name}`);
  }

  all(reader: string, kind: string): readonly BuiltMap[] {
    this.#note(kind, reader);
    this.#settle(kind);
    return this.#ofKind(kind);
  }

  /** Whether the cluster's Flux requires that variables are set. */
  isStrict(reader: string): boolean {
    for (const kind of versioned) this.#note(kind, reader);
    return (this.#strict ??= isStrict((kind) => this.#ofKind(kind)));
  }

  /** Adds objects; returns who looked up what changed. */
  register(objects: readonly BuiltObject[]): ReadonlySet<string> {
    const outdated = new Set<string>();
    for (const { value } of objects) {
      if (!isLookedUp(value)) continue;
      const { gvk, namespace, name } = idOf(value);
      const { kind } = gvk;
      let ofKind = this.#objects.get(kind);
      if (!ofKind) this.#objects.set(kind, (ofKind = new Map()));
      const key = `${namespace}/${name}`;
      const before = ofKind.get(key);
      if (before === value || (before && signatureOf(before) === signatureOf(value))) continue;
      ofKind.set(key, value);
      if (versioned.has(kind)) this.#strict = undefined;
      for (const read of [`${kind} ${key}`, kind])
        for (const reader of this.#readers.get(read) ?? []) outdated.add(reader);
    }
    return outdated;
  }

  #ofKind(kind: string): readonly BuiltMap[] {
    return [...(this.#objects.get(kind)?.values() ?? [])];
  }

  #note(read: string, reader: string): void {
    const readers = this.#readers.get(read);
    if (readers) readers.add(reader);
    else this.#readers.set(read, new Set([reader]));
  }
}

/** What an applier may bring to the cluster. */
export interface Deferred {
  /** Whether it may bring an object of the kind with the name, or with any. */
  has(kind: string, name?: string): boolean;
  /** Brings its objects. */
  apply(): void;
}

/** The kinds that tell the version of Flux. */
const versioned: ReadonlySet<string> = new Set(['Deployment', 'FluxInstance']);

/** Whether other objects are built with it. */
export function isLookedUp(value: BuiltMap): boolean {
  const kind = textAt(value, ['kind']) ?? '';
  return lookedUp.has(kind) && (kind !== 'Deployment' || textAt(value, ['metadata', 'name']) === controllerName);
}

const lookedUp: ReadonlySet<string> = new Set([
  ...['ConfigMap', 'Secret', 'GitRepository', 'OCIRepository', 'Bucket', 'ArtifactGenerator'],
  ...['ResourceSetInputProvider', ...versioned],
]);
