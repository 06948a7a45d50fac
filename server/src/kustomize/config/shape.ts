// Decodes configuration as Go's JSON decoder does: field names in any case, and a refusal where a type differs. kustomize
// refuses unknown fields of a kustomization and of transformer configurations, and ignores those of plugins.
import { type Path, unknown } from '../../syntax/tree.ts';
import type { Reason } from '../build-problem.ts';
import { type Built, type BuiltMap, type BuiltScalar, isNull, type Origin } from '../built.ts';

export type Shape =
  | 'text'
  | 'flag'
  | 'integer'
  | 'anything'
  | { readonly list: Shape }
  /** Any keys. */
  | { readonly map: Shape }
  | { readonly fields: Readonly<Record<string, Shape>> };

export interface Decoding {
  /** Whether unknown fields are refused. */
  readonly strict: boolean;
  /** Whether numbers and booleans are converted to texts, as sigs.k8s.io/yaml does for a known type. */
  readonly converts: boolean;
}

export type Report = (reason: Reason, path: Path, origin: Origin) => void;

/** The value with its fields named as in the shape. What is refused is reported and left out. */
export function decode(
  value: Built,
  shape: Shape,
  decoding: Decoding,
  report: Report,
  path: Path = [],
): Built | undefined {
  if (isNull(value) || shape === 'anything') return value;
  if (isHole(value)) return noJson.test(value.text) ? decodeInfinite(value, shape, decoding, report, path) : value;
  if (typeof shape === 'string') return decodeScalar(value, shape, decoding, report, path);
  const expected = 'list' in shape ? 'list' : 'map';
  if (value.kind !== expected) {
    report({ kind: 'wrong-type', expected }, path, value.origin);
    return undefined;
  }
  if ('list' in shape) {
    const items = value.kind === 'list' ? value.items : [];
    return {
      ...value,
      kind: 'list',
      items: items.flatMap((item, index) => decode(item, shape.list, decoding, report, [...path, index]) ?? []),
    };
  }
  return value.kind === 'map' ? decodeMap(value, shape, decoding, report, path) : undefined;
}

function decodeScalar(
  value: Built,
  shape: 'text' | 'flag' | 'integer',
  { converts }: Decoding,
  report: Report,
  path: Path,
): Built | undefined {
  if (value.kind === 'scalar') {
    const { value: read } = value;
    if (shape === 'text' && typeof read === 'string') return value;
    if (shape === 'text' && converts) return { ...value, value: String(read), text: String(read) };
    if (shape === 'flag' && typeof read === 'boolean') return value;
    if (shape === 'integer' && (typeof read === 'bigint' || Number.isInteger(read))) return value;
  }
  report({ kind: 'wrong-type', expected: words[shape] }, path, value.origin);
  return undefined;
}

/** Numbers that JSON has no form for. */
const noJson = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** As a text, they are converted to what Go prints. */
function decodeInfinite(
  value: BuiltScalar,
  shape: Shape,
  { converts }: Decoding,
  report: Report,
  path: Path,
): Built | undefined {
  if (shape === 'text' && converts) {
    const text = /nan/i.test(value.text) ? 'NaN' : value.text.startsWith('-') ? '-Inf' : '+Inf';
    return { ...value, value: text, text };
  }
  report({ kind: 'invalid-yaml' }, path, value.origin);
  return undefined;
}

const words = { text: 'string', flag: 'boolean', integer: 'integer' } as const;

function decodeMap(
  value: BuiltMap,
  shape: { readonly map: Shape } | { readonly fields: Readonly<Record<string, Shape>> },
  decoding: Decoding,
  report: Report,
  path: Path,
): BuiltMap {
  const entries = new Map<string, Built>();
  for (const [key, inner] of value.entries) {
    const known = 'map' in shape ? { name: key, shape: shape.map } : fieldOf(shape.fields, key, value);
    if (!known) {
      if (decoding.strict) report({ kind: 'unknown-field', name: key }, [...path, key], inner.origin);
      continue;
    }
    const decoded = decode(inner, known.shape, decoding, report, [...path, key]);
    if (decoded) entries.set(known.name, decoded);
  }
  return { ...value, entries };
}

/** The field of a key; undefined if there is none, or if a key written exactly like it takes precedence. */
function fieldOf(fields: Readonly<Record<string, Shape>>, key: string, { entries }: BuiltMap) {
  if (Object.hasOwn(fields, key)) return { name: key, shape: fields[key]! };
  const name = Object.keys(fields).find((one) => one.toLowerCase() === key.toLowerCase());
  return name === undefined || entries.has(name) ? undefined : { name, shape: fields[name]! };
}

function isHole(value: Built): value is BuiltScalar {
  return value.kind === 'scalar' && value.value === unknown;
}
