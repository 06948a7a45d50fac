// The current files of a root for the command line.
import { walk } from '../../disk/files.ts';
import type { CurrentFiles } from '../../disk/older.ts';
import { diskFiles } from '../../disk/reader.ts';
import type { FileSource } from '../../kustomize/file-source.ts';
import { isYamlPath } from '../../kustomize/paths.ts';
import { configName } from '../../workspace/config.ts';
import { largestFile } from '../../workspace/document.ts';

/** Other files than YAML are listed if a kustomization may read them. */
export function currentFiles(root: string): CurrentFiles {
  const source = readOnce(diskFiles(root, largestFile.bytes));
  const listed = new Set<string>();
  if (typeof source.read(configName) === 'string') listed.add(configName);
  for (const path of walk(root, { other: (other) => void listed.add(other) })) listed.add(path);
  return { root, source, listed, largest: largestFile.bytes };
}

/** Manifests are compared with Git first, and are read as text then. */
function readOnce(source: FileSource): FileSource {
  const texts = new Map<string, ReturnType<FileSource['read']>>();
  const read = (path: string) => {
    const known = texts.get(path) ?? source.read(path);
    if (isYamlPath(path)) texts.set(path, known);
    return known;
  };
  return { ...source, read };
}
