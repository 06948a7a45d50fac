// The shape of our notes on fields: what a field does, its default and its pitfalls, in our own words. Notes are data in
// `<group or provider>.ts` next to this file, shown by hover, completion and `capstan explain`.

/**
 * Field, dotted from the object as `capstan explain` takes it (`spec.dependsOn.name`: items aren't named), to its note. `*`
 * is any key of a map.
 */
export type FieldNotes = Readonly<Record<string, string>>;

export interface KindNotes {
  readonly group: string;
  readonly kind: string;
  /** Set if the path has another meaning in other versions; absent: every version that has the path. */
  readonly versions?: readonly string[];
  /** The note on a deprecated field begins with `Deprecated`, `Ignored` or `Has no effect`. */
  readonly fields: FieldNotes;
}

/** Notes on a structure at the path `prefix`. */
export function under(prefix: string, fields: FieldNotes): FieldNotes {
  return Object.fromEntries(Object.entries(fields).map(([name, note]) => [`${prefix}.${name}`, note]));
}
