// The artifacts that an ArtifactGenerator of Flux copies together from folders of sources, as far as they are folders of this
// repository. Source: internal/builder/builder.go and docs/spec/v1beta1/artifactgenerators.md of fluxcd/source-watcher.

import type { Artifact } from './artifact.ts';
import { type Built, type BuiltMap, builtAt, textAt } from './built.ts';
import type { SourceReference } from './flux-kustomization.ts';
import { idOf } from './objects.ts';
import { fileNameOf, folderOf, isBelow, joinPath, resolvePath } from './paths.ts';

/** The files of a source, by a folder that is copied of it; undefined if they aren't here. */
export type SourceFiles = (source: SourceReference, folder: string, generator: BuiltMap) => Artifact | undefined;

interface Context {
  readonly generators: readonly BuiltMap[];
  readonly files: SourceFiles;
  hasFolder(path: string): boolean;
}

export interface Located {
  /** The folder of the workspace that a folder of the artifact is. */
  readonly folder: string;
  /** Its root is the folder of the workspace that the artifact's root is, or would be: paths lead to nothing above it. */
  readonly artifact: Artifact;
}

/** A folder of the workspace with its place in the artifact. */
interface Copy {
  readonly from: string;
  readonly to: string;
  /** What of its source isn't copied. */
  readonly ignore: string;
  readonly within: string;
  /** Only one file of the folder, under its own name. */
  readonly isFile?: true;
}

/** Where a folder of an artifact is; undefined if that isn't known. */
export function locateInArtifact(source: SourceReference, folder: string, context: Context): Located | undefined {
  for (const generator of context.generators) {
    if (idOf(generator).namespace !== source.namespace) continue;
    for (const artifact of itemsAt(generator, 'artifacts'))
      for (const captures of capturesOf(generator, artifact, source.name, context))
        return located(folder, copiesIn(generator, artifact, captures, context));
  }
  return undefined;
}

/** Undefined where a file is put beside what the folder has in the workspace. */
function located(folder: string, copies: readonly Copy[] | undefined): Located | undefined {
  const found =
    copies &&
    inFolders(
      folder,
      copies.filter(({ isFile }) => !isFile),
    );
  const isMixed = copies?.some(
    ({ from, to, isFile }) => isFile && isBelow(to, folder) && from !== joinPath(found?.artifact.root ?? '', to),
  );
  return isMixed ? undefined : found;
}

