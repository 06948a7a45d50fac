// Charts in Helm's HTTP repositories: `index.yaml` lists the versions of each chart with the URLs of their archives.
import { createHash } from 'node:crypto';
import type { StoredChart } from '../charts/files.ts';
import { largestArchive } from '../disk/charts.ts';
import { parseVersion } from '../kube/values/semver.ts';
import { isRecord } from '../schema/facts.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { toValue } from '../syntax/value.ts';
import { type Env, get } from './http.ts';

export interface IndexedChart extends StoredChart {
  readonly url: string;
  readonly sha256: string | undefined;
}

/** Those of large repositories have 20 MB. */
const largestIndex = 100_000_000;

export async function versionsIn(
  repository: string,
  chart: string,
  env: Env,
  signal: AbortSignal,
): Promise<readonly IndexedChart[]> {
  const url = new URL('index.yaml', `${repository}/`);
  const { status, body } = await get(url, { env, signal, largest: largestIndex });
  if (status !== 200) throw new Error(`${url.href} answered with status ${status}`);
  const entries = entriesOf(body.toString('utf8'), chart);
  if (!entries) throw new Error(`${repository} has no chart ${chart}`);
  return entries.flatMap((entry): readonly IndexedChart[] => {
    if (!isRecord(entry)) return [];
    const { version: text, urls, digest } = entry;
    const version = typeof text === 'string' ? parseVersion(text) : undefined;
    const [first] = Array.isArray(urls) ? urls : [];
    if (!version?.ok || typeof first !== 'string' || !URL.canParse(first, `${repository}/`)) return [];
    const sha256 = typeof digest === 'string' ? digest.replace(/^sha256:/, '') : undefined;
    return [
      { text: text as string, version: version.value, url: new URL(first, `${repository}/`).href, sha256, names: [] },
    ];
  });
}

export async function archiveOf({ url, sha256 }: IndexedChart, env: Env, signal: AbortSignal): Promise<Buffer> {
  const { status, body } = await get(new URL(url), { env, signal, largest: largestArchive });
  if (status !== 200) throw new Error(`${url} answered with status ${status}`);
  if (sha256 !== undefined && sha256 !== '' && createHash('sha256').update(body).digest('hex') !== sha256)
    throw new Error(`${url} isn't the archive in the index: its checksum differs`);
  return body;
}

/** Of one chart only: an index may have thousands, and is written by programs, each entry at the same indentation. */
function entriesOf(index: string, chart: string): readonly unknown[] | undefined {
  if (/^\s*\{/.test(index)) {
    const read: unknown = JSON.parse(index);
    const entries = isRecord(read) && isRecord(read.entries) ? read.entries[chart] : undefined;
    return Array.isArray(entries) ? entries : undefined;
  }
  const lines = index.split('\n');
  const start = lines.findIndex((line) => /^entries:\s*$/.test(line));
  const named = new Set([`${chart}:`, `"${chart}":`, `'${chart}':`]);
  let from = -1;
  for (let at = start + 1; start !== -1 && at < lines.length && /^(?:\s|-|#|\r?$)/.test(lines[at]!); at += 1)
    if (named.has(lines[at]!.trim()) && /^ {1,4}\S/.test(lines[at]!)) {
      from = at;
      break;
    }
  if (from === -1) return undefined;
  const indent = /^ */.exec(lines[from]!)![0].length;
  let to = from + 1;
  const isInside = (line: string) =>
    line.trim() === '' || line.startsWith(' '.repeat(indent + 1)) || line.startsWith(`${' '.repeat(indent)}- `);
  while (to < lines.length && isInside(lines[to]!)) to += 1;
  // Each version is read by itself: all of them may be more than one document may have.
  const items: string[][] = [];
  for (const line of lines.slice(from + 1, to)) {
    if (/^ *- /.test(line) && (items.length === 0 || line.search(/\S/) === items[0]![0]!.search(/\S/)))
      items.push([line]);
    else items.at(-1)?.push(line);
  }
  return items.flatMap((item) => {
    const { root } = parseManifest(item.join('\n'));
    const value = root && toValue(root);
    return Array.isArray(value) ? value : [];
  });
}
