// The references that only applied objects show: those in the text of inline patches, and those to objects that a controller
// creates and names after the renamed one, such as the Secret of an ExternalSecret or the kubeconfig of a Cluster.

import { isMade, type Made, madeBy } from '../../kube/made.ts';
import type { Use } from '../../kube/references.ts';
import { type Built, builtAt, originWithin, scalarOf, withValueAt } from '../../kustomize/built.ts';
import { builtReader } from '../../kustomize/built-reader.ts';
import { namespaceOf } from '../../workspace/directory.ts';
import { fleetOf } from '../../workspace/fleets.ts';
import { type Home, homesOf } from '../../workspace/homes.ts';
import type { Definition } from '../../workspace/index.ts';
import type { AppliedObject } from '../../workspace/parts.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { Named, Refused } from './edit.ts';

/** Without a new name, the references to the object itself. */
export function appliedNames(
  workspace: Workspace,
  definitions: readonly Definition[],
  name: string | undefined,
): { readonly named: readonly Named[] } | Refused {
  const places = new Set(definitions.flatMap((one) => placesOf(workspace, one)));
  const named: Named[] = [];
  for (const home of fleetOf(workspace)
    .clusters()
    .flatMap((cluster) => homesOf(workspace, cluster))) {
    const renamed = new Set(home.objects.filter((one) => places.has(placeOf(one) ?? '')));
    if (renamed.size === 0) continue;
    const made = name === undefined ? [] : [...renamed].flatMap((one) => remade(one, name));
    for (const { by, use } of usesIn(home)) {
      const to = newName(home, by, use, renamed, made);
      if (to === undefined) continue;
      const [variable] = use.node.kind === 'scalar' ? (use.node.variables ?? []) : [];
      const one = namedAt(workspace, use);
      if (!one) continue;
      if (variable)
        return {
          refused: `A reference in ${one.path} gets its name from the variable ${variable.name}. Change that first.`,
        };
      named.push(to === 'same' ? one : { ...one, old: use.name, to });
    }
  }
  return { named };
}

function placesOf(workspace: Workspace, { path, document, object }: Definition): readonly string[] {
  const placed = workspace.file(path)?.documents.filter((one) => one.document === document) ?? [];
  return placed.map(({ start }) => `${path} ${start + object.start}`);
}

function placeOf({ value }: AppliedObject): string | undefined {
  const origin = builtAt(value, ['metadata', 'name'])?.origin;
  return origin && `${origin.source.file} ${origin.source.start + origin.start}`;
}

function* usesIn(home: Home): Iterable<{ readonly by: AppliedObject; readonly use: Use<Built> }> {
  for (const by of home.objects) for (const use of home.usesOf(by)) yield { by, use };
}

/** What a controller creates for an object, before and after. */
interface Remade {
  readonly before: Made;
  readonly after: Made;
}

function remade({ value, groupKind, namespace }: AppliedObject, name: string): readonly Remade[] {
  const path = ['metadata', 'name'];
  const next = withValueAt(value, path, scalarOf(name, (builtAt(value, path) ?? value).origin)) ?? value;
  const [before, after] = [value, next].map((one) => madeBy<Built>(groupKind, one, namespace, builtReader));
  return before!.flatMap((one, index) =>
    after![index] && after![index].name !== one.name ? [{ before: one, after: after![index] }] : [],
  );
}

/** `same` if the reference names the object itself, undefined if it names another. */
function newName(
  home: Home,
  by: AppliedObject,
  use: Use<Built>,
  renamed: ReadonlySet<AppliedObject>,
  made: readonly Remade[],
): string | undefined {
  const resolution = home.resolve(by, use);
  if (resolution.is === 'object') return resolution.objects.some((one) => renamed.has(one)) ? 'same' : undefined;
  if (resolution.is !== 'made') return undefined;
  const namespace = namespaceOf(by.namespace, use.within) ?? '';
  const found = made.find(({ before }) => use.targets.some((one) => isMade(before, one, use.name, namespace)));
  if (!found) return undefined;
  const [before, after] = [found.before, found.after].map((one) => one.name.replace(/\*$/, ''));
  return after! + use.name.slice(before!.length);
}

/** The name where it was written, in its document. */
function namedAt(workspace: Workspace, { node, name }: Use<Built>): Named | undefined {
  const { source, start, end } = node.kind === 'scalar' ? originWithin(node, 0, name.length) : node.origin;
  const placed = workspace.file(source.file)?.documents.find((one) => one.start === source.start);
  return placed && { path: source.file, document: placed.document, start, end };
}
