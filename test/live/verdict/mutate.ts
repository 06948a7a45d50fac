// Breaks an object or its text with a typical mistake of people and programs.
import type { Schema } from '../../../server/src/schema/schema.ts';
import { type Case, toYaml } from './cases.ts';
import { grow } from './mutate/grow.ts';
import { objectMutations } from './mutate/objects.ts';
import type { Mutation } from './mutate/places.ts';
import { mutateText } from './mutate/text.ts';
import { valueMutations } from './mutate/values.ts';
import type { Random } from './random.ts';

const mutations: ReadonlyMap<string, Mutation> = new Map([
  ...Object.entries(objectMutations),
  ...Object.entries(valueMutations),
]);

/** A variation of an accepted case whose kind has the schema; `construct` is the kind of variation. */
export function mutate(base: Case, schema: Schema, random: Random): Case {
  if (base.object && random.chance(0.8)) {
    const object = structuredClone(base.object);
    const construct = random.chance(0.2) ? 'grow' : random.pick([...mutations.keys()]);
    const made = construct === 'grow' ? grow(object, schema, random) : mutations.get(construct)!(object, random);
    if (made) return { ...base, construct, object, raw: false, text: toYaml(object).trimStart() };
  }
  const { object: _object, ...rest } = base;
  return { ...rest, construct: 'raw text', text: mutateText(base.text, random) };
}
