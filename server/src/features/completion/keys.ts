// Completion of keys: those in the schema that the map doesn't have yet, each with the structure it requires. Required
// keys come first, then those that objects of the kind in this workspace use most.

import { metadataKeysFor } from '../../notes/metadata.ts';
import type { Schema } from '../../schema/schema.ts';
import { printPath } from '../../syntax/navigate.ts';
import { type Path, unknown, type Value } from '../../syntax/tree.ts';
import { isDeprecated } from '../describe.ts';
import { operationsKind } from '../inside/operations.ts';
import { childSchema, type Field, typeName } from '../place.ts';
import type { Contents, Setting } from './contents.ts';
import { asksAgain, type Completion, escapeSnippet, inQuotes, reindented } from './item.ts';
import type { Labels } from './labels.ts';
import type { Layout } from './layout.ts';
import type { Probe } from './probe.ts';
import { sampleOf } from './samples.ts';
import type { Habits } from './seen.ts';
import {
  begunFlow,
  begunSkeleton,
  flowSkeleton,
  isList,
  isObject,
  itemSkeleton,
  type Skeleton,
  Stops,
  valueSkeleton,
  writeScalar,
} from './skeleton.ts';
import { shapeOf } from './structure.ts';
import type { Trial } from './trial.ts';
import { bothOf, contentOf, type Missing } from './trial-values.ts';
import { isMetadata, isUsual, knownKeys, usualRank } from './usual.ts';

export interface KeyContext {
  readonly field: Field;
  readonly probe: Probe;
  readonly layout: Layout;
  readonly trial: Trial | undefined;
  /** What maps at this field contain elsewhere in the workspace. */
  readonly habits: Habits;
  /** Keys that the workspace gives, whatever other maps contain. */
  readonly sources: readonly string[];
  /** The word at the cursor. */
  readonly typed: string;
  /** For a map of labels: the labels in the same file. */
  readonly labels: Labels | undefined;
  /** No other labels than those are valid. */
  readonly isSelector: boolean;
  describe(name: string, schema: Schema): string | undefined;
  /** Values of a field below, if its schema lists none. */
  values(path: Path, schema: Schema): readonly string[];
  /** Keys of a field below that are inserted although the schema doesn't require them. */
  written(path: Path): readonly string[];
}

/** Keys for the map at the cursor or, in a list, its next item. */
export function keyItems(context: KeyContext): readonly Completion[] {
  const { field, probe, trial } = context;
  if (isList(field.schema)) return listItem(context);
  const opening = opens(probe);
  const named = namedKeys(context).filter(({ name }) => !probe.present.has(name) && !isServerSide(field, name));
  const fitting = trial?.keys(
    named.map(({ name }) => name),
    field.schema,
  );
  const free = fittingFree(context).filter(({ name }) => !probe.present.has(name));
  const keys = named.filter(({ name }) => fitting?.has(name) !== false);
  const tried = structuresOf(context, keys);
  return [
    ...keys
      .filter(({ name }) => tried.get(name)?.isExcluded !== true)
      .map((key) => keyItem(context, key, opening, tried.get(key.name))),
    ...free.map((key) => keyItem(context, key, opening)),
  ];
}

/** How much of its required structure a key is inserted with. */
interface Structure {
  /** Fields that are inserted although the schema doesn't require them, by the printed path of their map. */
  readonly missing: Missing;
  /** Only the value's beginning: the API server refuses the structure as it is. */
  readonly isBegun: boolean;
  /** Keys that are inserted after it, because it needs them. */
  readonly beside: readonly string[];
  /** A field that is inserted after it with the value that it needs. */
  readonly setting: Setting | undefined;
  /** The key isn't offered: what is written excludes it. */
  readonly isExcluded: boolean;
}

const plain: Structure = { missing: new Map(), isBegun: false, beside: [], setting: undefined, isExcluded: false };

/** Fields that the API server's code requires in turn. */
const mostRounds = 3;

