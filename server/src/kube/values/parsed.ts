// The result of every parser of a value format.

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

/** `problem` is the end of a sentence that begins with the text: “must be …”, “must have a unit …”. */
export function wrong<T>(problem: string): Parsed<T> {
  return { ok: false, problem };
}
