// The verbs of the command line. They load on demand, so that only those that contact clusters load the cluster client.
import type { Io } from './io.ts';

/** Resolves to the exit code: 0 success, 1 problems or not ready, 2 wrong usage or crash. */
export type Run = (args: readonly string[], io: Io) => Promise<number>;

export interface Verb {
  readonly line: string;
  /** Contacts clusters, which requires a Node as new as VS Code's. */
  readonly clusters?: true;
  readonly load: () => Promise<Run>;
}

export const verbs: Readonly<Record<string, Verb>> = {
  lint: { line: 'check manifests as the API server would', load: async () => (await import('./lint.ts')).run },
  build: { line: 'print manifests as Flux would apply them', load: async () => (await import('./build.ts')).run },
  diff: { line: 'print what a change does to clusters', load: async () => (await import('./diff.ts')).run },
  migrate: { line: 'move manifests to newer API versions', load: async () => (await import('./migrate.ts')).run },
  graph: { line: 'print objects and how they are connected', load: async () => (await import('./graph.ts')).run },
  explain: { line: 'describe a kind or a field', load: async () => (await import('./explain.ts')).run },
  charts: { line: 'list the charts of releases, or fetch them', load: async () => (await import('./charts.ts')).run },
  schemas: { line: 'list known releases, or import one', load: async () => (await import('./schemas.ts')).run },
  contexts: {
    line: 'list the contexts of the kubeconfig; contacts no cluster',
    load: async () => (await import('./contexts.ts')).run,
  },
  status: {
    line: 'show fleet, delivery and rollout status',
    clusters: true,
    load: async () => (await import('./status.ts')).run,
  },
  problems: {
    line: 'show what is wrong, each cause once, with what to do',
    clusters: true,
    load: async () => (await import('./problems.ts')).run,
  },
  follow: {
    line: 'follow a commit into clusters until it is ready on each',
    clusters: true,
    load: async () => (await import('./follow.ts')).run,
  },
  where: {
    line: 'print the file and line that made a live object',
    clusters: true,
    load: async () => (await import('./where.ts')).run,
  },
  get: {
    line: 'list objects of any kind with the columns of kubectl get',
    clusters: true,
    load: async () => (await import('./get.ts')).run,
  },
  tree: {
    line: 'show a cluster or a delivery with everything below it',
    clusters: true,
    load: async () => (await import('./tree.ts')).run,
  },
  rollout: {
    line: 'follow a rollout as kubectl does',
    clusters: true,
    load: async () => (await import('./rollout.ts')).run,
  },
  logs: {
    line: 'print or follow the logs of a pod or a workload',
    clusters: true,
    load: async () => (await import('./logs.ts')).run,
  },
  events: {
    line: 'show the events about an object',
    clusters: true,
    load: async () => (await import('./events.ts')).run,
  },
  shell: {
    line: 'open a shell, or run a command, in a container of a pod',
    clusters: true,
    load: async () => (await import('./shell.ts')).run,
  },
  'port-forward': {
    line: 'forward ports of a pod to this machine',
    clusters: true,
    load: async () => (await import('./port-forward.ts')).run,
  },
  kubeconfig: {
    line: 'write the kubeconfig of a workload cluster to a file',
    clusters: true,
    load: async () => (await import('./kubeconfig.ts')).run,
  },
  edit: {
    line: 'change the fields of an object in your editor',
    clusters: true,
    load: async () => (await import('./edit.ts')).run,
  },
  actions: {
    line: 'show what was changed in clusters from here',
    load: async () => (await import('./actions.ts')).run,
  },
  lsp: { line: 'run the language server (--stdio)', load: async () => (await import('./lsp.ts')).run },
};

/** The verbs that change clusters, built from the list of actions; loaded when one is named or all are listed. */
export async function changeVerbs(): Promise<Readonly<Record<string, Verb>>> {
  const [{ changes }, { commandName }] = await Promise.all([
    import('../live/actions/list.ts'),
    import('../live/actions/action.ts'),
  ]);
  const verbsOf = changes.map((action): [string, Verb] => [
    commandName(action.verb),
    {
      line: action.summary,
      clusters: true,
      load: async () => {
        const { run } = await import('./act.ts');
        return (args, io) => run(action, args, io);
      },
    },
  ]);
  return Object.fromEntries(verbsOf);
}
