// Plants mistakes in what the objects of a fleet name: a name, a namespace or a kind that isn't there, a file or folder that
// isn't there, a dependency that closes a cycle. Each is planted where the original resolves in files.
import { builtAt, originWithin, textAt } from '../../../server/src/kustomize/built.ts';
import { folderOf, resolvePath } from '../../../server/src/kustomize/paths.ts';
import { parseManifest } from '../../../server/src/syntax/manifest.ts';
import { nodeAt } from '../../../server/src/syntax/navigate.ts';
import { fleetOf } from '../../../server/src/workspace/fleets.ts';
import { homesOf } from '../../../server/src/workspace/homes.ts';
import type { AppliedObject } from '../../../server/src/workspace/parts.ts';
import type { Workspace } from '../../../server/src/workspace/workspace.ts';
import type { Random } from '../verdict/random.ts';

export const faultKinds = ['name', 'namespace', 'optional name', 'file', 'path', 'cycle'] as const;

type FaultKind = (typeof faultKinds)[number];

/** Where faults can be planted. */
export interface Place {
  readonly kinds: readonly FaultKind[];
  readonly path: string;
  /** Offsets of the text to change. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly what: string;
  /** Offset of the reference, if it is a map around the name. */
  readonly from?: number;
  /** For a cycle: the dependency to add, and where. */
  readonly back?: { readonly path: string; readonly start: number; readonly name: string; readonly namespace: string };
}

export interface PlantedFault {
  readonly kind: FaultKind;
  readonly path: string;
  readonly text: string;
  /** From 1. */
  readonly line: number;
  /** The first line of the reference, which may lack more once its name is wrong. */
  readonly fromLine: number;
  readonly what: string;
}

export function placesIn(workspace: Workspace): readonly Place[] {
  const found = [...referencePlaces(workspace), ...filePlaces(workspace), ...pathPlaces(workspace)];
  return [...new Map(found.map((one) => [`${one.path} ${one.start} ${one.kinds.join()}`, one])).values()];
}

export function plantAt(workspace: Workspace, place: Place, kind: FaultKind, random: Random): PlantedFault | undefined {
  if (kind === 'cycle') return closedCycle(workspace, place);
  const { text } = workspace.file(place.path)!;
  const wrong = misnamed(place.text, kind, random);
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
  return {
    ...{ kind, path: place.path, what: `${place.what} ${place.text} is ${wrong}` },
    text: text.slice(0, place.start) + wrong + text.slice(place.end),
    line: lineAt(place.start),
    fromLine: lineAt(place.from ?? place.start),
  };
}

/** References of applied objects whose name is in the text as it is. */
function* referencePlaces(workspace: Workspace): Generator<Place> {
  for (const cluster of fleetOf(workspace).clusters()) {
    for (const home of homesOf(workspace, cluster)) {
      if (!home.isWhole) continue;
      for (const by of home.objects) {
        for (const use of home.usesOf(by)) {
          const resolution = home.resolve(by, use);
          if (resolution.is !== 'object' || use.waived || use.node.kind !== 'scalar') continue;
          const { source, start, end } = originWithin(use.node, 0, use.name.length);
          const file = workspace.file(source.file)?.text;
          const text = file?.slice(source.start + start, source.start + end);
          // The name at an anchor is that of another object too.
          const isAnchor = /&\S+ +["']?$/.test(
            file?.slice(Math.max(0, source.start + start - 60), source.start + start) ?? '',
          );
          if (text !== use.name || use.node.variables || isAnchor) continue;
          const what = `${by.groupKind} ${use.reference.path}`;
          const around = builtAt(by.value, use.path)?.origin;
          const from = around?.source === source && around.start <= start ? source.start + around.start : undefined;
          const range = { path: source.file, start: source.start + start, end: source.start + end };
          const kinds: FaultKind[] = [use.reference.optional ? 'optional name' : 'name'];
          const [target] = resolution.objects;
          const back =
            use.reference.path.startsWith('spec.dependsOn') && target !== by
              ? backFrom(workspace, by, target!)
              : undefined;
          if (back) kinds.push('cycle');
          yield { kinds, ...range, text, what, ...(from !== undefined && { from }), ...(back && { back }) };
          const namespace = use.reference.namespace === 'field' ? namespaceOf(workspace, range) : undefined;
          if (namespace) yield { kinds: ['namespace'], ...namespace, what };
        }
      }
    }
  }
}

/**
 * Where the target can be made to depend on the object: the end of its `spec.dependsOn`, or its spec. None where that names
 * objects of another kind, as the HelmRelease that a ResourceSet depends on can't depend on the ResourceSet.
 */
