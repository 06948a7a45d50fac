// The verbs of the command line. It is two programs, so that what asks a cluster doesn't start with all that reads files: boot.ts
// starts the one that has the verb.
import type { Io } from './io.ts';

/** Resolves to the exit code: 0 success, 1 problems or not ready, 2 wrong usage or crash. */
export type Run = (args: readonly string[], io: Io) => Promise<number>;

export interface Verb {
  readonly line: string;
  /** Contacts clusters, which requires a Node as new as VS Code's. */
  readonly clusters?: true;
}

/** In dist/cli-files.js, each with a line in file-verbs.ts. */
export const fileVerbs = {
  lint: { line: 'check manifests as the API server would' },
  build: { line: 'print manifests as Flux would apply them' },
  diff: { line: 'print what a change does to clusters' },
  migrate: { line: 'move manifests to newer API versions' },
  graph: { line: 'print objects and how they are connected' },
  explain: { line: 'describe a kind or a field' },
  charts: { line: 'list the charts of releases, or fetch them' },
  schemas: { line: 'list known releases, or import one' },
  follow: { line: 'follow a commit into clusters until it is ready on each', clusters: true },
  where: { line: 'print the file and line that made a live object', clusters: true },
  lsp: { line: 'run the language server (--stdio)' },
} as const satisfies Readonly<Record<string, Verb>>;

/** In dist/cli-clusters.js, each with a line in cluster-verbs.ts, beside the verbs that change clusters. */
export const clusterVerbs = {
  contexts: { line: 'list the contexts of the kubeconfig; contacts no cluster' },
  status: { line: 'show fleet, delivery and rollout status', clusters: true },
  problems: { line: 'show what is wrong, each cause once, with what to do', clusters: true },
  get: { line: 'list objects of any kind with the columns of kubectl get', clusters: true },
  tree: { line: 'show a cluster or a delivery with everything below it', clusters: true },
  rollout: { line: 'follow a rollout as kubectl does', clusters: true },
  logs: { line: 'print or follow the logs of a pod or a workload', clusters: true },
  events: { line: 'show the events about an object', clusters: true },
  shell: { line: 'open a shell, or run a command, in a container of a pod', clusters: true },
  'port-forward': { line: 'forward ports of a pod to this machine', clusters: true },
  kubeconfig: { line: 'write the kubeconfig of a workload cluster to a file', clusters: true },
  edit: { line: 'change the fields of an object in your editor', clusters: true },
  actions: { line: 'show what was changed in clusters from here' },
} as const satisfies Readonly<Record<string, Verb>>;

export const verbs: Readonly<Record<string, Verb>> = { ...fileVerbs, ...clusterVerbs };

export type Loaders<Verbs> = Readonly<Record<keyof Verbs, () => Promise<Run>>>;

export function isFileVerb(name: string | undefined): name is keyof typeof fileVerbs {
  return name !== undefined && Object.hasOwn(fileVerbs, name);
}

export function isClusterVerb(name: string | undefined): name is keyof typeof clusterVerbs {
  return name !== undefined && Object.hasOwn(clusterVerbs, name);
}
