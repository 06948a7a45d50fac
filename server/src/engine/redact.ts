// The one place where secrets are taken out of text: everything that is logged, shown as an error or handed to the
// client passes through it. What it can't recognise by shape it knows by having been told (`keepSecret`).

/** How often each was told, and how it stands in Markdown. */
const told = new Map<string, { times: number; readonly escaped: string }>();

/** A credential in use: its text is taken out wherever it appears from now on. Too short a text would blank words. */
export function keepSecret(secret: string | undefined): void {
  if (secret === undefined || secret.length < 6) return;
  const known = told.get(secret);
  if (known) known.times++;
  else told.set(secret, { times: 1, escaped: secret.replace(/[\\`*_{}[\]<>()#+!|~-]/g, '\\$&') });
}

function dropSecret(secret: string): void {
  const known = told.get(secret);
  if (known && --known.times === 0) told.delete(secret);
}

/**
 * The secrets of one credential, which may change each quarter of an hour for weeks: the ones in use, and those of
 * before, which may still be on their way into a message.
 */
export class OwnSecrets {
  #now: readonly string[] = [];
  #before: readonly string[] = [];

  use(...secrets: readonly (string | undefined)[]): void {
    const now = secrets.filter((secret) => secret !== undefined && secret.length >= 6) as readonly string[];
    if (now.length === this.#now.length && now.every((secret, index) => secret === this.#now[index])) return;
    for (const secret of now) keepSecret(secret);
    for (const secret of this.#before) dropSecret(secret);
    this.#before = this.#now;
    this.#now = now;
  }
}

const patterns: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g, '[private key]'],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(\.[\w-]*)?/g, '[token]'],
  [/\b(bearer|basic)\s+[\w+/=.~-]{6,}/gi, '$1 [redacted]'],
  [/(\bhttps?:\/\/)[^\s/@:]+(:[^\s/@]*)?@/gi, '$1[redacted]@'],
  [/\b(k8s-aws-v1\.)[\w-]+/g, '$1[redacted]'],
  [/\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g, '[access key]'],
  [/\b(gh[pousr]_|glpat-|xox[abprs]-)[\w-]{8,}/g, '[token]'],
  [
    /(["']?\b[\w.-]*(?:token|password|passwd|secret|authorization|api[_-]?key|client[_-]?key[_-]?data|private[_-]?key|access[_-]?key)["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"|'[^']*'|(?!\[)[^\s,;&}]+)/gi,
    '$1[redacted]',
  ],
];

export function redact(text: string): string {
  let clean = text;
  for (const [secret, { escaped }] of told) {
    if (clean.includes(secret)) clean = clean.replaceAll(secret, '[redacted]');
    if (escaped !== secret && clean.includes(escaped)) clean = clean.replaceAll(escaped, '[redacted]');
  }
  for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement);
  return clean;
}

/**
 * Text of anybody's making as it may be shown: escape sequences go first, since a secret behind one stands at no word's
 * beginning, and it is cut last, since half a secret isn't known as one.
 */
export function presentable(text: string, limit = 2000): string {
  return printable(redact(printable(text, Number.POSITIVE_INFINITY)), limit);
}

/** One line a terminal or an output channel can show: no escape sequences, no control or direction characters. */
export function printable(text: string, limit = 2000): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}…` : text;
  return cut
    .replace(/\u001b(\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(\u0007|\u001b\\)?)/g, '')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

/** Fields, variables and annotations whose text is a secret by its name; names of Secrets and keys are none. */
const secretName =
  /(password|passwd|passphrase|token|(?<!existing[-_]?|imagePull)secret|credentials?|api[-_]?key|access[-_]?key|secret[-_]?key|private[-_]?key)$/i;

/**
 * An object as it may be shown: values of Secrets and of Flux's inline substitutions are hidden, the last-applied copy and
 * managed fields left out, and of the rest what is a secret by its name or its shape.
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

/** Every text within a value, whatever its shape. */
export function redactValue(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map(redactValue);
  if (typeof value !== 'object' || value === null) return value;
  const { name } = value as { name?: unknown };
  return Object.fromEntries(
    Object.entries(value).map(([field, within]) => {
      // `{name: PASSWORD, value: ...}`, as containers and plugins have their environment.
      const named = field === 'value' && typeof name === 'string' ? name : field;
      return [field, secretName.test(named) ? secretValue(within) : redactValue(within)];
    }),
  );
}

/** What stands under a secret's name: the value itself, several, or one in `value`; what else is there has names of its own. */
function secretValue(value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'number') return '***';
  if (Array.isArray(value)) return value.map(secretValue);
  const shown = redactValue(value);
  const own = (value as { value?: unknown } | null)?.value;
  return typeof own === 'string' || typeof own === 'number' ? { ...(shown as object), value: '***' } : shown;
}

function hidden(values: unknown): unknown {
  return Object.fromEntries(Object.keys((values ?? {}) as object).map((name) => [name, '***']));
}
