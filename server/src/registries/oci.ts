// Charts in OCI registries: tags, manifests and layers by the OCI distribution specification, with the token flow that registries
// use for anonymous readers and for the credentials in the user's Docker configuration. No credential helper is run.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { largestArchive } from '../disk/charts.ts';
import { readText } from '../disk/reader.ts';
import { isRecord } from '../schema/facts.ts';
import { type Answer, type Env, get, isLoopback } from './http.ts';

export interface Registry {
  /** `oci://host/path`, with the chart's name at its end. */
  readonly url: string;
  readonly isPlain: boolean;
  readonly env: Env;
  readonly signal: AbortSignal;
}

const chartLayer = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';
const manifestType = 'application/vnd.oci.image.manifest.v1+json';

const largestDocument = 4_000_000;
const mostPages = 50;

export class Client {
  readonly #registry: Registry;
  readonly #host: string;
  readonly #name: string;
  readonly #base: string;
  #authorization: string | undefined;

  constructor(registry: Registry) {
    const [, host = '', name = ''] = /^oci:\/\/([^/]+)\/(.+?)\/*$/.exec(registry.url) ?? [];
    if (!URL.canParse(`https://${host}`) || name === '') throw new Error(`${registry.url} must be oci://HOST/PATH`);
    const { hostname } = new URL(`https://${host}`);
    this.#registry = registry;
    this.#host = host;
    this.#name = name;
    this.#base = `${registry.isPlain || isLoopback(hostname) ? 'http' : 'https'}://${host}/v2/${name}`;
  }

  async tags(): Promise<readonly string[]> {
    const tags: string[] = [];
    let next: string | undefined = `${this.#base}/tags/list?n=1000`;
    for (let page = 0; next !== undefined && page < mostPages; page += 1) {
      const { body, headers } = await this.#get(next, 'application/json', largestDocument);
      const read = jsonOf(body);
      const list = isRecord(read) && Array.isArray(read.tags) ? read.tags : [];
      tags.push(...list.filter((tag) => typeof tag === 'string'));
      const [, link] = /<([^>]*)>\s*;\s*rel="?next"?/.exec([headers.link].flat().join(',')) ?? [];
      next = link !== undefined && URL.canParse(link, next) ? this.#sameHost(new URL(link, next)) : undefined;
    }
    return tags;
  }

  /** The archive of a tag or a digest, and the digest of its manifest. */
  async archive(reference: string): Promise<{ readonly bytes: Buffer; readonly digest: string }> {
    const answer = await this.#get(
      `${this.#base}/manifests/${encodeURIComponent(reference)}`,
      manifestType,
      largestDocument,
    );
    const digest = digestOf(answer.body);
    if (reference.startsWith('sha256:') && reference !== digest)
      throw new Error(`${this.#host} sent another manifest than ${reference}`);
    const manifest = jsonOf(answer.body);
    const layers = isRecord(manifest) && Array.isArray(manifest.layers) ? manifest.layers.filter(isRecord) : [];
    const layer =
      layers.find((one) => one.mediaType === chartLayer) ??
      layers.find((one) => /tar\+gzip$/.test(String(one.mediaType)));
    if (typeof layer?.digest !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(layer.digest))
      throw new Error(`${this.#name}:${reference} is no Helm chart`);
    const { body } = await this.#get(`${this.#base}/blobs/${layer.digest}`, '*/*', largestArchive);
    if (digestOf(body) !== layer.digest) throw new Error(`${this.#host} sent another layer than ${layer.digest}`);
    return { bytes: body, digest };
  }

  #sameHost(url: URL): string | undefined {
    return url.host === new URL(this.#base).host ? url.href : undefined;
  }

  async #get(url: string, accept: string, largest: number): Promise<Answer> {
    const { env, signal } = this.#registry;
    const headers = () => ({ accept, ...(this.#authorization && { authorization: this.#authorization }) });
    let answer = await get(new URL(url), { env, signal, largest, headers: headers() });
    if (answer.status === 401) {
      this.#authorization = await this.#authorize([answer.headers['www-authenticate']].flat().join(','));
      if (this.#authorization) answer = await get(new URL(url), { env, signal, largest, headers: headers() });
    }
    if (answer.status === 200) return answer;
    if (answer.status === 404)
      throw new Error(`${this.#host} has no ${this.#name} at ${new URL(url).pathname.split('/').at(-1)}`);
    throw new Error(`${this.#host} answered with status ${answer.status}`);
  }

  /** Of the challenge `Bearer realm="…",service="…",scope="…"`, or `Basic`. */
  async #authorize(challenge: string): Promise<string | undefined> {
    const basic = basicFor(this.#host, this.#registry.env);
    if (/^basic/i.test(challenge)) return basic;
    const field = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1];
    const realm = field('realm');
    if (realm === undefined || !URL.canParse(realm)) return undefined;
    const url = new URL(realm);
    const isSafe = url.protocol === 'https:' || isLoopback(url.hostname) || this.#registry.isPlain;
    if (!isSafe) throw new Error(`${this.#host} asks for a token from ${url.host} without encryption`);
    const service = field('service');
    if (service !== undefined) url.searchParams.set('service', service);
    url.searchParams.set('scope', field('scope') ?? `repository:${this.#name}:pull`);
    const { env, signal } = this.#registry;
    const answer = await get(url, {
      env,
      signal,
      largest: largestDocument,
      ...(basic && { headers: { authorization: basic } }),
    });
    const read = answer.status === 200 ? jsonOf(answer.body) : undefined;
    const token = isRecord(read) ? (read.token ?? read.access_token) : undefined;
    if (typeof token !== 'string')
      throw new Error(`${this.#host} refuses access (status ${answer.status}); sign in with “helm registry login”`);
    return `Bearer ${token}`;
  }
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** What `helm registry login` and `docker login` wrote, where they keep it in the file itself. */
function basicFor(host: string, env: Env): string | undefined {
  const home = env.HOME || env.USERPROFILE;
  const files = [
    env.HELM_REGISTRY_CONFIG,
    home && join(env.XDG_CONFIG_HOME || join(home, '.config'), 'helm/registry/config.json'),
    env.DOCKER_CONFIG ? join(env.DOCKER_CONFIG, 'config.json') : home && join(home, '.docker/config.json'),
  ];
  for (const file of files) {
    const text = file ? readText(file, { largest: 1_000_000 }) : undefined;
    const read = typeof text === 'string' ? jsonOf(Buffer.from(text)) : undefined;
    const auths = isRecord(read) && isRecord(read.auths) ? read.auths : {};
    const entry = auths[host] ?? auths[`https://${host}`];
    if (isRecord(entry) && typeof entry.auth === 'string' && entry.auth !== '') return `Basic ${entry.auth}`;
  }
  return undefined;
}
