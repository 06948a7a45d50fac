// The description of a field in hover and beside a completion item: its type, allowed values, our note, the upstream
// description if a CRD of the workspace or a cluster has one, and the schema it comes from.
import { apiVersionOf } from '../kube/identity.ts';
import { metadataNoteOf } from '../notes/metadata.ts';
import { noteOf } from '../notes/notes.ts';
import type { KindSchema, Schema } from '../schema/schema.ts';
import { codeInMarkdown, descriptionInMarkdown, nameInMarkdown } from '../syntax/shown.ts';
import type { Cursor } from './cursor.ts';
import { type Field, typeName } from './place.ts';

export interface Hover {
  /** Markdown. */
  readonly text: string;
  /** The described range, in offsets of the document. */
  readonly start: number;
  readonly end: number;
}

/** Markdown for the pop-up beside a completion item; omits what the list already shows. */
export function documentationOf(_cursor: Cursor, field: Field): string | undefined {
  const parts = [noteFor(field.kind, field.path), limitsOf(field.schema), upstreamText(field.schema)];
  const text = parts.filter((part) => part !== undefined && part !== '').join('\n\n');
  return text === '' ? undefined : text;
}

/** Our own note on a field. */
export function noteFor(kind: KindSchema, path: Field['path']): string | undefined {
  return noteOf(kind.gvk, path)?.text ?? metadataNoteOf(path)?.note;
}

/** Whether a field is deprecated according to our note on it or to the CRD's description. */
export function isDeprecated(kind: KindSchema, path: Field['path'], schema: Schema): boolean {
  if (noteOf(kind.gvk, path)?.deprecated) return true;
  return /^(?:deprecated\b|.{0,80}\bdeprecated:)/is.test(schema.description?.trim() ?? '');
}

/** Default, allowed values, bounds and format, one per line. */
export function limitsOf(schema: Schema): string {
  const lines = [
    schema.default === undefined ? undefined : `Default: ${code(schema.default)}`,
    schema.enum ? `Allowed: ${allowedIn(schema.enum)}` : undefined,
    ...boundsOf(schema).map(([name, value]) => `${name}: ${value}`),
    formatOf(schema),
    schema.pattern && !isDuration(schema) ? `Pattern: ${code(schema.pattern)}` : undefined,
    schema.nullable ? 'May be null' : undefined,
    isImmutable(schema) ? 'Immutable after creation' : undefined,
  ];
  return lines.filter((line) => line !== undefined).join('  \n');
}

/** Values of an enum that are shown. */
const mostAllowed = 200;

function allowedIn(values: readonly unknown[]): string {
  const more = values.length - mostAllowed;
  return `${values.slice(0, mostAllowed).map(code).join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

/** Examples for quantities and durations; formats that the type already implies are omitted. */
function formatOf(schema: Schema): string | undefined {
  if (schema.format === 'quantity') return 'Examples: `500m`, `2`, `128Mi`, `1Gi`';
  if (isDuration(schema))
    return /\bh\b/.test(schema.pattern ?? 'h') ? 'Examples: `30s`, `10m`, `1h30m`' : 'Examples: `30s`, `10m`';
  return schema.format && schema.format !== 'int-or-string' ? `Format: ${nameInMarkdown(schema.format)}` : undefined;
}

/** Flux and others use the pattern `([0-9]+(\.[0-9]+)?(ms|s|m|h))+`; no other format has this sequence of units. */
export function isDuration({ format, pattern }: Schema): boolean {
  return format === 'duration' || pattern?.includes('ms|s|m') === true;
}

/** Whether a transition rule rejects every update (`self == oldSelf`); other transition rules are not considered. */
export function isImmutable(schema: Schema): boolean {
  return (schema['x-kubernetes-validations'] ?? []).some(({ rule }) =>
    /^\(?\s*(?:self\s*==\s*oldSelf|oldSelf\s*==\s*self)\s*\)?$/.test(rule),
  );
}

const boundNames = {
  minimum: 'Minimum',
  maximum: 'Maximum',
  multipleOf: 'Multiple of',
  minLength: 'Minimum length',
  maxLength: 'Maximum length',
  minItems: 'Minimum items',
  maxItems: 'Maximum items',
  minProperties: 'Minimum keys',
  maxProperties: 'Maximum keys',
} as const satisfies Partial<Record<keyof Schema, string>>;

function boundsOf(schema: Schema): readonly (readonly [string, number])[] {
  return Object.entries(boundNames).flatMap(([keyword, name]) => {
    const value = schema[keyword as keyof typeof boundNames];
    return value === undefined ? [] : [[name, value] as const];
  });
}

/** The numeric bounds by the schema's keywords. */
export function bounds(schema: Schema): Readonly<Record<string, number>> {
  const entries = Object.keys(boundNames).map((keyword) => [keyword, schema[keyword as keyof typeof boundNames]]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Characters of a description; the longest of Kubernetes has 4,000. */
const longestText = 10_000;

/** The description in a CRD, as its authors wrote it; bundled schemas have none. */
export function upstreamText(schema: Schema): string | undefined {
  const text = schema.description?.trim();
  if (!text) return undefined;
  return descriptionInMarkdown(text.length > longestText ? `${text.slice(0, longestText)}…` : text);
}

/** `**Deployment** apps/v1` for an object; for a field, its name and type and whether it is required. */
export function titleOf({ kind, path, schema, parent }: Field): string {
  const name = path.at(-1);
  if (name === undefined) return `**${nameInMarkdown(kind.gvk.kind)}** ${nameInMarkdown(apiVersionOf(kind.gvk))}`;
  const label = typeof name === 'number' ? `item ${name}` : nameInMarkdown(name);
  const required = typeof name === 'string' && parent?.required?.includes(name) === true ? ', required' : '';
  return `**${label}** *${typeName(schema)}${required}*`;
}

/** Reports a version that is deprecated or no longer served, with the version to use instead. */
export function versionStatus(kind: KindSchema, versions: readonly KindSchema[]): string | undefined {
  const newer = versions.find((one) => one.served && one.deprecated === undefined);
  const advice =
    newer && newer.gvk.version !== kind.gvk.version ? ` Use ${nameInMarkdown(apiVersionOf(newer.gvk))}.` : '';
  if (!kind.served) return `${nameInMarkdown(apiVersionOf(kind.gvk))} is no longer served.${advice}`;
  if (kind.deprecated !== undefined) return `${nameInMarkdown(apiVersionOf(kind.gvk))} is deprecated.${advice}`;
  return undefined;
}

/** The source of the schema in use. */
export function originSentence(kind: KindSchema): string {
  switch (kind.from) {
    case 'own':
      return 'Schema: Capstan’s own.';
    case 'bundled':
      return `Schema: ${nameInMarkdown(kind.origin)}, bundled with Capstan.`;
    case 'pinned':
      return `Schema: ${nameInMarkdown(kind.origin)}, pinned for this folder in .capstan.yaml.`;
    case 'chart':
      return `Chart: ${nameInMarkdown(kind.origin)}.`;
    case 'workspace':
      return `Schema: the CRD in ${nameInMarkdown(kind.origin)}.`;
  }
}

function code(value: unknown): string {
  return codeInMarkdown(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
}
