// Determines how the kustomizations that apply a file, their components and Flux's Kustomizations may complete or rename
// its objects before the API server receives them. Nothing is built here; a problem that such a change may fix isn't
// reported.
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
  /** Whether `$(NAME)` in strings is replaced. */
  readonly vars: boolean;
  /** The kinds whose objects are renamed; `*` is any. */
  readonly renames: readonly string[];
}

export const noOverlayChanges: OverlayChanges = { completes: [], vars: false, renames: [] };

export interface OverlayContext {
  /** The paths of the kustomizations that apply the file. */
  readonly kustomizations: Iterable<string>;
  /** The Flux Kustomizations that apply it. */
  readonly deliveries: readonly Delivery[];
  /** The path of the kustomization in a folder. */
  kustomizationIn(folder: string): string | undefined;
  factsOf(kustomization: string): KustomizationFacts | undefined;
  hasFolder(path: string): boolean;
  /** The parts of a patch file; undefined if the file doesn't exist. */
  patchPartsIn(path: string): readonly PatchPart[] | undefined;
}

/** The object that a patch's target is matched against; the name is undefined if it is unknown. */
export interface AppliedObject {
  readonly kind: string;
  readonly name: string | undefined;
  /** The value at the problem's path. */
  readonly value?: Value | undefined;
}

/** Whether the changes of kustomizations may fix the problem of the object. */
export function maySupply(
  { completes, renames, vars }: OverlayChanges,
  { kind, name, value }: AppliedObject,
  problem: Problem,
): boolean {
  if (vars && typeof value === 'string' && /\$\([\w.-]+\)/.test(value)) return true;
  const renamed = includesKind(renames, kind);
  const field = fieldName(problem.path);
  // A field that is required because of other fields may no longer be required if those change.
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

/** An invalid regular expression matches everything. */
function matches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined || pattern === text) return true;
  return compilePattern(`^(?:${pattern})$`)?.test(text) ?? true;
}

/** All changes of the kustomizations and Flux Kustomizations that apply a file. */
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

/** Whether the list contains the kind or `*`. */
export function includesKind(kinds: readonly string[], kind: string): boolean {
  return kinds.includes('*') || kinds.includes(kind);
}

/** The changes of a kustomization and its components. */
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
  // A component outside the repository may change anything.
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
