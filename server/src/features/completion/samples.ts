// Placeholders for required values: each is accepted by the schema as it stands, so that nothing is red before its author
// gets to it.
import { compilePattern } from '../../cel/pattern.ts';
import type { Schema } from '../../schema/schema.ts';
import type { Path } from '../../syntax/tree.ts';
import { suggestedValues } from './suggestions.ts';

/** By what the field's name says; the first that the schema accepts is taken. */
const byName: readonly (readonly [RegExp, readonly string[]])[] = [
  // A selector matches the labels of its pods.
  [/^(?:name|labels|matchLabels)$/, ['example']],
  [/url|address|endpoint|server|issuer|uri/i, ['https://example.com', 'oci://example.com/app', 'example.com']],
  [/image/i, ['registry.example.com/app:1.0.0']],
  [/version/i, ['v1.36.0', '1.0.0', 'v1']],
  [/cidr/i, ['10.0.0.0/16']],
  [/host|domain|dns|fqdn/i, ['example.com']],
  [/region|location/i, ['eu-central-1', 'westeurope']],
  [/path/i, ['/data', './path']],
  [/email/i, ['team@example.com']],
  [/time|interval|duration|period/i, ['10m']],
];

const general = [
  ...[
    'example',
    'a',
    '1',
    '10m',
    'v1',
    '1.0.0',
    'v1.0.0',
    'example.com',
    'https://example.com',
    '/example',
    './example',
  ],
  ...[
    '10.0.0.1',
    '10.0.0.0/16',
    '1Gi',
    'Example',
    'EXAMPLE',
    'subnet-0',
    'vpc-0',
    'example.com/example',
    'ssh://example',
  ],
  ...['00000000-0000-0000-0000-000000000000', '2030-01-01T00:00:00Z', 'arn:aws:iam::000000000000:role/example'],
];

/** Undefined if none is known. Lists and maps have none. */
export function sampleOf(schema: Schema, path: Path): unknown {
  if (schema['x-kubernetes-int-or-string'] === true) return 1;
  if (schema.type === 'integer' || schema.type === 'number') return sampleNumber(schema);
  if (schema.type === 'boolean') return true;
  if (schema.type !== 'string') return undefined;
  const name = String(path.findLast((step) => typeof step === 'string') ?? '');
  const hints = byName.flatMap(([pattern, values]) => (pattern.test(name) ? values : []));
  const suggested = suggestedValues(schema, path).map(({ value }) => String(value));
  const own = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(/[^a-z0-9-]/g, '');
  return [...suggested, ...hints, own, ...general].find((value) => accepts(schema, value));
}

function sampleNumber({ minimum, maximum, exclusiveMinimum, multipleOf }: Schema): number {
  const least = minimum === undefined ? 1 : Math.max(minimum + (exclusiveMinimum ? 1 : 0), Math.min(1, maximum ?? 1));
  const most = Math.min(least, maximum ?? least);
  return multipleOf === undefined ? most : Math.max(multipleOf, Math.ceil(most / multipleOf) * multipleOf);
}

function accepts({ pattern, minLength = 0, maxLength = 1000, format }: Schema, value: string): boolean {
  if (value.length < Math.max(1, minLength) || value.length > maxLength) return false;
  if (format === 'date-time' && !/^\d{4}-/.test(value)) return false;
  if (format === 'byte') return false;
  if (/^(?:ipv4|cidr|ipv6)$/.test(format ?? '') && !value.startsWith('10.')) return false;
  return pattern === undefined || compilePattern(pattern)?.test(value) !== false;
}
