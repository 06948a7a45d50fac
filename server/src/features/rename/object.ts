// Renames an object: its definitions (patches of it are definitions too), all references, and the fields of kustomizations
// that select it. Everything that uses the name has to be known, otherwise the rename is refused.
import { builtinNameCheck, dnsSubdomainProblem } from '../../kube/names.ts';
import { type BuiltObject, idOf } from '../../kustomize/objects.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { nodeAt } from '../../syntax/navigate.ts';
import { validateDocument } from '../../validation/validate.ts';
import type { UseFacts } from '../../workspace/facts.ts';
import { fleetOf } from '../../workspace/fleets.ts';
import type { Definition, UseSite } from '../../workspace/index.ts';
import { markersNaming } from '../../workspace/markers.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { Found } from '../definition.ts';
import { appliedNames } from './applied.ts';
import type { Named, Refused, Renamed } from './edit.ts';
import { selectionsOf } from './selections.ts';
import { editsOf, isAnchored, nameAt, textRefusal } from './texts.ts';

/** Without a new name, only whether the object can be renamed. */
export function renameObject(workspace: Workspace, found: Found, name: string | undefined): Renamed {
  const start = found.use ? workspace.resolver.targets(found.by, found.use) : [found.by];
  const [first] = start;
  if (!first) {
    return { refused: `No file defines ${found.use?.name ?? 'this object'}, so its other references aren’t known.` };
  }
  const old = first.object.name!;
  const all = meant(workspace, found.by.path, allNamed(workspace, start));
  if ('refused' in all) return all;
  const { definitions, uses } = all;
  const refused =
    kindRefusal(first) ??
    definitions.map((one) => renamedBy(workspace, one)).find((one) => one !== undefined) ??
    uses.map((one) => uncertain(workspace, definitions, one)).find((one) => one !== undefined) ??
    (name === undefined ? undefined : nameRefusal(workspace, first, definitions, name));
  if (refused !== undefined) return { refused };
  const selected = selectionsOf(workspace, definitions, old, name);
  if ('refused' in selected) return selected;
  const applied = appliedNames(workspace, definitions, name);
  if ('refused' in applied) return applied;
  const named: readonly Named[] = [
    ...definitions.map(namedBy),
    ...uses.map(({ by: { path, document }, use: { start, end } }) => ({ path, document, start, end })),
    ...selected.selected,
    ...markersNaming(workspace, definitions),
    // The value of an anchor is the name of something else unless the document says otherwise.
    ...applied.named.filter((one) => !isAnchored(one)),
  ];
  const problem = named.map((one) => textRefusal(one, old)).find((one) => one !== undefined);
  if (problem !== undefined) return { refused: problem };
  return { edits: name === undefined ? [] : editsOf(workspace, named, name) };
}

/** The name of a definition, which may be an alias. */
function namedBy({ path, document, object, from }: Definition): Named {
  const at = from === 'generated' ? ['name'] : ['metadata', 'name'];
  const { start, end } = nodeAt(parseManifest(document.text).root, [...object.path, ...at]) ?? object;
  return { path, document, start, end };
}

interface All {
  readonly definitions: readonly Definition[];
  readonly uses: readonly UseSite[];
}

/**
 * Files that nothing is known to apply are often alternatives, such as templates of which one is chosen: where several
 * define the object, each means its own.
 */
function meant(workspace: Workspace, path: string, all: All): All | Refused {
  const { definitions, uses } = all;
  const defining = definitions.filter((one) => workspace.role(one.path, one.document) !== 'patch');
  const paths = [...new Set(defining.map((one) => one.path))];
  if (paths.length < 2 || !paths.some((one) => workspace.ownership.asApplied.of(one).assumed)) return all;
  if (!paths.includes(path) || uses.some(({ by }) => !paths.includes(by.path))) {
    const shown = `${paths[0]} and ${paths[1]}${paths.length > 2 ? `, and ${paths.length - 2} more` : ''}`;
    return { refused: `Several files define this object (${shown}), and it isn’t known which are applied together.` };
  }
  return {
    definitions: definitions.filter((one) => one.path === path),
    uses: uses.filter(({ by }) => by.path === path),
  };
}

