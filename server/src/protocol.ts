// The custom requests between the client and the two servers, for both sides. The JSON of the command line: cli/output.ts.
// Mostly types; values only where both sides need the same list. Positions are 0-based, columns in UTF-16 units.
import type { LiveRef } from './kube/identity.ts';
import type { ChangeVerb, Verb } from './live/actions/list.ts';
import type { HealthState } from './live/health-state.ts';
import type { Origin } from './live/origin.ts';
import type {
  Forward,
  ForwardParams,
  LogsParams,
  ShellParams,
  StreamNotifications,
  StreamRequests,
} from './protocol-streams.ts';

export type {
  AppliedPreview,
  ChartUse,
  Differences,
  KindChoice,
  LanguageOptions,
  LanguageRequests,
  Position,
  SchemaStatus,
  WrittenPlace,
} from './protocol-language.ts';
export type { Forward, ForwardParams, LogsParams, Origin, ShellParams };

// ---------------------------------------------------------------------------------------------------------------
// Rows, which the cluster server computes; `client/src/views/`, `capstan status` and `tree` only show them.

/** Version of the row protocol. A mismatch between client and server is reported as an error. */
export const protocolVersion = 1;

/**
 * Options of Node for the language server. V8's young generation of up to 48 MB pays for programs that allocate all the time;
 * half of it is as fast here, a quarter takes a fifth longer to read a large fleet. Of the trees of a repository only the
 * first are kept, from which V8 would conclude that all of them are, and make them where only a collection of all memory
 * finds that they aren't. The collector: see language/memory.ts.
 */
export const languageServerOptions = [
  '--max-semi-space-size=8',
  '--no-allocation-site-pretenuring',
  '--expose-gc',
] as const;

/** The views, in display order. Their top-level rows are defined in server/src/explorer/views.ts. */
export const views = [
  { id: 'problems', title: 'Problems' },
  { id: 'clusters', title: 'Clusters' },
  { id: 'delivery', title: 'Delivery' },
  { id: 'workloads', title: 'Workloads' },
  { id: 'operators', title: 'Operators' },
] as const satisfies readonly { readonly id: string; readonly title: string }[];

export type ViewId = (typeof views)[number]['id'];

/** What the rows of a view can be grouped by. */
export const groupings = ['context', 'environment', 'namespace', 'kind', 'state'] as const;

export type Grouping = (typeof groupings)[number];

/** Identifies what the row shows, independent of the view. */
export type RowId = string;

/** Determines the row's icon; the codicon and theme color of each state are in client/src/views. */
export type RowState =
  /** The health of an object; `none` also for folders and for contexts that are not open. */
  | HealthState
  /** An open context that is connecting or syncing. */
  | 'busy';

/** The actions of a row: ids of commands without the `capstan.` prefix. */
export type RowAction = 'openContext' | 'closeContext' | 'retryContext' | 'signIn' | 'unpin' | Verb;

export interface Row {
  /** Stable while the object or group exists, across updates, recreation and restarts. */
  readonly id: RowId;
  readonly label: string;
  readonly description: string;
  readonly state: RowState;
  /** Markdown. */
  readonly tooltip: string;
  /** Whether it has children; they are requested with `rows` when it is expanded. */
  readonly branch: boolean;
  readonly actions: readonly RowAction[];
  /** `context`, `folder` or a `group/Kind`; selects the icon if the state is `none`. */
  readonly kind: string;
  readonly context: string;
  readonly ref?: LiveRef;
}

export interface Pin {
  readonly context: string;
  readonly ref: LiveRef;
}

export interface InitializeParams {
  readonly protocolVersion: number;
  /** KUBECONFIG from the user's environment or setting; absent: the default file. */
  readonly kubeconfig?: string;
  readonly trusted: boolean;
  /** Paths of the workspace's folders. */
  readonly workspace?: readonly string[];
  readonly proxy?: string;
  /** Contexts that must not be changed. */
  readonly readOnlyContexts: readonly string[];
  /** Maximum number of objects per cluster that are kept with their state; the others are counted. Absent: no limit. */
  readonly objectsPerCluster?: number;
}

export interface InitializeResult {
  readonly protocolVersion: number;
  readonly serverVersion: string;
}

/** Summary of the fleet, for the status bar. */
export interface Summary {
  readonly open: number;
  readonly state: RowState;
  readonly failed: number;
  readonly progressing: number;
  readonly unreachable: number;
  readonly sentence: string;
  /** The causes that need somebody, without what only takes time; the sentence also says why there are none. */
  readonly problems: { readonly count: number; readonly sentence: string };
}

