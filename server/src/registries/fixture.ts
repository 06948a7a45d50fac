// For tests: archives of charts, and a server on loopback that has them as a Helm repository and as an OCI registry.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface TarEntry {
  readonly name: string;
  readonly content?: string | Uint8Array;
  /** By default a regular file. */
  readonly type?: string;
  /** As the header has it, if it isn't that of the content. */
  readonly size?: number;
}

export function tarOf(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap(({ name, content = '', type = '0', size }) => {
    const body = Buffer.from(content);
    const header = Buffer.alloc(512);
    header.write(name.slice(0, 100), 0);
    header.write('0000644\0', 100);
    header.write(`${(size ?? body.length).toString(8).padStart(11, '0')}\0`, 124);
    header.write('        ', 148);
    header.write(type, 156);
    header.write('ustar\0', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** The files of a chart in its own folder, with a `Chart.yaml`. */
export function archiveOfChart(name: string, version: string, files: Readonly<Record<string, string>> = {}): Buffer {
  const all = { 'Chart.yaml': `apiVersion: v2\nname: ${name}\nversion: ${version}\n`, ...files };
  return gzipSync(tarOf(Object.entries(all).map(([path, content]) => ({ name: `${name}/${path}`, content }))));
}

export interface Registry {
  readonly host: string;
  /** The paths of all requests. */
  readonly requests: string[];
  close(): void;
}

/** `charts` by `name version`. With `token`, the registry wants one that its own realm gives. */
export async function registryOf(charts: Readonly<Record<string, Buffer>>, token?: string): Promise<Registry> {
  const requests: string[] = [];
  const blobs = new Map<string, Buffer>();
  const manifests = new Map<string, Map<string, Buffer>>();
  for (const [key, archive] of Object.entries(charts)) {
    const [name = '', version = ''] = key.split(' ');
    const digest = digestOf(archive);
    blobs.set(digest, archive);
    const layer = { mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', digest, size: archive.length };
    const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, layers: [layer] }));
    const tags = manifests.get(name) ?? new Map<string, Buffer>();
    manifests.set(name, tags.set(version.replaceAll('+', '_'), manifest).set(digestOf(manifest), manifest));
  }
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    requests.push(url.pathname);
    const send = (body: string | Buffer | undefined) =>
      response.writeHead(body === undefined ? 404 : 200).end(body ?? '');
    if (url.pathname === '/token') return send(JSON.stringify({ token }));
    if (url.pathname === '/charts/index.yaml') return send(indexOf(charts));
    const archive = /^\/charts\/(.+)-(\d[^/]*)\.tgz$/.exec(url.pathname);
    if (archive) return send(charts[`${archive[1]} ${archive[2]}`]);
    const [, name = '', what, reference = ''] =
      /^\/v2\/team\/([^/]+)\/(tags|manifests|blobs)\/(.+)$/.exec(url.pathname) ?? [];
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
      const realm = `http://${request.headers.host}/token`;
      return response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}",service="test"` }).end();
    }
    if (what === 'tags') {
      const tags = [...(manifests.get(name)?.keys() ?? [])].filter((tag) => !tag.startsWith('sha256:'));
      return send(tags.length > 0 ? JSON.stringify({ name, tags }) : undefined);
    }
    return send(what === 'blobs' ? blobs.get(reference) : manifests.get(name)?.get(decodeURIComponent(reference)));
  };
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function indexOf(charts: Readonly<Record<string, Buffer>>): string {
  const names = [...new Set(Object.keys(charts).map((key) => key.split(' ')[0]!))].sort();
  const entries = names.map((name) => {
    const versions = Object.keys(charts).filter((key) => key.startsWith(`${name} `));
    const items = versions.map((key) => {
      const version = key.split(' ')[1]!;
      const digest = createHash('sha256').update(charts[key]!).digest('hex');
      return `  - annotations:\n      a: |-\n        - kind: x\n    digest: ${digest}\n    name: ${name}\n    urls:\n    - ${name}-${version}.tgz\n    version: ${version}\n`;
    });
    return `  ${name}:\n${items.join('')}`;
  });
  return `apiVersion: v1\nentries:\n${entries.join('')}generated: "2026-01-01T00:00:00Z"\n`;
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
