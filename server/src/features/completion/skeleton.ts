// The structure that a field requires, as a snippet: required keys, recursively, with a tab stop for each value to fill
// in.
import type { Schema } from '../../schema/schema.ts';
import { resolvePlain } from '../../syntax/scalar.ts';
import type { Path } from '../../syntax/tree.ts';
import { choice, escapeSnippet, inQuotes } from './item.ts';
import type { Layout } from './layout.ts';
import { usualKeys, usualRank, usualValueRank } from './usual.ts';

/** The context of a skeleton. */
export interface Skeleton {
  readonly layout: Layout;
  readonly stops: Stops;
  /** Path from the object to the field of the skeleton. */
  readonly path: Path;
  /** Values to choose from if the schema lists none, such as the parts of references. */
  values(path: Path, schema: Schema): readonly string[];
  /** Keys that are inserted although the schema doesn't require them. */
  written(path: Path): readonly string[];
  /** Whether the field holds a map or several lines of text although its schema doesn't say so. */
  shape(path: Path): 'map' | 'text' | undefined;
  /** A value, as YAML, that the schema accepts; for whole objects, which have no empty values. */
  sample?(path: Path, schema: Schema): string | undefined;
}

/** Numbers the tab stops of one snippet. */
export class Stops {
  #last: number;

  constructor(last = 0) {
    this.#last = last;
  }

  next(): number {
    this.#last += 1;
    return this.#last;
  }
}

const fixed: ReadonlySet<unknown> = new Set(['apiVersion', 'apiGroup', 'kind']);

/** Required structure below this depth is left to the next completion. */
const deepest = 8;

/** The text after `key:`, with its leading space or line break; `column` is the key's column. */
export function valueSkeleton(schema: Schema, column: number, skeleton: Skeleton, depth = 0): string {
  const { layout, stops } = skeleton;
  if (isList(schema)) {
    const dash = column + layout.listIndent;
    const item = itemSkeleton(schema.items ?? {}, dash + 2, inside(skeleton, 0), depth + 1);
    return `${layout.eol}${' '.repeat(dash)}- ${item}`;
  }
  if (isObject(schema)) {
    const inner = keysSkeleton(schema, column + layout.step, skeleton, depth + 1);
    if (inner === '' && skeleton.sample) return sampleMap(schema, column + layout.step, skeleton, depth);
    return `${layout.eol}${' '.repeat(column + layout.step)}${inner || `$${stops.next()}`}`;
  }
  const shape = skeleton.shape(skeleton.path);
  if (shape === undefined || skeleton.sample) return ` ${scalarSkeleton(schema, skeleton)}`;
  return `${shape === 'text' ? ' |' : ''}${layout.eol}${' '.repeat(column + layout.step)}$${stops.next()}`;
}

/** As `valueSkeleton`, without the required structure and choices: only what begins a map or a list. */
export function begunSkeleton(schema: Schema, column: number, { layout, stops }: Skeleton): string {
  if (!isList(schema) && !isObject(schema)) return ` $${stops.next()}`;
  const [indent, dash] = isList(schema) ? [layout.listIndent, '- '] : [layout.step, ''];
  return `${layout.eol}${' '.repeat(column + indent)}${dash}$${stops.next()}`;
}

/** A list item without its dash; `column` is the column of its keys. */
export function itemSkeleton(schema: Schema, column: number, skeleton: Skeleton, depth = 0): string {
  if (!isObject(schema)) return isList(schema) ? `$${skeleton.stops.next()}` : scalarSkeleton(schema, skeleton);
  return keysSkeleton(schema, column, skeleton, depth) || (skeleton.sample ? '{}' : `$${skeleton.stops.next()}`);
}

/** A map without required keys. */
function sampleMap(schema: Schema, column: number, skeleton: Skeleton, depth: number): string {
  const { additionalProperties, properties } = schema;
  // Some field must be set; the one that objects usually set.
  if (properties && schema.minProperties !== undefined) {
    const [name = Object.keys(properties)[0]] = usualKeys(schema);
    if (name === undefined || depth > deepest) return ' {}';
    const value = valueSkeleton(properties[name]!, column, inside(skeleton, name), depth + 1);
    return `${skeleton.layout.eol}${' '.repeat(column)}${escapeSnippet(name)}:${value}`;
  }
  if (typeof additionalProperties !== 'object' || isObject(additionalProperties) || isList(additionalProperties)) {
    return ' {}';
  }
  const key = `\${${skeleton.stops.next()}:example}`;
  return `${skeleton.layout.eol}${' '.repeat(column)}${key}: ${scalarSkeleton(additionalProperties, skeleton)}`;
}

type Quote = Parameters<typeof inQuotes>[1];

