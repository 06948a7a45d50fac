// A kubeconfig can run code: what it names runs only after the user consented to exactly that. kubectl's policy (kuberc) is
// applied before the user is asked. A kubeconfig of the workspace uses credentials from elsewhere only with consent, too.
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { exclusively, replaceFile } from '../../disk/durable.ts';
import { readText } from '../../disk/reader.ts';
import type { ClusterQuestions } from '../../protocol.ts';
import { isSecretName } from '../../syntax/credentials.ts';
import { forOneLine } from '../../syntax/shown.ts';
import { failed, type Result, success } from '../failure.ts';
import type { Exec, User } from '../kubeconfig/file.ts';
import { refusedByPolicy } from '../kubeconfig/kuberc.ts';
import { isSend, keyOfSend, questionOfSends, quoted, type Send } from './sends.ts';

type Env = Readonly<Record<string, string | undefined>>;
export type Ask = (question: ClusterQuestions['consent']['params']) => Promise<boolean>;

/** What runs, as far as a consent is for it. */
interface Run {
  /** The resolved path. */
  readonly program: string;
  /** The kubeconfig file that names it. */
  readonly file: string;
  readonly args: readonly string[];
  /** `NAME=value`; of a secret the hash of the value, which shows that it changed. */
  readonly env: readonly string[];
}

export class Consents {
  readonly #ask: Ask;
  readonly #env: Env;
  readonly #file: string | undefined;
  readonly #given = new Map<string, Run>();
  readonly #sends = new Map<string, Send>();
  readonly #asking = new Map<string, Promise<boolean>>();

  /** `file` stores the answers; without it they last as long as the process. */
  constructor(ask: Ask, env: Env, file?: string) {
    this.#ask = ask;
    this.#env = env;
    this.#file = file;
    this.#recall();
  }

