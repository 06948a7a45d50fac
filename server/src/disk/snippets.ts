// Reads our snippets, which lie next to `dist/`, or next to the sources when they are run directly.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readText } from './reader.ts';

/** In bytes, for one file. */
const largest = 1_000_000;

/** The texts of the files, in the order of their names. */
export function snippetTexts(): readonly string[] {
  const here = dirname(fileURLToPath(import.meta.url));
  const folder = [join(here, '../snippets'), join(here, '../../../snippets')].find((one) => existsSync(one));
  if (folder === undefined) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.toSorted().flatMap((name) => {
    const text = readText(join(folder, name), { largest });
    return typeof text === 'string' ? [text] : [];
  });
}
