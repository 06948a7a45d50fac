// What a reference that resolves to nothing in its cluster most likely means: another kind, namespace or name, or a file that
// nothing applies.
import { type GroupKind, kindName } from '../kube/identity.ts';
import { kindRow } from '../kube/kinds.ts';
import { isOfFlux } from '../kube/made.ts';
import { builtAt, textAt } from '../kustomize/built.ts';
import { folderOf } from '../kustomize/paths.ts';
import { nearest } from '../schema/nearest.ts';
import { fluxKustomization, type Home } from './homes.ts';
import { isMentioned } from './mentions.ts';
import type { AppliedObject } from './parts.ts';
import type { Referrer, Sought, Wanted } from './survey.ts';
import { isUnrelated } from './words.ts';

/** What the reference most likely means. */
export type Hint =
  | { readonly is: 'name'; readonly name: string }
  | { readonly is: 'namespace'; readonly namespace: string }
  | { readonly is: 'kind'; readonly kind: string }
  /** A file defines the target, but nothing applies it to the cluster. */
  | { readonly is: 'unapplied'; readonly file: string };

interface Subject {
  readonly home: Home;
  /** A file that defines the object, though nothing applies it to the cluster. */
  unapplied(groupKind: GroupKind, name: string): string | undefined;
}

/** With `isClosed`, nothing unknown is applied: a file outside of what is applied is not. */
export function hintOf(
  one: Sought,
  isWeak: boolean,
  { home, unapplied }: Subject,
  isClosed: boolean,
): Hint | undefined {
  const { by, use, namespace } = one;
  const kind = otherKind(by, use, namespace, home);
  if (kind) return { is: 'kind', kind };
  const elsewhere = use.targets.flatMap((target) => home.ofKind(target).get(use.name) ?? []);
  // Each namespace has its own Secret of a name, unless nothing uses that one.
  const isOther = !isWeak || use.reference.namespace === 'field' || elsewhere.every((one) => !isMentioned(home, one));
  if (elsewhere.length > 0 && isOther) return { is: 'namespace', namespace: elsewhere[0]!.namespace };
  const file = !isClosed
    ? undefined
    : use.targets.map((target) => unapplied(target, use.name)).find((path) => path !== undefined);
  if (file !== undefined) return { is: 'unapplied', file };
  const name = nearName(one, isWeak, home) ?? (isClosed ? leftOver(one, home) : undefined) ?? beside(one, home);
  return name === undefined ? undefined : { is: 'name', name };
}

/**
 * The only object of the kind that nothing in the cluster mentions: the reference most likely meant it. A chart may create
 * others, but none that Flux reads before it installs anything; then the object is beside the one that refers to it.
 */
function leftOver({ by, use: { targets }, namespace, isOpen }: Sought, home: Home): string | undefined {
  if (isOpen && !isOfFlux(by.groupKind)) return undefined;
  const others = targets
    .flatMap((target) => home.inNamespace(target, namespace))
    .filter((one) => one !== by && (!isOpen || ('applier' in by && one.applier === by.applier)));
  return onlyUnmentioned(others, home);
}

/**
 * Of the objects that are written in the same folder as the one that refers to something, without a chart among them, or in
 * the same file: the one with its name, the only one that nothing mentions, or the only one for a name like no other.
 */
function beside({ by, use: { targets, name }, namespace }: Sought, home: Home): string | undefined {
  if (!('applier' in by) || isOfFlux(by.groupKind)) return undefined;
  const isBeside = (one: AppliedObject) => one.applier === by.applier && folderIn(one) === folderIn(by);
  const others = targets
    .flatMap((target) => [...home.inNamespace(target, namespace), ...home.madeIn(target, namespace)])
    .filter((one) => one !== by && isBeside(one) && !isFoundOtherwise(one));
  const isAlike = (one: AppliedObject) => one.name === by.name;
  // Of the kinds that every chart has, one beside it tells nothing.
  const isTelling = !targets.some(isOftenOfCharts) && isUnrelated(home, name);
  const only = ([one, ...more]: readonly AppliedObject[]) => (isTelling && more.length === 0 ? one : undefined);
  const here = others.filter((one) => fileOf(one) === fileOf(by));
  const inFile = here.find(isAlike) ?? only(here);
  if (inFile || others.length === 0) return inFile?.name;
  if (home.objects.some((one) => isChart(one) && isBeside(one))) return undefined;
  return (others.find(isAlike) ?? only(others))?.name ?? onlyUnmentioned(others, home);
}

