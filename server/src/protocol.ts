// Every custom request between the client and the two servers, and every JSON shape the command line prints: the single
// definition for both sides. Types, and of values only what both sides list. Positions are 0-based, columns in UTF-16 units.
import type { SchemaStatus } from './features/status.ts';
import type { LiveRef } from './kube/identity.ts';
import type { FieldChange } from './live/actions/field-changes.ts';
import type { ChangeVerb, Verb } from './live/actions/list.ts';
import type { HealthState } from './live/health.ts';

export type { SchemaStatus };

// ---------------------------------------------------------------------------------------------------------------
// Rows: what the cluster server shows. `views/` only paints them; `capstan status` and `tree` print the same rows.

/** Version of the row protocol. A client and a server that disagree say so instead of guessing. */
export const protocolVersion = 1;

/** The views, in the order in which they are shown. What stands at the top of each: server/src/explorer/views.ts. */
export const views = [{ id: 'clusters', title: 'Clusters' }] as const satisfies readonly {
  readonly id: string;
  readonly title: string;
}[];

export type ViewId = (typeof views)[number]['id'];

/** Says by itself what the row stands for, so that it means the same in every view. */
export type RowId = string;

/** One word per look; the codicon and theme colour of each are in client/src/views. */
export type RowState =
  /** How an object fares; `none` also for folders and for contexts that are not open. */
  | HealthState
  /** A context in use: connecting or syncing. */
  | 'busy';

/** What a row offers; ids of commands without the `capstan.` prefix. */
export type RowAction = 'openContext' | 'closeContext' | 'retryContext' | 'signIn' | Verb;

export interface Row {
  /** Stable for as long as what it shows exists, across updates, recreation and restarts. */
  readonly id: RowId;
  readonly label: string;
  readonly description: string;
  readonly state: RowState;
  /** Markdown. */
  readonly tooltip: string;
  /** Whether it has children; they are asked for with `rows` when it is expanded. */
  readonly branch: boolean;
  readonly actions: readonly RowAction[];
  /** The kind of thing, for icons where state is `none`: `context`, `folder` or a `group/Kind`. */
  readonly kind: string;
  readonly context: string;
  readonly ref?: LiveRef;
}

export interface InitializeParams {
  readonly protocolVersion: number;
  /** KUBECONFIG as the user's environment or setting has it; absent: the default file. */
  readonly kubeconfig?: string;
  readonly trusted: boolean;
  readonly proxy?: string;
  /** Contexts on which nothing may be changed. */
  readonly readOnlyContexts: readonly string[];
  /** Objects kept of a cluster with their state; those beyond are counted. All of them where absent. */
  readonly objectsPerCluster?: number;
}

export interface InitializeResult {
  readonly protocolVersion: number;
  readonly serverVersion: string;
}

/** The fleet's worst news, for the status bar. */
export interface Summary {
  readonly open: number;
  readonly state: RowState;
  readonly failed: number;
  readonly progressing: number;
  readonly unreachable: number;
  readonly sentence: string;
}

export interface RowsParams {
  readonly view: ViewId;
  /** Absent: what stands at the top of the view. */
  readonly id?: RowId;
}

/** Client to cluster server. `params` and `result` are structs; errors travel as JSON-RPC errors with a `Problem`. */
export interface ClusterRequests {
  readonly initialize: { readonly params: InitializeParams; readonly result: InitializeResult };
  readonly contexts: { readonly params: Record<string, never>; readonly result: ContextList };
  /** Children of a row. Asking subscribes to changes of the children, in that view. */
  readonly rows: { readonly params: RowsParams; readonly result: readonly Row[] };
  /** The rows collapsed or went out of sight: nothing more is computed or told for their children in that view. */
  readonly release: {
    readonly params: { readonly view: ViewId; readonly ids: readonly RowId[] };
    readonly result: null;
  };
  readonly object: {
    readonly params: { readonly ref: LiveRef; readonly context: string };
    readonly result: { readonly yaml: string };
  };
  readonly open: { readonly params: { readonly contexts: readonly string[] }; readonly result: null };
  readonly close: { readonly params: { readonly contexts: readonly string[] }; readonly result: null };
  readonly retry: { readonly params: { readonly context: string }; readonly result: null };
  readonly summary: { readonly params: Record<string, never>; readonly result: Summary };
  /** Looks at an object and tries a change of it on the server; nothing is written. */
  readonly prepare: { readonly params: PrepareParams; readonly result: Preparation };
  /** Makes a change that was prepared. */
  readonly act: { readonly params: ActParams; readonly result: ActResult };
  readonly rollout: {
    readonly params: { readonly context: string; readonly ref: LiveRef };
    readonly result: { readonly text: string };
  };
}

