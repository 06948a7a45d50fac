// The form of the test cases for built-in kinds: valid objects, and changes that make the API server reject them. Unit
// tests check our verdict on them; `npm run verdict` checks the cases against a real API server.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The path to change, its new value (`undefined` removes it), and the field that the API server reports if it differs. */
export type Bad = readonly [path: string, value: Json | undefined, blamed?: string];

export interface KindCases {
  readonly good: Json;
  readonly bad: readonly Bad[];
}

/** A copy of the object with one value changed. Map keys that contain dots are in brackets. */
export function changed(good: Json, path: string, value: Json | undefined): Json {
  const steps = [...path.matchAll(/([^.[\]]+)|\[([^\]]*)\]/g)].map((match) =>
    match[2] !== undefined && /^\d+$/.test(match[2]) ? Number(match[2]) : (match[1] ?? match[2])!,
  );
  const copy = structuredClone(good) as Record<string | number, unknown>;
  let at = copy;
  for (const step of steps.slice(0, -1)) {
    if (at[step] === undefined || at[step] === null) at[step] = {};
    at = at[step] as Record<string | number, unknown>;
  }
  const last = steps.at(-1)!;
  if (value !== undefined) at[last] = value;
  else if (Array.isArray(at)) at.splice(Number(last), 1);
  else delete at[last];
  return copy as Json;
}
