// The schemas on this machine: those that came with the program and those the user imported.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Catalog, openCatalog, type Read } from '../schema/load.ts';
import { importedFolder, indexKey } from '../schema/stored.ts';

/** Reads the indexes only; `env` says where the user's cache is. */
export function catalogOnDisk(env: Readonly<Record<string, string | undefined>>): Catalog {
  const imported = importedFolder(env);
  return openCatalog(folderReader(bundledFolder()), imported ? folderReader(imported) : undefined);
}

function folderReader(folder: string): Read {
  return (key) => {
    try {
      return readFileSync(join(folder, key), 'utf8');
    } catch {
      return undefined;
    }
  };
}

/** Beside `dist/`, or beside the sources where those run. */
function bundledFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const folders = [join(here, '../server/schemas'), join(here, '../../schemas')];
  return folders.find((folder) => existsSync(join(folder, indexKey))) ?? folders[0]!;
}
