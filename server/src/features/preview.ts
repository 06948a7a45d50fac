// The objects of a file as a cluster gets them, without what Secrets hold, as text whose lines know where their values are
// written; and what the Flux Kustomizations and kustomizations of a file apply, for code lenses.
import { masked, type SecretPlaces, secretPlacesOf } from '../change/shown.ts';
import { type Built, type BuiltMap, builtAt, type Origin } from '../kustomize/built.ts';
import type { BuiltObject } from '../kustomize/objects.ts';
import { folderOf } from '../kustomize/paths.ts';
import { printBuilt } from '../kustomize/print.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { nodeAt } from '../syntax/navigate.ts';
import type { Node, Path } from '../syntax/tree.ts';
import { keyName } from '../syntax/value.ts';
import type { Applier } from '../workspace/cluster.ts';
import { fleetOf } from '../workspace/fleets.ts';
import { isKustomizationFile } from '../workspace/roles.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Where the value of a line is written; `offset` is that in the file. */
export interface LineSource {
  readonly file: string;
  readonly offset: number;
}

export interface Preview {
  readonly cluster: string;
  /** All clusters that get the objects. */
  readonly clusters: readonly string[];
  readonly text: string;
  /** For each line of the text, the source of its value. */
  readonly lines: readonly (LineSource | undefined)[];
}

/**
 * On a Flux Kustomization or in a kustomization, everything that it applies; elsewhere the objects of the file. The first
 * cluster unless one is chosen; undefined if no cluster gets anything of it.
 */
export function preview(
  workspace: Workspace,
  path: string,
  offset: number,
  chosen: string | undefined,
): Preview | undefined {
  const found = appliedBy(workspace, path, offset);
  const clusters = [...new Set(found.map(({ cluster }) => cluster))];
  const cluster = clusters.find((one) => one === chosen) ?? clusters[0];
  if (cluster === undefined) return undefined;
  const objects = found.flatMap((one) => (one.cluster === cluster ? one.objects : []));
  return { cluster, clusters, ...printed(objects, secretsOf(workspace, [cluster])) };
}

/** Likewise, the objects that one cluster gets. */
export function objectsIn(workspace: Workspace, path: string, offset: number, cluster: string): readonly BuiltObject[] {
  return appliedBy(workspace, path, offset).flatMap((one) => (one.cluster === cluster ? one.objects : []));
}

/** The places of what the Secrets of clusters hold, which variables may bring anywhere. */
export function secretsOf(workspace: Workspace, names: readonly string[]): SecretPlaces {
  const clusters = fleetOf(workspace).clusters();
  const appliers = clusters.filter(({ name }) => names.includes(name)).flatMap((one) => one.appliers);
  return secretPlacesOf(appliers.flatMap(({ result }) => result.objects));
}

interface Applied {
  readonly cluster: string;
  readonly objects: readonly BuiltObject[];
}

function appliedBy(workspace: Workspace, path: string, offset: number): readonly Applied[] {
  const own = ofFluxKustomization(workspace, path, offset);
  if (own.length > 0) return own;
  if (isKustomizationFile(path)) return ofKustomization(workspace, path);
  return appliersOf(workspace, path).flatMap(({ cluster, result }) => {
    const objects = result.objects.filter(({ value }) => value.origin.source.file === path);
    return objects.length > 0 ? [{ cluster, objects }] : [];
  });
}

/** What the Flux Kustomization at an offset applies. */
function ofFluxKustomization(workspace: Workspace, path: string, offset: number): readonly Applied[] {
  const isHere = ({ flux }: Applier) => {
    const origin = flux?.object.origin;
    const start = origin && origin.source.start + origin.start;
    return origin?.source.file === path && start! <= offset && offset <= origin.source.start + origin.end;
  };
  const all = fleetOf(workspace)
    .clusters()
    .flatMap(({ appliers }) => appliers);
  return all
    .filter((one) => isHere(one) && one.folder !== undefined)
    .map(({ cluster, result }) => ({ cluster, objects: result.objects }));
}

