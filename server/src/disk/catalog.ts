// Opens the schemas on this machine: those bundled with the program and those the user imported.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Catalog, openCatalog, type Read } from '../schema/load.ts';
import { importedFolder, indexKey } from '../schema/stored.ts';
import { readText } from './reader.ts';
import { packFile, packReader } from './schema-pack.ts';

/** Reads only the indexes; `env` locates the user's cache. */
export function catalogOnDisk(env: Readonly<Record<string, string | undefined>>): Catalog {
  const imported = importedFolder(env);
  return openCatalog(bundledReader(), imported ? folderReader(imported) : undefined);
}

/** In bytes; 20 times the size of all Kubernetes definitions in one file. */
const largestSchema = 100_000_000;

function folderReader(folder: string): Read {
  return (key) => {
    // An index of the user's cache may name anything.
    if (key.split(/[/\\]/).includes('..')) return undefined;
    const text = readText(join(folder, key), { largest: largestSchema });
    return typeof text === 'string' ? text : undefined;
  };
}

/** Next to `dist/`, in a package as one file, or next to the sources when they are run directly. */
function bundledReader(): Read {
  const here = dirname(fileURLToPath(import.meta.url));
  const folders = [join(here, '../server/schemas'), join(here, '../../schemas')];
  const known = folders.find((folder) => [indexKey, packFile].some((name) => existsSync(join(folder, name))));
  // Without them everything would be an unknown kind, and that would look like a verdict.
  if (known === undefined)
    throw new Error(`Capstan is incomplete: its schemas are not in ${folders.join(' or ')}. Install it again.`);
  return packReader(known) ?? folderReader(known);
}
