// The identity sent to a cluster: headers and client certificate, from the kubeconfig or from a plugin. At most one run
// of a plugin per credential is in progress; its credential is cached until 30 s before it expires, and a 401 runs it
// again.
import { createHash, X509Certificate } from 'node:crypto';
import { type Failure, failed, type Result, success } from '../failure.ts';
import type { Exec, User } from '../kubeconfig/file.ts';
import type { Target } from '../kubeconfig/kubeconfig.ts';
import { keepSecret, OwnSecrets } from '../redact.ts';
import { impersonationHeaders } from './auth-headers.ts';
import { type ExecOptions, type ExecStatus, resolveProgram, runPlugin } from './exec-plugin.ts';
import { readNamed } from './named-file.ts';
import { alone } from './plugin-lock.ts';
import { Shared } from './shared-run.ts';

export interface Auth {
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly certificate?: { readonly cert: string; readonly key: string };
}

export interface Credentials {
  /** `signal` ends the wait; a plugin that no caller is waiting for is killed. */
  get(signal?: AbortSignal): Promise<Result<Auth>>;
  /** After a 401 on `used`: whether a newer credential is available. */
  renew(used: Auth, signal?: AbortSignal): Promise<boolean>;
  /** The user asked to sign in: discards earlier failures and cached credentials. */
  forget(): void;
}

export interface CredentialOptions extends Pick<ExecOptions, 'env' | 'terminal'> {
  /** Whether a program named by the kubeconfig may run; called each time, so the implementation remembers the answer. */
  readonly allow: (program: string, exec: Exec, user: User) => Promise<Result<true>>;
  /** Whether the credential may be used for the server; as `allow`. Absent: for any. */
  readonly allowSend?: (target: Target) => Promise<Result<true>>;
  /** Milliseconds a plugin may run. */
  readonly timeout?: number;
  /** Folder of the lock files with which windows take turns to run a plugin. */
  readonly lockFolder?: string;
  readonly now?: () => number;
}

/** Credentials keyed by their source: 200 contexts with the same plugin and arguments share one run. */
export class CredentialStore {
  readonly #options: CredentialOptions;
  readonly #plugins = new Map<string, PluginCredential>();

  constructor(options: CredentialOptions) {
    this.#options = options;
  }

  for(target: Target): Credentials {
    const credentials = this.#of(target);
    const { allowSend } = this.#options;
    return allowSend ? guarded(credentials, () => allowSend(target)) : credentials;
  }

  #of(target: Target): Credentials {
    const { user } = target;
    const impersonation = impersonationHeaders(user);
    // kubectl sends no credential over plain HTTP.
    if (!target.cluster.server.startsWith('https://')) return fixed({ headers: impersonation });
    if (
      user.exec &&
      !user.token &&
      !user.tokenFile &&
      !user.username &&
      !user.clientCertificate &&
      !user.clientCertificateData
    ) {
      return this.#plugin(user.exec, target, impersonation);
    }
    if (user.authProvider && !user.token && !user.tokenFile) return providerCredentials(user, impersonation);
    return new FileCredentials(user, impersonation);
  }

  #plugin(exec: Exec, target: Target, impersonation: Auth['headers']): Credentials {
    const key = createHash('sha256')
      .update(JSON.stringify([exec, target.user.file, exec.provideClusterInfo ? target.cluster : null]))
      .digest('hex');
    let plugin = this.#plugins.get(key);
    if (!plugin) this.#plugins.set(key, (plugin = new PluginCredential(key, exec, target, this.#options)));
    const shared = plugin;
    // Returns the same object for the same credential, so that `renew` can detect whether it has been replaced.
    const made = new WeakMap<ExecStatus, Auth>();
    const authOf = (status: ExecStatus): Auth => {
      const known = made.get(status);
      if (known) return known;
      const auth = pluginAuth(status, impersonation);
      made.set(status, auth);
      return auth;
    };
    return {
      async get(signal) {
        const status = await shared.get(signal);
        return status.ok ? success(authOf(status.value)) : status;
      },
      renew: (used, signal) => shared.renew((status) => authOf(status) === used, signal),
      forget: () => shared.forget(),
    };
  }
}

