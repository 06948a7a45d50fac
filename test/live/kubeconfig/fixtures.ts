// Kubeconfigs of every form that kubectl reads: lists of files, paths, credentials, impersonation, proxies, plugins, and
// entries it rejects. Each is written to a separate folder and then read by kubectl and by the engine.
import { basename } from 'node:path';

/** The inputs of fixtures: a real server and credentials for it. */
export interface Parts {
  readonly server: string;
  /** PEM. */
  readonly ca: string;
  /** A client certificate with its key, PEM. */
  readonly certificate: string;
  readonly key: string;
  readonly token: string;
  /** A token of another user. */
  readonly otherToken: string;
  /** A plugin that prints `token`, and one that prints the client certificate. */
  readonly plugin: string;
  readonly certificatePlugin: string;
  /** `http://` and `socks5://` proxies. */
  readonly proxy: string;
  readonly socks: string;
}

export interface Fixture {
  readonly name: string;
  /** Files by path below the fixture's folder; only `config` is read unless `list` specifies others. */
  readonly files: Readonly<Record<string, string | Buffer>>;
  readonly list?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The identity isn't compared: the server is unreachable for both. */
  readonly offline?: true;
}

export function fixtures(parts: Parts): readonly Fixture[] {
  const { server, ca, certificate, key, token, otherToken, plugin, certificatePlugin, proxy, socks } = parts;
  const data = (pem: string) => Buffer.from(pem).toString('base64');
  const trusted = { server, 'certificate-authority-data': data(ca) };
  const exec = (command: string, more: object = {}) => ({
    exec: { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never', ...more },
  });
  const one = (name: string, cluster: object, user: object, context: object = {}): Fixture => ({
    name,
    files: { config: config(cluster, user, context) },
  });
  const pem = { 'pki/ca.crt': ca, 'pki/tls.crt': certificate, 'pki/tls.key': key };
  const all: readonly Fixture[] = [
    one('token', trusted, { token }),
    one('namespace of the context', trusted, { token }, { namespace: 'fleet' }),
    one('skip verification', { server, 'insecure-skip-tls-verify': true }, { token }),
    one('client certificate as data', trusted, {
      'client-certificate-data': data(certificate),
      'client-key-data': data(key),
    }),
    {
      name: 'client certificate and authority as relative files',
      files: {
        config: config(
          { server, 'certificate-authority': 'pki/ca.crt' },
          { 'client-certificate': 'pki/tls.crt', 'client-key': './pki/tls.key' },
        ),
        ...pem,
      },
    },
    {
      name: 'relative files of a file in another folder',
      files: {
        'deep/config': config(
          { server, 'certificate-authority': '../pki/ca.crt' },
          { 'client-certificate': '../pki/tls.crt', 'client-key': '../pki/tls.key' },
        ),
        ...pem,
      },
      list: ['deep/config'],
    },
    {
      name: 'authority as data and as file',
      files: {
        config: config({ ...trusted, 'certificate-authority': 'pki/other.crt' }, { token }),
        'pki/other.crt': certificate,
      },
    },
    {
      name: 'client certificate as data and as file',
      files: {
        config: config(trusted, {
          'client-certificate': 'pki/tls.crt',
          'client-certificate-data': data(certificate),
          'client-key': 'pki/tls.key',
        }),
        ...pem,
      },
    },
    {
      name: 'token file, relative',
      files: { config: config(trusted, { tokenFile: 'token' }), token: `${token}\n` },
    },
    {
      name: 'token file before token',
      files: { config: config(trusted, { token: 'stale', tokenFile: 'token' }), token },
    },
    { name: 'token file missing', files: { config: config(trusted, { tokenFile: 'nowhere' }) } },
    one('token and client certificate', trusted, {
      token: otherToken,
      'client-certificate-data': data(certificate),
      'client-key-data': data(key),
    }),
    one('name of the server’s certificate', { ...trusted, 'tls-server-name': 'localhost' }, { token }),
    one('wrong name of the server’s certificate', { ...trusted, 'tls-server-name': 'elsewhere.example' }, { token }),
    one('wrong authority', { server, 'certificate-authority-data': data(certificate) }, { token }),
    one('authority and skip verification', { ...trusted, 'insecure-skip-tls-verify': true }, { token }),
    one('impersonation: user', trusted, { token, as: 'jane' }),
    one('impersonation: user and groups', trusted, { token, as: 'jane', 'as-groups': ['devs', 'ops: on call'] }),
    one('impersonation: uid and extra', trusted, {
      token,
      as: 'jane',
      'as-uid': '4711',
      'as-user-extra': { 'example.com/Scope': ['one', 'two'], reason: ['drill'] },
    }),
    one('impersonation: groups without a user', trusted, { token, 'as-groups': ['devs'] }),
    one('proxy', { ...trusted, 'proxy-url': proxy }, { token }),
    one('SOCKS proxy', { ...trusted, 'proxy-url': socks }, { token }),
    one('dead proxy', { ...trusted, 'proxy-url': 'http://127.0.0.1:9' }, { token }),
    one('no compression', { ...trusted, 'disable-compression': true }, { token }),
    one('plugin: token', trusted, exec(plugin)),
    one('plugin: client certificate', trusted, exec(certificatePlugin)),
    one(
      'plugin: arguments and environment',
      trusted,
      exec(plugin, { args: ['--x', 'a b'], env: [{ name: 'A', value: 'b' }] }),
    ),
    one('plugin: beta API', trusted, exec(plugin, { apiVersion: 'client.authentication.k8s.io/v1beta1' })),
    one('plugin: removed API', trusted, exec(plugin, { apiVersion: 'client.authentication.k8s.io/v1alpha1' })),
    one('plugin: missing program', trusted, exec('no-such-plugin-anywhere', { installHint: 'Install it.' })),
    {
      name: 'plugin: relative to the file',
      files: { 'deep/config': config(trusted, exec(`../../${basename(plugin)}`)) },
      list: ['deep/config'],
    },
    one('plugin: token in the user wins', trusted, { token: otherToken, ...exec(plugin) }),
    {
      ...one('plugin: denied by kuberc', trusted, exec(plugin)),
      env: { KUBERC: 'kuberc' },
      files: { config: config(trusted, exec(plugin)), kuberc: kuberc('DenyAll') },
    },
    {
      name: 'plugin: allowed by kuberc',
      env: { KUBERC: 'kuberc' },
      files: { config: config(trusted, exec(plugin)), kuberc: kuberc('Allowlist', plugin) },
    },
    {
      name: 'plugin: not in the list of kuberc',
      env: { KUBERC: 'kuberc' },
      files: { config: config(trusted, exec(plugin)), kuberc: kuberc('Allowlist', '/usr/bin/other') },
    },
    {
      name: 'list: the first file wins, entry by entry',
      files: {
        a: config(trusted, { token }),
        b: config({ server: 'https://second.invalid' }, { token: otherToken }, { namespace: 'second' }),
      },
      list: ['a', 'b'],
    },
    {
      name: 'list: context, cluster and user in three files',
      files: {
        contexts: text({ contexts: [{ name: 'it', context: { cluster: 'it', user: 'it' } }] }),
        clusters: text({ clusters: [{ name: 'it', cluster: trusted }] }),
        users: text({ users: [{ name: 'it', user: { token } }], 'current-context': 'it' }),
      },
      list: ['contexts', 'clusters', 'users'],
    },
    {
      name: 'list: missing and empty files are skipped',
      files: { empty: '', real: config(trusted, { token }) },
      list: ['missing', 'empty', 'real'],
    },
    {
      name: 'list: a file in a folder with a space, twice',
      files: { 'with space/config': config(trusted, { token }) },
      list: ['with space/config', 'with space/config'],
    },
    one('no user: anonymous', trusted, {}, { user: '' }),
    one('context refers to a missing user', trusted, { token }, { user: 'nobody' }),
    one('context refers to a missing cluster', trusted, { token }, { cluster: 'nowhere' }),
    {
      name: 'current context is missing',
      files: { config: text({ 'current-context': 'gone', contexts: [] }) },
    },
    { name: 'invalid YAML', files: { config: 'clusters: [' } },
    {
      name: 'YAML with anchors, comments and block scalars',
      files: { config: yaml(server, data(ca), token) },
    },
    { name: 'BOM', files: { config: Buffer.concat([Buffer.from('\ufeff'), Buffer.from(config(trusted, { token }))]) } },
    one('bad base64', { server, 'certificate-authority-data': '%%%' }, { token }),
    one('server without scheme', { ...trusted, server: server.replace('https://', '') }, { token }),
    one('server with a path', { ...trusted, server: `${server}/nowhere/` }, { token }),
    { ...one('IPv6 server', { server: 'https://[::1]:9' }, { token }), offline: true },
    one('user name and password', trusted, { username: 'jo', password: 'secret' }),
    one('token and password', trusted, { token, username: 'jo', password: 'secret' }),
    one('certificate without its key', trusted, { 'client-certificate-data': data(certificate) }),
    {
      name: 'extensions and preferences are ignored',
      files: {
        config: config(
          { ...trusted, extensions: [{ name: 'x', extension: { a: 1 } }] },
          { token, extensions: [{ name: 'y', extension: [1] }] },
          { extensions: [{ name: 'z', extension: 'z' }] },
        ),
      },
    },
  ];
  return all;
}

function config(cluster: object, user: object, context: object = {}): string {
  return text({
    'current-context': 'it',
    clusters: [{ name: 'it', cluster }],
    users: [{ name: 'it', user }],
    contexts: [{ name: 'it', context: { cluster: 'it', user: 'it', ...context } }],
  });
}

function text(value: object): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'Config', ...value }, null, 2);
}

function kuberc(policy: string, command?: string): string {
  return JSON.stringify({
    apiVersion: 'kubectl.config.k8s.io/v1beta1',
    kind: 'Preference',
    credentialPluginPolicy: policy,
    ...(command === undefined ? {} : { credentialPluginAllowlist: [{ name: command }] }),
  });
}

function yaml(server: string, ca: string, token: string): string {
  return `# of a tool
apiVersion: v1
kind: Config
current-context: &name it
clusters:
- name: *name
  cluster: &cluster
    certificate-authority-data: >-
      ${ca}
    server: "${server}" # quoted
- cluster: *cluster
  name: 'another'
users:
- name: it
  user: {token: '${token}'}
contexts:
- context:
    cluster: it
    user: it
    namespace: |-
      fleet
  name: it
preferences: {}
`;
}
