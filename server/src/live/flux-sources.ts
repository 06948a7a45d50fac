// What a Flux object takes its artifact from: the source or chart that its spec names, and the HelmChart that was made of it.
import type { GroupKind } from '../kube/identity.ts';
import { at, text } from './fields.ts';
import { keyOf, type LiveObject, type ObjectKey } from './object.ts';

export interface Source {
  readonly key: ObjectKey;
  readonly groupKind: GroupKind;
  readonly namespace?: string;
  readonly name: string;
}

/** Those that the spec names; of a HelmRelease with a chart template the source of the chart. */
export function sourcesOf({ spec, namespace }: LiveObject): readonly Source[] {
  return [at(spec, 'sourceRef'), at(spec, 'chartRef'), at(spec, 'chart', 'sourceRef')].flatMap((reference) => {
    const [kind, name] = [text(reference, 'kind'), text(reference, 'name')];
    if (kind === undefined || name === undefined) return [];
    return [sourceAt(`source.toolkit.fluxcd.io/${kind}`, text(reference, 'namespace') ?? namespace, name)];
  });
}

/** The HelmChart that a HelmRelease reports. */
export function chartOf({ status }: LiveObject): Source | undefined {
  const [namespace, name] = (text(status, 'helmChart') ?? '').split('/');
  return name ? sourceAt('source.toolkit.fluxcd.io/HelmChart', namespace, name) : undefined;
}

export function sourceAt(groupKind: GroupKind, namespace: string | undefined, name: string): Source {
  return {
    ...{ key: keyOf(groupKind, namespace, name), groupKind, name },
    ...(namespace === undefined ? {} : { namespace }),
  };
}
