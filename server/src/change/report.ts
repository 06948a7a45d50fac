// What a change does, as data for people and programs: equal changes of several clusters are one entry, and what can't be undone
// comes first.
import { groupedBy } from '../kube/grouped.ts';
import { wordsOf } from '../kustomize/build-words.ts';
import { type BuiltMap, builtValue, type Origin, textAt } from '../kustomize/built.ts';
import { fluxSentence } from '../kustomize/flux-words.ts';
import { gvkIn } from '../kustomize/objects.ts';
import type { SchemaStore } from '../schema/schema.ts';
import { withoutCredentials } from '../syntax/credentials.ts';
import { judge } from '../validation/judge.ts';
import type { Problem } from '../validation/problem.ts';
import { sentenceWithoutValue } from '../validation/words.ts';
import type { Applier } from '../workspace/cluster.ts';
import type { Comparison, Gap, ObjectChange, Surroundings, TargetComparison } from './comparison.ts';
import type { FieldChange } from './fields.ts';
import { imageChanges } from './images.ts';
import { machineChange } from './machines.ts';
import { type Loss, lossOf, rankOf, type WhyKept } from './removal.ts';
import { isCopied, isHiddenAt, type SecretPlaces, type Shown, shownAt } from './shown.ts';
import type { TargetObject } from './target-object.ts';

export interface Report {
  /** The clusters, kustomizations and files that change. */
  readonly targets: readonly ReportedTarget[];
  /** In the order of their kinds in `entryKinds`; the worst losses first. */
  readonly entries: readonly Entry[];
  readonly images: readonly ImageChange[];
  readonly gaps: readonly ReportedGap[];
}

export interface ReportedTarget {
  readonly is: 'cluster' | 'kustomization' | 'files';
  /** The cluster's name, or the folder of the kustomization. */
  readonly name: string;
  readonly was?: string;
  readonly only?: 'old' | 'new';
  /** The number of objects of a target that only one side has. */
  readonly objects?: number;
  /** Flux can't build anything of the cluster any more, and keeps its objects; they have no entries. */
  readonly isAbandoned?: true;
}

/** Those that can't be undone first. */
export const entryKinds = [
  /** Its applier deletes the object. */
  'pruned',
  /** The API server refuses the change of a field that can't change. */
  'refused',
  /** Flux deletes the object and creates it again, because of `force`. */
  'recreated',
  /** Machines are replaced, or a template of machines is changed in place. */
  'machines',
  /** Another applier has it now: the former may delete it before the other applies it again. */
  'moved',
  /** It is no longer applied and stays in the cluster. */
  'kept',
  /** It is no longer built; nothing tells whether anybody deletes it. */
  'dropped',
  'changed',
  'created',
] as const;

export type EntryKind = (typeof entryKinds)[number];

export interface Entry {
  readonly is: EntryKind;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** The former name, which ended in another hash of the content. */
  readonly wasName?: string;
  /** The names of the targets in which the change is the same. */
  readonly targets: readonly string[];
  /** `namespace/name` of the Flux Kustomization or ResourceSet; of what Helm renders, `HelmRelease namespace/name`. */
  readonly by?: string;
  readonly wasBy?: string;
  /** The applier is suspended: nothing happens before it is resumed. */
  readonly suspended?: true;
  /** What goes with an object that is deleted. */
  readonly loss?: Loss;
  readonly why?: WhyKept;
  /** Why the API server refuses the change. */
  readonly problems?: readonly string[];
  readonly machines?: 'rolls' | 'template';
  /** Where the object begins, relative to the root; of an object that goes, where it was. */
  readonly origin: Origin;
  readonly fields: readonly ReportedField[];
}

/** Added without `was`, removed without `now`. */
export interface ReportedField {
  readonly field: string;
  readonly was?: Shown;
  readonly now?: Shown;
  /** A value of a Secret changes: neither is shown. */
  readonly isHidden?: true;
  /** The items are the same in another order. */
  readonly isReordered?: true;
}

export interface ImageChange {
  readonly image: string;
  /** Tags or digests; absent if the image is new, or no longer used. */
  readonly was?: string;
  readonly now?: string;
  readonly targets: readonly string[];
}

export interface ReportedGap {
  readonly applier: string;
  /** It is applied by hand, if at all. */
  readonly byHand?: true;
  readonly targets: readonly string[];
  readonly side: Gap['side'];
  readonly is: Gap['why']['is'];
  /** The refusal, the fields that aren't built, or the applier that can't be built. */
  readonly words: string;
  readonly origin?: Origin;
  readonly objects: number;
}

