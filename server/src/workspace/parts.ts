// The objects of one applier as its cluster gets them, with their references and what controllers create for them. Computed
// once for each result of the applier.
import { type GroupKind, groupKindOf } from '../kube/identity.ts';
import { kindRow } from '../kube/kinds.ts';
import { type Made, madeBy } from '../kube/made.ts';
import { referencesOf, type Use } from '../kube/references.ts';
import { type Built, type BuiltMap, builtAt } from '../kustomize/built.ts';
import { builtReader } from '../kustomize/built-reader.ts';
import { objectsOfInstance } from '../kustomize/flux-instance.ts';
import { knownText } from '../kustomize/flux-kustomization.ts';
import { idOf } from '../kustomize/objects.ts';
import type { Applier } from './cluster.ts';

/** An object as a cluster gets it. */
export interface AppliedObject {
  readonly value: BuiltMap;
  readonly groupKind: GroupKind;
  /** Empty if the kind is cluster-scoped, and where none is set. */
  readonly namespace: string;
  readonly name: string;
  readonly applier: Applier;
}

/** The scopes of the kinds that are known. */
export type Scopes = ReadonlyMap<GroupKind, 'Cluster' | 'Namespaced'>;

/** What is known of the objects of an applier; the same in every state of its cluster. */
export interface Part {
  readonly applier: Applier;
  readonly scopes: Scopes;
  readonly objects: readonly AppliedObject[];
  /** The kinds of objects whose names are unknown. */
  readonly unnamed: readonly GroupKind[];
  readonly made: readonly MadeFor[];
  /** Equal for two parts whose objects have the same names, and create others of the same names. */
  readonly label: string;
}

/** What a controller creates for an object. */
export interface MadeFor {
  readonly made: Made;
  readonly by: AppliedObject;
}

const parts = new WeakMap<Applier, Part>();

/** `earlier` is that of the applier in another state: what is made for an object that stayed the same stays the same. */
export function partOf(applier: Applier, scopes: Scopes, earlier?: Part): Part {
  const before = parts.get(applier);
  if (before?.scopes === scopes) return before;
  const objects = applier.result.objects.flatMap(({ value }) =>
    [value, ...objectsOfInstance(value)].map((one): AppliedObject => {
      const { gvk, name, namespace } = idOf(one);
      const groupKind = groupKindOf(gvk);
      return { value: one, groupKind, namespace: scopes.get(groupKind) === 'Cluster' ? '' : namespace, name, applier };
    }),
  );
  const isNamed = ({ value }: AppliedObject) => knownText(builtAt(value, ['metadata', 'name'])) !== undefined;
  const unnamed = objects.flatMap((object) => (isNamed(object) ? [] : object.groupKind));
  // A release with a kubeconfig creates its objects in another cluster.
  const earlierMade = earlier?.scopes === scopes ? earlierMadeFor(earlier) : undefined;
  const made = objects.flatMap((by, index) => {
    const known = earlierMade?.(by.value, index);
    if (known) return known.map((one): MadeFor => ({ made: one.made, by }));
    return builtAt(by.value, ['spec', 'kubeConfig'])
      ? []
      : madeBy<Built>(by.groupKind, by.value, by.namespace, builtReader).map((one): MadeFor => ({ made: one, by }));
  });
  const names = objects.map(({ groupKind, namespace, name }) => `${groupKind} ${namespace}/${name}`);
  const label = JSON.stringify([applier.name, names, unnamed, made.map((one) => one.made)]);
  const now: Part = { applier, scopes, objects, unnamed, made, label };
  parts.set(applier, now);
  return now;
}

type FindMade = (value: BuiltMap, index: number) => readonly MadeFor[] | undefined;

/** What was made for the object in its place; undefined if another was there. To be asked in the order of the objects. */
function earlierMadeFor({ objects, made }: Part): FindMade {
  let at = 0;
  return (value, index) => {
    const object = objects[index];
    const from = at;
    while (object && made[at]?.by === object) at += 1;
    return object?.value === value ? made.slice(from, at) : undefined;
  };
}

const uses = new WeakMap<BuiltMap, readonly Use<Built>[]>();

const none: readonly Use<Built>[] = [];

/** The references of an object. */
export function usesOf({ value, groupKind }: AppliedObject): readonly Use<Built>[] {
  const row = kindRow(groupKind);
  if (!row?.references) return none;
  const before = uses.get(value);
  if (before) return before;
  const found = referencesOf<Built>(value, row, builtReader);
  uses.set(value, found);
  return found;
}
