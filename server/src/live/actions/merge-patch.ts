// Merge patches of JSON (RFC 7396).
import { isFields } from '../fields.ts';

/** The merge patch that turns one value into the other: fields that only the first has are null. */
export function mergePatch(from: unknown, to: unknown): unknown {
  if (!isFields(to) || !isFields(from)) return to;
  const gone = Object.keys(from).filter((name) => to[name] === undefined);
  const changed = Object.entries(to).flatMap(([name, value]) => {
    if (JSON.stringify(value) === JSON.stringify(from[name])) return [];
    return [[name, mergePatch(from[name], value)] as const];
  });
  return Object.fromEntries([...gone.map((name) => [name, null] as const), ...changed]);
}
