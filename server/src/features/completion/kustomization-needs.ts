// What a Flux Kustomization needs besides its source and its path: a path, once its source is the repository that its cluster
// is described in, since without one it would apply everything there, itself and what others apply included; and a
// decryption for Secrets that SOPS encrypted.
import { groupKindOf } from '../../kube/identity.ts';
import { builtAt } from '../../kustomize/built.ts';
import { resolvePath } from '../../kustomize/paths.ts';
import { nodeAt, stringAt } from '../../syntax/navigate.ts';
import { fluxKustomization, latestHomesOf } from '../../workspace/homes.ts';
import { rowPath } from '../place.ts';
import type { Place } from './applied.ts';
import { holdsEncrypted } from './files.ts';
import type { Candidate } from './item.ts';

/** Whether the Kustomization at the cursor lacks a path, by the source that the cursor's field is to name. */
export function lacksPath({ workspace, path, root, field }: Place): (source: Candidate) => boolean {
  const at = (...of: readonly string[]) => [...field.object.path, 'spec', ...of];
  const isSource = groupKindOf(field.kind.gvk) === fluxKustomization && rowPath(field.path) === 'spec.sourceRef.name';
  if (!isSource || nodeAt(root, at('path'))) return () => false;
  const kind = stringAt(root, at('sourceRef', 'kind'));
  const written = stringAt(root, at('sourceRef', 'namespace'));
  const here = latestHomesOf(workspace, path)
    .flatMap(({ appliers }) => appliers)
    .flatMap(({ flux, folder }) => (flux && folder !== undefined ? flux.source : []));
  return ({ value, namespace = written }) =>
    here.some(
      (one) =>
        one.name === value &&
        (kind === undefined || one.kind === kind) &&
        (namespace === undefined || one.namespace === namespace),
    );
}

/** Whether the Kustomization at the cursor lacks a decryption, by the folder that the cursor's field is to name. */
export function lacksDecryption({ workspace, path, root, field }: Place): (folder: Candidate) => boolean {
  const at = (...of: readonly string[]) => [...field.object.path, ...of];
  const isPath = groupKindOf(field.kind.gvk) === fluxKustomization && rowPath(field.path) === 'spec.path';
  if (!isPath || nodeAt(root, at('spec', 'decryption'))) return () => false;
  const name = stringAt(root, at('metadata', 'name'));
  // What applies it may have patched one in.
  const forms = latestHomesOf(workspace, path).flatMap((home) =>
    home.begunIn(path).filter((one) => one.groupKind === fluxKustomization && one.name === name),
  );
  if (forms.length > 0 && forms.every(({ value }) => builtAt(value, ['spec', 'decryption']))) return () => false;
  return ({ value }) => holdsEncrypted(workspace, resolvePath('', String(value)) ?? '');
}
