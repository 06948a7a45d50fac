// `capstan schemas detect`: prints which versions the clusters of a repository run, and what states it.
import { resolve } from 'node:path';
import { fleetOf } from '../workspace/fleets.ts';
import type { Io } from './io.ts';
import { workspaceAt } from './lint/root.ts';
import type { DetectedVersion } from './output.ts';
import { table } from './table.ts';

/** Resolves to the exit code. */
export async function detect(path: string, format: 'text' | 'json', io: Io): Promise<number> {
  const { isFolder } = await import('../disk/files.ts');
  const at = resolve(io.cwd, path);
  const kind = isFolder(at);
  if (kind !== true) {
    io.stderr.write(`capstan schemas: ${path}: ${kind === false ? 'not a folder' : kind.problem}\n`);
    return 2;
  }
  const { workspace } = await workspaceAt(at, io.env);
  const configured = Object.entries(workspace.config.targets).map(([project, version]): DetectedVersion => {
    return { project, version, field: 'targets', file: '.capstan.yaml' };
  });
  const found = [...fleetOf(workspace).versions()].flatMap(([cluster, versions]) =>
    Object.entries(versions).map(([project, evidence]): DetectedVersion => ({ cluster, project, ...evidence })),
  );
  const rows = [...configured, ...found];
  if (format === 'json') io.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else if (rows.length === 0) io.stdout.write('No file states a version.\n');
  else
    io.stdout.write(
      table(
        rows.map(({ cluster = 'all clusters', project, version, field, file }) => {
          return [cluster, project, version, `${field} in ${file}`];
        }),
      ),
    );
  return 0;
}
