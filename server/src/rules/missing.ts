// reference/missing: an applied object names one that its cluster doesn't get. It is an error where nothing outside of the
// files can create the target, a warning where the files show that another name was meant, and otherwise not reported.

import { groupedBy } from '../kube/grouped.ts';
import { type GroupKind, groupOf, kindName } from '../kube/identity.ts';
import { kindRow } from '../kube/kinds.ts';
import { isOfFlux } from '../kube/made.ts';
import type { Use } from '../kube/references.ts';
import { type Built, builtAt } from '../kustomize/built.ts';
import { nearest } from '../schema/nearest.ts';
import { type AppliedObject, fluxKustomization, type Home, type Resolution } from '../workspace/homes.ts';
import { isMentioned } from '../workspace/mentions.ts';
import { type ClusterProblem, type ClusterRule, type ClusterSubject, sync } from './rule.ts';

const fleet = (source: string) => `
# file: clusters/prod/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ./apps
  sourceRef:
    kind: GitRepository
    name: ${source}
${sync}# file: apps/shop.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
  namespace: shop
`;

export const missing: ClusterRule = {
  id: 'reference/missing',
  severity: 'error',
  docs: {
    text: 'The object names another that the cluster does not get, so its controller waits for it forever. Correct the name, the kind or the namespace, or add the object.',
    bad: fleet('flux-systen\n    # ^^^ error'),
    good: fleet('flux-system'),
  },
  *check(subject: ClusterSubject): Iterable<ClusterProblem> {
    const { home } = subject;
    if (!home.isWhole) return;
    const survey = surveyOf(home);
    surveys.set(home, survey);
    for (const one of survey.unresolved) {
      const problem = problemOf(one, subject, shareOf(survey, one));
      if (problem) yield problem;
    }
  },
};

/** A reference that isn't written yet. */
export type Wanted = Pick<Use<Built>, 'reference' | 'targets' | 'name' | 'within'>;

/** The object that would name another. */
export type Referrer = Pick<AppliedObject, 'groupKind' | 'namespace'> | AppliedObject;

/** Whether a reference would be reported in a cluster; false if the cluster wasn't checked yet. */
export function wouldBeMissing(subject: ClusterSubject, by: Referrer, use: Wanted): boolean {
  const { home } = subject;
  const survey = surveys.get(home);
  if (!survey) return false;
  const resolution = home.resolution(by.namespace, use);
  if (resolution.is !== 'missing') return false;
  const one = { ...resolution, by, use };
  return verdictOf(one, subject, shareOf(survey, one)) !== undefined;
}

interface Sought extends Extract<Resolution, { readonly is: 'missing' }> {
  readonly by: Referrer;
  readonly use: Wanted;
}

interface Missing extends Sought {
  readonly by: AppliedObject;
  readonly use: Use<Built>;
}

/** How the references of a cluster resolve, by field. */
interface Survey {
  readonly unresolved: readonly Missing[];
  readonly resolved: ReadonlyMap<string, number>;
  readonly names: ReadonlyMap<string, ReadonlySet<string>>;
}

const surveys = new WeakMap<Home, Survey>();

function surveyOf(home: Home): Survey {
  const unresolved: Missing[] = [];
  const resolved = new Map<string, number>();
  for (const by of home.objects) {
    for (const use of home.usesOf(by)) {
      if (use.waived) continue;
      const resolution = home.resolve(by, use);
      if (resolution.is === 'missing') unresolved.push({ ...resolution, by, use });
      else if (resolution.is === 'object') count(resolved, fieldOf(by, use));
    }
  }
  const byField = groupedBy(unresolved, ({ by, use }) => fieldOf(by, use));
  const names = new Map([...byField].map(([field, missing]) => [field, new Set(missing.map(fullName))]));
  return { unresolved, resolved, names };
}

function fullName({ namespace, use: { name } }: Sought): string {
  return `${namespace}/${name}`;
}

/** How many references at a field resolve, and how many names don't. */
interface Share {
  readonly resolved: number;
  readonly missing: number;
}

