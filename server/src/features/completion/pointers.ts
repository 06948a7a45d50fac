// JSON pointers into the objects that a patch or a selector is for, completed one step at a time: fields by the schema of
// their kind, keys and indexes by what the objects have.
import { type Gvk, groupKindOf } from '../../kube/identity.ts';
import { pointerFields } from '../../kube/texts.ts';
import { type Built, type BuiltMap, textAt } from '../../kustomize/built.ts';
import type { Schema, SchemaStore } from '../../schema/schema.ts';
import { nodeAt, stringAt } from '../../syntax/navigate.ts';
import type { Node, Path } from '../../syntax/tree.ts';
import type { Cursor } from '../cursor.ts';
import { escaped, operationsKind, schemaAtSteps, stepsOf } from '../inside/operations.ts';
import { targetKinds } from '../inside/target.ts';
import { childSchema, type Field, rowPath, typeName } from '../place.ts';
import type { Candidate } from './item.ts';
import { usualRank } from './usual.ts';

/** What a pointer leads into. */
interface Into {
  readonly kinds: readonly Gvk[];
  readonly schemas: SchemaStore;
  readonly objects: readonly BuiltMap[];
  /** An item may be added after the last. */
  readonly mayAppend: boolean;
  /** Only what the objects have is meant. */
  readonly exists: boolean;
}

/** `typed` is the word at the cursor. */
export function pointerCandidates(
  cursor: Cursor,
  root: Node,
  field: Field,
  schemas: SchemaStore,
  typed: string,
): readonly Candidate[] {
  const into = intoAt(cursor, root, field, schemas);
  if (!into || into.kinds.length === 0) return [];
  const here = stepsBelow(into, typed.slice(0, Math.max(0, typed.lastIndexOf('/'))));
  // A pointer that is whole leads on.
  const inside = here.some(({ value }) => value === typed) ? stepsBelow(into, typed) : [];
  return [...here, ...inside].filter(({ value }) => value !== typed);
}

function intoAt({ reading }: Cursor, root: Node, field: Field, schemas: SchemaStore): Into | undefined {
  const { kind, path, object } = field;
  if (reading && kind.gvk.kind === operationsKind.kind) {
    if (path.length !== 2 || (path[1] !== 'path' && path[1] !== 'from')) return undefined;
    const op = stringAt(root, [path[0]!, 'op']);
    return {
      ...{ kinds: reading.targets, schemas: reading.whole, objects: reading.objects() },
      mayAppend: path[1] === 'path' && (op === undefined || /^(?:add|copy|move)$/.test(op)),
      exists: path[1] === 'from' || op === 'remove' || op === 'test',
    };
  }
  const at = rowPath(path);
  const row = pointerFields.find((one) => one.of === groupKindOf(kind.gvk) && one.at === at);
  const target = row && nodeAt(root, [...object.path, ...withItemsOf(path, row.target)]);
  if (!target) return undefined;
  const kinds = targetKinds(target, undefined, schemas, () => false);
  return { kinds, schemas, objects: [], mayAppend: true, exists: false };
}

/** The path of a row with the items that a field is in. */
function withItemsOf(path: Path, row: string): Path {
  const steps = row.split(/\.|(?=\[)/);
  return steps.map((step, index) => (step === '[*]' ? path[index]! : step));
}

/** The pointers that are one step longer. */
function stepsBelow({ kinds, schemas, objects, mayAppend, exists }: Into, pointer: string): readonly Candidate[] {
  const steps = stepsOf(pointer);
  const schema = steps && schemaAtSteps(schemas, kinds, steps);
  if (!steps || !schema) return [];
  const found = objects.flatMap((object) => builtAtSteps(object, steps) ?? []);
  const to = (step: string) => `${pointer}/${escaped(step)}`;
  if (schema.type === 'array') {
    const lists = found.flatMap((one) => (one.kind === 'list' ? [one] : []));
    const length = Math.max(exists || found.length > 0 ? 0 : 1, ...lists.map(({ items }) => items.length));
    const indexes = Array.from({ length: Math.min(length, mostItems) }, (_, index): Candidate => {
      const detail = lists.flatMap(({ items }) => labelOf(items[index]) ?? [])[0];
      return { value: to(String(index)), kind: 'enum', ...(detail !== undefined && { detail }), rank: index };
    });
    const last: Candidate = { value: to('-'), kind: 'enum', detail: 'after the last item', rank: mostItems };
    return mayAppend ? [...indexes, last] : indexes;
  }
  const isShown = (name: string) => steps.length > 0 || !notPatched.has(name);
  const present = new Set(found.flatMap((one) => (one.kind === 'map' ? [...one.entries.keys()].filter(isShown) : [])));
  const named = Object.keys(schema.properties ?? {}).filter(isShown);
  const names = exists && found.length > 0 ? [...present] : [...new Set([...present, ...named])];
  return names.flatMap((name): readonly Candidate[] => {
    const child = childSchema(schema, name);
    if (!child && !present.has(name)) return [];
    const rank = (present.has(name) ? 0 : 1000) + Math.min(999, usualRank(name));
    return [{ value: to(name), kind: 'enum', detail: typeName(child ?? anything), rank }];
  });
}

const anything: Schema = {};

/** What an object is stays, and controllers write its status. */
const notPatched: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'status']);

/** Nobody looks for an index among more. */
const mostItems = 100;

function builtAtSteps(object: BuiltMap, steps: readonly string[]): Built | undefined {
  let at: Built | undefined = object;
  for (const step of steps) {
    if (at?.kind === 'map') at = at.entries.get(step);
    else if (at?.kind === 'list') at = at.items[Number(step)];
    else return undefined;
  }
  return at;
}

/** What tells an item from others. */
function labelOf(item: Built | undefined): string | undefined {
  if (item?.kind === 'scalar') return item.text;
  if (item?.kind !== 'map') return undefined;
  const names = ['name', 'key', 'mountPath', 'containerPort', 'host', 'path', 'kind'];
  return names.map((name) => textAt(item, [name])).find((text) => text !== undefined);
}