/** Of the keys with structure; the API server's code may require more than the schema, or less. */
function structuresOf(context: KeyContext, keys: readonly Key[]): ReadonlyMap<string, Structure> {
  const { field, probe, trial } = context;
  if (!trial || probe.filled || probe.token.isKey || probe.unbraced) return new Map();
  const samples = (contents: ReadonlyMap<string, Value>) =>
    keys
      .filter(({ name }) => contents.has(name))
      .map(({ name, schema }) => [name, contentOf(sampled(context, name, schema))] as const);
  /** What is added because it is missing may itself lack something. */
  const tried = (known: Missing, round: number): Contents | undefined => {
    const structure = { ...plain, missing: known };
    const open = keys.map(({ name, schema }) => [name, contentOf(after(context, name, schema, 0, structure))] as const);
    const contents = new Map(open.filter(([, value]) => value !== unknown));
    if (contents.size === 0) return undefined;
    const found = trial.contents(contents, new Map(field.kind.builtin ? samples(contents) : []), round);
    const missing = bothOf(known, found.missing);
    return missing !== known && round < mostRounds ? tried(missing, round + 1) : { ...found, missing };
  };
  const found = tried(plain.missing, 0);
  if (!found) return new Map();
  const { missing, refused, beside, settings, excluded } = found;
  if (missing.size + refused.size + beside.size + settings.size + excluded.size === 0) return new Map();
  const scalars = new Set(keys.filter(({ schema }) => !isList(schema) && !isObject(schema)).map(({ name }) => name));
  const structure = (name: string): Structure => {
    const isExcluded = excluded.has(name);
    // Another value of a scalar may fit.
    const isBegun = refused.has(name) || (isExcluded && scalars.has(name));
    return {
      ...{ missing, isBegun, isExcluded: isExcluded && !isBegun },
      ...{ beside: beside.get(name) ?? [], setting: settings.get(name) },
    };
  };
  return new Map(keys.map(({ name }) => [name, structure(name)]));
}

/** The structure with a value for whatever is left to fill in. */
function sampled(context: KeyContext, name: string, schema: Schema): string {
  const sample = (path: Path, field: Schema) => {
    const value = sampleOf(field, path);
    return value === undefined ? undefined : writeScalar(value);
  };
  return valueSkeleton(schema, 0, { ...skeletonOf(context, name), sample });
}

interface Key {
  readonly name: string;
  readonly schema: Schema;
  /** Required, or inserted together with the map. */
  readonly needed: boolean;
  /** How often the key is used here. Among keys that are used equally often, the lower rank comes first. */
  readonly used: number;
  readonly rank: number;
}

function namedKeys({ field: { path, schema }, habits, written }: KeyContext): readonly Key[] {
  const needed = new Set([...(schema.required ?? []), ...written(path)]);
  return Object.keys(schema.properties ?? {}).map((name) => ({
    ...{ name, schema: childSchema(schema, name)!, needed: needed.has(name) },
    ...{ used: habits.keys.get(name) ?? 0, rank: usualRank(name) },
  }));
}

/** Keys for a map that accepts any key: labels in the file, keys used at this field in the workspace, and usual keys. */
function freeKeys({ field, habits, sources, labels, isSelector, typed }: KeyContext): readonly Key[] {
  const { properties, additionalProperties } = field.schema;
  if (properties || typeof additionalProperties !== 'object') return [];
  const noted = isMetadata(field.path.at(-2)) ? metadataKeysFor(field.kind.gvk, field.path.at(-1)) : [];
  const others = [...habits.keys.keys(), ...sources, ...knownKeys(field), ...noted];
  const names = new Set([...(labels?.keys() ?? []), ...(isSelector ? [] : others)]);
  names.delete('');
  names.delete(typed);
  const used = (name: string) => (labels?.has(name) ? 1000 : 0) + (habits.keys.get(name) ?? 0);
  return [...names].map((name, rank) => ({
    ...{ name, schema: additionalProperties, needed: false },
    used: used(name),
    rank,
  }));
}

/** Without those that the API server's code refuses; labels and annotations may have any. */
function fittingFree(context: KeyContext): readonly Key[] {
  const { field, trial, labels } = context;
  const free = freeKeys(context);
  if (!field.kind.builtin || !trial || labels || free.length === 0 || isMetadata(field.path.at(-2))) return free;
  const fitting = trial.keys(
    free.map(({ name }) => name),
    field.schema,
  );
  return free.filter(({ name }) => fitting.has(name));
}

