// The order of the objects in the output: by kind, group, version, namespace and name, or as they were added
// (api/internal/builtins/SortOrderTransformer.go).
import type { Reason } from './build-problem.ts';
import { type BuiltMap, builtAt, isNull, type Origin, textAt } from './built.ts';
import { compareGvks, compareTexts, firstKinds, lastKinds, ranksOf } from './config/field-specs.ts';
import { idOf, type ObjectId } from './objects.ts';
import { isString, itemsAt, type Objects } from './transformers/transformer.ts';

/** Without options, the order is that of `otherwise`. */
export function inOrder(
  objects: Objects,
  fields: BuiltMap,
  otherwise: 'legacy' | 'fifo',
  report: (reason: Reason, origin: Origin) => void,
): Objects {
  const options = builtAt(fields, ['sortOptions']);
  const isSet = options !== undefined && !isNull(options);
  const order = isSet ? (textAt(options, ['order']) ?? '') : otherwise;
  const kinds = isSet ? builtAt(options, ['legacySortOptions']) : undefined;
  const hasKinds = kinds !== undefined && !isNull(kinds);
  if (order !== 'legacy' && order !== 'fifo')
    report({ kind: 'unknown-order', order }, (options && builtAt(options, ['order']))?.origin ?? fields.origin);
  else if (order === 'fifo' && hasKinds) report({ kind: 'unused-sort-options' }, kinds.origin);
  if (order !== 'legacy') return objects;
  const list = (name: string) => itemsAt(kinds!, [name]).flatMap(([item]) => (isString(item) ? [item.text] : []));
  const ranks = hasKinds ? ranksOf(list('orderFirst'), list('orderLast')) : defaultRanks;
  return objects
    .map((object) => ({ object, id: idOf(object.value) }))
    .toSorted((a, b) => compareIds(a.id, b.id, ranks))
    .map(({ object }) => object);
}

const defaultRanks = ranksOf(firstKinds, lastKinds);

function compareIds(a: ObjectId, b: ObjectId, ranks: ReadonlyMap<string, number>): number {
  const byKind = compareGvks(a.gvk, b.gvk, ranks);
  return byKind !== 0 ? byKind : compareTexts(sortText(a), sortText(b));
}

function sortText({ namespace, name }: ObjectId): string {
  return `${namespace || '~X'}|${name || '~N'}`;
}
