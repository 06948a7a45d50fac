// Loads the kubeconfig as kubectl does: KUBECONFIG's list or the default file, merged by clientcmd's rules (an entry is
// taken whole from the first file that has it; missing files are skipped). Never writes a file or contacts a cluster.
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { readBytes } from '../../disk/reader.ts';
import type { ContextList, Problem } from '../../protocol.ts';
import { firstOf } from '../../syntax/shown.ts';
import { type Failure, failed, type Result, success } from '../failure.ts';
import { redact } from '../redact.ts';
import { type Cluster, type Context, type KubeConfigFile, readKubeConfigFile, type User } from './file.ts';

export interface KubeConfig {
  /** The files that were looked up, including missing ones, in order of precedence. */
  readonly files: readonly string[];
  readonly current?: string;
  readonly contexts: ReadonlyMap<string, Context>;
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly users: ReadonlyMap<string, User>;
  readonly problems: readonly Problem[];
  /** A file couldn't be read or isn't YAML: its entries are unknown rather than removed. */
  readonly broken: boolean;
}

/** A context with the cluster and user needed to connect. */
export interface Target {
  readonly context: Context;
  readonly cluster: Cluster;
  readonly user: User;
}

export interface Selection {
  /** A single file that must exist (`--kubeconfig`). */
  readonly explicit?: string;
  /** KUBECONFIG. */
  readonly list?: string;
  readonly home?: string;
}

/** In bytes; of a link to an endless device, no more is read. A kubeconfig of 1,000 clusters has about 5 MB. */
const largest = 50_000_000;

/** The files to load. An empty KUBECONFIG is treated as unset, as in kubectl. */
export function kubeConfigFiles({ explicit, list, home = homedir() }: Selection): readonly string[] {
  if (explicit) return [explicit];
  if (list) return [...new Set(list.split(delimiter))].filter((file) => file !== '');
  return [join(home, '.kube', 'config')];
}

export function loadKubeConfig(selection: Selection): KubeConfig {
  const files = kubeConfigFiles(selection);
  const problems: Problem[] = [];
  const read: KubeConfigFile[] = [];
  let broken = false;
  let missing = 0;
  for (const file of files) {
    // It may be a pipe: `--kubeconfig <(...)`.
    const bytes = readBytes(file, { largest, streams: true });
    if (Buffer.isBuffer(bytes)) {
      const one = readKubeConfigFile(file, bytes);
      problems.push(...one.problems);
      broken ||= one.broken;
      read.push(one);
    } else if (bytes.reason === 'absent') missing++;
    else {
      broken = true;
      problems.push({
        message: `${file} cannot be read (${bytes.reason === 'large' ? `larger than ${largest / 1e6} MB` : (bytes.code ?? bytes.reason)})`,
        remedy: 'Check that it is a file and that you have permission to read it.',
      });
    }
  }
  if (missing > 0 && missing === files.length) problems.push(missingFiles(files, selection));
  const merged = mergeKubeConfigFiles(read);
  if (problems.length === 0 && merged.contexts.size === 0) {
    problems.push({
      message: `${files.join(', ')} contains no contexts`,
      remedy: 'Choose another kubeconfig, or add a context with your cloud’s command line.',
    });
  }
  return { files, ...merged, problems: [...problems, ...danglingOf(merged)], broken };
}

type Merged = Pick<KubeConfig, 'contexts' | 'clusters' | 'users' | 'current'>;

