// Reads one kubeconfig file as kubectl does (k8s.io/client-go/tools/clientcmd/loader.go and api/v1/types.go), except
// that an invalid entry doesn't hide the others: it becomes a problem with its file, line and field.
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import type { Problem } from '../../protocol.ts';
import { compose } from '../../syntax/compose.ts';
import { LineIndex } from '../../syntax/lines.ts';
import { entryOf } from '../../syntax/navigate.ts';
import { splitDocuments } from '../../syntax/split.ts';
import type { MapNode, Node, Value } from '../../syntax/tree.ts';
import { keyName, resolveAlias, toValue } from '../../syntax/value.ts';

/** An entry with an invalid field is listed but can't be used; `invalid` is the reason. */
interface Entry {
  readonly invalid?: string;
}

export interface Cluster extends Entry {
  readonly name: string;
  readonly file: string;
  readonly server: string;
  readonly tlsServerName?: string;
  readonly insecure: boolean;
  readonly caFile?: string;
  /** PEM. */
  readonly caData?: string;
  readonly proxyUrl?: string;
  readonly disableCompression: boolean;
  /** The extension passed to a credential plugin in `spec.cluster.config`. */
  readonly execConfig?: Value;
}

export interface Exec {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly apiVersion: string;
  readonly installHint?: string;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode: string;
}

export interface User extends Entry {
  readonly name: string;
  readonly file: string;
  readonly clientCertificate?: string;
  readonly clientCertificateData?: string;
  readonly clientKey?: string;
  readonly clientKeyData?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly as?: string;
  readonly asUid?: string;
  readonly asGroups: readonly string[];
  readonly asUserExtra: Readonly<Record<string, readonly string[]>>;
  readonly authProvider?: { readonly name: string; readonly config: Readonly<Record<string, string>> };
  readonly exec?: Exec;
}

export interface Context {
  readonly name: string;
  readonly file: string;
  readonly cluster: string;
  readonly user: string;
  readonly namespace?: string;
}

export interface KubeConfigFile {
  readonly file: string;
  readonly current?: string;
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly users: ReadonlyMap<string, User>;
  readonly contexts: ReadonlyMap<string, Context>;
  readonly problems: readonly Problem[];
  /** The text isn't YAML or isn't a kubeconfig: the fields above are unreliable. */
  readonly broken: boolean;
}

/** Never throws; `file` is the path the bytes were read from, used in messages and to resolve relative paths. */
export function readKubeConfigFile(file: string, bytes: Uint8Array): KubeConfigFile {
  const problems: Problem[] = [];
  const empty = { file, clusters: new Map(), users: new Map(), contexts: new Map(), problems };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    problems.push(
      problem(`${file} is not UTF-8 text, so it is not a kubeconfig`, 'Choose another file, or restore it.'),
    );
    return { ...empty, broken: true };
  }
  const document = splitDocuments(text)[0]!;
  const { root, findings } = compose(document.text);
  const lines = new LineIndex(document.text);
  const at = (offset: number) => `${file}:${lines.positionAt(offset).line + 1}`;
  const bad = findings.find(({ severity }) => severity === 'error');
  if (bad) {
    problems.push(problem(`${at(bad.start)} is not valid YAML`, `${bad.message} Correct that line of the kubeconfig.`));
    return { ...empty, broken: true };
  }
  const target = root && resolveAlias(root);
  if (target === undefined || (target.type === 'scalar' && target.value === null)) return { ...empty, broken: false };
  if (target.type !== 'map') {
    problems.push(
      problem(
        `${file} must be a kubeconfig, not a ${target.type === 'seq' ? 'list' : 'single value'}`,
        'Choose a file with contexts, clusters and users.',
      ),
    );
    return { ...empty, broken: true };
  }
  const report = (node: Node, message: string) =>
    problems.push(problem(`${at(node.start)}: ${message}`, 'Fix that entry of the kubeconfig.'));
  const top = new Fields(target, '', report);
  checkIdentity(top, target, report);
  const context: Reading = { file, base: dirname(resolve(file)), report };
  const current = top.string('current-context');
  return {
    file,
    ...(current === undefined || current === '' ? {} : { current }),
    clusters: namedOf(top, 'clusters', 'cluster', context, clusterOf),
    users: namedOf(top, 'users', 'user', context, userOf),
    contexts: namedOf(top, 'contexts', 'context', context, contextOf),
    problems,
    broken: false,
  };
}

