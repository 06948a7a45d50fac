// Opens the schemas on this machine: those bundled with the program and those the user imported.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Catalog, openCatalog, type Read } from '../schema/load.ts';
import { importedFolder, indexKey } from '../schema/stored.ts';

/** Reads only the indexes; `env` locates the user's cache. */
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

/** Next to `dist/`, or next to the sources when they are run directly. */
function bundledFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const folders = [join(here, '../server/schemas'), join(here, '../../schemas')];
  return folders.find((folder) => existsSync(join(folder, indexKey))) ?? folders[0]!;
}
