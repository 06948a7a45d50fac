// The interface of a rule. Each rule has its own file and an entry in rules.ts; the examples in its documentation run as
// its tests.

import type { Finding, Fix, RuleId, Severity } from '../syntax/finding.ts';
import type { Manifest } from '../syntax/manifest.ts';
import type { ObjectFacts } from '../workspace/facts.ts';
import type { Surroundings } from '../workspace/workspace.ts';

export interface Rule {
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
  check(subject: Subject): Iterable<Problem>;
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
  return [...rule.check(subject)].map((problem) => ({ rule: rule.id, severity: rule.severity, ...problem }));
}
