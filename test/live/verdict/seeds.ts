// Generates initial objects from the schemas; repair.ts then fixes them until the server accepts them.
import fc from 'fast-check';
import { compilePattern } from '../../../server/src/cel/pattern.ts';
import { apiVersionOf } from '../../../server/src/kube/identity.ts';
import { formatCheck } from '../../../server/src/kube/values/formats.ts';
import type { KindSchema, Schema } from '../../../server/src/schema/schema.ts';
import type { Json, JsonObject } from './cases.ts';
import type { Random } from './random.ts';

/** `fullness`: the probability that an optional field is set. */
export function generate(kind: KindSchema, fullness: number, random: Random): JsonObject {
  const { gvk, scope } = kind;
  const object = generateValue(kind.schema, fullness, random, 0) as JsonObject;
  const { status: _status, ...rest } = object;
  return {
    ...rest,
    apiVersion: apiVersionOf(gvk),
    kind: gvk.kind,
    metadata: { name: 'example', ...(scope === 'Namespaced' && { namespace: 'default' }) },
  };
}

export function generateValue(schema: Schema, fullness: number, random: Random, depth: number): Json {
  if (schema.enum && schema.enum.length > 0) return random.pick(schema.enum) as Json;
  if (schema['x-kubernetes-int-or-string']) return random.chance(0.5) ? 1 : '10%';
  if (schema.format === 'quantity') return random.pick(['1', '500m', '1Gi']);
  const branch = schema.oneOf ?? schema.anyOf;
  switch (schema.type) {
    case 'object':
      return generateObject(branch ? withRequired(schema, random.pick(branch)) : schema, fullness, random, depth);
    case 'array': {
      const wanted = Math.max(schema.minItems ?? 0, depth < 8 && random.chance(fullness) ? 1 + random.below(2) : 0);
      const items = Array.from({ length: Math.min(wanted, schema.maxItems ?? wanted) }, () =>
        generateValue(schema.items ?? {}, fullness, random, depth + 1),
      );
      return schema['x-kubernetes-list-type'] === 'set'
        ? [...new Map(items.map((item) => [JSON.stringify(item), item])).values()]
        : items;
    }
    case 'integer':
      return Math.max(schema.minimum ?? 1, Math.min(schema.maximum ?? 5, 1 + random.below(3)));
    case 'number':
      return Math.max(schema.minimum ?? 1, Math.min(schema.maximum ?? 5, 1.5));
    case 'boolean':
      return random.chance(0.5);
    case 'string':
      return generateString(schema, random);
    default:
      return schema['x-kubernetes-preserve-unknown-fields'] ? { any: 'thing' } : {};
  }
}

function withRequired(schema: Schema, branch: Schema): Schema {
  return { ...schema, required: [...(schema.required ?? []), ...(branch.required ?? [])] };
}

function generateObject(schema: Schema, fullness: number, random: Random, depth: number): JsonObject {
  const object: JsonObject = {};
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const required = schema.required?.includes(name) === true;
    if (required ? field.default === undefined || random.chance(0.5) : depth < 8 && random.chance(fullness)) {
      object[name] = generateValue(field, fullness * 0.85, random, depth + 1);
    }
  }
  if (typeof schema.additionalProperties === 'object' && depth < 8 && random.chance(fullness)) {
    object[random.pick(['example', 'app.kubernetes.io/name'])] = generateValue(
      schema.additionalProperties,
      fullness * 0.85,
      random,
      depth + 1,
    );
  }
  if (schema['x-kubernetes-embedded-resource'])
    Object.assign(object, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'inner' } });
  return object;
}

/** Typical values of string fields: names, versions, durations, addresses, paths, cloud identifiers. */
const words = [
  'example',
  'a',
  '1h',
  '10m',
  '30s',
  '5m0s',
  'v1.36.0',
  '1.36.0',
  '1.2.3',
  'default',
  'https://example.com',
  'oci://example.com/x',
  '10.0.0.0/16',
  '10.0.0.1',
  '::1',
  'fd00::/64',
  '2026-01-31T12:00:00Z',
  'ami-0123456789abcdef0',
  'arn:aws:iam::123456789012:role/x',
  'subnet-1',
  'vpc-1',
  'sg-1',
  './path',
  '/path',
  '*',
  '00000000-0000-4000-8000-000000000000',
  'aaaa',
  'c3RyaW5n',
  'eu-west-1',
  'Standard_D2s_v3',
  'app=web',
  '80',
  'True',
  'A',
  'refs/heads/main',
  '1',
  '1Gi',
  '100%',
  'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'example.com/name',
  'ssh://git@example.com/x',
  'http://example.com',
];

function generateString(schema: Schema, random: Random): string {
  const check = schema.format === undefined ? undefined : formatCheck(schema.format);
  const fits = (text: string): boolean =>
    [...text].length >= (schema.minLength ?? 0) &&
    [...text].length <= (schema.maxLength ?? Number.POSITIVE_INFINITY) &&
    (schema.pattern === undefined || compilePattern(schema.pattern)?.test(text) === true) &&
    (check === undefined || check(text));
  if (fits('example') && random.chance(0.6)) return 'example';
  const fitting = words.filter(fits);
  if (fitting.length > 0) return random.pick(fitting);
  const made = schema.pattern === undefined ? [] : matching(schema.pattern, random);
  return made.find(fits) ?? made[0] ?? 'x'.repeat(schema.minLength ?? 1);
}

function matching(pattern: string, random: Random): readonly string[] {
  try {
    return fc.sample(fc.stringMatching(new RegExp(pattern)), { numRuns: 10, seed: random.below(1e9) });
  } catch {
    return [];
  }
}
