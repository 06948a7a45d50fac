// Reads CRDs from YAML files with one or more documents, and from folders of such files.
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { entriesBelow } from '../disk/files.ts';
import { readText } from '../disk/reader.ts';
import { type Crd, isCrd, readCrd } from '../schema/crd.ts';
import { canonicalJson } from '../schema/stored.ts';

export interface CrdFiles {
  /** In the order of their file names. */
  readonly crds: readonly Crd[];
  /** One sentence per file or CRD that couldn't be read, with the file's name. */
  readonly problems: readonly string[];
  /** `sha256:` and the hash of the files' names and contents. */
  readonly checksum: string;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The YAML files at or below each path. Throws the error of `fs` for a path that doesn't exist. */
export function yamlFiles(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    if (!statSync(path).isDirectory()) return [path];
    return entriesBelow(path, true)
      .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  });
}

/** In bytes: the manifests of a whole release in one file are a tenth of it. */
const largestRelease = 100_000_000;

/** Documents that aren't CRDs are skipped, since a release's manifest also contains its Deployments. */
export function readCrds(files: readonly string[], prose: 'keep' | 'drop' = 'drop'): CrdFiles {
  const crds: Crd[] = [];
  const problems: string[] = [];
  const lines: string[] = [];
  for (const file of files) {
    const text = readText(file, { largest: largestRelease, streams: true });
    if (typeof text !== 'string') {
      problems.push(`${file} can't be read (${text.code ?? text.reason}).`);
      continue;
    }
    lines.push(`${sha256(text)} ${basename(file)}\n`);
    if (!text.includes('CustomResourceDefinition')) continue;
    for (const value of documentsOf(text, file, problems)) {
      if (!isCrd(value)) continue;
      const crd = readCrd(value, prose);
      if (crd) crds.push(crd);
      else
        problems.push(
          `${file}: a CustomResourceDefinition must have the apiVersion apiextensions.k8s.io/v1, a group and names.`,
        );
      for (const problem of crd?.problems ?? []) problems.push(`${file}: ${crd!.kind}: ${problem}.`);
    }
  }
  problems.push(...conflictsOf(crds));
  return { crds, problems, checksum: `sha256:${sha256(lines.sort().join(''))}` };
}

/** Reports copies of a CRD that differ; the first is used, but the user should decide which one is right. */
function conflictsOf(crds: readonly Crd[]): readonly string[] {
  const first = new Map<string, Crd>();
  return crds.flatMap((crd) => {
    const name = `${crd.plural}.${crd.group}`;
    const known = first.get(name);
    first.set(name, known ?? crd);
    return known && canonicalJson(known) !== canonicalJson(crd)
      ? [`${name} is defined twice with differences; the first is used.`]
      : [];
  });
}

function documentsOf(text: string, file: string, problems: string[]): readonly unknown[] {
  const documents = parseAllDocuments(text, { prettyErrors: false, logLevel: 'silent' });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    if (document.errors.length > 0) {
      problems.push(`${file} is invalid YAML: ${document.errors[0]!.message}`);
      return [];
    }
    const value: unknown = document.toJS({ maxAliasCount: 1000 });
    const list = value as { readonly kind?: unknown; readonly items?: unknown } | null;
    return list?.kind === 'List' && Array.isArray(list.items) ? list.items : [value];
  });
}
