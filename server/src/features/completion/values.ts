// Completion of values: what the schema allows, what the value's format suggests, what the workspace uses.
import type { Schema } from '../../schema/schema.ts';
import type { Completion } from './item.ts';
import { escapeSnippet } from './item.ts';
import { reindented } from './keys.ts';
import type { Probe } from './probe.ts';
import { writeScalar } from './skeleton.ts';

/** A value before it is known how the cursor's word is quoted. */
export interface Candidate {
  readonly value: unknown;
  readonly kind: 'value' | 'enum' | 'reference';
  readonly detail?: string;
  readonly documentation?: string;
  /** Lower comes first. */
  readonly rank: number;
}

/** Candidates the schema itself gives. */
export function schemaCandidates(schema: Schema): readonly Candidate[] {
  const preset = schema.default;
  const allowed = schema.enum ?? (schema.type === 'boolean' ? [true, false] : []);
  const listed = allowed
    .filter((value) => typeof value !== 'object')
    .map((value, index) => ({
      value,
      kind: 'enum' as const,
      ...(value === preset && { detail: 'default' }),
      rank: 10 + index,
    }));
  if (listed.length > 0) return listed;
  if (preset === undefined || preset === null || typeof preset === 'object') return suggested(schema);
  return [{ value: preset, kind: 'value', detail: 'default', rank: 10 }, ...suggested(schema)];
}

export function valueItems(candidates: readonly Candidate[], probe: Probe): readonly Completion[] {
  const seen = new Set<string>();
  return candidates.flatMap((candidate) => {
    const label = String(candidate.value);
    if (seen.has(label)) return [];
    seen.add(label);
    const { quote } = probe.token;
    const written = quote === '' ? flowSafe(writeScalar(candidate.value), probe) : quoted(label, quote);
    return [
      {
        label,
        kind: candidate.kind,
        ...(candidate.detail && { detail: candidate.detail }),
        ...(candidate.documentation && { documentation: candidate.documentation }),
        sort: `${String(candidate.rank).padStart(4, '0')}${label}`,
        ...(quote !== '' && { filter: quote + label }),
        insert: `${probe.lead}${escapeSnippet(written)}`,
        start: probe.token.start,
        end: probe.token.end,
        ...reindented(probe),
      },
    ];
  });
}

function quoted(label: string, quote: '"' | "'"): string {
  return quote === '"' ? JSON.stringify(label) : `'${label.replaceAll("'", "''")}'`;
}

function flowSafe(written: string, probe: Probe): string {
  return probe.flow && /[,[\]{}]/.test(written) ? JSON.stringify(written) : written;
}

/** Durations and quantities are told by what their pattern takes. */
function suggested(schema: Schema): readonly Candidate[] {
  const pattern = schema.pattern;
  if (schema.format === 'duration' || (pattern && isDurationPattern(pattern))) return durations;
  if (isQuantity(schema)) return quantities;
  return [];
}

/** Flux and others write `([0-9]+(\.[0-9]+)?(ms|s|m|h))+`; no other format names these units in a row. */
function isDurationPattern(pattern: string): boolean {
  return pattern.includes('ms|s|m') || pattern.includes('ms|s|m|h');
}

/** Quantities are int-or-string with apimachinery's own pattern. */
function isQuantity(schema: Schema): boolean {
  return schema['x-kubernetes-int-or-string'] === true && schema.pattern?.includes('[KMGTPE]i') === true;
}

const list = (values: readonly string[], detail: string): readonly Candidate[] =>
  values.map((value, index) => ({ value, kind: 'value' as const, detail, rank: 20 + index }));

export const durations = list(['30s', '1m', '5m', '10m', '30m', '1h', '24h'], 'duration');
export const quantities = list(
  ['100m', '250m', '500m', '1', '64Mi', '128Mi', '256Mi', '512Mi', '1Gi', '10Gi', '100Gi'],
  'quantity',
);
