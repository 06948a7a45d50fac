// What a Flux Kustomization changes of the folder it applies, read from its spec
// (https://fluxcd.io/flux/components/kustomize/kustomizations/).
import type { Node } from '../syntax/tree.ts';
import { isObject, toValue } from '../syntax/value.ts';
import { type Changes, changesOf } from './kustomization.ts';

export interface Delivery {
  /** The folder, as written. */
  readonly path: string;
  readonly changes: Changes;
  /** Folders of components, as written: relative to `path`. */
  readonly components: readonly string[];
}

/** Empty where the spec changes nothing of what it applies. */
export function deliveryOf(spec: Node | undefined): readonly Delivery[] {
  const value = spec && toValue(spec);
  if (!isObject(value)) return [];
  const changes = changesOf(value);
  const components = Array.isArray(value.components) ? value.components.filter((one) => typeof one === 'string') : [];
  const { completes, patches, patchFiles, renames, vars } = changes;
  const lists = [completes, patches, patchFiles, renames, components];
  if (!vars && lists.every((list) => list.length === 0)) return [];
  return [{ path: typeof value.path === 'string' ? value.path : '.', changes, components }];
}
