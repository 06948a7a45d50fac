// What happens to an object between its file and the API server: the kustomizations that apply the file, their
// components, and Flux's Kustomizations over them may complete and rename it. Nothing is rendered here; where a change is
// possible, what it could mend can't be called wrong.
import { compilePattern } from '../cel/pattern.ts';
import type { Value } from '../syntax/tree.ts';
import type { Problem } from '../validation/problem.ts';
import type { Delivery } from './delivery.ts';
import {
  type Changes,
  type Completion,
  completionsOf,
  completionsOfInline,
  type KustomizationFacts,
  type Target,
} from './kustomization.ts';
import { everything, fieldName, liesIn, type PatchPart } from './patch.ts';
import { folderOf, foldersUp, resolvePath } from './paths.ts';

export interface Shaping {
  readonly completes: readonly Completion[];
  /** Whether `$(NAME)` in texts is filled in. */
  readonly vars: boolean;
  /** Kinds that get other names; `*` is any. */
  readonly renames: readonly string[];
}

export const unshaped: Shaping = { completes: [], vars: false, renames: [] };

export interface ShapingContext {
  /** Kustomizations that apply a file or a folder. */
  appliersOf(path: string): readonly string[];
  /** The kustomization in a folder, with its path. */
  kustomizationIn(folder: string): string | undefined;
  factsOf(kustomization: string): KustomizationFacts | undefined;
  readonly deliveries: readonly Delivery[];
  hasFolder(path: string): boolean;
  /** Of a file as a patch; undefined where it isn't there. */
  patchPartsIn(path: string): readonly PatchPart[] | undefined;
}

/** An object as a patch's target names it; the name is absent where it can't be known. */
export interface Shaped {
  readonly kind: string;
  readonly name: string | undefined;
  /** What stands where the problem is. */
  readonly value?: Value | undefined;
}

/** Whether what kustomizations do to the object may put right what is wrong with it. */
export function mayMend(
  { completes, renames, vars }: Shaping,
  { kind, name, value }: Shaped,
  problem: Problem,
): boolean {
  if (vars && typeof value === 'string' && /\$\([\w.-]+\)/.test(value)) return true;
  const renamed = includesKind(renames, kind);
  const field = fieldName(problem.path);
  // What is required only together with other fields is mended by a change of those, too.
  const within = problem.unconditional ? field : fieldName(problem.path.slice(0, -1));
  return completes.some(({ touches, ...target }) => {
    if (!isTarget(target, kind, renamed ? undefined : name)) return false;
    if (problem.rule === 'schema/required')
      return touches.fields.some((touched) => liesIn(touched, within) || liesIn(within, touched));
    return touches.replaced.some((touched) => liesIn(field, touched));
  });
}

function isTarget(target: Target, kind: string, name: string | undefined): boolean {
  return matches(target.kind, kind) && (name === undefined || matches(target.name, name));
}

/** What is no regular expression may mean anything. */
function matches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined || pattern === text) return true;
  return compilePattern(`^(?:${pattern})$`)?.test(text) ?? true;
}

/** Follows what applies the file up to where nothing applies any more. */
export function shapingOf(path: string, context: ShapingContext): Shaping {
  const chain = chainOf(path, context);
  const seen = new Set<string>();
  const changes = [...chain].flatMap((kustomization) => changesIn(kustomization, context, seen));
  const folders = deliveredFolders(path, chain, context);
  for (const { path: written, changes: own, components } of context.deliveries) {
    const target = resolvePath('', written);
    if (target === undefined || !isAmong(folders, target, context)) continue;
    changes.push(flat(own, target, context));
    for (const component of components) changes.push(...componentChanges(component, target, context, seen));
  }
  return {
    completes: distinct(changes.flatMap(({ completes }) => completes)),
    vars: changes.some(({ vars }) => vars),
    renames: [...new Set(changes.flatMap(({ renames }) => renames))].sort(),
  };
}

/** What a path of Flux must be so that the file is in what it applies. */
function deliveredFolders(path: string, chain: ReadonlySet<string>, context: ShapingContext): ReadonlySet<string> {
  const folders = new Set([...chain].map(folderOf));
  const tops = chain.size === 0 ? [path] : [...chain].filter((at) => context.appliersOf(folderOf(at)).length === 0);
  for (const own of tops.map(folderOf)) {
    // Of a folder without kustomization Flux applies all that is in it and below, down to the next kustomization.
    for (const folder of foldersUp(own)) {
      if (folder !== own && context.kustomizationIn(folder) !== undefined) break;
      folders.add(folder);
    }
  }
  return folders;
}

/**
 * A path of Flux begins at its repository's root, which may lie above the root here or below it; one that is no folder
 * from here may mean any folder that ends like it.
 */
function isAmong(folders: ReadonlySet<string>, target: string, context: ShapingContext): boolean {
  if (folders.has(target)) return true;
  if (context.hasFolder(target)) return false;
  return [...folders].some(
    (folder) => folder !== '' && (`/${folder}`.endsWith(`/${target}`) || `/${target}`.endsWith(`/${folder}`)),
  );
}

function distinct(completions: readonly Completion[]): readonly Completion[] {
  return [...new Map(completions.map((one) => [JSON.stringify(one), one])).values()];
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
  const components = facts.components.flatMap((component) => componentChanges(component, folder, context, seen));
  return [flat(facts.changes, folder, context), ...components];
}

function componentChanges(
  component: string,
  folder: string,
  context: ShapingContext,
  seen: Set<string>,
): readonly Shaping[] {
  const target = resolvePath(folder, component);
  // One that isn't in the repository may do anything.
  if (target === undefined || !context.hasFolder(target))
    return [{ completes: [{ touches: everything }], vars: true, renames: ['*'] }];
  const inside = context.kustomizationIn(target);
  return inside === undefined ? [] : changesIn(inside, context, seen);
}

function flat(changes: Changes, folder: string, context: ShapingContext): Shaping {
  const { completes, patches, patchFiles, vars, renames } = changes;
  const fromFiles = patchFiles.flatMap(({ path, target }) => {
    const file = resolvePath(folder, path);
    const parts = file === undefined ? undefined : context.patchPartsIn(file);
    return completionsOf(parts ?? [{ touches: everything }], target);
  });
  return { completes: [...completes, ...patches.flatMap(completionsOfInline), ...fromFiles], vars, renames };
}