export function reportOf({ targets }: Comparison, { storeFor }: Pick<Surroundings, 'storeFor'>): Report {
  const judged = new Map<string, Omit<Entry, 'targets'>>();
  const compared = targets.filter((target) => !isAbandoned(target));
  const found = compared.flatMap((target) =>
    target.objects.map((object) => {
      const entry = entryOf(object, target.secrets, storeFor);
      // Values that are hidden differ too: an equal change is one of equal values.
      const key = JSON.stringify([{ ...entry, origin: undefined }, valuesOf(object)], plainJson);
      judged.set(key, judged.get(key) ?? entry);
      return [key, labelOf(target)] as const;
    }),
  );
  const entries = [...groupedBy(found, ([key]) => key)].map(([key, same]): Entry => {
    return { ...judged.get(key)!, targets: [...new Set(same.map(([, label]) => label))] };
  });
  return {
    targets: targets.map((target) => ({
      ...{ is: target.is, name: target.name },
      ...(target.was !== undefined && { was: target.was }),
      ...(target.only && { only: target.only, objects: target.objects.length }),
      ...(isAbandoned(target) && { isAbandoned: true as const }),
    })),
    entries: entries.toSorted(byWeight),
    images: imagesOf(compared),
    gaps: gapsOf(targets),
  };
}

function isAbandoned({ only, objects }: TargetComparison): boolean {
  return only === 'old' && objects.every(({ fate }) => fate?.is === 'kept' && fate.why === 'no-path');
}

/** In the place of a cluster's name: nothing applies the files. */
export const filesLabel = 'files';

export function labelOf({ is, name }: Pick<TargetComparison, 'is' | 'name'>): string {
  if (is === 'files') return filesLabel;
  return is === 'kustomization' ? `${name === '' ? '.' : name}/` : name;
}

/** Whether a label is that of a kustomization. */
export function isFolderLabel(label: string): boolean {
  return label.endsWith('/');
}

