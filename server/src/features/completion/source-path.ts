// The path that a Flux Kustomization needs once its source is the repository that its cluster is described in: without one,
// it would apply everything there, itself and what others apply included.
import { groupKindOf } from '../../kube/identity.ts';
import { nodeAt, stringAt } from '../../syntax/navigate.ts';
import { fluxKustomization, latestHomesOf } from '../../workspace/homes.ts';
import { rowPath } from '../place.ts';
import type { Place } from './applied.ts';
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
