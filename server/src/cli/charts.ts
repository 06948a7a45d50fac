// `capstan charts`: lists the charts that the HelmReleases of a repository use, and fetches those that aren't there yet into the
// user's cache. Nothing else fetches charts.
import { resolve } from 'node:path';
import { withoutCredentials } from '../syntax/credentials.ts';
import type { WantedChart } from '../workspace/wanted-charts.ts';
import type { Io } from './io.ts';
import { flagsIn, misused } from './misuse.ts';
import { table } from './table.ts';

const usage = `Usage: capstan charts [list] [PATH] [--format text|json]
       capstan charts fetch [PATH] [--plain-http]
       capstan charts fetch --repository URL CHART [--version RANGE] [--plain-http]

Lists the charts that the HelmReleases of a repository use (default: of the current folder), and whether they are known: from
a folder of the repository, or fetched. What is known completes and checks the values of releases.

"fetch" gets the others from their repositories (https://, http://) and registries (oci://), as Flux would choose their
versions, into a cache of the user; or one CHART of a repository or registry that is named. Registries are read with what
"helm registry login" or "docker login" wrote.

  --repository URL    the repository, or for a registry the URL without the chart's name
  --version RANGE     a version or a range of versions (default: the newest)
  --plain-http        read registries without encryption
  --format FORMAT     text (default) or json

Exit: 0 done, 1 a chart can't be fetched, 2 wrong usage.
`;

/** Milliseconds that one chart may take. */
const patience = 120_000;

/** Resolves to the exit code. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const options = {
    repository: { type: 'string' },
    version: { type: 'string' },
    format: { type: 'string' },
    'plain-http': { type: 'boolean' },
  } as const;
  const flags = flagsIn({ verb: 'charts', usage }, options, args, io);
  if (typeof flags === 'number') return flags;
  const { values, positionals } = flags;
  const format = values.format ?? 'text';
  if (format !== 'text' && format !== 'json')
    return misused(io, 'charts', `--format must be text or json, not "${format}"`, usage);
  const isNamed = positionals[0] === 'fetch' || positionals[0] === 'list';
  const [what, ...more] = isNamed ? positionals.slice(1) : positionals;
  if (more.length > 0) return misused(io, 'charts', `unexpected argument "${more[0]}"`, usage);
  if (positionals[0] !== 'fetch') return list(what ?? '.', format, io);
  const { repository, version = '*' } = values;
  if (repository === undefined) {
    if (values.version !== undefined) return misused(io, 'charts', '--version needs --repository', usage);
    const wanted = await wantedIn(what ?? '.', io);
    const missing = wanted.filter(({ known }) => known === undefined);
    return fetchAll(missing, values['plain-http'] === true, io);
  }
  if (what === undefined) return misused(io, 'charts', '--repository needs the name of a CHART', usage);
  const address = { is: 'repository', repository: repository.replace(/\/+$/, ''), chart: what, version } as const;
  return fetchAll([{ address, known: undefined, isPlain: false, releases: [] }], values['plain-http'] === true, io);
}

async function wantedIn(path: string, io: Io): Promise<readonly WantedChart[]> {
  const { workspaceAt } = await import('./lint/root.ts');
  const { chartsWanted } = await import('../workspace/wanted-charts.ts');
  const { workspace } = await workspaceAt(resolve(io.cwd, path), io.env);
  return chartsWanted(workspace);
}

async function list(path: string, format: 'text' | 'json', io: Io): Promise<number> {
  const { chartUse } = await import('../workspace/wanted-charts.ts');
  const rows = (await wantedIn(path, io)).map((wanted) => {
    const { shown, ...use } = chartUse(wanted);
    return { ...use, ...(shown !== undefined && { repository: shown }) };
  });
  if (format === 'json') io.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else
    io.stdout.write(
      table(
        rows.map(({ folder, repository, chart, version, known, releases }) => [
          ...[folder ?? chart ?? '', version ?? '', known ?? 'not fetched', repository ?? 'in the repository'],
          `${releases.length} ${releases.length === 1 ? 'release' : 'releases'}`,
        ]),
      ),
    );
  return 0;
}

async function fetchAll(missing: readonly WantedChart[], isPlain: boolean, io: Io): Promise<number> {
  const { chartsFolder } = await import('../disk/charts.ts');
  const { fetchChart } = await import('../registries/charts.ts');
  const folder = chartsFolder(io.env);
  if (!folder) return misused(io, 'charts', 'there is no cache to fetch into; set HOME or XDG_CACHE_HOME', usage);
  let failed = 0;
  for (const { address, isPlain: isInsecure } of missing) {
    if (address.is === 'folder') {
      failed += 1;
      io.stderr.write(`capstan charts: ${address.folder || '.'} has no Chart.yaml\n`);
      continue;
    }
    try {
      const signal = AbortSignal.timeout(patience);
      const version = await fetchChart(address, folder, { env: io.env, isPlain: isPlain || isInsecure, signal });
      io.stdout.write(`Fetched ${address.chart} ${version} from ${withoutCredentials(address.repository)}.\n`);
    } catch (error) {
      failed += 1;
      const { message } = error as Error;
      io.stderr.write(`capstan charts: ${address.chart} ${address.version}: ${withoutCredentials(message)}\n`);
    }
  }
  if (missing.length === 0) io.stdout.write('All charts are known.\n');
  return failed > 0 ? 1 : 0;
}
