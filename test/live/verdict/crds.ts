// Installs the CRDs of the bundled schemas: from the modules, or rebuilt from the bundled facts if no module contains them.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { type ModuleRelease, releases } from '../../../scripts/schemas/sources.ts';
import { yamlFiles } from '../../../server/src/releases/crds.ts';
import { goModule } from '../../../server/src/releases/gomodule.ts';
import type { KindSchema, SchemaStore } from '../../../server/src/schema/schema.ts';
import type { ApiServer } from './server.ts';

type Json = Record<string, unknown>;

export interface Installed {
  readonly fromModules: number;
  readonly rebuilt: number;
  /** The CRDs that the server rejected, one sentence each. */
  readonly problems: readonly string[];
}

/** What to install instead of all bundled CRDs. */
export interface Selection {
  /** By `plural.group`. */
  readonly names: ReadonlySet<string>;
  /** CRDs that take precedence over those of the modules. */
  readonly own: readonly Json[];
}

/** `isUsed`: the releases that the store is made of. */
export async function installCrds(
  server: ApiServer,
  store: SchemaStore,
  selection?: Selection,
  isUsed: (release: ModuleRelease) => boolean = ({ alternate }) => !alternate,
): Promise<Installed> {
  const crds = await moduleCrds(isUsed);
  for (const crd of selection?.own ?? []) crds.set(nameOf(crd), installable(crd));
  const fromModules = crds.size;
  for (const [name, crd] of rebuiltCrds(store)) if (!crds.has(name) || amendedCrds.has(name)) crds.set(name, crd);
  if (selection) for (const name of crds.keys()) if (!selection.names.has(name)) crds.delete(name);
  const problems: string[] = [];
  for (const [name, crd] of crds) {
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const answer = await server.send('POST', path, JSON.stringify(crd));
    if (answer.status >= 300) problems.push(`${name}: ${String(answer.body.message).slice(0, 300)}`);
  }
  await established(server, crds.size - problems.length);
  return { fromModules, rebuilt: crds.size - fromModules, problems };
}

/** The Flux Operator adds its kinds to them when it installs them. */
const amendedCrds: ReadonlySet<string> = new Set([
  'alerts.notification.toolkit.fluxcd.io',
  'receivers.notification.toolkit.fluxcd.io',
]);

async function moduleCrds(isUsed: (release: ModuleRelease) => boolean): Promise<Map<string, Json>> {
  const crds = new Map<string, Json>();
  for (const release of releases.filter(isUsed)) {
    for (const {
      module,
      files = /^(?!.*\b(?:test|testdata|integration-tests)\b).*\bcrds?\/bases\/[^/]+\.ya?ml$/,
    } of release.modules) {
      const found = await goModule(module);
      if ('error' in found) continue;
      const paths = yamlFiles([found.folder]).filter((path) => files.test(relative(found.folder, path)));
      for (const path of paths) {
        for (const document of parseAllDocuments(readFileSync(path, 'utf8'), { logLevel: 'silent' })) {
          const value = document.toJS() as Json | null;
          if (value?.kind === 'CustomResourceDefinition') crds.set(nameOf(value), installable(value));
        }
      }
    }
  }
  return crds;
}

function nameOf(crd: Json): string {
  return String((crd.metadata as Json).name);
}

/** Removes conversion webhooks, which don't run here, and adds the approval that Kubernetes groups require. */
function installable(crd: Json): Json {
  const { conversion: _webhook, ...spec } = crd.spec as Json;
  const annotations = { 'api-approved.kubernetes.io': 'unapproved, testing' };
  return { ...crd, metadata: { name: nameOf(crd), annotations }, spec, status: undefined };
}

function rebuiltCrds(store: SchemaStore): Map<string, Json> {
  const versions = new Map<string, KindSchema[]>();
  for (const { gvk, builtin } of store.kinds()) {
    const kind = builtin ? undefined : store.lookup(gvk);
    if (!kind) continue;
    const name = `${kind.plural}.${gvk.group}`;
    versions.set(name, [...(versions.get(name) ?? []), kind]);
  }
  return new Map([...versions].map(([name, kinds]) => [name, rebuilt(name, kinds)]));
}

function rebuilt(name: string, kinds: readonly KindSchema[]): Json {
  const [{ gvk, plural, scope }] = kinds as [KindSchema];
  const storage = kinds.find((kind) => kind.storage) ?? kinds[0]!;
  return installable({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name },
    spec: {
      group: gvk.group,
      scope,
      names: { plural, singular: gvk.kind.toLowerCase(), kind: gvk.kind, listKind: `${gvk.kind}List` },
      versions: kinds.map((kind) => ({
        name: kind.gvk.version,
        served: kind.served,
        storage: kind === storage,
        schema: {
          openAPIV3Schema: { ...kind.schema, properties: { ...kind.schema.properties, metadata: { type: 'object' } } },
        },
        subresources: {
          ...(kind.details?.status && { status: {} }),
          ...(kind.details?.scale && { scale: kind.details.scale }),
        },
      })),
    },
  });
}

async function established(server: ApiServer, count: number): Promise<void> {
  for (let tries = 0; tries < 120; tries += 1) {
    const answer = await server.send('GET', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions');
    const items = (answer.body.items ?? []) as { status?: { conditions?: { type: string; status: string }[] } }[];
    const ready = items.filter(({ status }) =>
      status?.conditions?.some((one) => one.type === 'Established' && one.status === 'True'),
    );
    if (ready.length >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
