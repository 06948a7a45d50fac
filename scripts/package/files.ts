// The files of a package, by name: what isn't listed isn't delivered.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packFile } from '../../server/src/disk/schema-pack.ts';

/** The bundles, without `.js`. */
export const programs = [
  'cli',
  'cli-clusters',
  'cli-files',
  'cluster',
  'extension',
  'language',
  'language-client',
  'language-server',
] as const;

const single = [
  'CHANGELOG.md',
  'LICENSE',
  'NOTICE',
  'README.md',
  'SECURITY.md',
  'THIRD-PARTY-LICENSES.txt',
  'client/media/capstan.svg',
  'client/media/editor.png',
  'client/media/icon.png',
  'client/media/problems.png',
  'package.json',
  'sbom.cdx.json',
  `server/schemas/${packFile}`,
];

/** Sorted; with `/`. */
export function packagedFiles(root: string): readonly string[] {
  const folders = [
    ['snippets', '.json'],
    ['syntaxes', '.json'],
  ] as const;
  const inFolders = folders.flatMap(([folder, ending]) =>
    filesBelow(join(root, folder)).flatMap((name) => (name.endsWith(ending) ? `${folder}/${name}` : [])),
  );
  return [...single, ...programs.map((name) => `dist/${name}.js`), ...inFolders].sort();
}

/** The paths of all files below a folder, with `/`. */
export function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => file.slice(folder.length + 1).replaceAll('\\', '/')).sort();
}