/** Of several copies, the last one that a folder is in has it. What is only above copies is what kustomize finds below. */
function inFolders(folder: string, copies: readonly Copy[]): Located | undefined {
  const around = copies
    .filter(({ to }) => isBelow(folder, to))
    .toSorted((a, b) => a.to.length - b.to.length)
    .at(-1);
  if (around) {
    const found = joinPath(around.from, folder.slice(around.to.length).replace(/^\//, ''));
    return locatedAt(found, without(found, folder) ?? around.from, [around]);
  }
  const inside = copies.filter(({ to }) => isBelow(to, folder));
  const roots = new Set(inside.map(({ from, to }) => without(from, to)));
  const [root] = roots;
  if (roots.size === 1 && root !== undefined) return locatedAt(joinPath(root, folder), root, inside);
  return inside.length === 1 ? locatedAt(inside[0]!.from, inside[0]!.from, inside) : undefined;
}

/** Copies of one artifact are mostly of one source. */
function locatedAt(folder: string, root: string, copies: readonly Copy[]): Located {
  const { within } = copies[0]!;
  const ignore = copies.map((one) => (one.within === within ? one.ignore : '')).join('');
  return { folder, artifact: { root, ignore, ...(within !== root && { within }) } };
}

/** Undefined if one isn't understood. */
function copiesIn(
  generator: BuiltMap,
  artifact: Built,
  captures: ReadonlyMap<string, string>,
  context: Context,
): readonly Copy[] | undefined {
  const copies: Copy[] = [];
  for (const copy of itemsOf(builtAt(artifact, ['copy']))) {
    const [from, to] = ['from', 'to'].map((field) => filledIn(textAt(copy, [field]) ?? '', captures));
    const [, alias, pattern = ''] = /^@([^/]+)\/(.*)$/.exec(from!) ?? [];
    const target = /^@artifact\/(.*)$/.exec(to!)?.[1];
    const inside = /^(?:(.*)\/)?\*\*$/.exec(pattern);
    const path = cleaned(inside ? (inside[1] ?? '') : pattern);
    const isGlob = /[*?[\]]/.test(path);
    // A file isn't found by a folder of its name.
    const files = filesOf(generator, alias, path, context) ?? filesOf(generator, alias, folderOf(path), context);
    if (target === undefined || isGlob || !files) return undefined;
    const folder = joinPath(files.root, path);
    const excluded = itemsOf(builtAt(copy, ['exclude'])).flatMap((one) => textAt(one, []) ?? []);
    const patterns = [files.ignore, ...excluded.flatMap((one) => ignored(one, path))];
    const ignore = patterns.flatMap((one) => (one === '' ? [] : `${one}\n`)).join('');
    const rest = { ignore, within: files.root };
    const into = cleaned(target);
    if (inside || path === '') copies.push({ ...rest, from: folder, to: into });
    else if (context.hasFolder(folder)) copies.push({ ...rest, from: folder, to: joinPath(into, fileNameOf(path)) });
    else if (target === '' || target.endsWith('/'))
      copies.push({ ...rest, from: folderOf(folder), to: into, isFile: true });
    else return undefined;
  }
  return copies;
}

/** Of one of the generator's sources, by its alias. */
function filesOf(
  generator: BuiltMap,
  alias: string | undefined,
  folder: string,
  { files }: Context,
): ReturnType<SourceFiles> {
  const source = itemsAt(generator, 'sources').find((one) => textAt(one, ['alias']) === alias);
  const text = (field: string) => textAt(source, [field]) ?? '';
  const namespace = text('namespace') || idOf(generator).namespace;
  return source && files({ kind: text('kind'), name: text('name'), namespace }, folder, generator);
}

/** Patterns of `exclude` are for paths in the source or in the copied folder; those without a slash are for any name. */
function ignored(pattern: string, folder: string): readonly string[] {
  if (!pattern.includes('/')) return [pattern];
  return [`/${pattern}`, ...(folder === '' ? [] : [`/${joinPath(folder, pattern)}`])];
}

/**
 * What the names in braces stand for where the name of the artifact is `name`: once for an artifact without any, otherwise for
 * each folder that is found in this way.
 */
function* capturesOf(
  generator: BuiltMap,
  artifact: Built,
  name: string,
  context: Context,
): Iterable<ReadonlyMap<string, string>> {
  const template = textAt(artifact, ['name']) ?? '';
  if (template === name) yield new Map();
  const [, alias, pattern] = /^@([^/]+)\/(.*)$/.exec(textAt(generator, ['spec', 'pathPattern']) ?? '') ?? [];
  if (pattern === undefined) return;
  for (const captures of readBackwards(template, name, { left: mostReadings })) {
    const folder = filledIn(pattern, captures);
    const files = filesOf(generator, alias, folder, context);
    if (files && context.hasFolder(joinPath(files.root, folder))) yield captures;
  }
}

/** Names in braces without anything between them can be read in very many ways. */
const mostReadings = 10_000;

/** The values of names in braces that make `text` of a template, the shortest first. */
function* readBackwards(
  template: string,
  text: string,
  readings: { left: number },
): Iterable<ReadonlyMap<string, string>> {
  const found = /^([^{]*)\{([^}]+)\}/.exec(template);
  if (!found) {
    if (template === text) yield new Map();
    return;
  }
  const [whole, before, name] = found;
  if (!text.startsWith(before!)) return;
  for (let end = before!.length + 1; end <= text.length && readings.left > 0; end += 1) {
    readings.left -= 1;
    const value = text.slice(before!.length, end);
    const rest = template.slice(whole.length).replaceAll(`{${name}}`, value);
    for (const others of readBackwards(rest, text.slice(end), readings)) yield new Map([[name!, value], ...others]);
  }
}

function filledIn(template: string, captures: ReadonlyMap<string, string>): string {
  return template.replace(/\{([^}]+)\}/g, (whole, name: string) => captures.get(name) ?? whole);
}

function itemsAt(generator: BuiltMap, field: string): readonly Built[] {
  return itemsOf(builtAt(generator, ['spec', field]));
}

function itemsOf(value: Built | undefined): readonly Built[] {
  return value?.kind === 'list' ? value.items : [];
}

function cleaned(path: string): string {
  return resolvePath('', path) ?? path;
}

/** The path without the folders at its end; undefined if it doesn't end with them. */
function without(path: string, end: string): string | undefined {
  if (end === '') return path;
  if (path === end) return '';
  return path.endsWith(`/${end}`) ? path.slice(0, -end.length - 1) : undefined;
}
