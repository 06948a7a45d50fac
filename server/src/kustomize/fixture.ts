// For tests: the files of a build in one text, each after a line `# file: path`.
import { parseManifest } from '../syntax/manifest.ts';
import { splitDocuments } from '../syntax/split.ts';
import type { BuildFiles } from './build-files.ts';
import { folderOf, foldersUp } from './paths.ts';

export function textsOf(source: string): ReadonlyMap<string, string> {
  const [, ...parts] = source.split(/^# file: (.+)\n/m);
  const texts = new Map<string, string>();
  for (let at = 0; at < parts.length; at += 2) texts.set(parts[at]!.trim(), parts[at + 1]!);
  return texts;
}

export function buildFilesOf(source: string): BuildFiles {
  const texts = textsOf(source);
  const folders = new Set([...texts.keys()].flatMap((path) => foldersUp(folderOf(path))));
  return {
    kindOf: (path) => (texts.has(path) ? 'file' : folders.has(path) ? 'folder' : undefined),
    text: (path) => texts.get(path),
    documents(path) {
      const text = texts.get(path);
      if (text === undefined) return undefined;
      return splitDocuments(text).map((segment) => ({
        start: segment.start,
        manifest: parseManifest(segment.text),
      }));
    },
  };
}
