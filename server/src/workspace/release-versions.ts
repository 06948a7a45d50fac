// The version of Flux that the values of a HelmRelease state where they are in a ConfigMap: the operator's chart makes the
// instance of them.
import { placeOf } from '../charts/judge.ts';
import { valuesOf } from '../charts/layers.ts';
import { type BuiltMap, builtAt, textAt } from '../kustomize/built.ts';
import type { BuiltObject } from '../kustomize/objects.ts';
import { valueAt } from '../syntax/value.ts';

/** The path in the values. */
export const versionInValues = ['instance', 'distribution', 'version'] as const;

/** What a text with values has that states a version. */
export const statesInstance = /^\s*["']?distribution["']?:/m;

export interface StatedInValues {
  readonly release: BuiltMap;
  readonly version: string;
  readonly file: string;
}

/** What some objects have that may state a version together. */
export interface ValueSources {
  /** HelmReleases whose values are elsewhere. */
  readonly releases: readonly BuiltMap[];
  /** ConfigMaps with values that may state a version. */
  readonly configMaps: readonly BuiltMap[];
}

export function valueSourcesIn(objects: readonly BuiltObject[]): ValueSources {
  const releases: BuiltMap[] = [];
  const configMaps: BuiltMap[] = [];
  for (const { value } of objects) {
    const kind = textAt(value, ['kind']);
    if (kind === 'HelmRelease' && builtAt(value, ['spec', 'valuesFrom'])?.kind === 'list') releases.push(value);
    if (kind !== 'ConfigMap') continue;
    const data = builtAt(value, ['data']);
    const texts = data?.kind === 'map' ? [...data.entries.values()] : [];
    if (texts.some((one) => one.kind === 'scalar' && statesInstance.test(one.text))) configMaps.push(value);
  }
  return { releases, configMaps };
}

/** Of the objects of one cluster. */
export function statedInValues(sources: readonly ValueSources[]): readonly StatedInValues[] {
  const configMaps = sources.flatMap((one) => one.configMaps);
  if (configMaps.length === 0) return [];
  return sources
    .flatMap((one) => one.releases)
    .flatMap((release): readonly StatedInValues[] => {
      const namespace = textAt(release, ['metadata', 'namespace']);
      const found = (name: string) =>
        configMaps.find(
          (one) => textAt(one, ['metadata', 'name']) === name && textAt(one, ['metadata', 'namespace']) === namespace,
        );
      const list = builtAt(release, ['spec', 'valuesFrom']);
      const names = list?.kind === 'list' ? list.items.map((one) => textAt(one, ['name']) ?? '') : [];
      if (!names.some((name) => found(name))) return [];
      const values = valuesOf(release, (kind, name) => (kind === 'ConfigMap' ? found(name) : undefined));
      const version = valueAt(values.merged, versionInValues);
      const place = placeOf(values.layers, versionInValues, 'value');
      const file = place?.origin.source.file ?? release.origin.source.file;
      return typeof version === 'string' ? [{ release, version, file }] : [];
    });
}
