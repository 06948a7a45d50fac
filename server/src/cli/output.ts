// The JSON that the command line prints with `--format json`. Positions are 0-based, columns in UTF-16 units.
import type { Entry, Report, ReportedGap } from '../change/report.ts';
import type { FieldChange } from '../live/actions/field-changes.ts';
import type { ChangeVerb } from '../live/actions/list.ts';
import type { ObjectStatus } from '../live/reports.ts';
import type { ActResult, Position } from '../protocol.ts';
import type { GraphEdge, GraphNode } from '../workspace/graph.ts';

export type { MigratedFile } from '../features/migrate.ts';
export type { DetectedVersion } from '../workspace/versions.ts';

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** `capstan lint --format json` prints an array of these. */
export interface LintFinding {
  readonly file: string;
  readonly range: Range;
  readonly severity: 'error' | 'warning' | 'info' | 'hint';
  readonly rule: string;
  readonly message: string;
  readonly resource?: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace?: string;
    readonly name?: string;
  };
}

/**
 * `capstan graph --format json`. `owns`: an object of Cluster API or a ResourceSet owns another; `applies`: a Kustomization
 * of Flux applies it.
 */
export interface GraphOutput {
  readonly nodes: readonly (Omit<GraphNode, 'offset'> & {
    /** 0-based, in `file`, which is relative to the root of the repository. */
    readonly line: number;
  })[];
  readonly edges: readonly GraphEdge[];
}

/**
 * `capstan diff --format json`. A value of a Secret is never in it: a field whose value is hidden has `isHidden`. Long texts
 * are cut.
 */
export interface DiffOutput {
  /** What the current files are compared with, for people. */
  readonly against: string;
  readonly targets: Report['targets'];
  readonly entries: readonly (Omit<Entry, 'origin'> & PlaceOfChange)[];
  readonly images: Report['images'];
  readonly gaps: readonly (Omit<ReportedGap, 'origin'> & Partial<PlaceOfChange>)[];
}

export interface PlaceOfChange {
  /** Relative to the root of the repository. Of an object that goes, where it was. */
  readonly file: string;
  /** 0-based. */
  readonly line: number;
}

/** `Explanation`: `capstan explain --format json`. */
export type { Explanation } from '../features/explain.ts';
/** `capstan status --watch -o json` prints one in each line: every object at first, then each that changes. */
export interface StatusChange extends ObjectStatus {
  /** RFC 3339. */
  readonly time: string;
  readonly context: string;
  /** It was deleted, or it no longer fits what is shown. */
  readonly isGone?: boolean;
}

/** `capstan status` and `capstan problems` with `--format json`. */
export type { ContextProblems, ContextStatus, ObjectStatus, ProblemReport } from '../live/reports.ts';
/** `TreeNode`: `capstan tree --format json`. */
export type { TreeNode } from '../live/tree.ts';
/** `capstan schemas --format json` prints an array of these. */
export type { SchemaRelease } from '../schema/stored.ts';
/** `capstan charts --format json` prints an array of these. */
export type { ChartUse } from '../workspace/wanted-charts.ts';

/** `capstan reconcile --format json`, and likewise for every other change. */
export interface ActionReport {
  readonly context: string;
  readonly verb: ChangeVerb;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** `previewed`: with --dry-run, nothing was written. */
  readonly outcome: ActResult['outcome'] | 'previewed';
  /** One sentence. */
  readonly message: string;
  /** The result of the dry run; empty if the change was refused. */
  readonly changes: readonly FieldChange[];
}

/** `capstan rollout --format json` prints an array of these. */
export interface RolloutStatus {
  readonly resource: string;
  readonly done: boolean;
  readonly failed: boolean;
  readonly messages: readonly string[];
  readonly diagnosis: readonly string[];
}

/** `capstan where --format json`: an array; several places where it isn't known which is meant. */
export interface WrittenOutput {
  /** Relative to the repository. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The object that is written there: the one that was asked for, or what it comes from. */
  readonly object: { readonly kind: string; readonly namespace?: string; readonly name: string };
  /** Those that get it, as far as the files show. */
  readonly clusters: readonly string[];
}

/** `capstan follow --format json`: an array, one for each context. */
export interface CommitStatus {
  readonly context: string;
  /** `none`: the cluster takes nothing from the repository. `unknown`: it isn't reached. */
  readonly state: 'ready' | 'progressing' | 'failed' | 'suspended' | 'unknown' | 'none';
  readonly sentence: string;
  /** Sources, then Kustomizations, then the HelmReleases that these apply. */
  readonly objects: readonly {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace?: string;
    readonly name: string;
    readonly state: 'ready' | 'progressing' | 'failed' | 'suspended';
    /** What it waits for, or why it failed; of what is ready its revision. */
    readonly reason: string;
  }[];
}
