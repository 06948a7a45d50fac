// The code of the verbs that read files, loaded on demand: only those that contact clusters load the cluster client.
import type { fileVerbs, Loaders } from './verbs.ts';

export const loaders: Loaders<typeof fileVerbs> = {
  lint: async () => (await import('./lint.ts')).run,
  build: async () => (await import('./build.ts')).run,
  diff: async () => (await import('./diff.ts')).run,
  migrate: async () => (await import('./migrate.ts')).run,
  graph: async () => (await import('./graph.ts')).run,
  explain: async () => (await import('./explain.ts')).run,
  charts: async () => (await import('./charts.ts')).run,
  schemas: async () => (await import('./schemas.ts')).run,
  follow: async () => (await import('./follow.ts')).run,
  where: async () => (await import('./where.ts')).run,
  lsp: async () => (await import('./lsp.ts')).run,
};

/** What a second thread of `lint` runs. */
export async function runSecondThread(): Promise<void> {
  const worker = await import('./lint/worker.ts');
  worker.runSecondThread();
}
