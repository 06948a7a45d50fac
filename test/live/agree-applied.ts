// `npm run agree:applied`: sends every object that the clusters of repositories get, as our build makes it, to a real API
// server by a dry-run of server-side apply, and compares its refusals with the errors that `lint` reports. The server has the
// CRDs of the repository and the bundled ones. Objects with holes are sent to nobody, and what webhooks refuse isn't compared.
// Exits 1 if an error is reported for an object that the server accepts in every form. Silent ones that are known: fields behind
// a feature gate that fleets turn on (`minReplicas: 0`), and what depends on other objects in the server.
//
//   --from DIR      a repository; may be repeated (examples/fleet)
//   --show N        print this many differences of each repository (10)

import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { workspaceAt } from '../../server/src/cli/lint/root.ts';
import { diagnose } from '../../server/src/features/diagnostics.ts';
import { groupedBy } from '../../server/src/kube/grouped.ts';
import { apiVersionOf, type Gvk } from '../../server/src/kube/identity.ts';
import { type BuiltMap, builtValue } from '../../server/src/kustomize/built.ts';
import { idOf } from '../../server/src/kustomize/objects.ts';
import { isCopied } from '../../server/src/kustomize/resource-set.ts';
import { valueKeyOf } from '../../server/src/kustomize/signature.ts';
import type { KindSchema, SchemaStore } from '../../server/src/schema/schema.ts';
import { parseManifest } from '../../server/src/syntax/manifest.ts';
import { nodeAt } from '../../server/src/syntax/navigate.ts';
import type { Value } from '../../server/src/syntax/tree.ts';
import { hasUnknown, isObject, toValue } from '../../server/src/syntax/value.ts';
import { withoutSops } from '../../server/src/validation/validate.ts';
import { fleetOf } from '../../server/src/workspace/fleets.ts';
import type { Workspace } from '../../server/src/workspace/workspace.ts';
import { missingPrograms, provide } from '../testbed/cache.ts';
import { serverVerdict } from './verdict/compare.ts';
import { installCrds } from './verdict/crds.ts';
import { type ApiServer, startApiServer } from './verdict/server.ts';

const { values: options } = parseArgs({
  options: { from: { type: 'string', multiple: true }, show: { type: 'string', default: '10' } },
});

process.exitCode = await main();

async function main(): Promise<number> {
  const lacking = missingPrograms('kubernetes', ['etcd', 'kube-apiserver']);
  if (lacking.length > 0) {
    console.error(`${lacking.join(', ')} not built; \`${provide('kubernetes')}\` builds them (needs Go).`);
    return 2;
  }
  let wrong = 0;
  for (const from of options.from ?? [join(import.meta.dirname, '../../examples/fleet')]) {
    const { workspace } = await workspaceAt(resolve(from), process.env, 'whole');
    wrong += await agree(from, workspace);
  }
  return wrong > 0 ? 1 : 0;
}

/** A form of an object, as one cluster or several get it. */
interface Form {
  readonly value: BuiltMap;
  readonly gvk: Gvk;
  readonly id: string;
  readonly kind: KindSchema;
  readonly store: SchemaStore;
}

/** Returns the number of false errors. */
async function agree(from: string, workspace: Workspace): Promise<number> {
  const { forms, foreign } = formsOf(workspace);
  const errors = errorsOf(workspace);
  const server = await startApiServer();
  try {
    const names = new Set(forms.flatMap(({ kind, gvk }) => (kind.builtin ? [] : [`${kind.plural}.${gvk.group}`])));
    const own = forms
      .filter(({ gvk }) => gvk.kind === 'CustomResourceDefinition')
      .map(({ value, store }) => plain(value, store));
    const { problems } = await installCrds(server, workspace.schemas.bundled, {
      names,
      own: [...own, ...crdsIn(workspace)].filter((crd) => crd !== undefined),
    });
    for (const problem of problems) console.log(`  CRD rejected: ${problem}`);
    const sent = await sendAll(forms, server);
    return printed(from, sent, errors, { forms: forms.length, foreign });
  } finally {
    await server.stop();
  }
}

/** The distinct forms of all objects that are known to be applied, and how many have a kind that isn't known. */
function formsOf(workspace: Workspace): { readonly forms: readonly Form[]; readonly foreign: number } {
  const forms = new Map<string, Form>();
  const foreign = new Set<string>();
  for (const { path } of workspace.files()) {
    for (const { object, isCertain } of fleetOf(workspace).objectsWith(path).flat()) {
      const { value } = object;
      const key = valueKeyOf(value);
      if (!isCertain || forms.has(key)) continue;
      const { gvk, name } = idOf(value);
      const store = workspace.schemas.storeFor(value.origin.source.file);
      const kind = store.lookup(gvk);
      if (!kind) foreign.add(key);
      else forms.set(key, { value, gvk, kind, store, id: `${gvk.kind} ${name}` });
    }
  }
  return { forms: [...forms.values()], foreign: foreign.size };
}