function backFrom(workspace: Workspace, by: AppliedObject, { value, groupKind }: AppliedObject): Place['back'] {
  if (groupKind !== by.groupKind || groupKind === 'fluxcd.controlplane.io/ResourceSet') return undefined;
  const { source, start } = value.origin;
  const file = workspace.file(source.file);
  const placed = file?.documents.find((one) => one.start === source.start);
  const root = placed && parseManifest(placed.document.text).root;
  const spec = root && root.start === start ? nodeAt(root, ['spec']) : undefined;
  if (!placed || spec?.type !== 'map' || spec.flow || nodeAt(root, ['spec', 'dependsOn'])) return undefined;
  return { path: source.file, start: placed.start + spec.start, name: by.name, namespace: by.namespace };
}

function closedCycle(workspace: Workspace, { back, what }: Place): PlantedFault | undefined {
  if (!back) return undefined;
  const { text } = workspace.file(back.path)!;
  const line = text.slice(0, back.start).split('\n').length;
  const indent = back.start - text.lastIndexOf('\n', back.start - 1) - 1;
  const added = `dependsOn: [{ name: ${back.name}, namespace: ${back.namespace} }]\n${' '.repeat(indent)}`;
  return {
    ...{ kind: 'cycle', path: back.path, line, fromLine: line, what: `${what} back to ${back.name}` },
    text: text.slice(0, back.start) + added + text.slice(back.start),
  };
}

/** The `namespace` beside a name, in the same block. */
function namespaceOf(
  workspace: Workspace,
  { path, start }: { readonly path: string; readonly start: number },
): Pick<Place, 'path' | 'start' | 'end' | 'text'> | undefined {
  const { text } = workspace.file(path)!;
  const next = /^[^\n]*\n( +)namespace: ([\w-]+)$/m.exec(text.slice(start));
  const column = start - text.lastIndexOf('\n', start) - 1 - 'name: '.length;
  if (next?.index !== 0 || next[1]!.length !== column) return undefined;
  const end = start + next[0].length;
  return { path, start: end - next[2]!.length, end, text: next[2]! };
}

/** Entries of kustomizations that clusters get. */
function* filePlaces(workspace: Workspace): Generator<Place> {
  const fleet = fleetOf(workspace);
  const applied = new Set(fleet.clusters().flatMap(({ appliers }) => appliers.flatMap(({ base }) => base.reads)));
  for (const { path, text, documents } of workspace.files()) {
    const facts = documents[0]?.document.facts.kustomization;
    if (!facts || !applied.has(path)) continue;
    for (const name of [...facts.applies, ...facts.components, ...facts.patches]) {
      const at = resolvePath(folderOf(path), name);
      if (at === undefined || !(workspace.file(at) || workspace.hasFolder(at))) continue;
      const match = new RegExp(`^ *(?:- |path: |- path: )["']?(${name.replace(/[^\w/-]/g, '\\$&')})["']?$`, 'm').exec(
        text,
      );
      if (!match) continue;
      const start = match.index + match[0].lastIndexOf(name);
      yield { kinds: ['file'], path, start, end: start + name.length, text: name, what: 'entry of a kustomization' };
    }
  }
}

/** Folders that Flux Kustomizations apply from this repository. */
function* pathPlaces(workspace: Workspace): Generator<Place> {
  for (const { appliers } of fleetOf(workspace).clusters()) {
    for (const { flux, folder } of appliers) {
      // An instance's path is that of another repository if it isn't a folder here.
      const isWritten =
        flux &&
        textAt(flux.object, ['spec', 'path']) !== undefined &&
        flux.object.origin.start < flux.spec.origin.start;
      if (!isWritten || folder === undefined || folder === '') continue;
      const { source, start, end } = flux.pathOrigin;
      const text = workspace.file(source.file)?.text.slice(source.start + start, source.start + end) ?? '';
      const name = text.replace(/^["']|["']$/g, '');
      if (!/^[\w./-]+$/.test(name) || !name.endsWith(folder)) continue;
      const at = source.start + start + text.indexOf(name);
      yield { kinds: ['path'], path: source.file, start: at, end: at + name.length, text: name, what: 'spec.path' };
    }
  }
}

function misnamed(text: string, kind: FaultKind, random: Random): string {
  if (kind === 'namespace') return random.chance(0.5) ? `${text}-x` : 'elsewhere';
  const at = 1 + random.below(Math.max(1, text.length - 1));
  const ways = [
    () => text.slice(0, at) + text.slice(at + 1),
    () => text.slice(0, at) + text[at - 1] + text.slice(at),
    () => text.slice(0, at) + random.pick([...'abcdefghijklmnopqrstuvwxyz']) + text.slice(at),
    () => `${text}-old`,
    () => `new-${text}`,
    () => 'does-not-exist',
  ];
  if (kind === 'file' || kind === 'path') {
    const [, stem, rest] = /^(.*?)((?:\.ya?ml)?\/?)$/s.exec(text)!;
    return `${stem}${random.pick(['x', '-old', '2'])}${rest}`;
  }
  const wrong = random.pick(ways)().replace(/-$/, 'x');
  return wrong === text || wrong === '' ? `${text}x` : wrong;
}
