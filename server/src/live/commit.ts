// What became of a commit in a cluster: which sources have it, which Kustomizations attempted and applied it, and whether the
// HelmReleases that these apply are ready. Flux states revisions as RFC 0005 of fluxcd/flux2 has them; of an OCI artifact, the
// revision of Git that it was made of is an annotation (`org.opencontainers.image.revision`).
import { type GroupKind, kindName } from '../kube/identity.ts';
import { knownHealth } from './describe.ts';
import { at, flag, text } from './fields.ts';
import { sourcesOf } from './flux-sources.ts';
import { inventoryOf } from './inventory.ts';
import { type LiveObject, type ObjectKey, objectKey } from './object.ts';
import { parseRevision, shortRevision } from './revision.ts';

export interface WantedCommit {
  /** Hex; it may be shortened. */
  readonly commit: string;
  /** Where the repository is, as `repositoryAt` writes it; empty if that isn't known. */
  readonly repositories: readonly string[];
  /** Whether another commit is a later one, which includes it; undefined if that isn't known. */
  readonly isIn: (commit: string) => boolean | undefined;
}

/** `suspended`: it won't get it before somebody resumes it. `progressing`: nothing is wrong yet. */
export type CommitState = 'ready' | 'progressing' | 'failed' | 'suspended';

export interface CommitStep {
  readonly object: LiveObject;
  readonly state: CommitState;
  /** What it waits for, or why it failed; for `ready` the revision. */
  readonly words: string;
}

const kustomization: GroupKind = 'kustomize.toolkit.fluxcd.io/Kustomization';
const helmRelease: GroupKind = 'helm.toolkit.fluxcd.io/HelmRelease';
const gitRepository: GroupKind = 'source.toolkit.fluxcd.io/GitRepository';
const ociRepository: GroupKind = 'source.toolkit.fluxcd.io/OCIRepository';

/** Sources first, each before what it delivers; empty if nothing in the cluster takes anything from the repository. */
export function commitSteps(objects: Iterable<LiveObject>, wanted: WantedCommit): readonly CommitStep[] {
  const all = [...objects];
  const byKey = new Map(all.map((object) => [objectKey(object), object]));
  const steps = new Map<ObjectKey, CommitStep>();
  for (const source of sourcesFor(all, wanted)) steps.set(objectKey(source), sourceStep(source, wanted));
  if (steps.size === 0) return [];
  for (const object of all) {
    if (object.groupKind !== kustomization) continue;
    const source = sourcesOf(object).find(({ key }) => steps.has(key));
    if (source) steps.set(objectKey(object), kustomizationStep(object, steps.get(source.key)!, wanted));
  }
  for (const step of [...steps.values()]) {
    if (step.object.groupKind !== kustomization) continue;
    const { entries, remote } = inventoryOf(step.object);
    for (const { key, groupKind } of remote ? [] : entries) {
      const release = groupKind === helmRelease ? byKey.get(key) : undefined;
      if (release && !steps.has(key)) steps.set(key, releaseStep(release, step));
    }
  }
  return [...steps.values()];
}

/** The commits that objects state, of which `isIn` is asked. */
export function commitsIn(objects: Iterable<LiveObject>): ReadonlySet<string> {
  const commits = new Set<string>();
  for (const object of objects)
    for (const revision of [originOf(object), attemptedOf(object), appliedOf(object)]) {
      const digest = revision === undefined ? undefined : parseRevision(revision).digest;
      // Of 40 digits, or 64 in repositories that use SHA-256; a digest of an artifact has 64, too, and is no commit of any.
      if (digest !== undefined) commits.add(digest);
    }
  return commits;
}

/** Whether what follows has come to an end: it is ready everywhere, or waits for a person. */
export function isSettled(steps: readonly CommitStep[]): boolean {
  return steps.every(({ state }) => state !== 'progressing');
}

/** Host and path of an address of a repository, in whichever way it is written: `github.com/org/fleet`. */
export function repositoryAt(url: string): string {
  const scp = /^(?:[^@/]+@)?([^:/]+):(?!\/\/)(.+)$/.exec(url);
  const [, host = '', path = ''] = scp ?? /^[a-z+]+:\/\/(?:[^@/]*@)?([^/]+)\/(.*)$/.exec(url) ?? [];
  const plain = (value: string) => value.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  return host === '' ? plain(url) : `${host.replace(/:\d+$/, '')}/${plain(path)}`.toLowerCase();
}

