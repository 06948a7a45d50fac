// Finds a verb by its name. The bundle of each program has only its own verbs (scripts/bundle.ts).
import { clusterVerbs, fileVerbs, isClusterVerb, isFileVerb, type Run, type Verb, verbs } from './verbs.ts';

export interface Loadable extends Verb {
  readonly load: () => Promise<Run>;
}

export async function verbNamed(name: string | undefined): Promise<Loadable | undefined> {
  if (name === undefined) return undefined;
  if (isFileVerb(name)) {
    const { loaders } = await import('./file-verbs.ts');
    return { ...fileVerbs[name], load: loaders[name] };
  }
  const { loaders, changeVerbs } = await import('./cluster-verbs.ts');
  if (isClusterVerb(name)) return { ...clusterVerbs[name], load: loaders[name] };
  return Object.hasOwn(changeVerbs, name) ? changeVerbs[name] : undefined;
}

/** With those that change clusters, in the order of the help. */
export async function allVerbs(): Promise<Readonly<Record<string, Verb>>> {
  const { lsp, ...others } = verbs;
  const { changeVerbs } = await import('./cluster-verbs.ts');
  return { ...others, ...changeVerbs, lsp: lsp! };
}
