// Fetches a chart from its repository or registry into the user's cache, when the user asks for it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readChart } from '../charts/chart.ts';
import type { StoredChart } from '../charts/files.ts';
import { archiveName, chartFolder, fetchedFile, readFetched, unpack } from '../disk/charts.ts';
import { exclusively, replaceFile } from '../disk/durable.ts';
import { parseVersion } from '../kube/values/semver.ts';
import { type ChartAddress, chosenVersion } from '../workspace/charts.ts';
import type { Env } from './http.ts';
import { Client } from './oci.ts';
import { archiveOf, versionsIn } from './repository.ts';

export type RepositoryChart = Extract<ChartAddress, { readonly is: 'repository' }>;

export interface FetchOptions {
  readonly env: Env;
  /** Registries are read without encryption. */
  readonly isPlain: boolean;
  readonly signal: AbortSignal;
}

interface Archive {
  readonly bytes: Buffer;
  /** Names besides its version: a tag, a digest. */
  readonly names: readonly string[];
}

/** The version that was stored in the cache's folder for charts. Rejects with an error whose message is for the user. */
export async function fetchChart(wanted: RepositoryChart, folder: string, options: FetchOptions): Promise<string> {
  const archive = await archiveFor(wanted, options);
  const files = unpack(archive.bytes);
  const chart = files && readChart(files);
  if (!chart) throw new Error(`what ${wanted.repository} has as ${wanted.chart} is no chart, or too large`);
  const { version, name } = chart;
  if (!/^[0-9A-Za-z.+-]+$/.test(version) || !parseVersion(version).ok)
    throw new Error(`the chart ${name} has no version that Helm accepts`);
  const own = chartFolder(folder, wanted.repository, wanted.chart);
  mkdirSync(own, { recursive: true });
  exclusively(own, () => {
    const others = readFetched(own);
    replaceFile(join(own, archiveName(version)), archive.bytes);
    // A tag that moved is that of one version only.
    const kept = Object.entries(others).map(([one, names]) => [
      one,
      names.filter((tag) => !archive.names.includes(tag)),
    ]);
    const now = { ...Object.fromEntries(kept), [version]: [...new Set([...archive.names])] };
    replaceFile(join(own, fetchedFile), `${JSON.stringify(now, null, 2)}\n`);
    replaceFile(join(own, 'from.txt'), `${wanted.repository} ${wanted.chart}\n`);
  });
  return version;
}

async function archiveFor(wanted: RepositoryChart, options: FetchOptions): Promise<Archive> {
  const { repository, chart, version } = wanted;
  if (repository.startsWith('oci://')) return fromRegistry(`${repository}/${chart}`, version, options);
  if (!/^https?:/.test(repository) || !URL.canParse(repository))
    throw new Error(`${repository} is no URL of a repository`);
  const { env, signal } = options;
  const versions = await versionsIn(repository, chart, env, signal);
  const chosen = chosenVersion(versions, version);
  if (!chosen) throw new Error(`${repository} has no version of ${chart} in ${version}`);
  const indexed = versions.find(({ text }) => text === chosen.text)!;
  if (indexed.url.startsWith('oci://')) {
    const [, url = '', tag] = /^(oci:\/\/[^/]+\/.+?)(?::([^:/]+))?$/.exec(indexed.url) ?? [];
    return fromRegistry(url, tag ?? chosen.text, options);
  }
  return { bytes: await archiveOf(indexed, env, signal), names: [] };
}

async function fromRegistry(url: string, version: string, options: FetchOptions): Promise<Archive> {
  const client = new Client({ url, ...options });
  if (/^sha256:/.test(version)) {
    const { bytes, digest } = await client.archive(version);
    return { bytes, names: [digest] };
  }
  const tags = await client.tags();
  const exact = [version, version.replaceAll('+', '_')].find((one) => tags.includes(one));
  const tag = exact ?? tagInRange(tags, version);
  if (tag === undefined) throw new Error(`${url} has no version in ${version}`);
  const { bytes, digest } = await client.archive(tag);
  return { bytes, names: [tag, digest] };
}

function tagInRange(tags: readonly string[], range: string): string | undefined {
  const versions = tags.flatMap((tag): readonly StoredChart[] => {
    const version = parseVersion(tag.replaceAll('_', '+'));
    return version.ok ? [{ text: tag, version: version.value, names: [] }] : [];
  });
  return chosenVersion(versions, range)?.text;
}