function sourcesFor(all: readonly LiveObject[], wanted: WantedCommit): readonly LiveObject[] {
  const sources = all.filter(({ groupKind }) => groupKind === gitRepository || groupKind === ociRepository);
  const ofRepository = sources.filter((source) => {
    const url = source.groupKind === gitRepository ? text(source.spec, 'url') : annotationOf(source, 'source');
    return url !== undefined && wanted.repositories.includes(repositoryAt(url));
  });
  // A mirror has another address, but the same commits.
  const having = sources.filter(
    (source) => !ofRepository.includes(source) && includes(originOf(source), wanted) === true,
  );
  return [...ofRepository, ...having];
}

function annotationOf({ status }: LiveObject, name: string): string | undefined {
  return text(at(status, 'artifact', 'metadata'), `org.opencontainers.image.${name}`);
}

/** The revision of Git that a source has. */
function originOf(source: LiveObject): string | undefined {
  if (source.groupKind === ociRepository) return annotationOf(source, 'revision');
  return source.groupKind === gitRepository ? text(source.status, 'artifact', 'revision') : undefined;
}

function attemptedOf({ groupKind, status }: LiveObject): string | undefined {
  return groupKind === kustomization ? text(status, 'lastAttemptedRevision') : undefined;
}

function appliedOf({ groupKind, status }: LiveObject): string | undefined {
  if (groupKind !== kustomization) return undefined;
  return text(status, 'lastAppliedOriginRevision') ?? text(status, 'lastAppliedRevision');
}

/** Undefined if there is no revision, or if it isn't known what it includes. */
function includes(revision: string | undefined, { commit, isIn }: WantedCommit): boolean | undefined {
  const digest = revision === undefined ? undefined : parseRevision(revision).digest;
  if (digest === undefined) return undefined;
  return digest.startsWith(commit) || commit.startsWith(digest) || isIn(digest);
}

function sourceStep(source: LiveObject, wanted: WantedCommit): CommitStep {
  const origin = originOf(source);
  const has = includes(origin, wanted);
  if (has) return { object: source, state: 'ready', words: shortRevision(origin!) };
  const now = origin === undefined ? 'nothing was fetched yet' : `at ${shortRevision(origin)}`;
  if (flag(source.spec, 'suspend')) return { object: source, state: 'suspended', words: `suspended, ${now}` };
  const { state, reason } = knownHealth(source);
  if (state === 'failed') return { object: source, state, words: reason };
  const why = has === undefined && origin !== undefined ? ', a commit that isn’t known here: fetch it' : '';
  return { object: source, state: 'progressing', words: `${now}${why}` };
}

function kustomizationStep(object: LiveObject, source: CommitStep, wanted: WantedCommit): CommitStep {
  const { state, reason } = knownHealth(object);
  // Of an OCI artifact, what is attempted is a digest of the artifact.
  const current = text(source.object.status, 'artifact', 'revision');
  const isOf = (revision: string | undefined) =>
    includes(revision, wanted) === true || (source.state === 'ready' && revision !== undefined && revision === current);
  const applied = appliedOf(object);
  const isApplied = isOf(applied) || isOf(text(object.status, 'lastAppliedRevision'));
  if (isApplied && state === 'ready') return { object, state, words: shortRevision(applied!) };
  const at = applied === undefined ? 'nothing was applied yet' : `at ${shortRevision(applied)}`;
  if (state === 'suspended')
    return isApplied
      ? { object, state: 'ready', words: `${at}, suspended` }
      : { object, state, words: `suspended, ${at}` };
  if (isOf(attemptedOf(object)) || isApplied)
    return state === 'failed' ? { object, state, words: reason } : { object, state: 'progressing', words: reason };
  if (source.state !== 'ready') return waiting(object, source);
  // A failure is of the revision before; the next attempt may succeed.
  return { object, state: 'progressing', words: state === 'progressing' && reason !== '' ? reason : at };
}

function releaseStep(release: LiveObject, applier: CommitStep): CommitStep {
  if (applier.state !== 'ready') return waiting(release, applier);
  const { state, reason } = knownHealth(release);
  if (state === 'ready' || state === 'failed' || state === 'suspended')
    return { object: release, state, words: reason };
  return { object: release, state: 'progressing', words: reason };
}

/** What waits for something that waits for a person does so, too. */
function waiting(object: LiveObject, { object: other, state }: CommitStep): CommitStep {
  const why = state === 'failed' ? ', which failed' : state === 'suspended' ? ', which is suspended' : '';
  return {
    object,
    state: state === 'ready' ? 'progressing' : state,
    words: `waits for ${kindName(other.groupKind)} ${other.name}${why}`,
  };
}