/** `files` is in order of precedence. */
export function mergeKubeConfigFiles(files: readonly KubeConfigFile[]): Merged {
  const merge = <T>(pick: (file: KubeConfigFile) => ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
    new Map(files.toReversed().flatMap((file) => [...pick(file)]));
  const current = files.find((file) => file.current !== undefined)?.current;
  const byName = <T>(map: ReadonlyMap<string, T>) => new Map([...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  return {
    contexts: byName(merge((file) => file.contexts)),
    clusters: byName(merge((file) => file.clusters)),
    users: byName(merge((file) => file.users)),
    ...(current === undefined ? {} : { current }),
  };
}

export function contextList(config: KubeConfig): ContextList {
  return {
    files: config.files,
    ...(config.current === undefined ? {} : { current: config.current }),
    contexts: [...config.contexts.values()].map(({ name, cluster, user, namespace, file }) => {
      const server = config.clusters.get(cluster)?.server;
      return {
        name,
        cluster,
        // The list is for people; `targetOf` has the server as it is.
        ...(server ? { server: redact(server) } : {}),
        ...(user ? { user } : {}),
        ...(namespace ? { namespace } : {}),
        file,
      };
    }),
    problems: config.problems,
  };
}

/** The named context, or the current one, with its cluster and user; a failure states why it can't be used. */
export function targetOf(config: KubeConfig, name?: string): Result<Target> {
  const wanted = name ?? config.current;
  if (wanted === undefined) return noContext(config);
  const context = config.contexts.get(wanted);
  if (!context) {
    const [first] = config.problems;
    if (config.contexts.size === 0 && first) return failed('config', first.message, { remedy: first.remedy });
    return failed('config', `context "${wanted}" does not exist in ${config.files.join(', ')}`, {
      remedy: `Known contexts: ${listed([...config.contexts.keys()])}.`,
    });
  }
  const cluster = config.clusters.get(context.cluster);
  if (!cluster || cluster.server === '') {
    return failed(
      'config',
      `context "${wanted}" of ${context.file} refers to cluster "${context.cluster}", which ${cluster ? 'has no server' : 'does not exist'}`,
      { remedy: 'Add the cluster to the kubeconfig, or delete the context.' },
    );
  }
  const user = config.users.get(context.user);
  if (!user && context.user !== '') {
    return failed(
      'config',
      `context "${wanted}" of ${context.file} refers to user "${context.user}", which does not exist`,
      { remedy: 'Add the user to the kubeconfig, or delete the context.' },
    );
  }
  const invalid = cluster.invalid ?? user?.invalid;
  if (invalid !== undefined) return failed('config', invalid, { remedy: 'Fix that entry of the kubeconfig.' });
  const bad = conflictOf(cluster, user);
  if (bad) return { ok: false, failure: bad };
  return success({ context, cluster, user: user ?? anonymous(context.file) });
}

function anonymous(file: string): User {
  return { name: '', file, asGroups: [], asUserExtra: {} };
}

/** The combinations that clientcmd's validation.go rejects. */
function conflictOf(cluster: Cluster, user: User | undefined): Failure | undefined {
  const refuse = (message: string, remedy: string): Failure => ({ kind: 'config', message, remedy });
  if (!/^https?:\/\/[^/]/.test(cluster.server) && cluster.server.includes('://')) {
    return refuse(
      `server "${cluster.server}" of cluster "${cluster.name}" in ${cluster.file} must be an https:// or http:// address`,
      'Fix the address.',
    );
  }
  if (cluster.insecure && (cluster.caFile || cluster.caData)) {
    return refuse(
      `insecure-skip-tls-verify of cluster "${cluster.name}" in ${cluster.file} must not be set together with a certificate authority`,
      'Remove insecure-skip-tls-verify.',
    );
  }
  if (cluster.caFile && cluster.caData) {
    return refuse(
      `certificate-authority of cluster "${cluster.name}" in ${cluster.file} must not be set together with certificate-authority-data`,
      'Remove one of them.',
    );
  }
  if (!user) return undefined;
  const where = `user "${user.name}" of ${user.file}`;
  const certificate = user.clientCertificate ?? user.clientCertificateData;
  for (const [field, file, data] of [
    ['client-certificate', user.clientCertificate, user.clientCertificateData],
    ['client-key', user.clientKey, user.clientKeyData],
  ] as const) {
    if (file && data)
      return refuse(`${field} of ${where} must not be set together with ${field}-data`, 'Remove one of them.');
  }
  if (certificate && !user.clientKey && !user.clientKeyData) {
    return refuse(
      `${where} has a client certificate, which requires client-key or client-key-data`,
      'Add the client key.',
    );
  }
  if (user.token && (user.username || user.password)) {
    return refuse(`token of ${where} must not be set together with a username and password`, 'Remove one of them.');
  }
  if (user.exec && user.authProvider) {
    return refuse(`exec of ${where} must not be set together with auth-provider`, 'Remove auth-provider.');
  }
  if (!user.as && (user.asUid || user.asGroups.length > 0 || Object.keys(user.asUserExtra).length > 0)) {
    return refuse(
      `${where} impersonates a uid, groups or extra, which requires "as"`,
      'Add "as", the username to impersonate.',
    );
  }
  return undefined;
}

function noContext(config: KubeConfig): Result<never> {
  const [first] = config.problems;
  if (first) return failed('config', first.message, { remedy: first.remedy });
  return failed('config', `${config.files.join(', ')} has no current-context`, {
    remedy: `Pass one with --context: ${listed([...config.contexts.keys()])}.`,
  });
}

function missingFiles(files: readonly string[], { explicit, list }: Selection): Problem {
  const what = files.length === 1 ? `${files[0]} does not exist` : `none of ${files.join(', ')} exists`;
  const why = explicit
    ? 'Pass the path of an existing kubeconfig.'
    : list
      ? 'Fix KUBECONFIG, or choose a file.'
      : 'Choose a kubeconfig, or set KUBECONFIG.';
  return { message: `kubeconfig ${what}`, remedy: why };
}

function danglingOf({ contexts, clusters, users, current }: Merged): readonly Problem[] {
  const problems: Problem[] = [];
  for (const { name, cluster, user, file } of contexts.values()) {
    const gone = [
      ...(clusters.has(cluster) ? [] : [`cluster "${cluster}"`]),
      ...(user === '' || users.has(user) ? [] : [`user "${user}"`]),
    ];
    if (gone.length === 0) continue;
    problems.push({
      message: `context "${name}" of ${file} refers to ${gone.join(' and ')}, which ${gone.length === 1 ? 'does' : 'do'} not exist`,
      context: name,
      remedy: `Add ${gone.length === 1 ? 'it' : 'them'} to the kubeconfig, or delete the context.`,
    });
  }
  if (current !== undefined && contexts.size > 0 && !contexts.has(current)) {
    problems.push({
      message: `current-context "${current}" does not exist in the kubeconfig`,
      remedy: 'Choose an existing context with kubectl config use-context.',
    });
  }
  return problems;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : firstOf(names, 12);
}
