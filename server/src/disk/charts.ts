// The charts that were fetched into the user's cache, one archive for each version, and their archives unpacked in memory.
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type ChartFiles, type ChartSource, mostInChart, noCharts, type StoredChart } from '../charts/files.ts';
import { filesOfTar } from '../charts/tar.ts';
import { parseVersion } from '../kube/values/semver.ts';
import { cacheFolder } from '../schema/stored.ts';
import { readBytes, readText } from './reader.ts';

/** In bytes, of an archive; the bound for what is in it is Helm's. */
export const largestArchive = 20 * 1024 * 1024;

export function chartsFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const cache = cacheFolder(env);
  return cache && `${cache}/charts`;
}

/** The folder of a chart: readable, and different for any two repositories. */
export function chartFolder(charts: string, repository: string, chart: string): string {
  const readable = repository.replace(/^[a-z]+:\/\//, '').replace(/[^A-Za-z0-9.-]+/g, '-');
  const digest = createHash('sha256').update(`${repository}\n${chart}`).digest('hex').slice(0, 12);
  const name = chart.replace(/[^A-Za-z0-9.-]+/g, '-');
  return join(charts, `${readable.slice(0, 60)}-${name.slice(0, 60)}-${digest}`);
}

/** The names of the files of a version; `+` of a version is fine in both. */
export function archiveName(version: string): string {
  return `${version}.tgz`;
}

/** The other names of each version that was fetched. */
export const fetchedFile = 'fetched.json';

/** Reads the cache when it is first asked, and again after `forget`. */
export interface StoredCharts extends ChartSource {
  forget(): void;
}

export function chartsOnDisk(env: Readonly<Record<string, string | undefined>>): StoredCharts {
  const folder = chartsFolder(env);
  if (folder === undefined) return { ...noCharts, unpack, forget: () => undefined };
  const versions = new Map<string, readonly StoredChart[]>();
  const files = new Map<string, ChartFiles | undefined>();
  const remembered = <T>(known: Map<string, T>, key: string, read: () => T): T => {
    if (!known.has(key)) known.set(key, read());
    return known.get(key)!;
  };
  return {
    // Asked for each release of each cluster: the name of the folder has a digest.
    versions: (repository, chart) =>
      remembered(versions, `${repository}\n${chart}`, () => versionsIn(chartFolder(folder, repository, chart))),
    files: (repository, chart, version) => {
      const file = join(chartFolder(folder, repository, chart), archiveName(version));
      return remembered(files, file, () => {
        const bytes = readBytes(file, { largest: largestArchive });
        return Buffer.isBuffer(bytes) ? unpack(bytes) : undefined;
      });
    },
    unpack,
    forget: () => {
      versions.clear();
      for (const [file, one] of files) if (!one) files.delete(file);
    },
  };
}

function versionsIn(folder: string): readonly StoredChart[] {
  const fetched = readFetched(folder);
  try {
    return readdirSync(folder).flatMap((name): readonly StoredChart[] => {
      const text = /^(.+)\.tgz$/.exec(name)?.[1];
      const version = text === undefined ? undefined : parseVersion(text);
      return text !== undefined && version?.ok ? [{ text, version: version.value, names: fetched[text] ?? [] }] : [];
    });
  } catch {
    return [];
  }
}

/** By version. A damaged file is as good as none. */
export function readFetched(folder: string): Readonly<Record<string, readonly string[]>> {
  try {
    const text = readText(join(folder, fetchedFile), { largest: 1_000_000 });
    const read: unknown = typeof text === 'string' ? JSON.parse(text) : {};
    if (typeof read !== 'object' || read === null) return {};
    const entries = Object.entries(read).map(([version, names]) => [
      version,
      Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [],
    ]);
    return Object.fromEntries(entries);
  } catch {
    return {};
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** An archive within an archive has subcharts, each with their own: the sizes of all of them together are bounded. */
export function unpack(archive: Uint8Array): ChartFiles | undefined {
  return unpackWithin(archive, { bytes: mostInChart.bytes });
}

function unpackWithin(archive: Uint8Array, left: { bytes: number }): ChartFiles | undefined {
  const files = inflate(archive, left);
  if (!files) return undefined;
  const archives = new Map<string, ChartFiles | undefined>();
  return {
    paths: [...files.keys()].sort(),
    text: (path) => {
      const bytes = files.get(path);
      try {
        return bytes && decoder.decode(bytes);
      } catch {
        return undefined;
      }
    },
    bytes: (path) => files.get(path),
    archive: (path) => {
      const bytes = files.get(path);
      if (bytes && !archives.has(path)) archives.set(path, unpackWithin(bytes, left));
      return archives.get(path);
    },
  };
}

/** In bytes. Node keeps the buffers of a failed decompression until its event loop turns. */
const costOfBroken = 64 * 1024;

function inflate(archive: Uint8Array, left: { bytes: number }): ReadonlyMap<string, Uint8Array> | undefined {
  try {
    if (left.bytes <= 0) return undefined;
    const tar = gunzipSync(archive, { maxOutputLength: left.bytes });
    left.bytes -= tar.length;
    return filesOfTar(tar);
  } catch {
    left.bytes -= costOfBroken;
    return undefined;
  }
}