interface Opening {
  /** The text between the cursor and the key. */
  readonly before: string;
  /** The column of the key. */
  readonly column: number;
}

/** A value that becomes a map starts on the next line, except after a dash and in flow style. */
function opens(probe: Probe): Opening {
  if (probe.as === 'key' || !probe.token.afterKey) return { before: probe.lead, column: probe.indent };
  return { before: '\n', column: probe.indent };
}

function keyItem(
  context: KeyContext,
  { name, schema, needed, used, rank }: Key,
  opening: Opening,
  structure?: Structure,
): Completion {
  const { field, probe, layout } = context;
  const required = field.schema.required?.includes(name) === true;
  const deprecated = isDeprecated(field.kind, [...field.path, name], schema);
  const { quote } = probe.token;
  const key = escapeSnippet(quote === '' ? writtenKey(name) : inQuotes(name, quote));
  const before = opening.before === '\n' ? `${layout.eol}${' '.repeat(opening.column)}` : opening.before;
  const insert = probe.token.isKey
    ? key
    : alone(probe, `${before}${key}:${after(context, name, schema, opening.column, structure)}`) + probe.trail;
  return {
    label: name,
    kind: 'field',
    detail: `${typeName(schema)}${required ? ', required' : ''}`,
    documentation: () => context.describe(name, schema),
    ...(deprecated && { deprecated }),
    sort: sortKey(context, { name, needed, used, rank }, deprecated),
    ...(quote !== '' && { filter: quote + name }),
    insert,
    ...(opening.before === '\n' && { opens: true }),
    ...(asksAgain(insert) && { again: true }),
    start: probe.token.start,
    end: probe.token.end,
    ...reindented(probe),
  };
}

/** In a flow list, a key without braces would be a map with only that key. */
function alone({ unbraced }: Probe, insert: string): string {
  return unbraced ? `{ ${insert} }` : insert;
}

function after(context: KeyContext, name: string, schema: Schema, column: number, structure?: Structure): string {
  if (context.probe.filled) return '';
  const skeleton = skeletonOf(context, name, structure?.missing);
  const { setting, beside = [], isBegun } = structure ?? {};
  const own = written(context, schema, column, skeleton, isBegun);
  const set = setting && `${nextKey(context, column, setting.name)} ${writeScalar(setting.value)}`;
  return `${own}${set ?? ''}${below(context, beside, column, skeleton)}`;
}

/** The text after a key and its colon. */
function written({ probe }: KeyContext, schema: Schema, column: number, skeleton: Skeleton, isBegun = false): string {
  if (probe.flow) return isBegun ? begunFlow(schema, skeleton) : flowSkeleton(schema, skeleton, probe.token.quote);
  return isBegun ? begunSkeleton(schema, column, skeleton) : valueSkeleton(schema, column, skeleton);
}

/** A key after another one, with its colon. */
function nextKey({ probe, layout }: KeyContext, column: number, name: string): string {
  if (probe.flow) return `, ${inQuotes(name, probe.token.quote)}:`;
  return `${layout.eol}${' '.repeat(column)}${name}:`;
}

/** Keys with what they require, each on a line of its own or, in flow style, on the same one. */
function below(context: KeyContext, names: readonly string[], column: number, skeleton: Skeleton): string {
  const { field } = context;
  const lines = names.flatMap((name) => {
    const schema = childSchema(field.schema, name);
    const inside = { ...skeleton, path: [...field.path, name] };
    if (!schema) return [];
    return `${nextKey(context, column, name)}${written(context, schema, column, inside)}`;
  });
  return lines.join('');
}

/**
 * Keys that a value needs beside it. The context is that of the map around the value; `lacking` tells what the keys lack
 * with what they hold.
 */
export function keysBelow(
  context: KeyContext,
  names: readonly string[],
  lacking: (contents: ReadonlyMap<string, Value>) => Missing,
): string {
  let { missing } = plain;
  for (let round = 0; round < mostRounds; round += 1) {
    const skeleton = skeletonOf(context, '', missing);
    const contents = names.flatMap((name) => {
      const schema = childSchema(context.field.schema, name);
      const inside = { ...skeleton, path: [...context.field.path, name] };
      return schema ? [[name, contentOf(written(context, schema, 0, inside))] as const] : [];
    });
    const both = bothOf(missing, lacking(new Map(contents)));
    if (both === missing) break;
    missing = both;
  }
  return below(context, names, context.probe.indent - 2, skeletonOf(context, '', missing));
}

