// `buildMetadata`: annotations that say which file or generator an object is from and which transformers were applied, and a
// label with kustomize's version (api/resource/origin.go, api/krusty/kustomizer.go).
import { type BuiltMap, builtAt, scalarOf, withValueAt } from './built.ts';
import { withAnnotationsAnew } from './cells.ts';
import type { BuiltObject, Provenance } from './objects.ts';
import { needsQuotes } from './print.ts';
import { isString, itemsAt, type Objects } from './transformers/transformer.ts';

export const originKey = 'config.kubernetes.io/origin';
export const transformationsKey = 'alpha.config.kubernetes.io/transformations';

/** The version that the label of `managedByLabel` names. */
export const kustomizeVersion = 'v5.8.3';

export function metadataOf(fields: BuiltMap): ReadonlySet<string> {
  return new Set(itemsAt(fields, ['buildMetadata']).flatMap(([item]) => (isString(item) ? [item.text] : [])));
}

export function withBuildMetadata(objects: Objects, wanted: ReadonlySet<string>): Objects {
  if (wanted.size === 0) return objects;
  return objects.map((object) => {
    let value = withoutSteps(object.value);
    const { provenance, transformations = [] } = object;
    const set = (path: readonly string[], text: string) => {
      value = withValueAt(value, path, scalarOf(text, value.origin)) ?? value;
    };
    if (wanted.has('managedByLabel'))
      set(['metadata', 'labels', 'app.kubernetes.io/managed-by'], `kustomize-${kustomizeVersion}`);
    if (wanted.has('originAnnotations') && provenance)
      set(
        ['metadata', 'annotations', originKey],
        linesOf(provenance)
          .map((line) => `${line}\n`)
          .join(''),
      );
    if (wanted.has('transformerAnnotations') && transformations.length > 0)
      set(['metadata', 'annotations', transformationsKey], transformations.map(listedIn).join(''));
    return value === object.value ? object : { ...object, value };
  });
}

/** Without what the object's own annotations say, which is part of what is known of it. */
function withoutSteps(value: BuiltMap): BuiltMap {
  const annotations = builtAt(value, ['metadata', 'annotations']);
  if (annotations?.kind !== 'map') return value;
  const entries = new Map([...annotations.entries].filter(([key]) => key !== originKey && key !== transformationsKey));
  if (entries.size === annotations.entries.size) return value;
  return withValueAt(value, ['metadata', 'annotations'], { ...annotations, entries }) ?? value;
}

/** Records a transformer of all objects; one without a provenance was made by it. */
export function transformedBy(objects: Objects, by: Provenance): Objects {
  return objects.map((one): BuiltObject => {
    const value = withAnnotationsAnew(one.value);
    const object = value === one.value ? one : { ...one, value };
    if (!object.provenance) return { ...object, provenance: by };
    return { ...object, transformations: [...(object.transformations ?? []), by] };
  });
}

export function linesOf(provenance: Provenance): readonly string[] {
  if ('path' in provenance) return [`path: ${text(provenance.path)}`];
  const { configuredIn, configuredBy } = provenance;
  const fields = Object.entries(configuredBy).filter(([, value]) => value !== undefined && value !== '');
  return [
    `configuredIn: ${text(configuredIn)}`,
    'configuredBy:',
    ...fields.map(([key, value]) => `  ${key}: ${text(String(value))}`),
  ];
}

/** An entry of the list of steps. */
export function listedIn(provenance: Provenance): string {
  return linesOf(provenance)
    .map((line, index) => `${index === 0 ? '- ' : '  '}${line}\n`)
    .join('');
}

function text(value: string): string {
  return needsQuotes(value) ? JSON.stringify(value) : value;
}
