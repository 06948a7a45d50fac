// reference/missing: an applied object names one that its cluster doesn't get. It is an error where nothing outside of the
// files can create the target, a warning where the files show that another name was meant, and otherwise not reported.

import { type GroupKind, groupOf, kindName } from '../kube/identity.ts';
import { kindRow } from '../kube/kinds.ts';
import { isOfFlux } from '../kube/made.ts';
import type { Use } from '../kube/references.ts';
import { type Built, builtAt } from '../kustomize/built.ts';
import type { Directory } from '../workspace/directory.ts';
import { isSameEvidence } from '../workspace/evidence.ts';
import type { Home } from '../workspace/homes.ts';
import { type Hint, hintOf } from '../workspace/meant.ts';
import type { Part } from '../workspace/parts.ts';
import {
  isUnlikeOthers,
  isUnusual,
  type Missing,
  type Referrer,
  type Sought,
  type Survey,
  surveyOf,
  surveyOfPart,
  type Wanted,
} from '../workspace/survey.ts';
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
  *check(subject: ClusterSubject): Iterable<ClusterProblem | undefined> {
    const { home } = subject;
    if (!home.isWhole) return;
    const survey = surveyOf(home);
    surveys.set(home, survey);
    const before = checked.get(home.directory);
    const surrounding = surroundingOf(home);
    const isKept = before?.surrounding === surrounding && hasSameEvidence(before.parts, home);
    const found: FoundInPart[] = [];
    for (const [index, part] of home.parts.entries())
      found.push(yield* foundIn(part, subject, survey, isKept ? before.found[index] : undefined));
    checked.set(home.directory, { surrounding, parts: home.parts, found });
    for (const ofPart of found) for (const { problem } of ofPart.values()) if (problem) yield problem;
  },
};

/** What was found of a reference, and the answers from outside of the cluster that it depends on. */
interface Found {
  readonly problem: ClusterProblem | undefined;
  readonly asked: readonly Asked[];
}

/** Of the references of one part that don't resolve, which are the same while their objects are. */
type FoundInPart = ReadonlyMap<Use<Built>, Found>;

interface Asked {
  readonly is: 'unapplied' | 'isDefined';
  readonly groupKind: GroupKind;
  readonly name: string;
  readonly answer: unknown;
}

interface Checked {
  readonly surrounding: string;
  readonly parts: readonly Part[];
  /** By part. */
  readonly found: readonly FoundInPart[];
}

/** The state of a cluster that was checked last. */
const checked = new WeakMap<Directory, Checked>();

/** What the verdict on a reference depends on besides the objects of the cluster. */
function surroundingOf({ gaps, cluster, isRemote, isSourced }: Home): string {
  return JSON.stringify([gaps, cluster.isAssumed, isRemote, isSourced]);
}

function hasSameEvidence(before: readonly Part[], { parts, directory }: Home): boolean {
  return parts.every((part, index) => isSameEvidence(before[index]!, part, directory));
}

/** The questions are asked again, since whoever called the rule notes them too. */
function isStill({ asked }: Found, subject: ClusterSubject): boolean {
  return asked.map(({ is, groupKind, name, answer }) => subject[is](groupKind, name) === answer).every(Boolean);
}

/** `before` is what was found last, if the evidence is the same. */
function* foundIn(
  part: Part,
  subject: ClusterSubject,
  survey: Survey,
  before: FoundInPart | undefined,
): Generator<undefined, FoundInPart> {
  const { unresolved } = subject.home.directory.derived(part, surveyOfPart);
  const found = new Map<Use<Built>, Found>();
  for (const one of unresolved) {
    const known = before?.get(one.use);
    if (known && isStill(known, subject)) found.set(one.use, known);
    else {
      found.set(one.use, foundOf(one, subject, survey));
      yield undefined;
    }
  }
  yield undefined;
  return found;
}

