// The custom requests between the client and the two servers, for both sides. The JSON of the command line: cli/output.ts.
// Mostly types; values only where both sides need the same list. Positions are 0-based, columns in UTF-16 units.
import type { KindChoice } from './features/new-manifest.ts';
import type { SchemaStatus } from './features/status.ts';
import type { LiveRef } from './kube/identity.ts';
import type { ChangeVerb, Verb } from './live/actions/list.ts';
import type { HealthState } from './live/health-state.ts';
import type {
  Forward,
  ForwardParams,
  LogsParams,
  ShellParams,
  StreamNotifications,
  StreamRequests,
} from './protocol-streams.ts';
import type { ChartUse } from './workspace/wanted-charts.ts';

export type { ChartUse, Forward, ForwardParams, KindChoice, LogsParams, SchemaStatus, ShellParams };

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
}

/** Data of a JSON-RPC error: the problem, the context it affects, and the remedy. */
export interface Problem {
  readonly message: string;
  /** The affected context, if it is only one. */
  readonly context?: string;
  readonly remedy: string;
}

// ---------------------------------------------------------------------------------------------------------------
// Language server, in addition to LSP.

/** The client's `initializationOptions`. Other editors send none. */
export interface LanguageOptions {
  /** The first suggestion is selected while one types, so that Enter and Tab accept it. */
  readonly selectsFirst?: boolean;
  /** A list that opens on a new line selects nothing, so that Enter stays Enter. */
  readonly opensOnNewLine?: boolean;
  /** Spaces by which the editor indents a file that has no indentation yet. */
  readonly indentation?: number;
  /** A command that opens the suggestions at the cursor; it takes `{auto: true}`. */
  readonly suggestCommand?: string;
  /** Whether inlay hints are shown; by default they are. */
  readonly inlayHints?: boolean;
  /** A command that previews what clusters get; it takes `{uri, position}`. Without it, there are no code lenses. */
  readonly previewCommand?: string;
  /** The user agreed that the program `helm` runs and renders HelmReleases. */
  readonly renderReleases?: boolean;
  /** A file in which the server names what it works on, for a client that ends it when it hangs. */
  readonly atWork?: string;
  /** Whether the user trusts the workspace: if not, its CRDs aren't used. By default they do. */
  readonly trusted?: boolean;
  /** Documents and roots that earlier servers hung on: they are left alone. */
  readonly setAside?: readonly string[];
}

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface LanguageRequests {
  readonly 'capstan/alive': { readonly params: null; readonly result: null };
  /** The schema of the document at a position, for the status bar. */
  readonly 'capstan/schemaStatus': {
    readonly params: { readonly uri: string; readonly position: Position };
    readonly result: SchemaStatus | null;
  };
  /** The kinds of which a manifest can be written, those of the workspace first. `uri` is a file or folder of the root. */
  readonly 'capstan/kinds': {
    readonly params: { readonly uri: string };
    readonly result: readonly KindChoice[];
  };
  /** Where a new manifest goes and what is in it; null if the kind is unknown. */
  readonly 'capstan/newManifest': {
    readonly params: { readonly uri: string; readonly apiVersion: string; readonly kind: string };
    readonly result: { readonly uri: string; readonly snippet: string } | null;
  };
  /** The edit that lists a new file in the kustomization of its folder; null if that lists no files of the folder. */
  readonly 'capstan/listing': {
    readonly params: { readonly uri: string };
    readonly result: { readonly uri: string; readonly position: Position; readonly text: string } | null;
  };
  /**
   * The objects at a position as a cluster gets them, by default the first: on a Flux Kustomization or in a kustomization all
   * that it applies, elsewhere those of the file. Null if no cluster gets any.
   */
  readonly 'capstan/preview': {
    readonly params: { readonly uri: string; readonly position: Position; readonly cluster?: string };
    readonly result: AppliedPreview | null;
  };
  /** What differs in what clusters get at a position since a revision of Git, or between them; or in the whole `repository`. */
  readonly 'capstan/differences': {
    readonly params: {
      readonly uri: string;
      readonly position: Position;
      readonly between:
        | { readonly is: 'revision' | 'repository'; readonly revision: string }
        | { readonly is: 'clusters'; readonly old: string; readonly now: string };
    };
    readonly result: Differences | null;
  };
  /** The charts that releases of the file's root use and that aren't known; the other tells that some were fetched. */
  readonly 'capstan/missingCharts': { readonly params: { readonly uri: string }; readonly result: readonly ChartUse[] };
  readonly 'capstan/chartsFetched': { readonly params: null; readonly result: null };
}

/** Values of Secrets are hidden; texts are YAML, and `name` is what the old one is of. */
export type Differences =
  | { readonly is: 'texts'; readonly name: string; readonly old: string; readonly now: string }
  | { readonly is: 'report'; readonly markdown: string }
  | { readonly is: 'problem'; readonly problem: string };

export interface AppliedPreview {
  readonly cluster: string;
  /** All clusters that get the objects. */
  readonly clusters: readonly string[];
  /** YAML, one document for each object. */
  readonly text: string;
  /** The URIs of the files that the values are from. */
  readonly sources: readonly string[];
  /** For each line of the text, an index of `sources` and the line there that its value is from. */
  readonly lines: readonly (readonly [source: number, line: number] | null)[];
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