interface Reading {
  readonly file: string;
  readonly base: string;
  readonly report: (node: Node, message: string) => void;
}

function checkIdentity(top: Fields, node: Node, report: Reading['report']): void {
  const apiVersion = top.string('apiVersion');
  const kind = top.string('kind');
  if ((kind !== undefined && kind !== 'Config') || (apiVersion !== undefined && apiVersion !== 'v1')) {
    report(node, `this is ${apiVersion ?? ''} ${kind ?? ''}, not a kubeconfig (v1 Config)`);
  }
}

function namedOf<T extends object>(
  top: Fields,
  list: string,
  field: string,
  reading: Reading,
  read: (name: string, fields: Fields, reading: Reading) => T,
): ReadonlyMap<string, T> {
  const entries = new Map<string, T>();
  for (const item of top.items(list)) {
    const named = new Fields(item, list, reading.report);
    const name = named.string('name') ?? '';
    if (entries.has(name)) {
      reading.report(item, `${list} contains "${name}" more than once; the first entry is used`);
      continue;
    }
    let invalid: string | undefined;
    const report: Reading['report'] = (node, message) => {
      invalid ??= `${reading.file}: ${message}`;
      reading.report(node, message);
    };
    const entry = read(name, new Fields(named.map(field), `${list} "${name}"`, report), { ...reading, report });
    entries.set(name, invalid === undefined ? entry : { ...entry, invalid });
  }
  return entries;
}

function clusterOf(name: string, fields: Fields, { file, base }: Reading): Cluster {
  const extension = fields
    .items('extensions')
    .find((item) => new Fields(item, '', () => undefined).string('name') === 'client.authentication.k8s.io/exec');
  const config = extension && entryOf(extension, 'extension');
  return {
    name,
    file,
    server: fields.string('server') ?? '',
    insecure: fields.boolean('insecure-skip-tls-verify'),
    disableCompression: fields.boolean('disable-compression'),
    ...present({
      tlsServerName: fields.string('tls-server-name') || undefined,
      caFile: pathFrom(base, fields.string('certificate-authority')),
      caData: fields.base64('certificate-authority-data'),
      proxyUrl: fields.string('proxy-url'),
      execConfig: config && toValue(config.value),
    }),
  };
}

function userOf(name: string, fields: Fields, { file, base, report }: Reading): User {
  const provider = fields.map('auth-provider');
  const exec = fields.map('exec');
  const providerFields = provider && new Fields(provider, `users "${name}".auth-provider`, report);
  return {
    name,
    file,
    asGroups: fields.strings('as-groups'),
    asUserExtra: fields.lists('as-user-extra'),
    ...present({
      clientCertificate: pathFrom(base, fields.string('client-certificate')),
      clientCertificateData: fields.base64('client-certificate-data'),
      clientKey: pathFrom(base, fields.string('client-key')),
      clientKeyData: fields.base64('client-key-data'),
      token: fields.string('token'),
      tokenFile: pathFrom(base, fields.string('tokenFile')),
      username: fields.string('username'),
      password: fields.string('password'),
      as: fields.string('as'),
      asUid: fields.string('as-uid'),
      authProvider: providerFields && {
        name: providerFields.string('name') ?? '',
        config: providerFields.record('config'),
      },
      exec: exec && execOf(new Fields(exec, `users "${name}".exec`, report), base),
    }),
  };
}

function execOf(fields: Fields, base: string): Exec {
  const command = fields.string('command') ?? '';
  const hint = fields.string('installHint');
  return {
    // A plain name is looked up in PATH; a path with a separator is relative to the file's folder.
    command: command.includes(sep) ? (pathFrom(base, command) ?? '') : command,
    args: fields.strings('args'),
    env: fields.items('env').map((item) => {
      const entry = new Fields(item, 'exec.env', () => undefined);
      return { name: entry.string('name') ?? '', value: entry.string('value') ?? '' };
    }),
    apiVersion: fields.string('apiVersion') ?? '',
    provideClusterInfo: fields.boolean('provideClusterInfo'),
    // Only v1beta1 and v1alpha1 have a default, as in api/v1/defaults.go of clientcmd.
    interactiveMode:
      fields.string('interactiveMode') ||
      (/\/v1(beta1|alpha1)$/.test(fields.string('apiVersion') ?? '') ? 'IfAvailable' : ''),
    ...present({ installHint: hint }),
  };
}

