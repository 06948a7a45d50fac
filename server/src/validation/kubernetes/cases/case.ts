// Accepted objects of built-in kinds, and what makes the server refuse them: facts that the unit tests hold the checks
// to, and that `npm run verdict` holds to a real server.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What is set where (`undefined` takes it away), and the field the server blames where that is another. */
export type Bad = readonly [path: string, value: Json | undefined, blamed?: string];

export interface KindCases {
  readonly good: Json;
  readonly bad: readonly Bad[];
}

/** The object with one thing changed. Keys of maps stand in brackets where they hold dots. */
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
