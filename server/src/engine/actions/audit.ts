// What was done to clusters from here: a file of the user with a line of JSON for each change that was sent, and another one for
// what came of it. It is bounded, nobody else can read it, and secrets are hidden in it.
import { dirname, join } from 'node:path';
import { exclusively, replaceFile } from '../../disk/durable.ts';
import { readText } from '../../disk/reader.ts';
import type { FieldChange } from '../../live/actions/field-changes.ts';
import type { ActResult } from '../../protocol.ts';
import { stateFolder } from '../credentials/consent.ts';
import { redactValue } from '../redact.ts';

export interface AuditEntry {
  /** RFC 3339: when the change was sent. */
  readonly time: string;
  readonly context: string;
  /** On the command line, see `commandName`. */
  readonly verb: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
  readonly changes: readonly FieldChange[];
  /** `sent`: nothing is known of what came of it; this process may have ended. */
  readonly outcome: ActResult['outcome'] | 'sent';
  /** One sentence; empty while nothing is known. */
  readonly message: string;
}

export type Audit = (entry: AuditEntry) => void;

type Env = Readonly<Record<string, string | undefined>>;

const largest = 1_000_000;

export function auditFile(env: Env): string {
  return join(stateFolder(env), 'actions.jsonl');
}

/** Adds an entry; of a file that is full, the older half goes. Throws the error of `fs`. */
export function auditTo(env: Env): Audit {
  const file = auditFile(env);
  return (entry) =>
    exclusively(dirname(file), () => {
      const lines = [...linesOf(file), JSON.stringify(redactValue(entry))];
      const isFull = lines.reduce((size, line) => size + Buffer.byteLength(line) + 1, 0) > largest;
      const kept = isFull ? lines.slice(Math.ceil(lines.length / 2)) : lines;
      replaceFile(file, `${kept.join('\n')}\n`, 0o600);
    });
}

/** A sentence if it can't be recorded, which is no reason to hold up anybody. */
export function recorded(audit: Audit | undefined, entry: AuditEntry): string | undefined {
  try {
    audit?.(entry);
    return undefined;
  } catch (error) {
    return `The action could not be recorded: ${(error as Error).message}.`;
  }
}

/** The latest last; the lines of one change are one entry. Lines that aren't entries are skipped. */
export function readAudit(env: Env): readonly AuditEntry[] {
  const entries = new Map<string, AuditEntry>();
  for (const line of linesOf(auditFile(env))) {
    const entry = entryOf(line);
    if (!entry) continue;
    const { time, context, verb, kind, namespace = '', name } = entry;
    entries.set(JSON.stringify([time, context, verb, kind, namespace, name]), entry);
  }
  return [...entries.values()];
}

function linesOf(file: string): readonly string[] {
  const text = readText(file, { largest: 4 * largest });
  return typeof text === 'string' ? text.split('\n').filter((line) => line !== '') : [];
}

function entryOf(line: string): AuditEntry | undefined {
  try {
    const read = JSON.parse(line) as Partial<AuditEntry> | null;
    const texts = [read?.time, read?.context, read?.verb, read?.kind, read?.name, read?.outcome, read?.message];
    return texts.every((text) => typeof text === 'string') ? (read as AuditEntry) : undefined;
  } catch {
    return undefined;
  }
}
