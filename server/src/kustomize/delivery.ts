// What a Flux Kustomization applies, where to, and what it changes on the way, read from its spec
// (https://fluxcd.io/flux/components/kustomize/kustomizations/).
import type { Node } from '../syntax/tree.ts';
import { isObject, toValue } from '../syntax/value.ts';
import { type Changes, changesOf } from './kustomization.ts';
import { resolvePath } from './paths.ts';

export interface Delivery {
  /** The folder, as written; undefined where it can't be known. */
  readonly path: string | undefined;
  /** Kind and name of the source that the folder is in. */
  readonly source: string;
  /** Set on everything it applies. */
  readonly targetNamespace?: string;
  /** The Secret or ConfigMap with the credentials of another cluster; empty where its name can't be known. */
  readonly remote?: string;
  readonly changes: Changes;
  /** Folders of components, as written: relative to `path`. */
  readonly components: readonly string[];
}

/** Empty where there is no spec. */
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
      changes: changesOf(value),
      components: Array.isArray(components) ? components.filter((one) => typeof one === 'string') : [],
    },
  ];
}

/** The folder from the root of its source; undefined where it can't be known or lies outside. */
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