/** The text after `key:` in flow style, with its keys in `quote`. */
export function flowSkeleton(schema: Schema, skeleton: Skeleton, quote: Quote): string {
  return ` ${flowValue(schema, skeleton, quote, 0)}`;
}

/** As `flowSkeleton`, without the required structure. */
export function begunFlow(schema: Schema, { stops }: Skeleton): string {
  return isList(schema) ? ` [$${stops.next()}]` : isObject(schema) ? ` { $${stops.next()} }` : ` $${stops.next()}`;
}

function flowValue(schema: Schema, skeleton: Skeleton, quote: Quote, depth: number): string {
  const inner = (step: string | number, child: Schema) => flowValue(child, inside(skeleton, step), quote, depth + 1);
  if (depth <= deepest && isList(schema) && isObject(schema.items ?? {})) return `[${inner(0, schema.items!)}]`;
  const keys = depth <= deepest && isObject(schema) ? requiredKeys(schema, skeleton.written(skeleton.path)) : [];
  if (keys.length > 0) {
    const fields = keys.map((key) => `${escapeSnippet(inQuotes(key, quote))}: ${inner(key, schema.properties![key]!)}`);
    return `{ ${fields.join(', ')} }`;
  }
  return isList(schema) || isObject(schema) ? begunFlow(schema, skeleton).trim() : scalarSkeleton(schema, skeleton);
}

function inside(skeleton: Skeleton, step: string | number): Skeleton {
  return { ...skeleton, path: [...skeleton.path, step] };
}

export function isList(schema: Schema): boolean {
  return schema.type === 'array';
}

export function isObject(schema: Schema): boolean {
  return schema.type === 'object' || (schema.type === undefined && schema.properties !== undefined);
}

/** The allowed values, written as YAML. */
export function writtenEnum(schema: Schema): readonly string[] {
  const values =
    schema.enum?.toSorted((a, b) => usualValueRank(a) - usualValueRank(b)).map(writeScalar) ??
    (schema.type === 'boolean' ? ['true', 'false'] : []);
  const { default: preset } = schema;
  // The default goes last: a field that is written out usually has another value.
  const last = preset === undefined ? undefined : writeScalar(preset);
  return schema.type === 'boolean' && last === 'true' ? ['false', 'true'] : values;
}

/** A scalar as YAML, quoted if the plain form would be parsed as another value. */
export function writeScalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value) ?? '';
  const safe =
    /^[\w./-](?:[\w ./+=@-]|:(?=[^\s:]))*$/.test(value) &&
    !value.endsWith(' ') &&
    value !== '-' &&
    !value.startsWith('- ');
  return safe && resolvePlain(value) === value ? value : JSON.stringify(value);
}

function keysSkeleton(schema: Schema, column: number, skeleton: Skeleton, depth: number): string {
  if (depth > deepest) return '';
  return requiredKeys(schema, skeleton.written(skeleton.path))
    .map((key) => {
      const value = valueSkeleton(schema.properties![key]!, column, inside(skeleton, key), depth);
      return `${escapeSnippet(key)}:${value}`;
    })
    .join(`${skeleton.layout.eol}${' '.repeat(column)}`);
}

/** Required keys without a default; the names of an object come first. */
function requiredKeys(schema: Schema, written: readonly string[]): readonly string[] {
  const known = [...written, ...(schema.required ?? [])].filter(
    (key) => schema.properties && Object.hasOwn(schema.properties, key),
  );
  const needed = known.filter((key) => schema.properties![key]!.default === undefined);
  const rank = (key: string) => ['apiVersion', 'apiGroup', 'kind', 'name'].indexOf(key) + 1 || 9 + usualRank(key);
  return [...new Set(needed)].toSorted((a, b) => rank(a) - rank(b));
}

function scalarSkeleton(schema: Schema, { stops, path, values, sample }: Skeleton): string {
  const stop = stops.next();
  const listed = writtenEnum(schema);
  // In a reference the likeliest kind comes first; the schema's order doesn't reflect that.
  const known = values(path, schema).filter((value) => listed.length === 0 || listed.includes(value));
  const options = known.length > 0 ? known : listed;
  // The only kind or group of a reference is no placeholder: the next key would replace it.
  if (options.length === 1 && fixed.has(path.at(-1))) return escapeSnippet(options[0]!);
  if (options.length > 0) return choice(stop, options);
  const { default: preset } = schema;
  if (preset === undefined || preset === null || typeof preset === 'object') {
    const one = sample?.(path, schema);
    return one === undefined ? `$${stop}` : `\${${stop}:${escapeSnippet(one)}}`;
  }
  return `\${${stop}:${escapeSnippet(writeScalar(preset))}}`;
}
