// What happens to an object between its file and the API server: the kustomizations that apply the file, their
// components, and Flux's Kustomizations over them may complete and rename it. Nothing is rendered here; where a change is
// possible, what it could supply is not called missing or wrong.
import { compilePattern } from '../cel/pattern.ts';
import type { Value } from '../syntax/tree.ts';
import type { Problem } from '../validation/problem.ts';
import { type Delivery, folderDelivered } from './delivery.ts';
import {
  type Changes,
  type Completion,
  completionsOf,
  completionsOfInline,
  type KustomizationFacts,
  type Target,
} from './kustomization.ts';
import { everything, fieldName, liesIn, type PatchPart } from './patch.ts';
import { folderOf, resolvePath } from './paths.ts';

export interface OverlayChanges {
  readonly completes: readonly Completion[];
  /** Whether `$(NAME)` in texts is filled in. */
  readonly vars: boolean;
  /** Kinds that get other names; `*` is any. */
  readonly renames: readonly string[];
}

export const noOverlayChanges: OverlayChanges = { completes: [], vars: false, renames: [] };

export interface OverlayContext {
  /** The kustomizations that the file goes through, by path. */
  readonly kustomizations: Iterable<string>;
  /** What the Flux Kustomizations do that apply it. */
  readonly deliveries: readonly Delivery[];
  /** The kustomization in a folder, with its path. */
  kustomizationIn(folder: string): string | undefined;
  factsOf(kustomization: string): KustomizationFacts | undefined;
  hasFolder(path: string): boolean;
  /** Of a file as a patch; undefined where it isn't there. */
  patchPartsIn(path: string): readonly PatchPart[] | undefined;
}

/** An object as a patch's target names it; the name is absent where it can't be known. */
export interface AppliedObject {
  readonly kind: string;
  readonly name: string | undefined;
  /** What stands where the problem is. */
  readonly value?: Value | undefined;
}

/** Whether what kustomizations do to the object may put right what is wrong with it. */
export function maySupply(
  { completes, renames, vars }: OverlayChanges,
  { kind, name, value }: AppliedObject,
  problem: Problem,
): boolean {
  if (vars && typeof value === 'string' && /\$\([\w.-]+\)/.test(value)) return true;
  const renamed = includesKind(renames, kind);
  const field = fieldName(problem.path);
  // What is required only together with other fields is no longer so once those change.
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

/** What all of a file's kustomizations and Flux Kustomizations do together. */
export function overlayChangesOf(context: OverlayContext): OverlayChanges {
  const seen = new Set<string>();
  const changes = [...context.kustomizations].flatMap((kustomization) => changesIn(kustomization, context, seen));
  for (const delivery of context.deliveries) {
    const target = folderDelivered(delivery);
    if (target === undefined) continue;
    changes.push(flat(delivery.changes, target, context));
    for (const component of delivery.components) changes.push(...componentChanges(component, target, context, seen));
  }
  return {
    completes: distinct(changes.flatMap(({ completes }) => completes)),
    vars: changes.some(({ vars }) => vars),
    renames: [...new Set(changes.flatMap(({ renames }) => renames))].sort(),
  };
}

function distinct(completions: readonly Completion[]): readonly Completion[] {
  return [...new Map(completions.map((one) => [JSON.stringify(one), one])).values()];
}

/** Whether a list of kinds holds the kind. */
export function includesKind(kinds: readonly string[], kind: string): boolean {
  return kinds.includes('*') || kinds.includes(kind);
}

/** A kustomization's own changes, and those of its components. */
function changesIn(kustomization: string, context: OverlayContext, seen: Set<string>): readonly OverlayChanges[] {
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
  context: OverlayContext,
  seen: Set<string>,
): readonly OverlayChanges[] {
  const target = resolvePath(folder, component);
  // One that isn't in the repository may do anything.
  if (target === undefined || !context.hasFolder(target))
    return [{ completes: [{ touches: everything }], vars: true, renames: ['*'] }];
  const inside = context.kustomizationIn(target);
  return inside === undefined ? [] : changesIn(inside, context, seen);
}

function flat(changes: Changes, folder: string, context: OverlayContext): OverlayChanges {
  const { completes, patches, patchFiles, vars, renames } = changes;
  const fromFiles = patchFiles.flatMap(({ path, target }) => {
    const file = resolvePath(folder, path);
    const parts = file === undefined ? undefined : context.patchPartsIn(file);
    return completionsOf(parts ?? [{ touches: everything }], target);
  });
  return { completes: [...completes, ...patches.flatMap(completionsOfInline), ...fromFiles], vars, renames };
}
