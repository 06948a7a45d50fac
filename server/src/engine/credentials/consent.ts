// A kubeconfig can run code: a program it names runs only after the user consents, once for each program and kubeconfig
// file, not for each context or argument. kubectl's policy (kuberc) is applied before the user is asked.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ClusterQuestions } from '../../protocol.ts';
import { failed, type Result, success } from '../failure.ts';
import type { Exec, User } from '../kubeconfig/file.ts';
import { refusedByPolicy } from '../kubeconfig/kuberc.ts';
import { printable } from '../redact.ts';

type Env = Readonly<Record<string, string | undefined>>;
export type Ask = (question: ClusterQuestions['consent']['params']) => Promise<boolean>;

export class Consents {
  readonly #ask: Ask;
  readonly #env: Env;
  readonly #file: string | undefined;
  readonly #given: Set<string>;
  readonly #asking = new Map<string, Promise<boolean>>();

  /** `file` stores the answers; without it they last as long as the process. */
  constructor(ask: Ask, env: Env, file?: string) {
    this.#ask = ask;
    this.#env = env;
    this.#file = file;
    this.#given = new Set(file === undefined ? [] : remembered(file));
  }

  async allow(program: string, exec: Exec, user: User): Promise<Result<true>> {
    const refused = refusedByPolicy(program, exec.command, this.#env);
    if (refused)
      return failed('credential', refused, { remedy: 'Change credentialPluginPolicy in your kuberc.', person: true });
    const key = JSON.stringify([program, user.file]);
    if (this.#given.has(key)) return success(true);
    // The user may have answered in another window.
    if (this.#file !== undefined) for (const given of remembered(this.#file)) this.#given.add(given);
    if (this.#given.has(key)) return success(true);
    let asking = this.#asking.get(key);
    if (!asking) {
      asking = this.#question(program, exec, user).finally(() => this.#asking.delete(key));
      this.#asking.set(key, asking);
    }
    if (!(await asking)) {
      return failed('credential', `${exec.command} was not allowed to run, so user "${user.name}" has no credential`, {
        remedy: 'Sign in to be asked again.',
        person: true,
      });
    }
    this.#given.add(key);
    this.#remember();
    return success(true);
  }

  #question(program: string, exec: Exec, user: User): Promise<boolean> {
    return this.#ask({
      title: `Run ${printable(program, 200)} to sign in?`,
      detail: `${user.file} configures it as the credential plugin of user "${printable(user.name, 100)}": ${printable([exec.command, ...exec.args].join(' '), 400)}\n\nIt runs with your permissions. You are asked once for this program and this kubeconfig.`,
      accept: 'Run',
    });
  }

  /** If the file can't be written, the only effect is that the user is asked again next time. */
  #remember(): void {
    if (this.#file === undefined) return;
    try {
      mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
      const next = `${this.#file}.${process.pid}`;
      writeFileSync(next, JSON.stringify([...this.#given], null, 1), { mode: 0o600 });
      renameSync(next, this.#file);
    } catch {}
  }
}

export function consentFile(env: Env): string {
  return join(
    env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state'),
    'capstan',
    'credential-plugins.json',
  );
}

function remembered(file: string): readonly string[] {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Array.isArray(read) ? read.filter((entry) => typeof entry === 'string') : [];
  } catch {
    return [];
  }
}
