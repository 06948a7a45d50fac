// CustomResourceDefinitions: the versions that are served, the columns of their instances, and the Deployment that runs the
// controller behind a kind, as far as labels, appliers or field managers prove it.
import { type GroupKind, groupKindOf } from '../kube/identity.ts';
import { type Column, columnsOf } from './columns.ts';
import { familyOf } from './family.ts';
import { flag, list, text, texts } from './fields.ts';
import { managersOf } from './managed.ts';
import type { LiveObject } from './object.ts';

export interface Definition {
  readonly groupKind: GroupKind;
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly versions: readonly DefinitionVersion[];
}

export interface DefinitionVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated: boolean;
  readonly columns: readonly Column[];
}

/** Undefined if `raw` is no definition. */
export function definitionOf(raw: unknown): Definition | undefined {
  const [group, kind, plural] = [
    text(raw, 'spec', 'group'),
    text(raw, 'spec', 'names', 'kind'),
    text(raw, 'spec', 'names', 'plural'),
  ];
  if (group === undefined || kind === undefined || plural === undefined) return undefined;
  return {
    ...{ groupKind: groupKindOf({ group, kind }), group, kind, plural },
    namespaced: text(raw, 'spec', 'scope') === 'Namespaced',
    versions: list(raw, 'spec', 'versions').flatMap((version): readonly DefinitionVersion[] => {
      const name = text(version, 'name');
      if (name === undefined) return [];
      const flags = {
        served: flag(version, 'served'),
        storage: flag(version, 'storage'),
        deprecated: flag(version, 'deprecated'),
      };
      return [{ name, ...flags, columns: columnsOf(version) }];
    }),
  };
}

export interface Controller {
  readonly deployment: LiveObject;
  /** The tag of its image, if it has one. */
  readonly version?: string;
  /** What shows that it is the kind's controller. */
  readonly proof: 'provider' | 'field manager' | 'recommended labels' | 'applied together';
}

/** Labels by which clusterctl and the Cluster API operator mark all objects of a provider. */
const providerLabels = ['cluster.x-k8s.io/provider'] as const;
const applierLabels = [
  ['helm.toolkit.fluxcd.io/namespace', 'helm.toolkit.fluxcd.io/name'],
  ['kustomize.toolkit.fluxcd.io/namespace', 'kustomize.toolkit.fluxcd.io/name'],
] as const;

/**
 * Labels that name what an object is a part of (kubernetes.io, "Recommended Labels"). Flux and cert-manager set them on their
 * definitions as on the Deployments behind them; the first two tell one of their controllers from another.
 */
const partLabels = ['component', 'name', 'instance', 'part-of'].map((name) => `app.kubernetes.io/${name}`);

function isOfPart(labels: Readonly<Record<string, string>>, deployment: LiveObject): boolean {
  const shared = partLabels.filter((label) => labels[label] !== undefined && deployment.labels[label] !== undefined);
  return (
    partLabels.slice(0, 2).some((label) => shared.includes(label)) &&
    shared.every((label) => labels[label] === deployment.labels[label])
  );
}

/**
 * The controller of a kind: the Deployment of the same provider, the one that the status of instances names as its manager, the
 * only one with the same recommended labels, or the only one that was applied together with the definition. `definition` and `instances`: as the server sent them.
 */
export function controllerOf(
  definition: unknown,
  instances: readonly unknown[],
  objects: Iterable<LiveObject>,
): Controller | undefined {
  const deployments = [...objects].filter(
    ({ groupKind }) => groupKind === 'apps/Deployment' && familyOf(groupKind) === 'workload',
  );
  const labels = texts(definition, 'metadata', 'labels');
  const found = (deployment: LiveObject | undefined, proof: Controller['proof']): Controller | undefined => {
    if (!deployment) return undefined;
    const version = versionOf(deployment);
    return { deployment, proof, ...(version === undefined ? {} : { version }) };
  };
  const only = (fitting: readonly LiveObject[]) => (fitting.length === 1 ? fitting[0] : undefined);
  const [provider] = providerLabels.flatMap((label) => labels[label] ?? []);
  const ofProvider =
    provider === undefined ? [] : deployments.filter((one) => one.labels[providerLabels[0]] === provider);
  const managers = new Set(
    instances.flatMap((instance) =>
      managersOf(instance).flatMap(({ manager, subresource }) => (subresource === 'status' ? [manager] : [])),
    ),
  );
  const together = applierLabels.flatMap(([namespace, name]) =>
    labels[name] === undefined
      ? []
      : deployments.filter((one) => one.labels[name] === labels[name] && one.labels[namespace] === labels[namespace]),
  );
  return (
    found(only(ofProvider), 'provider') ??
    found(only(deployments.filter(({ name }) => managers.has(name))), 'field manager') ??
    found(only(deployments.filter((one) => isOfPart(labels, one))), 'recommended labels') ??
    found(only([...new Set(together)]), 'applied together')
  );
}

function versionOf({ spec }: LiveObject): string | undefined {
  const images = list(spec, 'containers').flatMap((container) => text(container, 'image') ?? []);
  const [image] = images;
  return image === undefined ? undefined : /:([\w][\w.-]*)(?:@.*)?$/.exec(image)?.[1];
}
