// `crds`: files of OpenAPI definitions whose extensions say which fields of a kind hold labels, annotations, names and
// references (api/internal/accumulator/loadconfigfromcrds.go). They aren't manifests of CRDs.
import type { Gvk } from '../../kube/identity.ts';
import { type Built, type BuiltMap, builtAt, textAt } from '../built.ts';
import { configOf, type FieldSpec, type NameReference, type SpecField, type TransformerConfig } from './field-specs.ts';
import type { Shape } from './shape.ts';

export const definitionsShape: Shape = {
  map: { fields: { Schema: { map: 'anything' }, Dependencies: { list: 'text' } } },
};

/** The types of a definition are at most this deep; they may refer to each other in circles. */
const deepest = 20;

export function configOfDefinitions(definitions: BuiltMap): TransformerConfig {
  const found: Found = { specs: new Map(), references: [] };
  for (const [name, definition] of definitions.entries) {
    const properties = propertiesOf(definition);
    if (!['kind', 'apiVersion', 'metadata'].every((field) => properties.has(field))) continue;
    const kind = name.slice(name.lastIndexOf('.') + 1);
    collect(found, definitions, name, { gvk: { group: '', version: '', kind }, path: [] });
  }
  return configOf({ ...Object.fromEntries(found.specs), nameReference: found.references });
}

interface Found {
  readonly specs: Map<SpecField, readonly FieldSpec[]>;
  readonly references: NameReference[];
}

interface Place {
  readonly gvk: Gvk;
  readonly path: readonly string[];
}

const marks: Readonly<Record<string, SpecField>> = {
  'x-kubernetes-annotation': 'commonAnnotations',
  'x-kubernetes-label-selector': 'commonLabels',
  'x-kubernetes-identity': 'namePrefix',
};

function collect(found: Found, definitions: BuiltMap, type: string, { gvk, path }: Place): void {
  if (path.length > deepest) return;
  for (const [name, property] of propertiesOf(definitions.entries.get(type))) {
    const inner = [...path, name];
    const spec = { gvk, path: inner.join('/'), create: false };
    for (const [mark, field] of Object.entries(marks))
      if (builtAt(property, [mark])) found.specs.set(field, [...(found.specs.get(field) ?? []), spec]);
    const version = textAt(property, ['x-kubernetes-object-ref-api-version']);
    const kind = textAt(property, ['x-kubernetes-object-ref-kind']);
    if (version !== undefined && kind !== undefined) {
      const key = textAt(property, ['x-kubernetes-object-ref-name-key']) ?? 'name';
      const referrer = { ...spec, path: `${spec.path}/${key}` };
      found.references.push({ gvk: { group: '', version, kind }, referrers: [referrer] });
    }
    const reference = textAt(property, ['$ref']);
    if (reference !== undefined) collect(found, definitions, reference, { gvk, path: inner });
  }
}

function propertiesOf(definition: Built | undefined): ReadonlyMap<string, Built> {
  const properties = builtAt(definition, ['Schema', 'properties']);
  return properties?.kind === 'map' ? properties.entries : new Map();
}
