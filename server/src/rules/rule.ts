// The shape of a rule: one file each, in the list of rules.ts. Its documentation carries examples that run as its tests.

import type { GroupKind } from '../kube/identity.ts';
import type { SchemaStore } from '../schema/schema.ts';
import type { Finding, Fix, RuleId, Severity } from '../syntax/finding.ts';
import type { Manifest } from '../syntax/manifest.ts';
import type { ObjectFacts } from '../workspace/facts.ts';
import type { CrdSource } from '../workspace/schemas.ts';
import type { Definition, DefinitionKey } from '../workspace/workspace.ts';

export interface Rule {
  readonly id: RuleId;
  /** Unless the configuration says otherwise. */
  readonly severity: Severity;
  readonly docs: {
    /** What is wrong with the bad example and what happens if it is applied, in one or two sentences. */
    readonly text: string;
    /** Manifests, in the form of the fixtures of features/fixture.ts. */
    readonly bad: string;
    readonly good: string;
  };
  check(subject: Subject): Iterable<Problem>;
}

/** One object of a document that is to be judged. */
export interface Subject {
  readonly path: string;
  readonly manifest: Manifest;
  readonly object: ObjectFacts;
  /** All below are answers the workspace remembers as read by this check. */
  readonly schemas: SchemaStore;
  definitions(key: DefinitionKey): readonly Definition[];
  crds(groupKind: GroupKind): readonly CrdSource[];
}

export interface Problem {
  /** Offsets of the document. */
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly path?: string;
  readonly fixes?: readonly Fix[];
}

export function findingsOf(rule: Rule, subject: Subject): readonly Finding[] {
  return [...rule.check(subject)].map((problem) => ({ rule: rule.id, severity: rule.severity, ...problem }));
}
