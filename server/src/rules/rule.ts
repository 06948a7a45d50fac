// The interface of a rule, about an object as it is written or about all objects that a cluster gets. Each rule has its own
// file and an entry in rules.ts; the examples in its documentation run as its tests.

import type { GroupKind } from '../kube/identity.ts';
import type { BuiltMap, Origin } from '../kustomize/built.ts';
import type { Finding, Fix, RuleId, Severity } from '../syntax/finding.ts';
import { guarded, internalFinding } from '../syntax/guard.ts';
import type { Manifest } from '../syntax/manifest.ts';
import { atOnce, type Steps } from '../syntax/steps.ts';
import type { Path } from '../syntax/tree.ts';
import type { ReleaseChart } from '../workspace/charts.ts';
import type { ObjectFacts } from '../workspace/facts.ts';
import type { Home } from '../workspace/homes.ts';
import type { RenderProblem } from '../workspace/release-renders.ts';
import type { Surroundings } from '../workspace/workspace.ts';

interface RuleHead {
  readonly id: RuleId;
  /** The default; the configuration can override it. */
  readonly severity: Severity;
  readonly docs: {
    /** What is wrong with the bad example and what happens if it is applied; one or two sentences. */
    readonly text: string;
    /** Manifests, in the fixture format of features/fixture.ts. */
    readonly bad: string;
    readonly good: string;
  };
}

export interface Rule extends RuleHead {
  check(subject: Subject): Iterable<Problem>;
}

/** A rule about the objects of a cluster in the form that they are applied in. */
export interface ClusterRule extends RuleHead {
  /** Undefined among the problems: what takes long may be interrupted here. */
  check(subject: ClusterSubject): Iterable<ClusterProblem | undefined>;
}

/** A rule about an object on its own, in each form that a cluster gets, or as it is written if none does. */
export interface ObjectRule extends RuleHead {
  /** Those that it is about; all if undefined. */
  readonly kinds?: readonly GroupKind[];
  check(object: BuiltMap, groupKind: GroupKind): Iterable<ClusterProblem>;
}

export interface ClusterSubject {
  readonly home: Home;
  /** A file that defines the object, though nothing applies it to the cluster. */
  unapplied(groupKind: GroupKind, name: string): string | undefined;
  /** Whether any file defines an object of the kind and name. */
  isDefined(groupKind: GroupKind, name: string): boolean;
  /** Whether the workspace has the folder. */
  hasFolder(path: string): boolean;
  /** The folder of the workspace that a path means which isn't there. */
  folderLike(path: string): string | undefined;
  /** The chart of a HelmRelease of the cluster; undefined if it isn't in files. */
  chartOf(namespace: string, name: string): ReleaseChart | undefined;
  /** What is wrong with what Helm renders of a HelmRelease of the cluster; nothing if it doesn't run, or not yet. */
  renderProblems(namespace: string, name: string): readonly RenderProblem[];
}

export interface ClusterProblem {
  /** Where the value was written; that of an alias is its anchor. */
  readonly origin: Origin;
  /** The value's place in an object, if it is part of one. */
  readonly object?: BuiltMap;
  readonly path?: Path;
  /** The key is at fault rather than the value. */
  readonly on?: 'key';
  /** Without the name of the cluster, so that those with the same problem are reported once. */
  readonly message: string;
  /** The rule itself failed. */
  readonly isInternal?: true;
  /** If it differs from the rule's. */
  readonly severity?: Severity;
  /** A field that is missing in the map around the value would resolve it. */
  readonly unfinished?: 'map';
  /** The value that was certainly meant, or a key to add after the value's. */
  readonly remedy?:
    | { readonly is: 'replace'; readonly by: string }
    | { readonly is: 'add'; readonly key: string; readonly value: string };
}

/** An object to check, with its document. */
export interface Subject {
  readonly path: string;
  readonly manifest: Manifest;
  readonly object: ObjectFacts;
  /** The workspace tracks its answers as dependencies of this check. */
  readonly surroundings: Pick<Surroundings, 'schemas' | 'scopes' | 'targets' | 'crds'>;
}

export interface Problem {
  /** Offsets in the document. */
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly path?: string;
  readonly fixes?: readonly Fix[];
}

export function findingsOf(rule: Rule, subject: Subject): readonly Finding[] {
  return guarded(`the rule ${rule.id}`, 0, () =>
    [...rule.check(subject)].map((problem) => ({ rule: rule.id, severity: rule.severity, ...problem })),
  );
}

/** What a rule finds, without steps in between. */
export function problemsOrFailure(
  rule: RuleHead,
  origin: Origin | undefined,
  check: () => Iterable<ClusterProblem>,
): readonly ClusterProblem[] {
  return atOnce(problemsInSteps(rule, origin, check));
}

/** What a rule finds. If it throws, a problem that says so, at `origin`. */
export function* problemsInSteps(
  { id }: RuleHead,
  origin: Origin | undefined,
  check: () => Iterable<ClusterProblem | undefined>,
): Steps<readonly ClusterProblem[]> {
  const found: ClusterProblem[] = [];
  try {
    for (const problem of check()) {
      if (problem) found.push(problem);
      else yield;
    }
    return found;
  } catch (error) {
    const { message } = internalFinding(`the rule ${id}`, error);
    return origin ? [{ origin, message, isInternal: true }] : [];
  }
}

/** For examples: the source of the repository, and the entry point that applies `clusters/prod`. */
export const sync = `# file: clusters/prod/flux-system/sync.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 1m
  url: ssh://git@example.com/team/fleet.git
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ./clusters/prod
  sourceRef:
    kind: GitRepository
    name: flux-system
`;
