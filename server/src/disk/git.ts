// Reads the files of a revision out of a Git repository with the `git` program: no checkout, no hooks, no filters, nothing
// written, and nothing fetched from the network.
import { spawn } from 'node:child_process';
import { devNull } from 'node:os';

export interface Revision {
  readonly commit: string;
  /** As the user named it. */
  readonly name: string;
}

export interface TreeEntry {
  readonly oid: string;
  /** In bytes. */
  readonly size: number;
  readonly is: 'file' | 'link';
}

/** The message for what Git refuses. */
export interface GitProblem {
  readonly problem: string;
}

type Env = Readonly<Record<string, string | undefined>>;

export async function revisionOf(root: string, name: string, env: Env): Promise<Revision | GitProblem> {
  if (name === '' || name.startsWith('-')) return { problem: `"${name}" is no revision` };
  if (/[\0-\x1f\x7f]/.test(name)) return { problem: 'a revision has no control characters' };
  // Three dots: since the branches parted, as in `git diff`.
  const [, base, head] = /^(.*?)\.\.\.(.*)$/.exec(name) ?? [];
  const merged = base === undefined ? undefined : await mergeBase(root, [base || 'HEAD', head || 'HEAD'], env);
  if (merged && 'problem' in merged) return merged;
  const args = ['rev-parse', '--verify', '--end-of-options', `${merged?.commit ?? name}^{commit}`];
  const found = await git(root, args, env);
  if ('problem' in found) return found;
  return { commit: found.stdout.toString('utf8').trim(), name };
}

async function mergeBase(
  root: string,
  names: readonly string[],
  env: Env,
): Promise<{ readonly commit: string } | GitProblem> {
  if (names.some((name) => name.startsWith('-'))) return { problem: `"${names.join('...')}" is no revision` };
  const found = await git(root, ['merge-base', '--end-of-options', ...names], env);
  if ('problem' in found) return found;
  return { commit: found.stdout.toString('utf8').trim() };
}

/** Whether a commit is another one or comes after it; undefined if the repository doesn't have both. */
export async function isIncluded(root: string, commit: string, by: string, env: Env): Promise<boolean | undefined> {
  if (![commit, by].every((one) => /^[0-9a-f]{7,64}$/.test(one))) return undefined;
  const base = await mergeBase(root, [commit, by], env);
  return 'problem' in base ? undefined : base.commit.startsWith(commit);
}

/** The addresses of the remotes; none if it isn't a repository. */
export async function remotesOf(root: string, env: Env): Promise<readonly string[]> {
  const listed = await git(root, ['config', '--get-regexp', '^remote\\..*\\.url$'], env);
  if ('problem' in listed) return [];
  return listed.stdout
    .toString('utf8')
    .split('\n')
    .flatMap((line) => (line.includes(' ') ? [line.slice(line.indexOf(' ') + 1).trim()] : []));
}

/** The files of a revision, by their path from the root of the repository. Submodules are left out. */
export async function treeOf(
  root: string,
  { commit }: Revision,
  env: Env,
): Promise<ReadonlyMap<string, TreeEntry> | GitProblem> {
  const listed = await git(root, ['ls-tree', '-r', '-l', '-z', '--full-tree', commit], env);
  if ('problem' in listed) return listed;
  const entries = new Map<string, TreeEntry>();
  for (const line of listed.stdout.toString('utf8').split('\0')) {
    const [, mode, oid, size, path] = /^(\d+) blob ([0-9a-f]+) +(\d+)\t(.+)$/s.exec(line) ?? [];
    if (path === undefined) continue;
    entries.set(path, { oid: oid!, size: Number(size), is: mode === '120000' ? 'link' : 'file' });
  }
  return entries;
}

/** The content of blobs; those that the repository doesn't have are missing from the result. */
export async function blobsOf(
  root: string,
  oids: readonly string[],
  env: Env,
): Promise<ReadonlyMap<string, Buffer> | GitProblem> {
  const blobs = new Map<string, Buffer>();
  if (oids.length === 0) return blobs;
  const read = await git(root, ['cat-file', '--batch'], env, `${oids.join('\n')}\n`);
  if ('problem' in read) return read;
  const { stdout } = read;
  for (let at = 0; at < stdout.length; ) {
    const end = stdout.indexOf(10, at);
    if (end === -1) break;
    const [oid = '', type, size] = stdout.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (type !== 'blob') continue;
    blobs.set(oid, stdout.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return blobs;
}

/** More output than any repository's files have that are checked. */
const largestOutput = 500_000_000;
const longestRun = 60_000;

async function git(
  root: string,
  args: readonly string[],
  env: Env,
  input = '',
): Promise<{ readonly stdout: Buffer } | GitProblem> {
  // A repository's own configuration may name programs for these.
  const settings = ['core.fsmonitor=false', `core.hooksPath=${devNull}`, 'protocol.allow=never'];
  const safe = settings.flatMap((setting) => ['-c', setting]);
  const options = ['--no-pager', '--no-optional-locks', '--literal-pathspecs', '--no-replace-objects'];
  return new Promise((resolve) => {
    const child = spawn('git', [...options, ...safe, '-C', root, ...args], {
      env: { ...env, GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: longestRun,
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    let length = 0;
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > largestOutput) child.kill();
      else chunks.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (errors.length < 4000) errors += chunk.toString('utf8');
    });
    child.stdin.on('error', () => undefined);
    child.on('error', ({ code }: NodeJS.ErrnoException) => {
      const isMissing = code === 'ENOENT';
      resolve({ problem: isMissing ? 'the program git is not installed' : `git can't be run (${code})` });
    });
    child.on('close', (code) => {
      if (length > largestOutput) resolve({ problem: 'the revision has too many or too large files' });
      else if (code === 0) resolve({ stdout: Buffer.concat(chunks) });
      else
        resolve({
          problem: `git: ${errors.split('\n')[0]?.replace(/^(?:fatal|error): /, '') || `exited with ${code}`}`,
        });
    });
    child.stdin.end(input);
  });
}
