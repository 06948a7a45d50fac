// The code of the verbs that ask or change clusters, loaded on demand.
import { commandName } from '../live/actions/action.ts';
import { changes } from '../live/actions/list.ts';
import type { clusterVerbs, Loaders, Run, Verb } from './verbs.ts';

export const loaders: Loaders<typeof clusterVerbs> = {
  contexts: async () => (await import('./contexts.ts')).run,
  status: async () => (await import('./status.ts')).run,
  problems: async () => (await import('./problems.ts')).run,
  get: async () => (await import('./get.ts')).run,
  tree: async () => (await import('./tree.ts')).run,
  rollout: async () => (await import('./rollout.ts')).run,
  logs: async () => (await import('./logs.ts')).run,
  events: async () => (await import('./events.ts')).run,
  shell: async () => (await import('./shell.ts')).run,
  'port-forward': async () => (await import('./port-forward.ts')).run,
  kubeconfig: async () => (await import('./kubeconfig.ts')).run,
  edit: async () => (await import('./edit.ts')).run,
  actions: async () => (await import('./actions.ts')).run,
};

interface ChangeVerb extends Verb {
  readonly load: () => Promise<Run>;
}

/** The verbs that change clusters, built from the list of actions. */
export const changeVerbs: Readonly<Record<string, ChangeVerb>> = Object.fromEntries(
  changes.map((action) => [
    commandName(action.verb),
    {
      line: action.summary,
      clusters: true,
      load: async () => {
        const { run } = await import('./act.ts');
        return (args, io) => run(action, args, io);
      },
    },
  ]),
);