/** The definitions in the same place, and all references to them, until neither adds to the other. */
function allNamed(workspace: Workspace, start: readonly Definition[]): All {
  const { resolver } = workspace;
  const definitions = new Set<Definition>(start);
  const uses = new Map<UseFacts, UseSite>();
  // The set grows during the iteration.
  for (const definition of definitions) {
    for (const one of resolver.targets(definition, useOf(definition, definition.object.name!))) definitions.add(one);
    for (const site of resolver.uses(definition)) {
      if (uses.has(site.use)) continue;
      uses.set(site.use, site);
      for (const one of resolver.targets(site.by, site.use)) definitions.add(one);
    }
  }
  return { definitions: [...definitions], uses: [...uses.values()] };
}

/** A reference from the object's own place to an object of its kind. */
function useOf({ object }: Definition, name: string): UseFacts {
  const { groupKind, start, end } = object;
  return { path: [], name, start, end, targets: [groupKind], within: { is: 'own' }, optional: false };
}

function kindRefusal({ object: { groupKind } }: Definition): string | undefined {
  if (groupKind === '/Namespace')
    return 'A Namespace can’t be renamed here: most fields that name namespaces are free text, such as DNS names and arguments.';
  if (groupKind === 'apiextensions.k8s.io/CustomResourceDefinition')
    return 'A CustomResourceDefinition can’t be renamed: its name must be that of its plural and group.';
  return undefined;
}

/** Why the cluster doesn't get the name as it is written. */
function renamedBy(workspace: Workspace, { path, document, object }: Definition): string | undefined {
  const starts = (workspace.file(path)?.documents ?? []).flatMap((one) => (one.document === document ? one.start : []));
  const forms = starts.flatMap((start) => fleetOf(workspace).appliedForms(path, start + object.start));
  if (forms.every((form) => nameWithoutHash(form.object) === object.name)) return undefined;
  return `A kustomization changes the names of objects in ${path}, for example by a prefix, and other files may use the changed name.`;
}

/** A generated object has the hash of its content at the end of its name. */
function nameWithoutHash({ value, hashed }: BuiltObject): string {
  const { name } = idOf(value);
  return hashed ? name.replace(/-[^-]*$/, '') : name;
}

/** Why it isn't certain that a reference means one of the definitions. */
function uncertain(workspace: Workspace, definitions: readonly Definition[], { by, use }: UseSite): string | undefined {
  const { resolver, ownership } = workspace;
  const isCertain = ownership
    .of(by.path)
    .forms.some(({ scope }) => resolver.certainTargets(scope, by, use).some((one) => definitions.includes(one)));
  if (isCertain) return undefined;
  return `A reference in ${by.path} may name this object or another: it isn’t known whether both are applied to the same cluster and namespace.`;
}

function nameRefusal(
  workspace: Workspace,
  first: Definition,
  definitions: readonly Definition[],
  name: string,
): string | undefined {
  const { gvk } = first.object;
  const isBuiltin = !gvk.group.includes('.') || gvk.group.endsWith('.k8s.io');
  const problem = (isBuiltin ? builtinNameCheck(gvk) : dnsSubdomainProblem)(name);
  if (name === '' || problem !== undefined) return `The name ${problem ?? 'must not be empty'}.`;
  if (name === first.object.name) return undefined;
  const taken = definitions.flatMap((one) => workspace.resolver.targets(one, useOf(one, name)))[0];
  if (taken) return `${taken.path} already defines a ${gvk.kind} of this name.`;
  return verdictOn(workspace, first, name);
}

/** What the API server would say to the new name but not to the old one. */
function verdictOn(workspace: Workspace, { path, document, object }: Definition, name: string): string | undefined {
  const { text } = document;
  const schemas = workspace.schemas.storeFor(path);
  const at = nameAt(text, object);
  const renamed = text.slice(0, at.start) + name + text.slice(at.end);
  const [before, after] = [text, renamed].map((one) => validateDocument(parseManifest(one), schemas));
  const known = new Set(before!.map(({ rule, message }) => `${rule} ${message}`));
  return after!.find(({ rule, message }) => !known.has(`${rule} ${message}`))?.message;
}