/** The messages of the errors that the API server itself reports, by object. */
function errorsOf(workspace: Workspace): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { path } of workspace.files()) {
    for (const { rule, severity, message, object } of diagnose(workspace, path)) {
      if (severity !== 'error' || !rule.startsWith('schema/') || !object) continue;
      const id = `${object.gvk.kind} ${object.name ?? ''}`;
      found.set(id, [...(found.get(id) ?? []), `${path}: ${rule} ${message}`]);
    }
  }
  return found;
}

/** The CRDs in the files of the repository, applied or not. */
function crdsIn(workspace: Workspace): readonly (Record<string, unknown> | undefined)[] {
  return [...workspace.files()].flatMap(({ documents }) =>
    documents.flatMap(({ document: { text, facts } }) =>
      facts.objects.flatMap(({ defines, path }) => {
        const node = defines && nodeAt(parseManifest(text).root, path);
        return node ? [json(toValue(node), workspace.schemas.bundled)] : [];
      }),
    ),
  );
}

interface Sent {
  readonly form: Form;
  /** Undefined if it wasn't sent, or the server couldn't answer. */
  readonly accepted: boolean | undefined;
  readonly message: string;
}

async function sendAll(forms: readonly Form[], server: ApiServer): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < forms.length; at = next++) sent[at] = await send(forms[at]!, server);
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  return sent;
}

async function send(form: Form, server: ApiServer): Promise<Sent> {
  const value = plain(form.value, form.store);
  if (!value || isCopied(form.value)) return { form, accepted: undefined, message: 'holes' };
  const { gvk, kind } = form;
  const { namespace, name } = idOf(form.value);
  const root = gvk.group === '' ? `/api/${gvk.version}` : `/apis/${apiVersionOf(gvk)}`;
  const place = kind.scope === 'Namespaced' ? `/namespaces/${encodeURIComponent(namespace || 'default')}` : '';
  const path = `${root}${place}/${kind.plural}/${encodeURIComponent(name)}`;
  const query = '?dryRun=All&fieldManager=kustomize-controller&force=true';
  const body = {
    ...value,
    metadata: { ...(value.metadata as object), ...(place !== '' && { namespace: namespace || 'default' }) },
  };
  const answer = await server.send('PATCH', path + query, JSON.stringify(body), 'application/apply-patch+yaml');
  const verdict = serverVerdict(answer);
  return { form, accepted: verdict?.accepted, message: verdict?.message ?? String(answer.body.message) };
}

/** The object as JSON; undefined if a part of it is unknown, or a number would lose precision. */
function plain(built: BuiltMap, store: SchemaStore): Record<string, unknown> | undefined {
  return json(builtValue(built), store);
}

function json(value: Value, store: SchemaStore): Record<string, unknown> | undefined {
  if (!isObject(value) || hasUnknown(value)) return undefined;
  let exact = true;
  const text = JSON.stringify(withoutSops(value, store), (_key, inner: unknown) => {
    exact &&= typeof inner !== 'bigint' || Number.isSafeInteger(Number(inner));
    return typeof inner === 'bigint' ? Number(inner) : inner;
  });
  return exact ? (JSON.parse(text) as Record<string, unknown>) : undefined;
}

function printed(
  from: string,
  sent: readonly Sent[],
  errors: ReadonlyMap<string, readonly string[]>,
  { forms, foreign }: { readonly forms: number; readonly foreign: number },
): number {
  const answered = sent.filter(({ accepted }) => accepted !== undefined);
  const byId = groupedBy(answered, ({ form }) => form.id);
  const unverified = new Set(sent.filter(({ accepted }) => accepted === undefined).map(({ form }) => form.id));
  const wrong = [...errors].filter(
    ([id]) => !unverified.has(id) && (byId.get(id) ?? []).length > 0 && byId.get(id)!.every(({ accepted }) => accepted),
  );
  const unapplied = [...errors.keys()].filter((id) => !byId.has(id)).length;
  const silent = answered.filter(({ accepted, form }) => accepted === false && !errors.has(form.id));
  const refused = answered.filter(({ accepted }) => accepted === false).length;
  console.log(
    `${from}: ${forms} forms of objects, ${answered.length} answered (${refused} refused), ${foreign} of unknown kinds; ` +
      `errors on ${errors.size} objects, ${wrong.length} false, ${unapplied} in no applied form, ${silent.length} silent`,
  );
  const show = Number(options.show);
  for (const [id, messages] of wrong.slice(0, show)) console.log(`  false: ${id}: ${messages[0]}`);
  const kinds = new Map(silent.map(({ form, message }) => [`${form.id}: ${message.slice(0, 300)}`, form]));
  for (const one of [...kinds.keys()].slice(0, show)) console.log(`  silent: ${one}`);
  return wrong.length;
}