function contextOf(name: string, fields: Fields, { file }: Reading): Context {
  return {
    name,
    file,
    cluster: fields.string('cluster') ?? '',
    user: fields.string('user') ?? '',
    ...present({ namespace: fields.string('namespace') || undefined }),
  };
}

/** Typed access to the fields of a map; a value of another type is reported and read as absent. */
class Fields {
  readonly #node: MapNode | undefined;
  readonly #path: string;
  readonly #report: Reading['report'];

  constructor(node: MapNode | undefined, path: string, report: Reading['report']) {
    this.#node = node;
    this.#path = path;
    this.#report = report;
  }

  string(name: string): string | undefined {
    return this.#typed(name, 'a string', (node) => {
      if (node.type !== 'scalar') return undefined;
      // `${...}` is plain text: a kubeconfig has no substitution.
      const text = typeof node.value === 'symbol' ? node.text : node.value;
      return typeof text === 'string' ? text.toWellFormed() : undefined;
    });
  }

  boolean(name: string): boolean {
    const read = (node: Node) => (node.type === 'scalar' && typeof node.value === 'boolean' ? node.value : undefined);
    return this.#typed(name, 'true or false', read) ?? false;
  }

  base64(name: string): string | undefined {
    const text = this.string(name);
    if (text === undefined || text === '') return undefined;
    const packed = text.replace(/[\r\n]/g, '');
    if (packed.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(packed))
      return Buffer.from(packed, 'base64').toString('utf8');
    this.#report(entryOf(this.#node!, name)!.value, `${this.#named(name)} must be base64`);
    return undefined;
  }

  map(name: string): MapNode | undefined {
    return this.#typed(name, 'a map', (node) => (node.type === 'map' ? node : undefined));
  }

  items(name: string): readonly MapNode[] {
    const list = this.#typed(name, 'a list', (node) => (node.type === 'seq' ? node : undefined));
    return (list?.items ?? []).flatMap((item) => {
      const target = resolveAlias(item);
      if (target?.type === 'map') return [target];
      this.#report(item, `an item of ${this.#named(name)} must be a map`);
      return [];
    });
  }

  strings(name: string): readonly string[] {
    const list = this.#typed(name, 'a list of strings', (node) => (node.type === 'seq' ? node : undefined));
    return list ? stringsOf(list) : [];
  }

  lists(name: string): Readonly<Record<string, readonly string[]>> {
    const map = this.map(name);
    return Object.fromEntries(
      (map?.entries ?? []).map((entry) => {
        const list = resolveAlias(entry.value);
        return [keyName(entry.key) ?? '', list?.type === 'seq' ? stringsOf(list) : []];
      }),
    );
  }

  record(name: string): Readonly<Record<string, string>> {
    const map = this.map(name);
    return Object.fromEntries(
      (map?.entries ?? []).map((entry) => [keyName(entry.key) ?? '', String(toValue(entry.value) ?? '')]),
    );
  }

  #typed<T>(name: string, wanted: string, read: (node: Node) => T | undefined): T | undefined {
    const entry = this.#node && entryOf(this.#node, name);
    const node = entry && resolveAlias(entry.value);
    if (!entry || (node?.type === 'scalar' && node.value === null)) return undefined;
    const value = node && read(node);
    if (value === undefined) this.#report(entry.value, `${this.#named(name)} must be ${wanted}`);
    return value;
  }

  #named(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }
}

function stringsOf(list: Extract<Node, { type: 'seq' }>): readonly string[] {
  return list.items.map((item) => {
    const target = resolveAlias(item);
    return target?.type === 'scalar' ? target.text : '';
  });
}

function pathFrom(base: string, path: string | undefined): string | undefined {
  if (path === undefined || path === '') return undefined;
  return isAbsolute(path) ? path : join(base, path);
}

/** Omits undefined fields, as `exactOptionalPropertyTypes` requires. */
function present<T extends object>(fields: T): { [key in keyof T]?: Exclude<T[key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

function problem(message: string, remedy: string): Problem {
  return { message, remedy };
}
