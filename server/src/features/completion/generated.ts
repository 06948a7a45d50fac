// The structure of a whole object that we have no snippet of, made from its schema. It is judged as it would be accepted:
// what only the API server's code requires is added, and of a structure that it refuses only the beginning is inserted.
import { apiVersionOf, type Gvk, groupKindOf, groupOf, kindName } from '../../kube/identity.ts';
import { kindRow } from '../../kube/kinds.ts';
import type { KindSchema, KindSummary, Schema, SchemaStore } from '../../schema/schema.ts';
import { compose } from '../../syntax/compose.ts';
import { printPath } from '../../syntax/navigate.ts';
import type { Path, Value } from '../../syntax/tree.ts';
import { toValue } from '../../syntax/value.ts';
import { judge } from '../../validation/judge.ts';
import { rowPath } from '../place.ts';
import { expand } from './expand.ts';
import { usualLayout } from './layout.ts';
import { writtenParts } from './references.ts';
import { sampleOf } from './samples.ts';
import { begunSkeleton, isList, isObject, type Skeleton, Stops, valueSkeleton, writeScalar } from './skeleton.ts';
import { shapeOf, writtenTogether } from './structure.ts';
import { type Lacked, lackedBy } from './trial-values.ts';
import { usualKeys } from './usual.ts';

const known = new WeakMap<SchemaStore, Map<string, readonly string[]>>();

/** The lines below `metadata`, in the usual layout; the stops of the name and the namespace are the first two. */
export function generatedLines(schemas: SchemaStore, { gvk }: KindSummary): readonly string[] {
  const ofStore = known.get(schemas) ?? new Map<string, readonly string[]>();
  known.set(schemas, ofStore);
  const key = `${apiVersionOf(gvk)} ${gvk.kind}`;
  const lines = ofStore.get(key) ?? generated(schemas, gvk);
  ofStore.set(key, lines);
  return lines;
}

/** Fields that the API server requires in turn, each below the one before. */
const mostRounds = 4;

function generated(schemas: SchemaStore, gvk: Gvk): readonly string[] {
  const kind = schemas.lookup(gvk);
  const { properties, required = [] } = kind?.schema ?? {};
  if (!kind || !properties) return [];
  const top = Object.keys(properties).filter((name) => !head.has(name) && (name === 'spec' || required.includes(name)));
  const missing = new Map<string, Set<string>>();
  for (let round = 0; round < mostRounds; round += 1) {
    const names = [...top, ...(missing.get('') ?? [])];
    const lines = names.flatMap((name) => fieldLines(kind, name, missing, required.includes(name)));
    const object = objectOf(kind, lines);
    const problems = judge(object, schemas).filter(({ severity }) => severity === 'error');
    if (problems.length === 0) return lines;
    const lacking = problems.flatMap((problem) => lackedBy(object, problem) ?? []);
    const isNew = ({ at, name }: Lacked) => missing.get(at)?.has(name) !== true;
    if (!lacking.some(isNew)) break;
    for (const { at, name } of lacking) missing.set(at, (missing.get(at) ?? new Set()).add(name));
  }
  const stops = new Stops(2);
  return [...new Set([...top, ...(missing.get('') ?? [])])].flatMap((name) =>
    begunLines(properties[name], name, stops),
  );
}

const head: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);

function objectOf({ gvk, scope }: KindSchema, lines: readonly string[]): Value {
  const namespace = scope === 'Namespaced' ? ['  namespace: default'] : [];
  const first = [`apiVersion: ${apiVersionOf(gvk)}`, `kind: ${gvk.kind}`, 'metadata:', '  name: example', ...namespace];
  const { root } = compose(expand(`${[...first, ...lines].join('\n')}\n`));
  return root ? toValue(root) : null;
}

function fieldLines(
  { gvk, schema, ...kind }: KindSchema,
  name: string,
  missing: ReadonlyMap<string, ReadonlySet<string>>,
  isRequired: boolean,
): readonly string[] {
  const field = schema.properties?.[name];
  if (!field) return [];
  const skeleton: Skeleton = {
    layout: usualLayout,
    stops: new Stops(2),
    path: [name],
    values: (path) => partsOf(gvk, path),
    written: (path) => [
      ...writtenParts(gvk, path),
      ...writtenTogether({ gvk, schema, ...kind }, path),
      ...(path.length === 1 && path[0] === 'spec' && !field.required ? usualKeys(field) : []),
      ...(missing.get(printPath(path)) ?? []),
    ],
    shape: (path) => shapeOf(gvk, path),
    sample: (path, one) => {
      const value = sampleOf(one, path);
      return value === undefined ? undefined : writeScalar(value);
    },
  };
  const text = valueSkeleton(field, 0, skeleton);
  const isEmpty = (isObject(field) || isList(field)) && text.trim() === '{}' && !isRequired;
  return isEmpty ? [] : `${name}:${text}`.split('\n');
}

function begunLines(field: Schema | undefined, name: string, stops: Stops): readonly string[] {
  if (!field) return [];
  const skeleton: Skeleton = {
    layout: usualLayout,
    stops,
    path: [name],
    values: () => [],
    written: () => [],
    shape: () => undefined,
  };
  const isOpen = isObject(field) || isList(field);
  return `${name}:${isOpen ? begunSkeleton(field, 0, skeleton) : ` $${stops.next()}`}`.split('\n');
}

/** The kind or group of a reference, as the row of the kind names them. */
function partsOf(gvk: Gvk, path: Path): readonly string[] {
  const part = path.at(-1);
  if (part !== 'kind' && part !== 'apiGroup') return [];
  const at = rowPath(path.slice(0, -1));
  const { to = [] } = kindRow(groupKindOf(gvk))?.references?.find((one) => one.path === at) ?? {};
  return [...new Set(to.map(part === 'kind' ? kindName : groupOf))];
}
