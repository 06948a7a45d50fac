// Serves Git repositories over HTTP on loopback for Flux's source-controller, which supports neither git:// nor file://.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';

export interface GitServer {
  url(name: string): string;
  /** Replaces the content of `main` with the files and returns the commit id; the first commit creates the repository. */
  commit(name: string, files: Readonly<Record<string, string>>): string;
  stop(): Promise<void>;
}

/** Repositories and their work trees are created below the folder, which must exist. */
export async function startGitServer(folder: string): Promise<GitServer> {
  const root = mkdtempSync(join(folder, 'git-'));
  const server = createServer((incoming, outgoing) => serve(root, incoming, outgoing));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const made = new Set<string>();
  return {
    url: (name) => `http://127.0.0.1:${port}/${name}.git`,
    commit(name, files) {
      const [bare, tree] = [join(root, `${name}.git`), join(root, `${name}.tree`)];
      const git = (...args: readonly string[]) =>
        execFileSync('git', ['--git-dir', bare, '--work-tree', tree, ...args], { env: gitEnv, encoding: 'utf8' });
      if (!made.has(name)) {
        execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', bare], { env: gitEnv });
        git('config', 'core.bare', 'false');
        made.add(name);
      }
      rmSync(tree, { recursive: true, force: true });
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(tree, path)), { recursive: true });
        writeFileSync(join(tree, path), text);
      }
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message=Change');
      return git('rev-parse', 'HEAD').trim();
    },
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

const author = { NAME: 'test', EMAIL: 'test@example.com' };
/** Excludes the user's own configuration. */
const gitEnv = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  ...Object.fromEntries(
    Object.entries(author).flatMap(([name, value]) => [
      [`GIT_AUTHOR_${name}`, value],
      [`GIT_COMMITTER_${name}`, value],
    ]),
  ),
};

/** Requests are handled by Git's CGI program; see its manual, git-http-backend(1). */
function serve(root: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { pathname, search } = new URL(incoming.url ?? '/', 'http://localhost');
  const backend = spawn('git', ['http-backend'], {
    env: {
      ...gitEnv,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: incoming.method,
      CONTENT_TYPE: incoming.headers['content-type'] ?? '',
      CONTENT_LENGTH: incoming.headers['content-length'] ?? '',
      HTTP_CONTENT_ENCODING: incoming.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(incoming.headers['git-protocol'] ?? ''),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const pieces: Buffer[] = [];
  backend.stdin.on('error', () => {});
  incoming.pipe(backend.stdin);
  backend.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  backend.once('close', () => {
    const answer = Buffer.concat(pieces);
    const end = answer.indexOf('\r\n\r\n');
    const headers = answer
      .subarray(0, Math.max(0, end))
      .toString('latin1')
      .split('\r\n')
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const);
    const status = headers.find(([name]) => name.toLowerCase() === 'status')?.[1];
    outgoing.writeHead(
      end === -1 ? 500 : status === undefined ? 200 : Number.parseInt(status, 10),
      Object.fromEntries(headers.filter(([name]) => name !== '' && name.toLowerCase() !== 'status')),
    );
    outgoing.end(answer.subarray(end + 4));
  });
}
