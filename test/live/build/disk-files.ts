// The files of a build on disk, parsed once.
import { readFileSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { diskFiles } from '../../../server/src/disk/reader.ts';
import type { BuildFiles, FileDocument } from '../../../server/src/kustomize/build-files.ts';
import { parseManifest } from '../../../server/src/syntax/manifest.ts';
import { splitDocuments } from '../../../server/src/syntax/split.ts';

export function diskBuildFiles(root: string): BuildFiles {
  const files = diskFiles(root, 64_000_000);
  const known = new Map<string, readonly FileDocument[] | undefined>();
  const text = (path: string) => {
    const read = files.read(path);
    return typeof read === 'string' ? read : undefined;
  };
  return {
    kindOf: (path) => files.kindOf(path),
    text,
    bytes: (path) => (files.kindOf(path) === 'file' ? readFileSync(join(root, path)) : undefined),
    realPath: (path) => relative(realpathSync(root), realpathSync(join(root, path))),
    documents(path) {
      if (known.has(path)) return known.get(path);
      const documents = documentsIn(text(path));
      known.set(path, documents);
      return documents;
    },
  };
}

function documentsIn(text: string | undefined): readonly FileDocument[] | undefined {
  if (text === undefined) return undefined;
  return splitDocuments(text).map(({ start, text: one }) => ({ start, manifest: parseManifest(one) }));
}
