// A live object as a text that can be edited, and the values of the change that an edited text stands for.
import { parseDocument, stringify } from 'yaml';
import { failed, type Result, success } from '../engine/failure.ts';
import { redactObject } from '../engine/redact.ts';
import { readLive } from '../engine/session/served.ts';
import type { Session } from '../engine/session/session.ts';
import type { RawObject } from '../engine/watch/objects.ts';
import type { LiveRef } from '../kube/identity.ts';
import { editable } from '../live/actions/edit.ts';
import { text } from '../live/fields.ts';

export interface Editable {
  readonly text: string;
  readonly uid: string;
}

export async function editableText(session: Session, ref: LiveRef): Promise<Result<Editable>> {
  const raw = await readLive(session, ref);
  return raw.ok ? success(editableOf(raw.value)) : raw;
}

/** `raw`: as the server sent it. */
export function editableOf(raw: RawObject): Editable {
  const shown = stringify(editable(redactObject(raw)), { lineWidth: 0 });
  return { text: shown, uid: text(raw, 'metadata', 'uid') ?? '' };
}

/** `base` and `text` in YAML as JSON, which actions read. */
export function editValues(values: Readonly<Record<string, string>>): Result<Readonly<Record<string, string>>> {
  const base = jsonOf(values.base ?? '');
  if (!base.ok) return base;
  const edited = jsonOf(values.text ?? '');
  return edited.ok ? success({ ...values, base: base.value, text: edited.value }) : edited;
}

/** An edited text is small; a longer one isn't what was opened. */
const longest = 8 << 20;

function jsonOf(yaml: string): Result<string> {
  if (yaml.length > longest) return failed('invalid', 'the text is too long');
  const document = parseDocument(yaml, { logLevel: 'silent', prettyErrors: false });
  const [error] = document.errors;
  if (error) return failed('invalid', `the text is not YAML: ${error.message}`);
  try {
    return success(JSON.stringify(document.toJS({ maxAliasCount: 100 })) ?? 'null');
  } catch {
    return failed('invalid', 'the text has too many aliases');
  }
}
