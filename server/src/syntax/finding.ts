// What a check reports about a piece of text. Rule ids are stable; ARCHITECTURE.md ("Rule ids") lists their families
// and what each family may claim.

export type Severity = 'error' | 'warning' | 'info' | 'hint';

type Family =
  | 'syntax'
  | 'schema'
  | 'admission'
  | 'reference'
  | 'capi'
  | 'flux'
  | 'kustomize'
  | 'security'
  | 'deprecated'
  | 'info'
  /** `.capstan.yaml` itself. */
  | 'config';

export type RuleId = `${Family}/${string}`;

/** Replaces `[start, end)` with `text`; offsets are relative to the same text as those of the finding. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What a fix does to the value at fault. */
export type FixKind = 'rename' | 'remove' | 'replace' | 'quote' | 'wrap' | 'space' | 'add' | 'move';

export interface Fix {
  readonly title: string;
  /** Of fixes that carry out a remedy of the verdict. */
  readonly kind?: FixKind;
  readonly edits: readonly TextEdit[];
}

export interface Finding {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** UTF-16 offsets, relative to the document the finding is about. */
  readonly start: number;
  readonly end: number;
  readonly message: string;
  /** The field as the API server names it (`spec.template.spec.containers[0].image`); absent for `syntax/`. */
  readonly path?: string;
  /** More text may resolve it: something is missing in its map, or fields anywhere in the object decide. */
  readonly unfinished?: 'map' | 'object';
  /** Only where the fix is certain; the first is the preferred one. */
  readonly fixes?: readonly Fix[];
}

/** Within a text of that length: at its end, what is missing is reported of its last character. */
export function within<F extends Finding>(finding: F, length: number): F {
  if (finding.end <= length) return finding;
  return { ...finding, start: Math.max(0, Math.min(finding.start, length - 1)), end: length };
}

/** Shifts offsets of the document to those of its file, or back. */
export function moved<F extends Finding>(finding: F, by: number): F {
  if (by === 0) return finding;
  const fixes = finding.fixes?.map((fix) => movedFix(fix, by));
  return { ...finding, start: finding.start + by, end: finding.end + by, ...(fixes && { fixes }) };
}

export function movedFix(fix: Fix, by: number): Fix {
  return { ...fix, edits: fix.edits.map((edit) => ({ ...edit, start: edit.start + by, end: edit.end + by })) };
}
