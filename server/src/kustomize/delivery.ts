// Reads from the spec of a Flux Kustomization what it applies, and to which cluster and namespace
// (https://fluxcd.io/flux/components/kustomize/kustomizations/).
import type { Node } from '../syntax/tree.ts';
import { isObject, toValue } from '../syntax/value.ts';
import { resolvePath } from './paths.ts';

export interface Delivery {
  /** The folder, as written; undefined if it is unknown. */
  readonly path: string | undefined;
  /** `Kind/name` of the source that contains the folder. */
  readonly source: string;
  /** Set on all applied objects. */
  readonly targetNamespace?: string;
  /** The Secret or ConfigMap with the kubeconfig of another cluster; empty if its name is unknown. */
  readonly remote?: string;
  /** The folders of components as written, relative to `path`. */
  readonly components: readonly string[];
  /** Created by a FluxInstance, as the entry point of its cluster. */
  readonly sync?: true;
}

/** Empty if there is no spec. */
export function deliveryOf(spec: Node | undefined): readonly Delivery[] {
  const value = spec && toValue(spec);
  if (!isObject(value)) return [];
  const { path = '.', sourceRef, targetNamespace, components, kubeConfig } = value;
  return [
    {
      path: typeof path === 'string' ? path : undefined,
      source: isObject(sourceRef) ? `${textOf(sourceRef.kind)}/${textOf(sourceRef.name)}` : '/',
      ...(typeof targetNamespace === 'string' && targetNamespace !== '' && { targetNamespace }),
      ...(isObject(kubeConfig) && { remote: nameIn(kubeConfig.secretRef) ?? nameIn(kubeConfig.configMapRef) ?? '' }),
      components: Array.isArray(components) ? components.filter((one) => typeof one === 'string') : [],
    },
  ];
}

/** What the `sync` of a FluxInstance applies, through a Kustomization that it creates. */
export function syncOf(sync: Node | undefined, namespace: string): readonly Delivery[] {
  const value = sync && toValue(sync);
  if (!sync || !isObject(value)) return [];
  const { path = '.', kind, name } = value;
  return [
    {
      path: typeof path === 'string' ? path : undefined,
      source: `${textOf(kind ?? null)}/${textOf(name ?? null) || namespace}`,
      components: [],
      sync: true,
    },
  ];
}

/** The folder relative to the root of its source; undefined if it is unknown or outside the source. */
export function folderDelivered({ path }: Delivery): string | undefined {
  return path === undefined ? undefined : resolvePath('', path.replace(/^\/+/, ''));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function nameIn(reference: unknown): string | undefined {
  const { name } = (reference ?? {}) as { readonly name?: unknown };
  return typeof name === 'string' ? name : undefined;
}
