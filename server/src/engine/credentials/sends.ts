// What a kubeconfig of the workspace does with credentials that it doesn't hold itself: which files it names, or which user of
// another file it takes, and to which server that goes. A repository could send any file of the user to any server.
import { existsSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import type { ClusterQuestions } from '../../protocol.ts';
import { forOneLine } from '../../syntax/shown.ts';
import type { User } from '../kubeconfig/file.ts';
import type { Target } from '../kubeconfig/kubeconfig.ts';

export interface Send {
  readonly user: string;
  /** The kubeconfig file with the user. */
  readonly file: string;
  /** `token file /home/me/token` */
  readonly reads: readonly string[];
  readonly server: string;
}

/** Whether a kubeconfig is part of the workspace: in one of its folders or in the repository around it, by itself or by a link. */
export function isInWorkspace(file: string, folders: readonly string[]): boolean {
  const paths = [file, realPath(file)];
  return folders.some((folder) => {
    const root = repositoryOf(folder);
    return [root, realPath(root)].some((one) => paths.some((path) => isBelow(path, one)));
  });
}

/** Undefined if no question is due: nothing of it is in the workspace, or the kubeconfig contains the credential itself. */
export function sendOf({ context, cluster, user }: Target, isOfWorkspace: (file: string) => boolean): Send | undefined {
  if (![context.file, cluster.file, user.file].some(isOfWorkspace)) return undefined;
  // Nothing is sent over plain HTTP.
  if (!cluster.server.startsWith('https://')) return undefined;
  const reads = [
    ...(user.exec ? [`token that ${quoted(user.exec.command)} prints`] : []),
    ...filesOf(user),
    ...(user.file === cluster.file ? [] : inlineOf(user)),
    ...(cluster.caFile ? [`certificate authority ${quoted(cluster.caFile)}`] : []),
  ];
  return reads.length === 0 ? undefined : { user: user.name, file: user.file, reads, server: cluster.server };
}

function filesOf({ tokenFile, clientCertificate, clientKey }: User): readonly string[] {
  return [
    ...(tokenFile ? [`token file ${quoted(tokenFile)}`] : []),
    ...(clientCertificate ? [`client certificate ${quoted(clientCertificate)}`] : []),
    ...(clientKey ? [`client key ${quoted(clientKey)}`] : []),
  ];
}

/** What another kubeconfig than the server's contains. */
function inlineOf({ file, token, authProvider, password, clientKeyData }: User): readonly string[] {
  const kinds = [
    (token || authProvider) && 'token',
    password && 'password',
    clientKeyData && 'client certificate and key',
  ];
  return kinds.flatMap((kind) => (kind ? [`${kind} of ${quoted(file)}`] : []));
}

export function keyOfSend({ user, file, reads, server }: Send): string {
  return JSON.stringify([user, file, reads, server]);
}

/** Shows all of it, nothing cut; of users that were allowed before, what they don't use any more. */
export function questionOfSends(
  sends: readonly Send[],
  before: readonly Send[],
): ClusterQuestions['consent']['params'] {
  const users = new Map<string, Send[]>();
  for (const send of sends) {
    const same = JSON.stringify([send.user, send.file, send.reads]);
    users.set(same, [...(users.get(same) ?? []), send]);
  }
  const lines = [...users.values()].flatMap((same) => {
    const { user, file, reads } = same[0]!;
    return [
      '',
      `user    ${quoted(user)} of ${quoted(file)}`,
      ...reads.map((one) => `uses    ${one}`),
      ...same.map(({ server }) => `server  ${quoted(server)}`),
    ];
  });
  const gone = before.flatMap(({ user, reads, server }) => [
    ...reads.map((one) => `- uses    ${one}, for ${quoted(user)}`),
    `- server  ${quoted(server)}, for ${quoted(user)}`,
  ]);
  const detail = [
    'A kubeconfig of this workspace signs in with credentials that it doesn’t contain. They are sent to the servers that it names:',
    ...lines,
    ...(gone.length > 0 ? ['', 'You allowed this before, which is no longer so:', ...gone] : []),
    '',
    'You are asked again if anything of this changes.',
  ].join('\n');
  return {
    title: `Use these credentials for ${sends.length === 1 ? quoted(sends[0]!.server) : `${sends.length} servers`}?`,
    detail,
    accept: 'Use',
  };
}

export function isSend(value: unknown): value is Send {
  const { user, file, reads, server } = (value ?? {}) as Partial<Record<keyof Send, unknown>>;
  const areTexts = Array.isArray(reads) && reads.every((one) => typeof one === 'string');
  return [user, file, server].every((one) => typeof one === 'string') && areTexts;
}

/** Quotes whatever isn't a plain word, so that no text looks like the lines around it. */
export function quoted(text: string): string {
  return /^[\w./:=@+,-]+$/.test(text) ? text : forOneLine(JSON.stringify(text));
}

/** The nearest folder above with a Git repository. */
function repositoryOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return folder;
  }
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
