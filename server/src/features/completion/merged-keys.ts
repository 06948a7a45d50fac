// In a strategic merge patch, the values of the key by which the items of a list are found: those of the objects that the patch
// is for.
import { type Built, textAt } from '../../kustomize/built.ts';
import type { Path } from '../../syntax/tree.ts';
import type { Cursor } from '../cursor.ts';
import { childSchema, type Field } from '../place.ts';
import type { Candidate } from './item.ts';

export function mergedKeys({ reading }: Cursor, { kind, path }: Field): readonly Candidate[] {
  const [item, key] = path.slice(-2);
  if (reading?.role !== 'patch' || typeof item !== 'number') return [];
  const list = path.slice(0, -2).reduce((schema, step) => childSchema(schema, step) ?? {}, kind.schema);
  if (list['x-kubernetes-patch-merge-key'] !== key) return [];
  const found = reading.objects().flatMap((object) => itemsAt(object, path.slice(0, -2)));
  const values = new Set(found.flatMap((one) => textAt(one, [String(key)]) ?? []));
  return [...values].map((value, rank) => ({ value, kind: 'reference', detail: 'to change', rank }));
}

/** The items of all lists at a path, whatever its indexes are. */
function itemsAt(built: Built | undefined, [step, ...rest]: Path): readonly Built[] {
  if (step === undefined) return built?.kind === 'list' ? built.items : [];
  if (typeof step === 'string') return built?.kind === 'map' ? itemsAt(built.entries.get(step), rest) : [];
  return built?.kind === 'list' ? built.items.flatMap((item) => itemsAt(item, rest)) : [];
}
