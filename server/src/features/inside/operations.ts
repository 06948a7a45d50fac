// JSON patches (RFC 6902) as a kind with a schema: a list of operations, in which the schema of `value` is that of the target's
// field at the operation's `path`.
import type { Gvk } from '../../kube/identity.ts';
import { partialSchema } from '../../schema/partial.ts';
import type { KindSchema, Schema, SchemaStore } from '../../schema/schema.ts';
import { stringAt } from '../../syntax/navigate.ts';
import type { Node, Path } from '../../syntax/tree.ts';
import { childSchema } from '../place.ts';

export const operationsKind: Gvk = { group: '', version: 'rfc6902', kind: 'JSON patch' };

export const operationNames: readonly string[] = ['add', 'replace', 'remove', 'test', 'copy', 'move'];

/** A store that also knows the kind of JSON patches, for what is at a path of the tree of one. */
export function operationsStore(
  store: SchemaStore,
  targets: readonly Gvk[],
  root: Node | undefined,
  path: Path,
): SchemaStore {
  const pointer = typeof path[0] === 'number' ? stringAt(root, [path[0], 'path']) : undefined;
  const steps = pointer === undefined ? undefined : stepsOf(pointer);
  const value = steps && schemaAtSteps(store, targets, steps);
  const kind = operationsWith(value ?? anything);
  return { ...store, lookup: (gvk) => (gvk.kind === operationsKind.kind ? kind : store.lookup(gvk)) };
}

/** The schema of the targets' field at the steps of a pointer; that of the first target that has one. */
export function schemaAtSteps(
  store: SchemaStore,
  targets: readonly Gvk[],
  steps: readonly string[],
): Schema | undefined {
  for (const gvk of targets) {
    const found = walk(store.lookup(gvk)?.schema, steps);
    if (found) return found;
  }
  return undefined;
}

function walk(schema: Schema | undefined, steps: readonly string[]): Schema | undefined {
  let at = schema;
  for (const step of steps) {
    if (!at) return undefined;
    at = at.type === 'array' ? (isIndex(step) ? at.items : undefined) : childSchema(at, step);
  }
  return at;
}

export function isIndex(step: string): boolean {
  return step === '-' || /^-?\d+$/.test(step);
}

/** The unescaped steps of a pointer; undefined for a text that isn't one. */
export function stepsOf(pointer: string): readonly string[] | undefined {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) return undefined;
  return pointer.slice(1).split('/').map(unescaped);
}

export function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

export function escaped(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}

const anything: Schema = { 'x-kubernetes-preserve-unknown-fields': true };

const kinds = new WeakMap<Schema, KindSchema>();

/** The same (`===`) for the same schema of the value. */
function operationsWith(value: Schema): KindSchema {
  const known = kinds.get(value);
  if (known) return known;
  const kind: KindSchema = {
    ...{ gvk: operationsKind, plural: '', scope: 'Cluster', served: true, storage: true, builtin: true },
    ...{ origin: 'RFC 6902', from: 'own' },
    schema: {
      type: 'array',
      items: {
        type: 'object',
        required: ['op', 'path'],
        properties: {
          op: { type: 'string', enum: operationNames },
          path: { type: 'string' },
          value: partialSchema(value),
          from: { type: 'string' },
        },
      },
    },
  };
  kinds.set(value, kind);
  return kind;
}
