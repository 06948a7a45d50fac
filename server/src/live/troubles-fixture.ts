// Troubles of a list of objects, for tests.
import { isWell } from './describe.ts';
import type { Diagnosis } from './diagnosis.ts';
import { type LiveObject, type ObjectKey, objectKey } from './object.ts';
import { type Trouble, troublesOf } from './troubles.ts';

export function troublesAmong(
  objects: readonly LiveObject[],
  causes?: ReadonlyMap<ObjectKey, readonly Diagnosis[]>,
): readonly Trouble[] {
  const all = new Map(objects.map((object) => [objectKey(object), object]));
  const unwell = new Map([...all].filter(([, object]) => !isWell(object)));
  return troublesOf({ get: (key) => all.get(key), unwell: () => unwell }, causes);
}
