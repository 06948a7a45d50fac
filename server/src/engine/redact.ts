// The single place that removes secrets from text: everything that is logged, shown as an error or sent to the client
// passes through it. Secrets without a recognizable format are registered with `keepSecret`.

import { isSecretName, withoutCredentials } from '../syntax/credentials.ts';
import { escapedMarkdown, readable } from '../syntax/shown.ts';

/** Registered secrets with the number of their registrations and their Markdown-escaped form. */
const secrets = new Map<string, { times: number; readonly escaped: string }>();

/** Registers a credential in use: its text is redacted from now on. A text that is too short would redact ordinary words. */
export function keepSecret(secret: string | undefined): void {
  if (secret === undefined || secret.length < 6) return;
  const known = secrets.get(secret);
  if (known) known.times++;
  else secrets.set(secret, { times: 1, escaped: escapedMarkdown(secret) });
}

function dropSecret(secret: string): void {
  const known = secrets.get(secret);
  if (known && --known.times === 0) secrets.delete(secret);
}

/**
 * The secrets of one credential, which may change every 15 minutes for weeks: the current ones, and the previous ones,
 * which may still end up in a message.
 */
export class OwnSecrets {
  #now: readonly string[] = [];
  #before: readonly string[] = [];

  use(...values: readonly (string | undefined)[]): void {
    const now = values.filter((secret) => secret !== undefined && secret.length >= 6) as readonly string[];
    if (now.length === this.#now.length && now.every((secret, index) => secret === this.#now[index])) return;
    for (const secret of now) keepSecret(secret);
    for (const secret of this.#before) dropSecret(secret);
    this.#before = this.#now;
    this.#now = now;
  }
}

export function redact(text: string): string {
  let clean = text;
  for (const [secret, { escaped }] of secrets) {
    if (clean.includes(secret)) clean = clean.replaceAll(secret, '[redacted]');
    if (escaped !== secret && clean.includes(escaped)) clean = clean.replaceAll(escaped, '[redacted]');
  }
  return withoutAssignments(withoutCredentials(clean));
}

/** The end of a name whose value is a secret, in text. */
const assignedName =
  /(token|password|passwd|secret|authorization|api[_-]?key|client[_-]?key[_-]?data|private[_-]?key|access[_-]?key)$/i;

/** Removes the value of `password=...`, `"token": "..."` and the like. */
function withoutAssignments(text: string): string {
  const name = /(?<![\w.-])([\w.-]+)["']?\s*[:=]\s*/g;
  const value = /"(?:[^"\\]|\\.)*"|'[^']*'|(?!\[)[^\s,;&}]+/y;
  let [clean, copied] = ['', 0];
  for (let found = name.exec(text); found; found = name.exec(text)) {
    if (!assignedName.test(found[1]!.slice(-30))) continue;
    value.lastIndex = name.lastIndex;
    if (!value.test(text)) continue;
    clean += `${text.slice(copied, name.lastIndex)}[redacted]`;
    copied = value.lastIndex;
    name.lastIndex = copied;
  }
  return clean + text.slice(copied);
}

/**
 * Makes untrusted text safe to show: escape sequences are removed first, since a secret right after one isn't at a word
 * boundary, and the text is truncated last, since half a secret isn't recognized.
 */
export function presentable(text: string, limit = 2000): string {
  return printable(redact(printable(text, Number.POSITIVE_INFINITY)), limit);
}

/** Text of a cluster or a kubeconfig for people, see `readable`. */
export function printable(text: string, limit = 2000): string {
  return readable(text.length > limit ? `${text.slice(0, limit)}…` : text);
}

/**
 * Makes an object safe to show: hides the values of Secrets and of Flux's inline substitutions, omits the last-applied
 * copy and managed fields, and redacts what is a secret by its name or its format.
 */
export function redactObject(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { apiVersion, kind, metadata, ...rest } = object as { metadata?: Record<string, unknown> } & Record<
    string,
    unknown
  >;
  const { managedFields: _managed, annotations, ...meta } = metadata ?? {};
  const kept = Object.fromEntries(
    Object.entries((annotations ?? {}) as Record<string, string>).filter(
      ([name]) => name !== 'kubectl.kubernetes.io/last-applied-configuration',
    ),
  );
  const shown: Record<string, unknown> = {
    apiVersion,
    kind,
    metadata: { ...meta, ...(Object.keys(kept).length > 0 ? { annotations: kept } : {}) },
    ...rest,
  };
  if (kind === 'Secret') {
    for (const field of ['data', 'stringData']) if (shown[field] !== undefined) shown[field] = hidden(shown[field]);
  }
  const spec = shown.spec as { postBuild?: { substitute?: unknown } } | undefined;
  if (spec?.postBuild?.substitute) {
    shown.spec = { ...spec, postBuild: { ...spec.postBuild, substitute: hidden(spec.postBuild.substitute) } };
  }
  return redactValue(shown) as Record<string, unknown>;
}

/** Levels of an object that are shown: far above real ones, and far below the stack. */
const deepest = 200;

/** Redacts every string within a value of any shape. */
export function redactValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest) return '…';
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  const { name } = value as { name?: unknown };
  return Object.fromEntries(
    Object.entries(value).map(([field, within]) => {
      // `{name: PASSWORD, value: ...}`, the environment of containers and plugins.
      const named = field === 'value' && typeof name === 'string' ? name : field;
      return [field, isSecretName(named) ? secretValue(within, depth + 1) : redactValue(within, depth + 1)];
    }),
  );
}

/** Hides the value of a secret name: a scalar, a list, or a map's `value`; other fields are judged by their own names. */
function secretValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string' || typeof value === 'number') return '***';
  if (Array.isArray(value) && depth <= deepest) return value.map((item) => secretValue(item, depth + 1));
  const shown = redactValue(value, depth);
  const own = (value as { value?: unknown } | null)?.value;
  return typeof own === 'string' || typeof own === 'number' ? { ...(shown as object), value: '***' } : shown;
}

function hidden(values: unknown): unknown {
  return Object.fromEntries(Object.keys((values ?? {}) as object).map((name) => [name, '***']));
}