export interface RowsParams {
  readonly view: ViewId;
  /** Absent: the top level of the view. */
  readonly id?: RowId;
}

/** Client to cluster server. `params` and `result` are objects; errors are JSON-RPC errors with a `Problem` as data. */
export interface ClusterRequests extends StreamRequests {
  readonly initialize: { readonly params: InitializeParams; readonly result: InitializeResult };
  readonly contexts: { readonly params: Record<string, never>; readonly result: ContextList };
  /** The workspace's folders from now on, instead of those of `initialize`. */
  readonly workspace: { readonly params: { readonly folders: readonly string[] }; readonly result: null };
  /** Children of a row. The request subscribes to changes of the children in that view. */
  readonly rows: { readonly params: RowsParams; readonly result: readonly Row[] };
  /** The rows are collapsed or hidden: ends the subscriptions to their children in that view; `null` is its top level. */
  readonly release: {
    readonly params: { readonly view: ViewId; readonly ids: readonly (RowId | null)[] };
    readonly result: null;
  };
  /** Shows the rows of the view that fit, flat; an empty query shows all, each in its place. */
  readonly filter: { readonly params: { readonly view: ViewId; readonly query: string }; readonly result: null };
  /** The pinned objects, which are the first rows of their views while their context is open. */
  readonly pins: { readonly params: { readonly pins: readonly Pin[] }; readonly result: null };
  /** Shows the rows of the view in groups; null: each in its place. */
  readonly group: { readonly params: { readonly view: ViewId; readonly by: Grouping | null }; readonly result: null };
  /** Objects of all open contexts that fit the letters, the best first; with an action, those that offer it. */
  readonly find: {
    readonly params: { readonly query: string; readonly limit: number; readonly action?: RowAction };
    /** `isPending`: pods, or objects of a kind that the query names, are still being listed. */
    readonly result: { readonly rows: readonly Row[]; readonly isPending: boolean };
  };
  /** The view that has an object, and the ids of the rows from its top down to the object; none if no view has it. */
  readonly path: {
    readonly params: { readonly ref: LiveRef; readonly context: string };
    readonly result: { readonly view: ViewId; readonly ids: readonly RowId[] };
  };
  /** What an object comes from, itself first: `capstan/written` knows where that is written. */
  readonly origins: {
    readonly params: { readonly ref: LiveRef; readonly context: string };
    readonly result: { readonly origins: readonly Origin[] };
  };
  /**
   * The states of objects, as files define them, in the open clusters that get them. If it is followed, the request subscribes
   * to changes, instead of what was followed before.
   */
  readonly states: {
    readonly params: { readonly wanted: readonly Origin[]; readonly isFollowed: boolean };
    readonly result: { readonly states: readonly LiveState[] };
  };
  /** What the cluster has of an object beside `wanted`, JSON of `capstan/applied`: two texts in YAML. */
  readonly compare: {
    readonly params: { readonly ref: LiveRef; readonly context: string; readonly wanted: string };
    readonly result: { readonly wanted: string; readonly live: string };
  };
  /** What an object was before, each beside what it is: texts in YAML. */
  readonly earlier: {
    readonly params: { readonly ref: LiveRef; readonly context: string };
    readonly result: { readonly states: readonly EarlierState[] };
  };
  /** An object as YAML, after comments with its state, conditions, events and who changed it. */
  readonly object: {
    readonly params: { readonly ref: LiveRef; readonly context: string };
    readonly result: { readonly yaml: string };
  };
  /** An object as YAML that can be edited; the change `edit` takes it as `base`, the uid, and the edited one as `text`. */
  readonly editable: {
    readonly params: { readonly ref: LiveRef; readonly context: string };
    readonly result: { readonly text: string; readonly uid: string };
  };
  readonly open: { readonly params: { readonly contexts: readonly string[] }; readonly result: null };
  readonly close: { readonly params: { readonly contexts: readonly string[] }; readonly result: null };
  readonly retry: { readonly params: { readonly context: string }; readonly result: null };
  readonly summary: { readonly params: Record<string, never>; readonly result: Summary };
  /** Reads an object and makes a dry run of a change on the server; nothing is written. */
  readonly prepare: { readonly params: PrepareParams; readonly result: Preparation };
  /** Applies a prepared change. */
  readonly act: { readonly params: ActParams; readonly result: ActResult };
  /** The containers of an object's newest pod; none if it has no pods. */
  readonly containers: {
    readonly params: { readonly context: string; readonly ref: LiveRef };
    readonly result: { readonly containers: readonly string[]; readonly main: string };
  };
  /** The log of a pod or of the pods of a workload is sent as notifications with the token until it ends or is stopped. */
  readonly logs: { readonly params: LogsParams; readonly result: null };
  readonly stopLogs: { readonly params: { readonly token: string }; readonly result: null };
  /** Where a commit of the repository of a folder is in the open clusters. */
  readonly commit: {
    readonly params: { readonly folder: string; readonly revision: string };
    readonly result: CommitPlaces;
  };
  readonly rollout: {
    readonly params: { readonly context: string; readonly ref: LiveRef };
    readonly result: { readonly text: string };
  };
}