function plainJson(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function valuesOf({ fields }: ObjectChange): readonly unknown[] {
  return fields.map(({ was, now }) => [was, now].map((built) => (built?.kind === 'scalar' ? built.text : undefined)));
}

function byWeight(a: Entry, b: Entry): number {
  return (
    entryKinds.indexOf(a.is) - entryKinds.indexOf(b.is) ||
    rankOf(a.loss) - rankOf(b.loss) ||
    compare(a.targets.join(), b.targets.join()) ||
    compare(a.namespace ?? '', b.namespace ?? '') ||
    compare(a.kind, b.kind) ||
    compare(a.name, b.name)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function entryOf(
  change: ObjectChange,
  secrets: SecretPlaces,
  storeFor: (path: string) => SchemaStore,
): Omit<Entry, 'targets'> {
  const { was, now, namespace, name, groupKind, fields } = change;
  const { value } = (now ?? was)!;
  const by = deliveredBy(now);
  const wasBy = deliveredBy(was);
  const machines = was && now ? machinesOf(change) : undefined;
  const problems = was && now && fields.length > 0 ? refusals(was.value, now.value, storeFor) : [];
  const loss = now ? undefined : lossOf(groupKind);
  return {
    is: kindOf(change, problems.length > 0, machines !== undefined),
    apiVersion: textAt(value, ['apiVersion']) ?? '',
    kind: gvkIn(value).kind,
    ...(namespace !== '' && { namespace }),
    name,
    ...(was && was.name !== name && { wasName: was.name }),
    ...((by ?? wasBy) !== undefined && { by: by ?? wasBy! }),
    ...(by !== undefined && wasBy !== undefined && by !== wasBy && { wasBy }),
    ...(isSuspended(now ?? was) && { suspended: true as const }),
    ...(loss && { loss }),
    ...(change.fate?.is === 'kept' && { why: change.fate.why }),
    ...(problems.length > 0 && { problems }),
    ...(machines && { machines }),
    origin: value.origin,
    fields: fields.map((field) => reported(field, was?.value ?? value, value, secrets)),
  };
}

function kindOf(change: ObjectChange, isRefused: boolean, isOfMachines: boolean): EntryKind {
  const { was, now, fate } = change;
  if (!was) return 'created';
  if (!now) return fate?.is ?? 'dropped';
  if (isRefused) return isForced(now) ? 'recreated' : 'refused';
  if (isOfMachines) return 'machines';
  return deliveredBy(was) === deliveredBy(now) ? 'changed' : 'moved';
}

function deliveredBy(object: TargetObject | undefined): string | undefined {
  return object?.released ? `HelmRelease ${object.released.key}` : nameOf(object?.applier);
}

function nameOf(applier: Applier | undefined): string | undefined {
  return applier && (applier.is === 'flux' || applier.is === 'resource-set') ? applier.name : undefined;
}

function isSuspended(object: TargetObject | undefined): boolean {
  if (textAt(object?.released?.release, ['spec', 'suspend']) === 'true') return true;
  for (let at = object?.applier; at; at = at.by) if (textAt(at.flux?.spec, ['suspend']) === 'true') return true;
  return false;
}

const forces = 'kustomize.toolkit.fluxcd.io/force';

function isForced({ value: object, applier, released }: TargetObject): boolean {
  if (released) return textAt(released.release, ['spec', 'upgrade', 'force']) === 'true';
  if (!applier?.flux) return false;
  if (textAt(applier.flux.spec, ['force']) === 'true') return true;
  return ['annotations', 'labels'].some((field) =>
    /^enabled$/i.test(textAt(object, ['metadata', field, forces]) ?? ''),
  );
}

function machinesOf({ groupKind, fields }: ObjectChange): Entry['machines'] {
  const found = fields.map(({ path }) => machineChange(groupKind, path));
  return found.find((one) => one !== undefined);
}

/** What the API server says of the change alone, apart from what it says of the object. */
function refusals(was: BuiltMap, now: BuiltMap, storeFor: (path: string) => SchemaStore): readonly string[] {
  const store = storeFor(now.origin.source.file);
  const value = builtValue(now);
  const problems = judge(value, store, builtValue(was)).filter(({ severity }) => severity === 'error');
  if (problems.length === 0) return [];
  const ofObject = new Set(judge(value, store).map(problemKey));
  return [...new Set(problems.filter((problem) => !ofObject.has(problemKey(problem))).map(sentenceWithoutValue))];
}

function problemKey({ rule, path, facts }: Problem): string {
  return JSON.stringify([rule, path, facts], plainJson);
}

function reported(change: FieldChange, old: BuiltMap, now: BuiltMap, secrets: SecretPlaces): ReportedField {
  const { field, path, oldPath, isReordered } = change;
  const hides =
    (change.was !== undefined && isHiddenAt(old, oldPath, change.was, secrets)) ||
    (change.now !== undefined && isHiddenAt(now, path, change.now, secrets));
  if (isReordered) return { field, isReordered };
  const was = change.was && { was: shownAt(old, oldPath, change.was, secrets) };
  const after = change.now && { now: shownAt(now, path, change.now, secrets) };
  // What differs may be what isn't shown, such as the password in a URL.
  const isSame = was && after && JSON.stringify(was.was, plainJson) === JSON.stringify(after.now, plainJson);
  return { field, ...was, ...after, ...((hides || isSame) && { isHidden: true as const }) };
}

function imagesOf(targets: readonly TargetComparison[]): readonly ImageChange[] {
  const found = targets.flatMap((target) =>
    target.objects.flatMap(({ was, now }) =>
      imageChanges(was?.value, now?.value, (scalar) => isCopied(scalar, target.secrets)).map((one) => ({
        one,
        label: labelOf(target),
      })),
    ),
  );
  return [...groupedBy(found, ({ one }) => JSON.stringify(one)).values()]
    .map((same) => ({ ...same[0]!.one, targets: [...new Set(same.map(({ label }) => label))] }))
    .toSorted((a, b) => compare(a.image, b.image));
}

function gapsOf(targets: readonly TargetComparison[]): readonly ReportedGap[] {
  const found = targets.flatMap((target) => target.gaps.map((gap) => ({ gap, label: labelOf(target) })));
  return [...groupedBy(found, ({ gap }) => JSON.stringify([gap.applier.name, gap.side, wordsOfGap(gap)])).values()].map(
    (same) => {
      const { gap } = same[0]!;
      const { applier, side, why, objects } = gap;
      return {
        applier: applier.name,
        ...(nameOf(applier) === undefined && { byHand: true as const }),
        targets: [...new Set(same.map(({ label }) => label))],
        side,
        is: why.is,
        words: wordsOfGap(gap),
        ...(why.is === 'refused' && { origin: why.problem.origin }),
        objects,
      };
    },
  );
}

function wordsOfGap({ why }: Gap): string {
  switch (why.is) {
    case 'refused':
      return 'kustomization' in why.problem
        ? withoutCredentials(wordsOf(why.problem))
        : fluxSentence(why.problem.reason);
    case 'incomplete':
      return why.fields.join(', ');
    case 'unreached':
      return why.by.name;
  }
}
