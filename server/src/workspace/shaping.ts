// What happens to an object between its file and the API server: the kustomizations that apply the file, their
// components, and Flux's Kustomizations over them may complete and rename it. Nothing is rendered here; where a change is
// possible, what it could mend can't be called wrong.
import type { Delivery } from './facts.ts';
import type { Changes, KustomizationFacts } from './kustomization.ts';
import { folderOf, foldersUp, resolvePath } from './paths.ts';

export interface Shaping {
  /** Kinds that get further fields; `*` is any. */
  readonly completes: readonly string[];
  /** Kinds that get other names. */
  readonly renames: readonly string[];
}

export const unshaped: Shaping = { completes: [], renames: [] };

export interface ShapingContext {
  /** Kustomizations that apply a file or a folder. */
  appliersOf(path: string): readonly string[];
  /** The kustomization in a folder, with its path. */
  kustomizationIn(folder: string): string | undefined;
  factsOf(kustomization: string): KustomizationFacts | undefined;
  readonly deliveries: readonly Delivery[];
  kindsIn(path: string): readonly string[];
}

/** Follows what applies the file up to where nothing applies any more. */
export function shapingOf(path: string, context: ShapingContext): Shaping {
  const chain = chainOf(path, context);
  const seen = new Set<string>();
  const changes = [...chain].flatMap((kustomization) => changesIn(kustomization, context, seen));
  const folders = new Set([...chain].map(folderOf));
  const above = chain.size > 0 ? [...folders] : foldersUp(folderOf(path));
  for (const delivery of context.deliveries) {
    const target = resolvePath('', delivery.path);
    if (target !== undefined && above.includes(target)) changes.push(flat(delivery.changes, '', context));
  }
  const all = (of: (change: Shaping) => readonly string[]) => [...new Set(changes.flatMap(of))].sort();
  return { completes: all((change) => change.completes), renames: all((change) => change.renames) };
}

/** Whether a list of kinds holds the kind. */
export function includesKind(kinds: readonly string[], kind: string): boolean {
  return kinds.includes('*') || kinds.includes(kind);
}

function chainOf(path: string, { appliersOf }: ShapingContext): ReadonlySet<string> {
  const chain = new Set<string>();
  const pending = [path];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (const applier of appliersOf(at)) {
      if (chain.has(applier)) continue;
      chain.add(applier);
      pending.push(folderOf(applier));
    }
  }
  return chain;
}

/** A kustomization's own changes, and those of its components. */
function changesIn(kustomization: string, context: ShapingContext, seen: Set<string>): readonly Shaping[] {
  const facts = seen.has(kustomization) ? undefined : context.factsOf(kustomization);
  if (!facts) return [];
  seen.add(kustomization);
  const folder = folderOf(kustomization);
  const components = facts.components.flatMap((component) => {
    const target = resolvePath(folder, component);
    // One that isn't in the repository may do anything.
    if (target === undefined) return [{ completes: ['*'], renames: ['*'] }];
    const inside = context.kustomizationIn(target);
    return inside === undefined ? [] : changesIn(inside, context, seen);
  });
  return [flat(facts.changes, folder, context), ...components];
}

function flat({ completes, patchFiles, renames }: Changes, folder: string, context: ShapingContext): Shaping {
  const fromFiles = patchFiles.flatMap((file) => {
    const target = resolvePath(folder, file);
    const kinds = target === undefined ? [] : context.kindsIn(target);
    return kinds.length > 0 ? kinds : ['*'];
  });
  return { completes: [...completes, ...fromFiles], renames };
}
