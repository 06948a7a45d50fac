// Reads manifests (definitions, webhooks) from the Go modules of releases. Modules in the module cache aren't downloaded.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { type ControlPlane, until } from './controlplane.ts';

export type Manifest = Readonly<Record<string, unknown>> & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>> & { readonly name: string };
};

/** Every object of the module's file, or of the YAML files of its folder. */
export async function manifestsOf(module: string, path: string): Promise<readonly Manifest[]> {
  const at = join(await moduleFolder(module), path);
  const files = statSync(at).isDirectory() ? readdirSync(at).map((name) => join(at, name)) : [at];
  return files.flatMap((file) =>
    parseAllDocuments(readFileSync(file, 'utf8')).flatMap((document) => (document.toJS() as Manifest | null) ?? []),
  );
}

async function moduleFolder(module: string): Promise<string> {
  const downloaded = promisify(execFile)('go', ['mod', 'download', '-json', module], { cwd: tmpdir() });
  const { stdout } = await downloaded.catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT'
      ? new Error('Go is not on the PATH; it is required to read manifests from Go modules')
      : error;
  });
  return (JSON.parse(stdout) as { readonly Dir: string }).Dir;
}

/** Creates the definitions and waits until their kinds are served. */
export async function define(controlPlane: ControlPlane, definitions: readonly Manifest[]): Promise<void> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  for (const definition of definitions) {
    const { status, body } = await controlPlane.request('POST', path, { ...definition, status: undefined });
    if (status !== 201) throw new Error(`${definition.metadata.name}: ${JSON.stringify(body).slice(0, 400)}`);
  }
  const names = new Set(definitions.map(({ metadata }) => metadata.name));
  await until('the definitions', undefined, async () => {
    const { body } = await controlPlane.request('GET', path);
    const { items } = body as { items: { metadata: { name: string }; status?: { conditions?: Condition[] } }[] };
    const ready = items.filter(
      ({ metadata, status }) =>
        names.has(metadata.name) &&
        status?.conditions?.some((condition) => condition.type === 'Established' && condition.status === 'True'),
    );
    return ready.length === names.size;
  });
}

interface Condition {
  readonly type: string;
  readonly status: string;
}