/** The objects from a kustomization's folder and below, and those that it generates. */
function ofKustomization(workspace: Workspace, path: string): readonly Applied[] {
  const folder = folderOf(path);
  const isInside = (file: string) => folder === '' || file.startsWith(`${folder}/`);
  return appliersOf(workspace, path).map(({ cluster, folder: applied, result }) => {
    const isWhole = applied === folder;
    return { cluster, objects: result.objects.filter(({ value }) => isWhole || isInside(value.origin.source.file)) };
  });
}

function appliersOf(workspace: Workspace, path: string): readonly Applier[] {
  const chains = fleetOf(workspace).chainsOf(path);
  return chains.flatMap(({ appliers }) => appliers.at(-1) ?? []);
}

function printed(objects: readonly BuiltObject[], secrets: SecretPlaces): Pick<Preview, 'text' | 'lines'> {
  const texts: string[] = [];
  const lines: (LineSource | undefined)[] = [];
  for (const [index, object] of objects.entries()) {
    const value = masked(object.value, secrets);
    if (index > 0) {
      texts.push('---\n');
      lines.push(undefined);
    }
    const text = printBuilt(value);
    texts.push(text);
    lines.push(...linesOf(text, value));
  }
  return { text: texts.join(''), lines };
}

/** The printed text has the tree of the object, so that the node of a line has the same path as its value. */
function linesOf(text: string, object: BuiltMap): readonly (LineSource | undefined)[] {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const found: (LineSource | undefined)[] = starts.slice(0, -1).map(() => undefined);
  const { root } = parseManifest(text);
  const lineOf = (offset: number) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const visit = (node: Node, path: Path, built: Built | undefined) => {
    const source = built && sourceOf(built.origin);
    if (node.type === 'map')
      for (const { key, value } of node.entries) {
        const name = keyName(key) ?? key.text;
        const inner = built && builtAt(built, [name]);
        found[lineOf(key.start)] ??= inner && sourceOf(inner.origin);
        visit(value, [...path, name], inner);
      }
    else if (node.type === 'seq')
      for (const [index, item] of node.items.entries()) visit(item, [...path, index], built && builtAt(built, [index]));
    else found[lineOf(node.start)] ??= source;
  };
  if (root) visit(root, [], object);
  // The lines of a block text are those of its value.
  for (const [line, one] of found.entries()) if (one === undefined && line > 0) found[line] = found[line - 1];
  return found;
}

function sourceOf({ source, start }: Origin): LineSource {
  return { file: source.file, offset: source.start + start };
}

/** What is applied by a Flux Kustomization or by the kustomization of a file. */
export interface Lens {
  /** Offset in the file. */
  readonly offset: number;
  readonly title: string;
}

export function lenses(workspace: Workspace, path: string): readonly Lens[] {
  const file = workspace.file(path);
  if (!file) return [];
  if (isKustomizationFile(path) && file.documents[0]?.document.facts.kustomization) {
    const title = titleOf(ofKustomization(workspace, path));
    return title === undefined ? [] : [{ offset: 0, title }];
  }
  return file.documents.flatMap(({ start, document }) => {
    const { root } = parseManifest(document.text);
    return document.facts.objects.flatMap((object): readonly Lens[] => {
      if (object.groupKind !== 'kustomize.toolkit.fluxcd.io/Kustomization') return [];
      const offset = start + (nodeAt(root, object.path)?.start ?? 0);
      const title = titleOf(ofFluxKustomization(workspace, path, offset));
      return title === undefined ? [] : [{ offset, title }];
    });
  });
}

function titleOf(applied: readonly Applied[]): string | undefined {
  const clusters = [...new Set(applied.map(({ cluster }) => cluster))];
  const [first] = clusters;
  if (first === undefined) return undefined;
  const counts = clusters.map((cluster) => {
    return applied.reduce((sum, one) => sum + (one.cluster === cluster ? one.objects.length : 0), 0);
  });
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const objects = least === most ? plural(most, 'object') : `${least} to ${plural(most, 'object')}`;
  return `applies ${objects} to ${clusters.length === 1 ? `cluster ${first}` : plural(clusters.length, 'cluster')}`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
