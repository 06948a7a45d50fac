// For tests: fleets of several files in one text, each after a line `# file: path`.
import { testCatalog } from '../fixture.ts';
import { builtAt, builtValue } from '../kustomize/built.ts';
import type { FileSource } from '../kustomize/file-source.ts';
import { textsOf } from '../kustomize/fixture.ts';
import { Builds } from './builds.ts';
import { Fleet } from './fleet.ts';
import { Held } from './held.ts';
import { Workspace } from './workspace.ts';

export function fleetOf(source: string, held = new Held()): { readonly workspace: Workspace; readonly fleet: Fleet } {
  const texts = textsOf(source);
  const files: FileSource = {
    read: (path) => texts.get(path) ?? { reason: 'absent' },
    kindOf: (path) => (texts.has(path) ? 'file' : undefined),
  };
  const workspace = new Workspace(testCatalog, files);
  for (const [path, text] of texts) if (/\.yaml$/.test(path)) workspace.put(path, text);
  return { workspace, fleet: new Fleet(workspace, new Builds(workspace, held)) };
}

/** `cluster: applier > applier` for each chain of a file. */
export function chains(fleet: Fleet, file: string): readonly string[] {
  return fleet
    .chainsOf(file)
    .map(({ cluster, appliers }) => `${cluster}: ${appliers.map(({ name }) => name).join(' > ')}`);
}

/** The values at a path in each form of the object that a file begins with. */
export function formsAt(fleet: Fleet, file: string, ...path: readonly (string | number)[]): readonly unknown[] {
  return fleet.appliedForms(file, 0).map(({ object, appliers }) => {
    const found = builtAt(object.value, path);
    return [found && builtValue(found), ...appliers.map(({ cluster }) => cluster)];
  });
}

export const flux = (
  name: string,
  path: string,
  rest = '',
  source = 'fleet',
) => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: ${name}, namespace: flux-system }
spec:
  path: ${path}
  sourceRef: { kind: GitRepository, name: ${source} }
${rest}`;
export const config = (name: string, data: string, namespace = 'flux-system') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: ${namespace} }\ndata: ${data}\n`;
export const source = (name: string, url: string) =>
  `apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: { name: ${name}, namespace: flux-system }\nspec: { url: "${url}" }\n`;

export const web = `# file: apps/base/web.yaml
${config('web', '{ color: "${COLOR:=none}", size: "${SIZE:=small}" }', 'shop')}`;

/** A cluster in `clusters/NAME` with a Kustomization for `apps/base`. */
export const cluster = (name: string, rest: string) => `# file: clusters/${name}/flux-system/sync.yaml
${flux('flux-system', `./clusters/${name}`)}---
${source('fleet', 'ssh://git@example.com/team/fleet.git')}# file: clusters/${name}/apps.yaml
${flux('apps', './apps/base', rest)}`;
