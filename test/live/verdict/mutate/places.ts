// Positions in an object for mutations.
import type { Json, JsonObject } from '../cases.ts';
import type { Random } from '../random.ts';

export interface Place {
  readonly parent: JsonObject | Json[];
  readonly key: string | number;
  readonly path: string;
}

export function placesOf(value: Json, path = ''): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const keys: (string | number)[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return keys.flatMap((key) => {
    const here = `${path}/${key}`;
    return [{ parent: value, key, path: here } as Place, ...placesOf((value as never)[key], here)];
  });
}

/** Excludes the identity: without it the object can't be sent to a server. */
export function somewhere(
  object: JsonObject,
  random: Random,
  wanted: (value: Json, place: Place) => boolean = () => true,
): Place | undefined {
  const places = placesOf(object).filter(
    (place) => place.path !== '/apiVersion' && place.path !== '/kind' && wanted(get(place), place),
  );
  return places.length > 0 ? random.pick(places) : undefined;
}

export function get({ parent, key }: Place): Json {
  return (parent as never)[key] as Json;
}

export function set({ parent, key }: Place, value: Json): true {
  (parent as Record<string | number, Json>)[key] = value;
  return true;
}

export function remove({ parent, key }: Place): true {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
  return true;
}

/** Changes an object in place; false if it has no suitable position. */
export type Mutation = (object: JsonObject, random: Random) => boolean;
