// Runs a case on both sides: the API server and our validator.
import { type Gvk, gvkOf } from '../../../server/src/kube/identity.ts';
import type { SchemaStore } from '../../../server/src/schema/schema.ts';
import type { Finding } from '../../../server/src/syntax/finding.ts';
import { type Manifest, parseManifest } from '../../../server/src/syntax/manifest.ts';
import { splitDocuments } from '../../../server/src/syntax/split.ts';
import { validateDocument } from '../../../server/src/validation/validate.ts';
import type { Case } from './cases.ts';
import type { Answer, ApiServer } from './server.ts';

export interface Verdict {
  readonly accepted: boolean;
  /** The reported fields, if any. */
  readonly fields: readonly string[];
  readonly message: string;
}

export interface Compared {
  readonly case: Case;
  readonly builtin: boolean;
  readonly server: Verdict;
  readonly ours: Verdict;
  readonly agree: boolean;
  /** Undefined if the server reports no field. */
  readonly sameField: boolean | undefined;
}

/** The server's verdict; undefined if it can't be queried: a changed kind, not a single document, substitutions. */
export async function ask(one: Case, server: ApiServer, store: SchemaStore): Promise<Verdict | undefined> {
  const segments = splitDocuments(one.text).filter(({ text }) => text.trim() !== '');
  if (segments.length !== 1) return undefined;
  const manifest = parseManifest(segments[0]!.text);
  if (manifest.template || hasHoles(one.text)) return undefined;
  const broken = manifest.findings.some(({ severity }) => severity === 'error');
  if (!broken && (manifest.apiVersion !== one.apiVersion || manifest.kind !== one.kind)) return undefined;
  const gvk = gvkOf(one.apiVersion, one.kind)!;
  const kind = store.lookup(gvk);
  if (!kind) return undefined;
  return serverVerdict(await server.send('POST', urlOf(gvk, kind.plural, kind.scope, manifest), ...bodyOf(one)));
}

/** Compares our verdict with the server's. */
export function compare(one: Case, server: Verdict, store: SchemaStore): Compared {
  const [segment] = splitDocuments(one.text).filter(({ text }) => text.trim() !== '');
  const manifest = parseManifest(segment!.text);
  const ours = ourVerdict([...manifest.findings, ...validateDocument(manifest, store)]);
  const agree = server.accepted === ours.accepted;
  const { builtin } = store.lookup(gvkOf(one.apiVersion, one.kind)!)!;
  return { case: one, builtin, server, ours, agree, sameField: agree ? sameField(server, ours) : undefined };
}

function hasHoles(text: string): boolean {
  return /\$\{|ENC\[AES256_GCM|<<[^:\n]*>>/.test(text);
}

function bodyOf({ object, raw, text }: Case): [string, string] {
  return object && !raw ? [JSON.stringify(object), 'application/json'] : [text, 'application/yaml'];
}

function urlOf({ group, version }: Gvk, plural: string, scope: string, manifest: Manifest): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const namespace = scope === 'Namespaced' ? `/namespaces/${encodeURIComponent(manifest.namespace || 'default')}` : '';
  return `${root}${namespace}/${plural}?dryRun=All&fieldValidation=Strict&fieldManager=verdict`;
}

export function serverVerdict({ status, body }: Answer): Verdict | undefined {
  const message = String(body.message ?? '');
  // An object of that name exists: its content was accepted.
  if (status < 300 || status === 409) return { accepted: true, fields: [], message };
  if (![400, 403, 413, 422, 500].includes(status)) return undefined;
  const causes = (body.details as { causes?: { field?: string }[] } | undefined)?.causes ?? [];
  const fields = causes.flatMap(({ field }) => (field && field !== '<nil>' ? [field] : []));
  return { accepted: false, fields: fields.length > 0 ? fields : fieldsOfMessage(message), message };
}

function fieldsOfMessage(message: string): readonly string[] {
  const unknown = [...message.matchAll(/(?:unknown|duplicate) field "(.*?)"(?=, |$)/gs)].map((match) => match[1]!);
  // Quoted with %q for Go types, verbatim for custom resources.
  if (unknown.length > 0) return unknown.flatMap((field) => [field, unquoted(field)]);
  const typed = /into Go struct field \w*\.([\w.-]+) of type/.exec(message);
  return typed ? [typed[1]!] : [];
}

/** Unquotes a string printed with Go's %q. */
function unquoted(field: string): string {
  return field.replace(/\\(u[0-9a-f]{4}|x[0-9a-f]{2}|.)/g, (_whole, code: string) => {
    const simple: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
    return simple[code] ?? (code.length > 1 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : code);
  });
}

function ourVerdict(findings: readonly Finding[]): Verdict {
  const errors = findings.filter(({ severity, rule }) => severity === 'error' && /^(syntax|schema)\//.test(rule));
  return {
    accepted: errors.length === 0,
    fields: errors.flatMap(({ path }) => (path === undefined ? [] : [path])),
    message: errors.map(({ rule, path, message }) => `${rule} ${path ?? ''}: ${message}`).join(' | '),
  };
}

/** Whether ours reports one of the server's fields; Go's decoder omits indexes and map keys from its paths. */
function sameField(server: Verdict, ours: Verdict): boolean | undefined {
  if (server.accepted || server.fields.length === 0 || /^(Invalid|yaml|error converting)/.test(server.message))
    return undefined;
  if (ours.fields.length === 0) return undefined;
  const decoder = server.message.includes('Go struct field');
  return server.fields.some((field) =>
    ours.fields.some((own) => own === field || (decoder && matchesDecoder(own, field))),
  );
}

function matchesDecoder(own: string, field: string): boolean {
  // The server's paths include inlined structs, under their Go names.
  const steps = field
    .split('.')
    .filter(
      (step) => !/^([A-Z]\w*(Source|Handler|Action|Operations|Value)|Rule|TypeMeta|LocalObjectReference)$/.test(step),
    );
  let at = 0;
  for (const step of own.replace(/\[\d+\]/g, '').split('.')) if (step === steps[at]) at += 1;
  return at === steps.length;
}