  async allow(program: string, exec: Exec, user: User): Promise<Result<true>> {
    const refused = refusedByPolicy(program, exec.command, this.#env);
    if (refused)
      return failed('credential', refused, { remedy: 'Change credentialPluginPolicy in your kuberc.', person: true });
    const run: Run = {
      program,
      file: user.file,
      args: exec.args,
      env: exec.env.map(({ name, value }) => `${name}=${isSecretName(name) ? hidden(value) : value}`),
    };
    const key = keyOf(run);
    if (this.#given.has(key)) return success(true);
    // The user may have answered in another window.
    this.#recall();
    if (this.#given.has(key)) return success(true);
    let asking = this.#asking.get(key);
    if (!asking) {
      asking = this.#ask(questionOf(run, exec, user, this.#before(run))).finally(() => this.#asking.delete(key));
      this.#asking.set(key, asking);
    }
    if (!(await asking)) {
      return failed('credential', `${exec.command} was not allowed to run, so user "${user.name}" has no credential`, {
        remedy: 'Sign in to be asked again.',
        person: true,
      });
    }
    this.#given.set(key, run);
    this.#remember();
    return success(true);
  }

  /** `all` is what the kubeconfigs have now: one question is asked for all of it that isn't allowed yet. */
  async allowSend(send: Send, all: () => readonly Send[]): Promise<Result<true>> {
    const key = keyOfSend(send);
    if (!this.#sends.has(key)) this.#recall();
    if (this.#sends.has(key)) return success(true);
    const asking = this.#asking.get('sends');
    if (asking) {
      await asking;
      if (this.#sends.has(key)) return success(true);
      return notAllowed(send);
    }
    const known = new Map([...all(), send].map((one) => [keyOfSend(one), one]));
    const open = [...known].filter(([one]) => !this.#sends.has(one)).map(([, one]) => one);
    const users = new Set(open.map(({ user, file }) => JSON.stringify([user, file])));
    const before = [...this.#sends].filter(
      ([one, { user, file }]) => !known.has(one) && users.has(JSON.stringify([user, file])),
    );
    const question = questionOfSends(
      open,
      before.map(([, one]) => one),
    );
    const asked = this.#ask(question).finally(() => this.#asking.delete('sends'));
    this.#asking.set('sends', asked);
    if (!(await asked)) return notAllowed(send);
    for (const one of open) this.#sends.set(keyOfSend(one), one);
    for (const [one] of before) this.#sends.delete(one);
    this.#remember(before.map(([one]) => one));
    return success(true);
  }

  /** The latest consent for the same program and file. */
  #before({ program, file }: Run): Run | undefined {
    return [...this.#given.values()].findLast((run) => run.program === program && run.file === file);
  }

  #recall(): void {
    if (this.#file === undefined) return;
    for (const one of remembered(this.#file)) {
      if (isRun(one)) this.#given.set(keyOf(one), one);
      else if (isSend(one)) this.#sends.set(keyOfSend(one), one);
    }
  }

  /** If the file can't be written, the only effect is that the user is asked again next time. */
  #remember(over: readonly string[] = []): void {
    const file = this.#file;
    if (file === undefined) return;
    try {
      exclusively(dirname(file), () => {
        // Another window may have remembered others.
        this.#recall();
        for (const key of over) this.#sends.delete(key);
        replaceFile(file, JSON.stringify([...this.#given.values(), ...this.#sends.values()], null, 1), 0o600);
      });
    } catch {}
  }
}

function notAllowed({ user, server }: Send): Result<never> {
  return failed('credential', `the credential of user "${user}" was not allowed to be used for ${server}`, {
    remedy: 'Sign in to be asked again.',
    person: true,
  });
}

function hidden(value: string): string {
  return `hidden:${createHash('sha256').update(value).digest('hex').slice(0, 16)}`;
}

/** Flags of the clouds' plugins that only name the cluster, so that one consent is enough for a fleet. */
const namingFlags = new Set([
  '--cluster',
  '--cluster-id',
  '--cluster-name',
  '--kube-cluster',
  '--region',
  '-i', // aws-iam-authenticator
]);

/** A name or an ARN; no path, no other flag and nothing that a shell reads. */
const plainName = /^[\w][\w.:-]*(\/[\w][\w.:-]*)?$/;

/** Runs with equal keys are one consent: they differ at most in the name or the region of the cluster. */
function keyOf({ program, file, args, env }: Run): string {
  const shape = args.map((arg, index) => {
    const [flag, value] = arg.startsWith('--') && arg.includes('=') ? splitAt(arg, arg.indexOf('=')) : [];
    if (flag !== undefined && value !== undefined)
      return namingFlags.has(flag) && plainName.test(value) ? [flag, '='] : arg;
    return namingFlags.has(args[index - 1] ?? '') && plainName.test(arg) ? [] : arg;
  });
  return JSON.stringify([program, file, shape, env]);
}

function splitAt(text: string, at: number): readonly [string, string] {
  return [text.slice(0, at), text.slice(at + 1)];
}

/**
 * Shows all of it, one argument a line and nothing cut, with what changed since the last consent. Arguments are shown even if
 * they look like secrets: a script could hide behind that.
 */
function questionOf(run: Run, exec: Exec, user: User, before: Run | undefined): ClusterQuestions['consent']['params'] {
  const lines = [
    `${forOneLine(user.file)} configures it as the credential plugin of user ${quoted(user.name)}. It runs with your permissions:`,
    '',
    `program      ${quoted(run.program)}${exec.command === run.program ? '' : `, written as ${quoted(exec.command)}`}`,
    ...run.args.map((arg) => `argument     ${quoted(arg)}`),
    ...run.env.map((one) => `environment  ${quoted(one)}`),
    ...(before ? ['', 'You allowed this program before. Since then:', ...differences(before, run)] : []),
    '',
    'You are asked again if anything of this changes, except for the name or the region of the cluster.',
  ];
  return { title: `Run ${quoted(run.program)} to sign in?`, detail: lines.join('\n'), accept: 'Run' };
}

function differences(before: Run, now: Run): readonly string[] {
  const lists = [
    ['argument', before.args, now.args],
    ['environment', before.env, now.env],
  ] as const;
  return lists.flatMap(([what, old, next]) => [
    ...without(old, next).map((one) => `- ${what}  ${quoted(one)}`),
    ...without(next, old).map((one) => `+ ${what}  ${quoted(one)}`),
    ...(without(old, next).length + without(next, old).length === 0 && old.join('\0') !== next.join('\0')
      ? [`  the order of each ${what}`]
      : []),
  ]);
}

/** What the first list has and the second doesn't, as often as it does. */
function without(list: readonly string[], other: readonly string[]): readonly string[] {
  const left = [...other];
  return list.filter((one) => {
    const at = left.indexOf(one);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

export function consentFile(env: Env): string {
  return join(stateFolder(env), 'credential-plugins.json');
}

/** What Capstan keeps of the user's decisions and actions. */
export function stateFolder(env: Env): string {
  return join(env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state'), 'capstan');
}

function remembered(file: string): readonly unknown[] {
  const text = readText(file, { largest: 10_000_000 });
  if (typeof text !== 'string') return [];
  try {
    const read: unknown = JSON.parse(text);
    return Array.isArray(read) ? read : [];
  } catch {
    return [];
  }
}

function isRun(value: unknown): value is Run {
  const { program, file, args, env } = (value ?? {}) as Partial<Record<keyof Run, unknown>>;
  const texts = (list: unknown) => Array.isArray(list) && list.every((one) => typeof one === 'string');
  return typeof program === 'string' && typeof file === 'string' && texts(args) && texts(env);
}
