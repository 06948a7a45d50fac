// The shape of our own notes on fields: what a field does, its default and its trap, in our own words. A note is data in
// `<group or provider>.ts` beside this file and is shown by hover, completion and `capstan explain` alike.

/** Field, dotted from the object as `capstan explain` takes it (`spec.dependsOn.name`: items aren't named), to its note. */
export type FieldNotes = Readonly<Record<string, string>>;

export interface KindNotes {
  readonly group: string;
  readonly kind: string;
  /** Where the same path means something else in another version; absent: every version that has the path. */
  readonly versions?: readonly string[];
  /** A field on its way out has a note that begins with `Deprecated`, `Ignored` or `Has no effect`. */
  readonly fields: FieldNotes;
}

/** Notes on a structure that stands at `prefix`. */
export function under(prefix: string, fields: FieldNotes): FieldNotes {
  return Object.fromEntries(Object.entries(fields).map(([name, note]) => [`${prefix}.${name}`, note]));
}
