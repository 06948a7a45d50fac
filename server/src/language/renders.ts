// Renders releases with Helm while the client says that the user agreed: what is asked for is rendered once nothing more is, and
// what depends on it is found again.
import { noRenders, type Renders } from '../charts/render.ts';
import { helmRenders } from '../disk/helm.ts';
import type { LanguageOptions } from '../protocol.ts';
import type { Log } from './run.ts';

/** Milliseconds without a question: while somebody types, each key may ask another one. */
const rest = 500;

export function rendersFor({ renderReleases }: LanguageOptions, log: Log, rendered: () => void): Renders {
  if (renderReleases !== true) return noRenders;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let logged = 0;
  const renders = helmRenders(process.env, () => {
    clearTimeout(timer);
    timer = setTimeout(() => (running = running.then(run)), rest);
  });
  const run = async () => {
    try {
      const hasAsked = await renders.render();
      for (; logged < renders.problems.length; logged += 1) log(renders.problems[logged]!);
      if (hasAsked) rendered();
    } catch (error) {
      log(`renders: ${String(error)}`);
    }
  };
  return renders;
}
