// The shape of our notes on fields: what a field does, its default and its pitfalls, in our own words. Notes are data in
// `<group or provider>.ts` next to this file, shown by hover, completion and `capstan explain`.

/** Notes by field path, in the form that `capstan explain` accepts (`spec.dependsOn.name`, without list indexes). */
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