function shareOf({ resolved, names }: Survey, one: Sought): Share {
  const field = fieldOf(one.by, one.use);
  const missing = names.get(field) ?? new Set();
  return { resolved: resolved.get(field) ?? 0, missing: missing.size + (missing.has(fullName(one)) ? 0 : 1) };
}

interface Verdict {
  readonly isCertain: boolean;
  readonly hint: Hint | undefined;
}

/** Undefined if it isn't reported. */
function verdictOf(one: Sought, subject: ClusterSubject, share: Share): Verdict | undefined {
  const { use, namespace } = one;
  const { home } = subject;
  const gaps = home.gaps.filter((gap) => namespace === '' || (gap.namespace ?? namespace) === namespace);
  const isBroken = gaps.some(({ why }) => why === 'broken');
  // What a refused build or somebody else would apply by hand is unknown, but likely what a file defines.
  const isDefined = (target: GroupKind) => subject.isDefined(target, use.name);
  const isElsewhere = (target: GroupKind) => isDefined(target) && !home.ofKind(target).has(use.name);
  if (isBroken && use.targets.some(isDefined)) return undefined;
  if (home.cluster.isAssumed && use.targets.some(isElsewhere)) return undefined;
  const isWeak = use.reference.optional === true && !(isOpenReference(use) && use.targets.every(isControlled));
  const isClosed = gaps.length === 0 && !home.isRemote && home.isSourced;
  const isOpen = one.isOpen || !isClosed || isWeak;
  const hint = hintOf(one, isWeak || isBroken, subject, isClosed);
  // What a refused build would apply may be what is missing.
  if (isBroken && isWeak && hint?.is !== 'name') return undefined;
  const isCertain = !isOpen && hint?.is !== 'unapplied';
  const isAlone = isWeak && isClosed && !one.isOpen && isWrittenByHand(use, namespace, home);
  const isLikely = hint !== undefined || isAlone || (!isBroken && !isWeak && isUnusual(share));
  return isCertain || isLikely ? { isCertain, hint } : undefined;
}

function problemOf(one: Missing, subject: ClusterSubject, share: Share): ClusterProblem | undefined {
  const verdict = verdictOf(one, subject, share);
  if (!verdict) return undefined;
  const { by, use } = one;
  const { hint, isCertain } = verdict;
  const namespacePath = [...use.path, 'namespace'];
  const written = hint?.is === 'namespace' ? builtAt(by.value, namespacePath) : undefined;
  const isPlainName = builtAt(by.value, use.path) === use.node;
  return {
    object: by.value,
    path: written ? namespacePath : isPlainName ? use.path : [...use.path, 'name'],
    origin: (written ?? use.node).origin,
    severity: isCertain ? 'error' : 'warning',
    message: sentence(one, hint, isCertain),
    ...remedyOf(one, hint, written !== undefined),
  };
}

function remedyOf({ use }: Missing, hint: Hint | undefined, isWritten: boolean): Pick<ClusterProblem, 'remedy'> {
  if (hint?.is === 'name') return { remedy: { is: 'replace', by: hint.name } };
  if (hint?.is !== 'namespace' || use.reference.namespace !== 'field') return {};
  const { namespace } = hint;
  return { remedy: isWritten ? { is: 'replace', by: namespace } : { is: 'add', key: 'namespace', value: namespace } };
}

/**
 * Of a field whose references nearly all resolve, one that doesn't is a mistake, although something else may create it.
 */
function isUnusual({ resolved, missing }: Share): boolean {
  return resolved >= 6 && missing <= Math.max(1, resolved / 20);
}

/** Whether the reference sets the kind of its target, which may be any. */
function isOpenReference({ reference }: Wanted): boolean {
  return reference.to.length === 0 && reference.role === undefined;
}

/** Kinds of Flux and Cluster API, which people write rather than charts and controllers. */
function isControlled(target: GroupKind): boolean {
  const family = kindRow(target)?.family;
  return family !== undefined && family !== 'workload';
}

