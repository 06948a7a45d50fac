// Usual values for fields whose schema lists none, chosen by the format in a row of kube/kinds, by the schema's pattern
// and type, or by the field's name.
import type { ValueFormat } from '../../kube/kind.ts';
import { metadataNoteOf } from '../../notes/metadata.ts';
import type { Schema } from '../../schema/schema.ts';
import type { Path } from '../../syntax/tree.ts';
import { isDuration } from '../describe.ts';
import type { Candidate } from './item.ts';
import { isMetadata } from './usual.ts';

const rows = (values: readonly (readonly [string | number, string])[]): readonly Candidate[] =>
  values.map(([value, detail], index) => ({ value, kind: 'value', detail, rank: 20 + index }));
const list = (values: readonly (string | number)[], detail: string) => rows(values.map((value) => [value, detail]));

const durations = list(['30s', '1m', '5m', '10m', '30m', '1h', '24h'], 'duration');
const cpu = list(['50m', '100m', '250m', '500m', 1, 2, 4], 'cores');
const sizes = list(['64Mi', '128Mi', '256Mi', '512Mi', '1Gi', '2Gi', '4Gi'], 'bytes');
const storage = list(['1Gi', '5Gi', '10Gi', '20Gi', '50Gi', '100Gi'], 'bytes');

const formats: Readonly<Partial<Record<ValueFormat, readonly Candidate[]>>> = {
  duration: durations,
  quantity: [...cpu, ...sizes],
  'semver-range': rows([
    ['>=1.0.0', '1.0.0 or later'],
    ['1.x', 'any 1.x version'],
    ['~1.2.0', 'any 1.2 patch version'],
    ['>=1.0.0-0', 'includes pre-releases'],
  ]),
  cidr: rows([
    ['192.168.0.0/16', '65,536 addresses'],
    ['10.244.0.0/16', '65,536 addresses'],
    ['10.96.0.0/12', '1,048,576 addresses'],
    ['10.0.0.0/24', '256 addresses'],
  ]),
  cron: rows([
    ['0 3 * * *', 'every day at 3:00'],
    ['*/15 * * * *', 'every 15 minutes'],
    ['0 * * * *', 'every hour'],
    ['0 4 * * 0', 'every Sunday at 4:00'],
    ['0 5 1 * *', 'on the first day of every month at 5:00'],
  ]),
};

export function formatCandidates(format: ValueFormat | undefined): readonly Candidate[] {
  return (format && formats[format]) ?? [];
}

const share = rows([
  [1, 'machines or pods'],
  [0, 'machines or pods'],
  ['25%', 'of machines or pods'],
  ['50%', 'of machines or pods'],
]);

/** Suggestions by the field's name and schema. */
export function suggestedValues(schema: Schema, path: Path): readonly Candidate[] {
  const name = path.findLast((step) => typeof step === 'string');
  if (name === undefined) return [];
  const noted = isMetadata(path.at(-3)) ? metadataNoteOf(path)?.values : undefined;
  if (noted) return rows(noted.map((value) => [value, '']));
  const { pattern } = schema;
  if (isQuantity(schema)) {
    if (name === 'cpu' || name.endsWith('.cpu')) return cpu;
    if (name === 'memory' || name.endsWith('.memory')) return sizes;
    if (name === 'storage' || name.endsWith('-storage') || name.endsWith('.storage')) return storage;
  }
  if (isDuration(schema)) return durations;
  if (schema['x-kubernetes-int-or-string'] !== true) return ofString(schema, name);
  if (pattern?.includes('[KMGTPE]i') === true) return [...cpu, ...sizes];
  return /^(?:max[A-Z]|minAvailable|unhealthyLess)/.test(name) ? share : [];
}

/** Built-in kinds have the format; CRDs a union, and often the pattern. */
function isQuantity(schema: Schema): boolean {
  return schema.format === 'quantity' || schema['x-kubernetes-int-or-string'] === true;
}

function ofString({ type }: Schema, name: string): readonly Candidate[] {
  if (type !== 'string') return [];
  if (/cidrBlocks?$/i.test(name)) return formatCandidates('cidr');
  return name === 'schedule' ? formatCandidates('cron') : [];
}
