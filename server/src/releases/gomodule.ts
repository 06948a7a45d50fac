// Fetches Go modules with the `go` command, which uses the machine's module cache, proxies and checksum database.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** `sum` is the module's hash as in go.sum (`h1:...`), verified by `go`. */
export interface GoModule {
  readonly path: string;
  readonly version: string;
  readonly folder: string;
  readonly sum: string;
}

export interface ModuleFailure {
  readonly error: string;
  /** Whether the `go` command is missing; files can still be imported then. */
  readonly noGo: boolean;
}

/** Downloads a module unless it is cached. `module` is `path@version`, as for `go mod download`. */
export async function goModule(module: string): Promise<GoModule | ModuleFailure> {
  const answer = await go(['mod', 'download', '-json', '--', module]);
  if ('error' in answer) return answer;
  const found = JSON.parse(answer.output || '{}') as {
    readonly [key in 'Path' | 'Version' | 'Dir' | 'Sum' | 'Error']?: string;
  };
  const { Path: path, Version: version, Sum: sum } = found;
  if (!path || !version || !sum)
    return { error: found.Error ?? `go mod download returned nothing for ${module}`, noGo: false };
  // A module that requires a newer Go is still fetched and verified, but the output has no folder.
  const folder = found.Dir ?? (await cachedFolder(path, version));
  if (!folder) return { error: found.Error ?? `${module} is not in the module cache`, noGo: false };
  return { path, version, folder, sum };
}

/** The versions listed by the proxy, oldest first; without prereleases if there is a release. */
export async function goVersions(path: string): Promise<readonly string[] | ModuleFailure> {
  const answer = await go(['list', '-m', '-versions', '-json', '--', `${path}@latest`]);
  if ('error' in answer) return answer;
  const listed = JSON.parse(answer.output || '{}') as {
    readonly Versions?: readonly string[];
    readonly Version?: string;
  };
  return listed.Versions ?? (listed.Version ? [listed.Version] : []);
}

async function cachedFolder(path: string, version: string): Promise<string | undefined> {
  const answer = await go(['env', 'GOMODCACHE']);
  if ('error' in answer) return undefined;
  // The cache escapes an upper-case letter as `!` and the lower-case letter.
  const escaped = `${path}@${version}`.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
  const folder = join(answer.output.trim(), escaped);
  return existsSync(folder) ? folder : undefined;
}

type Answer = { readonly output: string } | ModuleFailure;

/**
 * Runs outside the user's modules, whose go.mod must have no effect; never fetches the newer Go that a module requires.
 */
function go(args: readonly string[]): Promise<Answer> {
  return new Promise((resolve) => {
    const options = {
      maxBuffer: 16e6,
      timeout: 600_000,
      env: { ...process.env, GOWORK: 'off', GO111MODULE: 'on', GOTOOLCHAIN: 'local' },
      cwd: '/',
    };
    execFile('go', args, options, (failure, stdout, stderr) => {
      if (failure && (failure as NodeJS.ErrnoException).code === 'ENOENT') {
        resolve({ error: 'Go is not on the PATH', noGo: true });
      } else if (failure && !stdout) {
        resolve({ error: lastLine(stderr) || failure.message, noGo: false });
      } else resolve({ output: stdout });
    });
  });
}

/** The last line, which has the reason, without its full stop so that it can be part of a sentence. */
function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)!.trim().replace(/\.$/, '');
}