function foundOf(one: Missing, subject: ClusterSubject, survey: Survey): Found {
  const asked: Asked[] = [];
  const asking =
    <A>(is: Asked['is'], ask: (groupKind: GroupKind, name: string) => A) =>
    (groupKind: GroupKind, name: string): A => {
      const answer = ask(groupKind, name);
      asked.push({ is, groupKind, name, answer });
      return answer;
    };
  const { unapplied, isDefined } = subject;
  const noting: ClusterSubject = {
    ...subject,
    unapplied: asking('unapplied', unapplied),
    isDefined: asking('isDefined', isDefined),
  };
  return { problem: problemOf(one, noting, survey), asked };
}

/** Whether a reference would be reported in a cluster; false if the cluster wasn't checked yet. */
export function wouldBeMissing(subject: ClusterSubject, by: Referrer, use: Wanted): boolean {
  const { home } = subject;
  const survey = surveys.get(home);
  if (!survey) return false;
  const resolution = home.resolution(by.namespace, use);
  if (resolution.is !== 'missing') return false;
  const one = { ...resolution, by, use };
  // Whatever is meant, which takes long to find: what nothing else can create is reported.
  const circumstances = circumstancesOf(one, subject);
  return circumstances !== undefined && (!circumstances.isOpen || verdictOf(one, subject, survey) !== undefined);
}

const surveys = new WeakMap<Home, Survey>();

interface Verdict {
  readonly isCertain: boolean;
  readonly hint: Hint | undefined;
}

/** What a verdict needs of the cluster; undefined if nothing is reported. */
interface Circumstances {
  readonly isClosed: boolean;
  readonly isBroken: boolean;
  /** Whether the object may do without the target. */
  readonly isWeak: boolean;
  /** Whether something that the files don't show may create the target. */
  readonly isOpen: boolean;
}

function circumstancesOf({ use, namespace, isOpen }: Sought, subject: ClusterSubject): Circumstances | undefined {
  const { home } = subject;
  const gaps = home.gaps.filter((gap) => namespace === '' || (gap.namespace ?? namespace) === namespace);
  const isBroken = gaps.some(({ why }) => why === 'broken');
  // What a refused build or somebody else would apply by hand is unknown, but likely what a file defines.
  const isDefined = (target: GroupKind) => subject.isDefined(target, use.name);
  const isElsewhere = (target: GroupKind) => isDefined(target) && !home.ofKind(target).has(use.name);
  if (isBroken && use.targets.some(isDefined)) return undefined;
  const isClosed = gaps.length === 0 && !home.isRemote && home.isSourced;
  if ((home.cluster.isAssumed || !isClosed) && use.targets.some(isElsewhere)) return undefined;
  const isWeak = use.reference.optional === true && !(isOpenReference(use) && use.targets.every(isControlled));
  return { isClosed, isBroken, isWeak, isOpen: isOpen || !isClosed || isWeak };
}

/** Undefined if it isn't reported. */
function verdictOf(one: Sought, subject: ClusterSubject, survey: Survey): Verdict | undefined {
  const circumstances = circumstancesOf(one, subject);
  if (!circumstances) return undefined;
  const { isClosed, isBroken, isWeak, isOpen } = circumstances;
  const hint = hintOf(one, isWeak || isBroken, subject, isClosed);
  const isUnlike = isUnlikeOthers(survey, one, subject.home);
  // What a refused build would apply may be what is missing, though no file is called like it.
  if (isBroken && isWeak && hint?.is !== 'name' && !isUnlike) return undefined;
  const isCertain = !isOpen && hint?.is !== 'unapplied';
  const isLikely = hint !== undefined || isUnlike || isTelling(one, circumstances, subject, survey);
  return isCertain || isLikely ? { isCertain, hint } : undefined;
}

/** Whether what surrounds the reference tells that nothing creates the target, without a hint at what is meant. */
function isTelling(one: Sought, circumstances: Circumstances, { home }: ClusterSubject, survey: Survey): boolean {
  const { isClosed, isBroken, isWeak } = circumstances;
  const isAlone = isWeak && isClosed && !one.isOpen && isWrittenByHand(one.use, one.namespace, home);
  return isAlone || (!isBroken && !isWeak && isUnusual(survey, one));
}

function problemOf(one: Missing, subject: ClusterSubject, survey: Survey): ClusterProblem | undefined {
  const verdict = verdictOf(one, subject, survey);
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
    severity: isCertain && !use.ignored ? 'error' : 'warning',
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
