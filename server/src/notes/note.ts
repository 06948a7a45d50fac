// The shape of our notes on fields: what a field does, its default and its pitfalls, in our own words. Notes are data in
// `<group or provider>.ts` next to this file, shown by hover, completion and `capstan explain`.

export interface Note {
  readonly text: string;
  /** The field should no longer be set: it is deprecated, ignored or has no effect. */
  readonly deprecated?: true;
}

/**
 * Notes by the field's path from the object, dotted as in `capstan explain` and without list items
 * (`spec.dependsOn.name`). `*` is any key of a map.
 */
export type FieldNotes = Readonly<Record<string, string | Note>>;

export interface KindNotes {
  readonly group: string;
  readonly kind: string;
  /** Set if the path has another meaning in other versions; absent: every version that has the path. */
  readonly versions?: readonly string[];
  readonly fields: FieldNotes;
}

/** The note on a field that should no longer be set. */
export function deprecated(text: string): Note {
  return { text, deprecated: true };
}

/** Notes on a structure at the path `prefix`. */
export function under(prefix: string, fields: FieldNotes): FieldNotes {
  return Object.fromEntries(Object.entries(fields).map(([name, note]) => [`${prefix}.${name}`, note]));
}