/** Cluster server to client, no answer. */
export interface ClusterNotifications {
  /** The children of these rows, which someone asked for, changed: ask again for each; `null` is the top of the view. */
  readonly changed: { readonly view: ViewId; readonly ids: readonly (RowId | null)[] };
  readonly summary: Summary;
  /** A line for the output channel, already redacted. */
  readonly log: { readonly level: 'error' | 'warn' | 'info' | 'debug'; readonly message: string };
  readonly progress: { readonly token: string; readonly message: string };
}

/** Cluster server to client, with an answer: consent. */
export interface ClusterQuestions {
  readonly consent: {
    readonly params: { readonly title: string; readonly detail: string; readonly accept: string };
    readonly result: { readonly accepted: boolean };
  };
}

export interface PrepareParams {
  readonly context: string;
  readonly ref: LiveRef;
  readonly verb: ChangeVerb;
  /** By parameter of the action. */
  readonly values?: Readonly<Record<string, string>>;
}

export type Preparation =
  /** Values are missing: asked for, and prepared again with them. */
  | { readonly is: 'asks'; readonly parameters: readonly { name: string; title: string; initial: string }[] }
  /** To be agreed to. */
  | {
      readonly is: 'ready';
      readonly id: string;
      /** `Suspend` */
      readonly title: string;
      /** `Suspending` */
      readonly doing: string;
      /** `Kustomization fleet/apps on prod` */
      readonly subject: string;
      /** What will happen. */
      readonly preview: string;
      /** What the server makes of it, a line for each field. */
      readonly changes: readonly string[];
    }
  /** Refused, or nothing is left to do. */
  | { readonly is: 'over'; readonly result: ActResult };

export interface ActParams {
  /** Of the preparation. */
  readonly id: string;
  /** Reports of progress carry it back. */
  readonly token?: string;
}

/** `handled`: the controller acted on it. `requested`: written, and the controller has not reported that in time. */
export interface ActResult {
  readonly outcome: 'handled' | 'requested' | 'failed';
  readonly message: string;
}

/** Data of a JSON-RPC error: what is wrong, with what, and what to do. */
export interface Problem {
  readonly message: string;
  /** The one context it is about. */
  readonly context?: string;
  readonly remedy: string;
}

// ---------------------------------------------------------------------------------------------------------------
// Language server, beside LSP.

export interface LanguageRequests {
  /** Which schema answers for the document at a position, for the status bar. */
  readonly 'capstan/schemaStatus': {
    readonly params: { readonly uri: string; readonly position: Position };
    readonly result: SchemaStatus | null;
  };
}

export interface LanguageNotifications {
  /** Client to server: CRDs of a connected cluster, as JSON text each; they only fill in kinds otherwise unknown. */
  readonly 'capstan/clusterSchemas': { readonly context: string; readonly crds: readonly string[] };
}

// ---------------------------------------------------------------------------------------------------------------
// Command line.

export interface Position {
  readonly line: number;
  readonly character: number;
}

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

/** `capstan schemas --format json` prints an array of these. */
export interface SchemaRelease {
  readonly name: string;
  readonly version: string;
  readonly kinds: number;
  readonly from: 'bundled' | 'imported';
  /** When its schemas answer: `pinned` only where `.capstan.yaml` says so. */
  readonly use: 'always' | 'otherwise unknown' | 'pinned';
}

/** `Explanation`: `capstan explain --format json`. */
export type { Explanation } from './features/explain.ts';

/** `capstan contexts --format json`, and the cluster server's `contexts`. */
export interface ContextList {
  readonly files: readonly string[];
  readonly current?: string;
  readonly contexts: readonly ContextSummary[];
  /** Files that are missing or invalid, contexts that name what isn't there. */
  readonly problems: readonly Problem[];
}

export interface ContextSummary {
  readonly name: string;
  readonly cluster: string;
  readonly server?: string;
  readonly user?: string;
  readonly namespace?: string;
  readonly file?: string;
}

/** `capstan status --format json` prints an array of these, one for each context. */
export interface ContextStatus {
  readonly context: string;
  readonly state: RowState;
  readonly sentence: string;
  readonly version?: string;
  readonly objects: readonly ObjectStatus[];
}

export interface ObjectStatus {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly state: RowState;
  readonly reason: string;
  /** RFC 3339, when the object was created. */
  readonly created?: string;
}

/** `TreeNode`: `capstan tree --format json`. */
export type { TreeNode } from './live/tree.ts';

/** `capstan reconcile --format json`, and every other change. */
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
  /** What the server makes of it; empty where it was refused. */
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
