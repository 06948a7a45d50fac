// The kubeconfig of a Cluster, which Cluster API keeps in a Secret of the Cluster's namespace: written to a file that only the user
// can read, never shown, never logged.
import { existsSync } from 'node:fs';
import { parse } from 'yaml';
import { replaceFile } from '../../disk/durable.ts';
import { list, text } from '../../live/fields.ts';
import { type Failure, failed, type Result, success } from '../failure.ts';
import type { Transport } from '../transport/transport.ts';
import type { Collection } from '../watch/discovery.ts';
import { readObject } from '../watch/objects.ts';

const secrets: Collection = { group: '', version: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true };

/** What is in a file, without anything that signs in. */
export interface WrittenKubeconfig {
  readonly file: string;
  readonly contexts: readonly string[];
  readonly servers: readonly string[];
}

/**
 * Writes the kubeconfig (https://cluster-api.sigs.k8s.io/developer/core/support-multiple-instances, Secret `NAME-kubeconfig`,
 * key `value`). A file that exists stays as it is unless `replace`.
 */
export async function writeKubeconfig(
  transport: Transport,
  cluster: { readonly namespace: string; readonly name: string },
  { file, replace }: { readonly file: string; readonly replace: boolean },
): Promise<Result<WrittenKubeconfig>> {
  if (!replace && existsSync(file)) return failed('invalid', `${file} exists already`);
  const name = `${cluster.name}-kubeconfig`;
  const read = await readObject(transport, secrets, { namespace: cluster.namespace, name });
  if (!read.ok) return { ok: false, failure: explained(read.failure, `${cluster.namespace}/${name}`) };
  const content = Buffer.from(text(read.value, 'data', 'value') ?? '', 'base64').toString('utf8');
  const config = parsed(content);
  const servers = list(config, 'clusters').flatMap((one) => text(one, 'cluster', 'server') ?? []);
  const contexts = list(config, 'contexts').flatMap((one) => text(one, 'name') ?? []);
  if (servers.length === 0 || contexts.length === 0)
    return failed('invalid', `Secret ${cluster.namespace}/${name} has no kubeconfig in its key "value"`);
  try {
    replaceFile(file, content, 0o600);
  } catch (error) {
    return failed('invalid', `${file} cannot be written: ${(error as NodeJS.ErrnoException).code ?? ''}`);
  }
  return success({ file, contexts, servers });
}

function explained(failure: Failure, secret: string): Failure {
  return failure.kind === 'notFound'
    ? { ...failure, message: `Secret ${secret} does not exist: the control plane has not been initialized` }
    : failure;
}

function parsed(content: string): unknown {
  try {
    return parse(content, { logLevel: 'silent' });
  } catch {
    return undefined;
  }
}
