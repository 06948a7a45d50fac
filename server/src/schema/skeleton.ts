// Builds the minimal valid value of a field, which fixes and completions insert.
import type { Schema } from './schema.ts';

/** JSON with every required field: its default, its first enum value, or an empty value. */
export function skeletonOf(schema: Schema, depth = 0): unknown {
  if (schema.default !== undefined) return schema.default;
  if (schema.enum && schema.enum.length > 0) return schema.enum[0];
  switch (schema.type) {
    case 'object':
      return depth > 6 ? {} : objectOf(schema, depth);
    case 'array':
      return schema.minItems && schema.items ? [skeletonOf(schema.items, depth + 1)] : [];
    case 'integer':
    case 'number':
      return schema.minimum ?? 0;
    case 'boolean':
      return false;
    default:
      return '';
  }
}

function objectOf(schema: Schema, depth: number): unknown {
  const names = (schema.required ?? []).filter((name) => schema.properties?.[name]?.default === undefined);
  return Object.fromEntries(names.map((name) => [name, skeletonOf(schema.properties?.[name] ?? {}, depth + 1)]));
}
