// Reads examples/fleet: its files, their documents, and the folder that stands in for the repository of a Flux source.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parseAllDocuments } from 'yaml';

export type Json = { readonly [key: string]: unknown };

export const fleet = join(import.meta.dirname, '../../examples/fleet');

/** The prefix of the URLs of the fleet's own repositories and artifacts; the rest of the URL is a folder. */
const own = /^(?:https:\/\/git|oci:\/\/registry)\.example\.com\/fleet\/([\w-]+?)(?:\.git)?$/;

export function fleetFiles(): readonly string[] {
  return readdirSync(fleet, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(fleet, path)).isFile())
    .map((path) => path.split(sep).join('/'))
    .sort();
}

/** The documents of a file; throws if it isn't YAML. */
export function documentsOf(path: string): readonly Json[] {
  return documentsIn(readFileSync(join(fleet, path), 'utf8'), path);
}

export function documentsIn(text: string, path: string): readonly Json[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors.length > 0) throw new Error(`${path}: ${document.errors[0]!.message}`);
    const value = document.toJS() as unknown;
    return isMap(value) ? [value] : [];
  });
}

/** The folder of a repository by its URL; undefined if it isn't part of the fleet. */
export function folderOfSource(url: string): string | undefined {
  const folder = own.exec(url)?.[1];
  if (folder !== undefined && !existsSync(join(fleet, folder)))
    throw new Error(`${url}: folder ${folder} does not exist`);
  return folder;
}

export function isObject(value: Json): boolean {
  return typeof value.apiVersion === 'string' && typeof value.kind === 'string' && isMap(value.metadata);
}

export const isKustomizationFile = (path: string): boolean => /(?:^|\/)kustomization\.yaml$/.test(path);

/** A chart's own files: a template isn't a manifest before Helm renders it. */
export const isChartFile = (path: string): boolean => path.startsWith('masters/charts/');

/** The files that Flux applies for a folder without a kustomization: every YAML file below it. */
export function yamlBelow(folder: string): readonly string[] {
  const root = join(fleet, folder);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml'))
    .map((path) => relative(fleet, join(root, path)).split(sep).join('/'))
    .sort();
}

export function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path of keys and indices. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((node, step) => (node as Record<string | number, unknown> | undefined)?.[step], value);
}

export const textAt = (value: unknown, ...path: readonly (string | number)[]): string | undefined => {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
};

export const listAt = (value: unknown, ...path: readonly (string | number)[]): readonly unknown[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
};

/** `apps/Deployment`, `/Secret`. */
export function groupKindOf(object: Json): string {
  const apiVersion = String(object.apiVersion);
  return `${apiVersion.includes('/') ? apiVersion.split('/')[0] : ''}/${object.kind}`;
}

export function titleOf(object: Json): string {
  const namespace = textAt(object, 'metadata', 'namespace');
  return `${object.kind} ${namespace === undefined ? '' : `${namespace}/`}${textAt(object, 'metadata', 'name')}`;
}
