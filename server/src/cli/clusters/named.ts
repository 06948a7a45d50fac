// Reads the objects that `-f` names, as kubectl's resource builder does: from files, folders (with -R also their
// subfolders) and `-` for standard input.
import { type Dirent, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { entriesBelow } from '../../disk/files.ts';
import { readText, refusal } from '../../disk/reader.ts';
import type { Gvk } from '../../kube/identity.ts';
import type { Unread } from '../../kustomize/file-source.ts';
import { LineIndex } from '../../syntax/lines.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { largestFile, type Placed, readFile } from '../../workspace/document.ts';

export interface Named {
  readonly gvk: Gvk;
  readonly name: string;
  readonly namespace?: string;
  /** As given. */
  readonly file: string;
}

/** A string is the error, in kubectl's words if it has that error. */
export function namedIn(files: readonly string[], recursive: boolean, cwd: string): readonly Named[] | string {
  const named: Named[] = [];
  for (const file of files) {
    if (/^https?:/.test(file)) return `${file}: -f must be a file or a folder, not a URL; download it first`;
    const paths = file === '-' ? [file] : pathsAt(file, recursive, cwd);
    if (typeof paths === 'string') return paths;
    for (const path of paths) {
      const found = objectsIn(path, cwd, path === file);
      if (typeof found === 'string') return found;
      named.push(...found);
    }
  }
  return named;
}

function pathsAt(file: string, recursive: boolean, cwd: string): readonly string[] | string {
  let entries: readonly Dirent[];
  try {
    const stats = statSync(resolve(cwd, file), { throwIfNoEntry: false });
    if (!stats) return `the path ${JSON.stringify(file)} does not exist`;
    if (!stats.isDirectory()) return [file];
    entries = entriesBelow(resolve(cwd, file), recursive);
  } catch (error) {
    return unreadable(file, refusal(error));
  }
  const below = entries
    .filter((entry) => /\.(json|ya?ml)$/.test(entry.name))
    .map((entry) => join(file, entry.parentPath.slice(resolve(cwd, file).length), entry.name));
  if (below.length === 0) return `error reading [${file}]: recognized file extensions are [.json .yaml .yml]`;
  return below.sort();
}

function unreadable(file: string, { reason, code }: Unread): string {
  if (reason === 'large') return `${file} is too large to read`;
  if (reason === 'encoding') return `${file} is not text`;
  if (reason === 'irregular') return `${file} is a pipe, a device or a socket; name it with its own -f to read it`;
  return `${file} can't be read (${code ?? reason})`;
}

/** `given`: the user named this file itself, so it may be a pipe. */
function objectsIn(file: string, cwd: string, given: boolean): readonly Named[] | string {
  const bounds = { largest: largestFile.bytes, streams: given };
  const text = readText(file === '-' ? 0 : resolve(cwd, file), bounds);
  if (typeof text !== 'string') return unreadable(file, text);
  const { documents, unread } = readFile(file, text, undefined);
  if (unread) return unreadable(file, { reason: unread === 'binary' ? 'encoding' : 'large' });
  const named: Named[] = [];
  for (const placed of documents) {
    // One unreadable document fails the command: the objects to wait for aren't known.
    const error = errorIn(placed, text);
    if (error !== undefined) return `error parsing ${file}: ${error}`;
    const { objects } = placed.document.facts;
    const { root, kind } = parseManifest(placed.document.text);
    if (objects.length === 0 && root && !kind?.endsWith('List'))
      return `unable to decode ${JSON.stringify(file)}: an object without apiVersion or kind`;
    for (const { gvk, name, namespace } of objects) {
      if (name === undefined) return `${file}: resource name may not be empty (${gvk.kind})`;
      named.push({ gvk, name, ...(namespace !== undefined && { namespace }), file });
    }
  }
  return named;
}

function errorIn({ start, document }: Placed, text: string): string | undefined {
  const { findings, template } = parseManifest(document.text);
  if (template) return 'the document is a template; render it first';
  const error = findings.find(({ severity }) => severity === 'error');
  if (!error) return undefined;
  const { line } = new LineIndex(text).rangeAt(start + error.start, start + error.end).start;
  return `line ${line + 1}: ${error.message}`;
}