function fileOf({ value }: AppliedObject): string {
  return value.origin.source.file;
}

function folderIn({ value }: AppliedObject): string {
  return folderOf(value.origin.source.file);
}

function isChart({ groupKind }: AppliedObject): boolean {
  return /\/Helm(?:Release|Chart)$/.test(groupKind);
}

/** Whether it is of use without being mentioned: to clients outside of the cluster, or to what looks for labels. */
export function isFoundOtherwise({ groupKind, value }: Pick<AppliedObject, 'groupKind' | 'value'>): boolean {
  if (groupKind === '/Service') return /^(?:LoadBalancer|NodePort)$/.test(textAt(value, ['spec', 'type']) ?? '');
  if (groupKind === '/ServiceAccount') return false;
  const labels = builtAt(value, ['metadata', 'labels']);
  const own = value.origin.source.file;
  return labels?.kind === 'map' && [...labels.entries.values()].some(({ origin }) => origin.source.file === own);
}

function onlyUnmentioned(others: readonly AppliedObject[], home: Home): string | undefined {
  if (others.length > mostCandidates) return undefined;
  const [one, ...more] = others.filter((other) => !isMentioned(home, other));
  return more.length === 0 ? one?.name : undefined;
}

/** Each is looked for in all texts of a namespace. */
const mostCandidates = 40;

function otherKind(by: Referrer, use: Wanted, namespace: string, home: Home): string | undefined {
  const family = use.targets.map((target) => kindRow(target)?.family).find((one) => one !== undefined);
  const others = new Set([...use.reference.to, ...(family === 'flux' && use.reference.acyclic ? appliers : [])]);
  for (const other of others) {
    if (use.targets.includes(other)) continue;
    const found = home.find(other, namespace, use.name);
    if (found.some((one) => one !== by)) return kindName(other);
  }
  return undefined;
}

/** Each depends on its own kind only, which is easily confused. */
const appliers: readonly GroupKind[] = [fluxKustomization, 'helm.toolkit.fluxcd.io/HelmRelease'];

/** A misspelled name, or one with a word more or less. Names that differ in their digits only belong to different things. */
function nearName(one: Sought, isWeak: boolean, home: Home): string | undefined {
  const { use, namespace } = one;
  const { name, targets } = use;
  const names = targets.flatMap((target) => home.namesOf(target, namespace));
  const found = nearest(name, names, Math.min(2, Math.floor(name.length / 3)));
  if (found !== undefined && withoutDigits(found) !== withoutDigits(name)) return found;
  // A chart names what it creates with words more or less than what is beside it.
  if (isWeak && isOfCharts(one)) return withoutWord(one, home);
  return names
    .filter((other) => isExtended(other, name) || (!isWeak && isExtended(name, other)))
    .toSorted((a, b) => Math.abs(a.length - name.length) - Math.abs(b.length - name.length))[0];
}

/** The name with one word less, of an object that is applied together with the one that refers to it. */
function withoutWord({ by, use: { name, targets }, namespace }: Sought, home: Home): string | undefined {
  const shorter = [name.replace(/^[^-]*-/, ''), name.replace(/-[^-]*$/, '')];
  const beside = targets.flatMap((target) => shorter.flatMap((one) => home.find(target, namespace, one)));
  return beside.find((one) => 'applier' in by && one.applier === by.applier)?.name;
}

/** Whether a chart may create the target, which is of a kind that most charts have. */
function isOfCharts({ by, use: { targets }, isOpen }: Sought): boolean {
  return isOpen && !isOfFlux(by.groupKind) && targets.some(isOftenOfCharts);
}

function isOftenOfCharts(target: GroupKind): boolean {
  return ofCharts.has(target) || target.startsWith('rbac.');
}

const ofCharts: ReadonlySet<GroupKind> = new Set([
  '/ConfigMap',
  '/PersistentVolumeClaim',
  '/Secret',
  '/Service',
  '/ServiceAccount',
]);

function withoutDigits(name: string): string {
  return name.replace(/\d+/g, '');
}

function isExtended(name: string, by: string): boolean {
  return by.startsWith(`${name}-`) || by.endsWith(`-${name}`);
}