function skeletonOf(
  { field, layout, values, written }: KeyContext,
  step: string | number,
  missing?: Missing,
): Skeleton {
  const shape = (path: Path) => shapeOf(field.kind.gvk, path);
  const inserted = missing ? (path: Path) => [...written(path), ...(missing.get(printPath(path)) ?? [])] : written;
  return { layout, stops: new Stops(), path: [...field.path, step], values, written: inserted, shape };
}

function listItem(context: KeyContext): readonly Completion[] {
  const { field, probe, layout } = context;
  // Beside keys, which are invalid in a list, an item would be invalid too.
  if (probe.token.isKey || probe.flow || (probe.as === 'key' && probe.present.size > 0)) return [];
  const item = field.schema.items ?? {};
  const onNextLine = probe.as === 'value' && probe.token.afterKey;
  const column = onNextLine ? probe.indent - 2 + layout.listIndent : probe.indent;
  const before = onNextLine ? `${layout.eol}${' '.repeat(column)}` : probe.lead;
  const insert = `${before}- ${probe.filled ? '' : itemSkeleton(item, column + 2, skeletonOf(context, 0))}`;
  return [
    {
      label: '- ',
      kind: 'value',
      detail: `item of ${typeName(field.schema)}`,
      sort: '0',
      insert,
      open: true,
      ...(onNextLine && { opens: true }),
      ...(asksAgain(insert) && { again: true }),
      start: probe.token.start,
      end: probe.token.end,
      filter: '-',
      ...reindented(probe),
    },
  ];
}

function sortKey(
  { field, habits, probe }: KeyContext,
  { name, needed, used, rank }: Omit<Key, 'schema'>,
  deprecated: boolean,
): string {
  const { previous = '', following } = probe;
  const near = habits.follows(previous, name) + (following === undefined ? 0 : habits.follows(name, following));
  const first = firstKeys(field).indexOf(name);
  const place = first === -1 ? '9' : String(first);
  // Keys that usually come before the one above were passed over, but are likelier than unusual ones.
  const passed = isUsual(previous) && rank < usualRank(previous) ? 1 : isUsual(name) ? 0 : 2;
  const order = [near, used].map((count) => String(9999 - Math.min(count, 9999)).padStart(4, '0'));
  // A directive of a patch is rarely meant.
  const isUnusual = deprecated || name.startsWith('$');
  return `${isUnusual ? 2 : 1}${order[0]}${needed ? 0 : 1}${place}${order[1]}${passed}${String(rank).padStart(3, '0')}${name}`;
}

/** Keys that are written first: in an object, in a reference (where the kind decides the rest), in anything named. */
function firstKeys({ kind, path, schema }: Field): readonly string[] {
  if (path.length === 0) {
    return kind.gvk.group === 'kustomize.config.k8s.io'
      ? ['apiVersion', 'kind', 'resources', 'namespace', 'components', 'patches', 'images', 'configMapGenerator']
      : ['apiVersion', 'kind', 'metadata', 'spec'];
  }
  if (kind.gvk.group === 'kustomize.config.k8s.io') return ['name'];
  if (kind.gvk.kind === operationsKind.kind) return ['op', 'path', 'value', 'from'];
  const refers = schema.properties?.kind !== undefined && schema.properties.name !== undefined;
  return refers ? ['kind', 'name', 'namespace', 'apiGroup', 'apiVersion'] : ['name', 'namespace'];
}

/** `status` is set by controllers, and these metadata fields by the API server. */
function isServerSide({ path, schema }: Field, name: string): boolean {
  if (path.length === 0) return name === 'status';
  return path.length === 1 && path[0] === 'metadata' && serverMetadata.has(name) && isObject(schema);
}

const serverMetadata = new Set([
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
]);

function writtenKey(name: string): string {
  return /^[\w$./-]+$/.test(name) && !/^(?:y|n|yes|no|on|off|true|false|null|~|[\d.+-].*)$/i.test(name)
    ? name
    : JSON.stringify(name);
}
