// Reads lists of fields from configuration that was decoded.
import { type Built, type BuiltMap, builtAt, textAt } from '../built.ts';
import { configOf, type FieldSpec, type NameReference, specFields, type TransformerConfig } from './field-specs.ts';

export function readFieldSpecs(list: Built | undefined): readonly FieldSpec[] {
  return mapsIn(list).map((entry) => {
    const create = builtAt(entry, ['create']);
    return {
      gvk: gvkOf(entry),
      path: textAt(entry, ['path']) ?? '',
      create: create?.kind === 'scalar' && create.value === true,
      origin: (builtAt(entry, ['path']) ?? entry).origin,
    };
  });
}

export function readConfig(root: BuiltMap): TransformerConfig {
  const lists = specFields.map((field) => [field, readFieldSpecs(root.entries.get(field))] as const);
  const nameReference = mapsIn(root.entries.get('nameReference')).map(
    (entry): NameReference => ({ gvk: gvkOf(entry), referrers: readFieldSpecs(entry.entries.get('fieldSpecs')) }),
  );
  return configOf({ ...Object.fromEntries(lists), nameReference });
}

function gvkOf(entry: BuiltMap) {
  const part = (name: string) => textAt(entry, [name]) ?? '';
  return { group: part('group'), version: part('version'), kind: part('kind') };
}

function mapsIn(list: Built | undefined): readonly BuiltMap[] {
  return list?.kind === 'list' ? list.items.filter((item): item is BuiltMap => item.kind === 'map') : [];
}