/** Whether nothing in the namespace is known to create objects of its own. */
function isWrittenByHand(use: Wanted, namespace: string, home: Home): boolean {
  const isPlain = (group: string) => !group.includes('.') || group.endsWith('.k8s.io') || isOfFlux(`${group}/`);
  return isFiled(use) && home.objects.every((one) => one.namespace !== namespace || isPlain(groupOf(one.groupKind)));
}

/** Whether the target is hardly ever created without a file, as Secrets and ServiceAccounts often are. */
function isFiled({ targets }: Wanted): boolean {
  return targets.every((target) => filed.has(target));
}

const filed: ReadonlySet<GroupKind> = new Set(['/ConfigMap', '/PersistentVolumeClaim', '/Service']);

function fieldOf({ groupKind }: Referrer, { reference, targets }: Wanted): string {
  return `${groupKind} ${reference.path} ${reference.to.length > 0 ? '' : targets.join()}`;
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** What the reference most likely means. */
type Hint =
  | { readonly is: 'name'; readonly name: string }
  | { readonly is: 'namespace'; readonly namespace: string }
  | { readonly is: 'kind'; readonly kind: string }
  /** A file defines the target, but nothing applies it to the cluster. */
  | { readonly is: 'unapplied'; readonly file: string };

/** With `isClosed`, nothing unknown is applied: a file outside of what is applied is not. */
function hintOf(one: Sought, isWeak: boolean, subject: ClusterSubject, isClosed: boolean): Hint | undefined {
  const { by, use, namespace } = one;
  const { home } = subject;
  const kind = otherKind(by, use, namespace, home);
  if (kind) return { is: 'kind', kind };
  const elsewhere = use.targets.flatMap((target) => home.ofKind(target).get(use.name) ?? []);
  // Each namespace has its own Secret of a name, unless nothing uses that one.
  const isOther = !isWeak || use.reference.namespace === 'field' || elsewhere.every((one) => !isMentioned(home, one));
  if (elsewhere.length > 0 && isOther) return { is: 'namespace', namespace: elsewhere[0]!.namespace };
  const file = !isClosed
    ? undefined
    : use.targets.map((target) => subject.unapplied(target, use.name)).find((path) => path !== undefined);
  if (file !== undefined) return { is: 'unapplied', file };
  const name = nearName(one, isWeak, home) ?? (isClosed ? leftOver(one, home) : undefined);
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
  return isOpen && !isOfFlux(by.groupKind) && targets.some((one) => ofCharts.has(one) || one.startsWith('rbac.'));
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

function sentence({ by, use, namespace }: Missing, hint: Hint | undefined, isCertain: boolean): string {
  const kinds = use.targets.map(kindName);
  const kind = kinds.length > 3 ? 'object' : kinds.join(' or ');
  const head = `There is no ${kind} ${use.name}${namespace === '' ? '' : ` in namespace ${namespace}`}`;
  switch (hint?.is) {
    case 'kind':
      return use.reference.acyclic
        ? `${head}, only ${withArticle(hint.kind)}. A ${kindName(by.groupKind)} can depend only on others of its kind.`
        : `${head}, only ${withArticle(hint.kind)}. Correct the kind.`;
    case 'namespace':
      return use.reference.namespace === 'field'
        ? `${head}, but one in namespace ${hint.namespace}. Set namespace: ${hint.namespace}.`
        : `${head}, but one in namespace ${hint.namespace}. This field names objects of its own namespace only.`;
    case 'unapplied':
      return `${head}: ${hint.file} defines it, but nothing applies that file to the cluster. Add the file to what is applied, or correct the name.`;
    case 'name':
      return `${head}. Did you mean ${hint.name}?`;
    default:
      return isCertain
        ? `${head}. Correct the name, or add the object.`
        : `${head}, as far as the files show. Correct the name unless something else creates it.`;
  }
}

function withArticle(kind: string): string {
  return `${/^[AEIO]/.test(kind) ? 'an' : 'a'} ${kind}`;
}