/** Credentials that aren't read before they are allowed. A refusal lasts until the user signs in. */
function guarded(credentials: Credentials, allow: () => Promise<Result<true>>): Credentials {
  let allowed: Promise<Result<true>> | undefined;
  return {
    async get(signal) {
      const answer = await (allowed ??= allow());
      return answer.ok ? credentials.get(signal) : answer;
    },
    renew: (used, signal) => credentials.renew(used, signal),
    forget() {
      allowed = undefined;
      credentials.forget();
    },
  };
}

class PluginCredential {
  readonly #key: string;
  readonly #exec: Exec;
  readonly #target: Target;
  readonly #options: CredentialOptions;
  readonly #secrets = new OwnSecrets();
  #cached: ExecStatus | undefined;
  #gotAt = 0;
  #failed: { readonly result: Result<never>; readonly until: number } | undefined;
  #running: Shared<Result<ExecStatus>> | undefined;

  constructor(key: string, exec: Exec, target: Target, options: CredentialOptions) {
    this.#key = key;
    this.#exec = exec;
    this.#target = target;
    this.#options = options;
  }

  async get(signal?: AbortSignal): Promise<Result<ExecStatus>> {
    if (signal?.aborted) return gaveUp;
    if (this.#cached && !this.#expired(this.#cached)) return success(this.#cached);
    if (this.#failed && this.#failed.until > this.#now()) return this.#failed.result;
    if (!this.#running || this.#running.isGivenUp) {
      const running = new Shared((given) => this.#run(given));
      this.#running = running;
      void running.ended.then(() => {
        if (this.#running === running) this.#running = undefined;
      });
    }
    return (await this.#running.wait(signal)) ?? gaveUp;
  }

  async renew(isUsed: (status: ExecStatus) => boolean, signal?: AbortSignal): Promise<boolean> {
    // Another request got the same 401 and has already renewed the credential.
    if (this.#cached && !isUsed(this.#cached)) return true;
    this.#cached = undefined;
    const result = await this.get(signal);
    return result.ok;
  }

  forget(): void {
    this.#failed = undefined;
    this.#cached = undefined;
  }

  async #run(signal: AbortSignal): Promise<Result<ExecStatus>> {
    const result = await this.#consentAndRun(signal);
    if (result.ok) {
      this.#secrets.use(result.value.token, result.value.clientKeyData);
      this.#cached = result.value;
      this.#gotAt = this.#now();
      this.#failed = undefined;
    } else if (result.failure.kind !== 'aborted') {
      // A plugin that opens a browser or a prompt must not do so for every retry of every context.
      this.#failed = { result, until: this.#now() + (result.failure.person ? 300_000 : 30_000) };
    }
    return result;
  }

  async #consentAndRun(signal: AbortSignal): Promise<Result<ExecStatus>> {
    const { env, terminal, allow, timeout = 30_000, lockFolder } = this.#options;
    const program = resolveProgram(this.#exec, env);
    if (!program.ok) return program;
    const allowed = await allow(program.value, this.#exec, this.#target.user);
    if (!allowed.ok) return allowed;
    return alone(
      lockFolder,
      this.#key,
      timeout + 5000,
      () => runPlugin(this.#exec, program.value, this.#target.cluster, { env, terminal, timeout, signal }),
      signal,
    );
  }

  #expired({ expirationTimestamp }: ExecStatus): boolean {
    if (!expirationTimestamp) return false;
    const at = Date.parse(expirationTimestamp);
    // If the issuer's clock is behind ours, a new credential looks expired. It is used for 30 s anyway; otherwise each
    // request would run the plugin. If the server rejects it, it is renewed.
    if (at - 30_000 <= this.#gotAt && this.#now() - this.#gotAt < 30_000) return false;
    return Number.isFinite(at) && at - 30_000 <= this.#now();
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}

const gaveUp = failed('aborted', 'the sign-in was canceled');

/** Tokens, passwords and certificates from the kubeconfig or from files it refers to; the files are reread. */
class FileCredentials implements Credentials {
  readonly #user: User;
  readonly #impersonation: Auth['headers'];
  readonly #secrets = new OwnSecrets();
  #auth: Auth | undefined;
  #readAt = 0;

  constructor(user: User, impersonation: Auth['headers']) {
    this.#user = user;
    this.#impersonation = impersonation;
  }

  async get(): Promise<Result<Auth>> {
    const files = [this.#user.tokenFile, this.#user.clientCertificate, this.#user.clientKey].some(Boolean);
    // client-go rereads a token file at most once a minute.
    if (this.#auth && (!files || Date.now() - this.#readAt < 60_000)) return success(this.#auth);
    try {
      const auth = this.#read();
      this.#readAt = Date.now();
      if (!this.#auth || JSON.stringify(auth) !== JSON.stringify(this.#auth)) this.#auth = auth;
      return success(this.#auth);
    } catch (error) {
      const { path = 'a file', code = '' } = error as NodeJS.ErrnoException;
      return failed(
        'credential',
        `user "${this.#user.name}" of ${this.#user.file} refers to ${path}, which cannot be read (${code})`,
        { remedy: 'Restore the file, or fix the kubeconfig.', person: true },
      );
    }
  }

  async renew(used: Auth): Promise<boolean> {
    this.#readAt = 0;
    const result = await this.get();
    return result.ok && result.value !== used;
  }

  forget(): void {
    this.#readAt = 0;
  }

  #read(): Auth {
    const { token, tokenFile, username, password, clientCertificate, clientCertificateData, clientKey, clientKeyData } =
      this.#user;
    // tokenFile takes precedence over token, which is used if the file can't be read (client-go's round_trippers.go).
    const bearer = (tokenFile && tokenIn(tokenFile, token !== undefined)) || token;
    const cert = clientCertificateData ?? (clientCertificate && readNamed(clientCertificate));
    const key = clientKeyData ?? (clientKey && readNamed(clientKey));
    this.#secrets.use(bearer, password, key);
    const authorization = bearer
      ? `Bearer ${bearer}`
      : username || password
        ? `Basic ${Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64')}`
        : undefined;
    return {
      headers: { ...this.#impersonation, ...(authorization ? { authorization } : {}) },
      ...(cert && key ? { certificate: { cert, key } } : {}),
    };
  }
}

function tokenIn(file: string, hasAnother: boolean): string {
  try {
    return readNamed(file).trim();
  } catch (error) {
    if (hasAnother) return '';
    throw error;
  }
}

/** The cause of a 401 if a client certificate is the only credential and it has expired. */
export function expiredCertificate({ headers, certificate }: Auth, now: number): Failure | undefined {
  if (certificate === undefined || headers.authorization !== undefined) return undefined;
  try {
    const { validTo } = new X509Certificate(certificate.cert);
    if (!(Date.parse(validTo) < now)) return undefined;
    return {
      kind: 'credential',
      message: `the client certificate expired on ${new Date(validTo).toISOString().slice(0, 10)}`,
      remedy: 'Put a new client certificate into the kubeconfig, then retry.',
      status: 401,
      person: true,
    };
  } catch {
    return undefined;
  }
}

function fixed(auth: Auth): Credentials {
  return { get: async () => success(auth), renew: async () => false, forget: () => undefined };
}

function pluginAuth({ token, clientCertificateData, clientKeyData }: ExecStatus, impersonation: Auth['headers']): Auth {
  return {
    headers: { ...impersonation, ...(token ? { authorization: `Bearer ${token}` } : {}) },
    ...(clientCertificateData && clientKeyData
      ? { certificate: { cert: clientCertificateData, key: clientKeyData } }
      : {}),
  };
}

/** `auth-provider`: the commands of gcp and azure are never run; the last OIDC id-token is used until it expires. */
function providerCredentials(user: User, impersonation: Auth['headers']): Credentials {
  const { name, config } = user.authProvider!;
  const where = `user "${user.name}" of ${user.file}`;
  const remedies: Readonly<Record<string, string>> = {
    gcp: 'Run "gcloud container clusters get-credentials" with gke-gcloud-auth-plugin installed to configure an exec plugin.',
    azure: 'Run "kubelogin convert-kubeconfig" to configure an exec plugin.',
  };
  if (name === 'oidc' && config['id-token']) {
    keepSecret(config['id-token']);
    keepSecret(config['refresh-token']);
    return fixed({ headers: { ...impersonation, authorization: `Bearer ${config['id-token']}` } });
  }
  const refused = failed(
    'credential',
    `${where} uses auth-provider ${name}, which Kubernetes has removed and Capstan does not support`,
    {
      remedy: remedies[name] ?? 'Replace it with an exec plugin; for OIDC, use kubelogin.',
      person: true,
    },
  );
  return { get: async () => refused, renew: async () => false, forget: () => undefined };
}
