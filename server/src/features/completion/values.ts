// Completion of values: those that the schema allows, the format suggests or the workspace uses.
import { compilePattern } from '../../cel/pattern.ts';
import type { Schema } from '../../schema/schema.ts';
import type { Field } from '../place.ts';
import { asksAgain, type Candidate, type Completion, escapeSnippet, inQuotes, reindented } from './item.ts';
import type { Probe } from './probe.ts';
import { writeScalar } from './skeleton.ts';
import { suggestedValues } from './suggestions.ts';
import { usualValueRank } from './usual.ts';

/** Candidates from the schema itself. */
export function schemaCandidates({ path, schema }: Field): readonly Candidate[] {
  const preset = schema.default;
  const allowed = schema.enum ?? (schema.type === 'boolean' ? [true, false] : []);
  const listed = allowed
    .filter((value) => typeof value !== 'object')
    .toSorted((a, b) => usualValueRank(a) - usualValueRank(b))
    .map((value, index) => ({
      value,
      kind: 'enum' as const,
      ...(value === preset && { detail: 'default' }),
      rank: 10 + index,
    }));
  if (listed.length > 0) return listed;
  if (preset === undefined || preset === null || typeof preset === 'object') return suggestedValues(schema, path);
  return [{ value: preset, kind: 'value', detail: 'default', rank: 10 }, ...suggestedValues(schema, path)];
}

export function valueItems(candidates: readonly Candidate[], probe: Probe, eol: string): readonly Completion[] {
  const seen = new Set<string>();
  return candidates.flatMap((candidate) => {
    const text = String(candidate.value);
    // An empty value, such as the core API group, needs a visible label.
    const label = text === '' ? '""' : text;
    if (seen.has(label)) return [];
    seen.add(label);
    const { quote } = probe.token;
    const written = quote === '' ? flowSafe(writeScalar(candidate.value), probe) : inQuotes(text, quote);
    const { namespace } = candidate;
    const beside =
      namespace === undefined ? '' : `${eol}${' '.repeat(probe.indent - 2)}namespace: ${writeScalar(namespace)}`;
    return [
      {
        label,
        kind: candidate.kind,
        ...(candidate.kind !== 'enum' && { open: true }),
        ...(candidate.detail && { detail: candidate.detail }),
        ...(candidate.documentation && { documentation: () => candidate.documentation }),
        sort: `${String(candidate.rank).padStart(4, '0')}${label}`,
        ...(quote !== '' && { filter: quote + text }),
        insert: `${probe.lead}${escapeSnippet(written + beside)}${candidate.below ?? ''}`,
        ...(asksAgain(candidate.below ?? '') && { again: true }),
        start: probe.token.start,
        end: probe.token.end,
        ...reindented(probe),
      },
    ];
  });
}

/** A usual value may still be invalid here, as hours are in the timeout of a source. */
export function fits({ type, pattern, minimum, maximum }: Schema, value: unknown): boolean {
  if (typeof value === 'number') {
    if (type !== undefined && type !== 'integer' && type !== 'number') return false;
    return value >= (minimum ?? value) && value <= (maximum ?? value);
  }
  if (typeof value !== 'string') return true;
  if (type !== undefined && type !== 'string') return false;
  return pattern === undefined || compilePattern(pattern)?.test(value) !== false;
}

function flowSafe(written: string, probe: Probe): string {
  return probe.flow && /[,[\]{}]/.test(written) ? JSON.stringify(written) : written;
}