/** Cluster server to client, without a response. */
export interface ClusterNotifications extends StreamNotifications {
  /** The children of these subscribed rows have changed and must be requested again; `null` is the view's top level. */
  readonly changed: { readonly view: ViewId; readonly ids: readonly (RowId | null)[] };
  readonly summary: Summary;
  /** The states that were asked for last have changed and must be requested again. */
  readonly statesChanged: Record<string, never>;
  /** A line for the output channel, already redacted. */
  readonly log: { readonly level: 'error' | 'warn' | 'info' | 'debug'; readonly message: string };
  readonly progress: { readonly token: string; readonly message: string };
  /** Further lines of a log, already redacted; the last with `isOver`. */
  readonly logged: { readonly token: string; readonly lines: readonly string[]; readonly isOver: boolean };
}

/** Cluster server to client, with a response: the user's consent. */
export interface ClusterQuestions {
  readonly consent: {
    readonly params: { readonly title: string; readonly detail: string; readonly accept: string };
    readonly result: { readonly accepted: boolean };
  };
}

export interface LiveState {
  /** Of `wanted`. */
  readonly index: number;
  readonly context: string;
  readonly ref: LiveRef;
  /** `none`: the description tells all that is known. */
  readonly state: HealthState;
  readonly description: string;
  /** The Kustomization that applies it. */
  readonly delivery?: { readonly name: string; readonly state: HealthState; readonly description: string };
}

export interface EarlierState {
  /** `last applied`, `revision 3` */
  readonly name: string;
  /** What tells it from the others. */
  readonly description: string;
  readonly before: string;
  readonly live: string;
}

export interface CommitPlaces {
  readonly commit: string;
  /** Nothing more happens by itself. */
  readonly isOver: boolean;
  readonly isReady: boolean;
  readonly sentence: string;
  /** A page with each cluster: what has it, what waits for what, what failed. */
  readonly text: string;
}

export interface PrepareParams {
  readonly context: string;
  readonly ref: LiveRef;
  readonly verb: ChangeVerb;
  /** Values by parameter of the action. */
  readonly values?: Readonly<Record<string, string>>;
}

export type Preparation =
  /** Values are missing; the client prompts for them and prepares the change again. */
  | { readonly is: 'asks'; readonly parameters: readonly AskedValue[] }
  /** Ready for the user's confirmation. */
  | {
      readonly is: 'ready';
      readonly id: string;
      /** `Suspend` */
      readonly title: string;
      /** `Suspending` */
      readonly doing: string;
      /** `Kustomization fleet/apps on prod` */
      readonly subject: string;
      /** The effect of the change. */
      readonly preview: string;
      /** The result of the dry run, one line per changed field. */
      readonly changes: readonly string[];
    }
  /** The change was refused or the object is already in the requested state. */
  | { readonly is: 'over'; readonly result: ActResult };

export interface AskedValue {
  readonly name: string;
  readonly title: string;
  readonly initial: string;
  /** It may be left empty. */
  readonly optional: boolean;
  /** The values to choose from; absent: any. */
  readonly choices?: readonly { readonly value: string; readonly description: string }[];
}

export interface ActParams {
  /** The id of the preparation. */
  readonly id: string;
  /** Included in progress notifications. */
  readonly token?: string;
}

/** `handled`: the outcome was observed. `requested`: written, but the outcome was not observed in time. */
export interface ActResult {
  readonly outcome: 'handled' | 'requested' | 'failed';
  readonly message: string;
  /** It failed because of what another client changed. */
  readonly isConflict?: true;
  /** It can be done in the file that defines the object. */
  readonly inGit?: true;
}

/** Data of a JSON-RPC error: the problem, the context it affects, and the remedy. */
export interface Problem {
  readonly message: string;
  /** The affected context, if it is only one. */
  readonly context?: string;
  readonly remedy: string;
}

/** `capstan contexts --format json`, and the cluster server's `contexts`. */
export interface ContextList {
  readonly files: readonly string[];
  readonly current?: string;
  readonly contexts: readonly ContextSummary[];
  /** Files that are missing or invalid, and contexts with missing references. */
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
