// The fields of kustomizations and of Flux Kustomizations that select an object by its name: targets of patches, replicas and
// vars. With replacements no name is certain, and there is no rename.
import { compilePattern } from '../../cel/pattern.ts';
import { builtFrom, locateIn } from '../../kustomize/built.ts';
import { documentsIn } from '../../kustomize/inline.ts';
import { parseManifest } from '../../syntax/manifest.ts';
import { nodeAt, stringAt } from '../../syntax/navigate.ts';
import { nodes } from '../../syntax/reader.ts';
import type { Node } from '../../syntax/tree.ts';
import { resolveAlias } from '../../syntax/value.ts';
import type { Document } from '../../workspace/document.ts';
import type { Definition } from '../../workspace/index.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { configuredNames } from './configured.ts';
import type { Named } from './edit.ts';

/** From a kustomization, or from the spec of a Flux Kustomization, to maps with `name` and perhaps `kind`. */
const selectors: readonly Selector[] = [
  { path: ['patches', '*', 'target'], isPattern: true },
  { path: ['patchesJson6902', '*', 'target'], isPattern: true },
  { path: ['vars', '*', 'objref'], isPattern: false },
  {
    path: ['replicas', '*'],
    isPattern: false,
    kinds: ['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet'],
  },
];

interface Selector {
  readonly path: readonly string[];
  /** Kind and name are regular expressions. */
  readonly isPattern: boolean;
  /** The kinds it is about, if it doesn't say so itself. */
  readonly kinds?: readonly string[];
}

interface Selecting {
  readonly path: string;
  readonly document: Document;
  readonly root: Node;
}

/** Refused if a pattern selects the object by its old name only. */
export function selectionsOf(
  workspace: Workspace,
  definitions: readonly Definition[],
  old: string,
  name: string | undefined,
): { readonly selected: readonly Named[] } | { readonly refused: string } {
  const selected: Named[] = [];
  const kinds = new Set(definitions.map(({ object }) => object.gvk.kind));
  const namespaces = new Set(definitions.map(({ object }) => object.namespace));
  for (const { path, document, root } of selecting(workspace, definitions)) {
    const rewriting = rewritingFields.find((field) => nodes.field(root, field) !== undefined);
    if (rewriting !== undefined)
      return { refused: `${path} has ${rewriting}, which may use the name of this object. Remove the entry first.` };
    const configured = configuredNames(workspace, path, root, kinds, old);
    if (!configured)
      return { refused: `${path} has a configuration that can’t be read, which may use the name of this object.` };
    selected.push(...configured);
    for (const { kind, name: named, namespace, at } of inlinePatches(root, document.text)) {
      const isOfKind = kind === undefined || kinds.has(kind);
      if (named === old && isOfKind && (namespace === undefined || isAmong(namespaces, namespace)))
        selected.push({ path, document, ...at });
    }
    for (const { path: steps, isPattern, kinds: own } of selectors) {
      for (const target of reached(root, steps)) {
        const node = nodes.field(target, 'name');
        const written = node && nodes.text(node);
        const kind = textOf(target, 'kind');
        const namespace = textOf(target, 'namespace');
        if (!node || !written || (namespace !== undefined && !isAmong(namespaces, namespace))) continue;
        const isExact = own ? own.some((one) => kinds.has(one)) : kind !== undefined && kinds.has(kind);
        const mayBe = isExact || (!own && (kind === undefined || [...kinds].some((one) => selects(kind, one))));
        if (!mayBe) continue;
        if (isExact && written === old) selected.push({ path, document, start: node.start, end: node.end });
        else if (written === old || (isPattern && selects(written, old) && !(name && selects(written, name))))
          return { refused: `${path} selects this object and perhaps others by “${written}”. Change that first.` };
      }
    }
  }
  return { selected };
}

/** The kustomizations and Flux Kustomizations that apply one of the definitions. */
function selecting(workspace: Workspace, definitions: readonly Definition[]): readonly Selecting[] {
  const chains = [...new Set(definitions.map(({ path }) => path))].map((path) =>
    workspace.ownership.asApplied.chainOf(path),
  );
  const kustomizations = new Set(chains.flatMap((chain) => [...chain.kustomizations]));
  const deliveries = new Set(chains.flatMap((chain) => chain.deliveries));
  return [...workspace.files()].flatMap(({ path, documents }) =>
    documents.flatMap(({ document }): Selecting[] => {
      const { kustomization, deliveries: own, objects } = document.facts;
      if (kustomization && kustomizations.has(path)) {
        const { root } = parseManifest(document.text);
        return root ? [{ path, document, root }] : [];
      }
      const delivery = own.find((one) => deliveries.has(one));
      if (!delivery) return [];
      const { root } = parseManifest(document.text);
      return objects.flatMap((object) => {
        const spec = nodeAt(root, [...object.path, 'spec']);
        return spec ? [{ path, document, root: spec }] : [];
      });
    }),
  );
}

/** Their entries may select objects by name, or set names. */
const rewritingFields = ['replacements', 'transformers'] as const;

/** An inline patch, with the place of its object's name in the document around it. */
interface InlinePatch {
  readonly kind: string | undefined;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly at: { readonly start: number; readonly end: number };
}

/** The inline patches without a target, which name their object themselves. */
function inlinePatches(root: Node, text: string): readonly InlinePatch[] {
  const listed = [...reached(root, ['patches', '*']), ...reached(root, ['patchesStrategicMerge', '*'])];
  return listed.flatMap((entry) => {
    const scalar = resolveAlias(nodes.field(entry, 'patch') ?? entry);
    if (scalar?.type !== 'scalar' || nodes.field(entry, 'target')) return [];
    // The text of a patch with variables is known, only its values are not.
    const written = builtFrom(scalar, locateIn({ file: '', start: 0 }), 'configuration', text);
    return documentsIn(written).flatMap(({ manifest: { root: patch }, locate }): InlinePatch[] => {
      const node = nodeAt(patch, ['metadata', 'name']);
      const [kind, name] = [stringAt(patch, ['kind']), stringAt(patch, ['metadata', 'name'])];
      const namespace = stringAt(patch, ['metadata', 'namespace']);
      return node ? [{ kind, name, namespace, at: locate(node.start, node.end) }] : [];
    });
  });
}

function reached(root: Node, steps: readonly string[]): readonly Node[] {
  return steps.reduce<readonly Node[]>(
    (found, step) =>
      found.flatMap((node) => {
        if (step === '*') return nodes.items(node);
        const next = nodes.field(node, step);
        return next ? [next] : [];
      }),
    [root],
  );
}

function textOf(target: Node, field: string): string | undefined {
  const found = nodes.field(target, field);
  return found && nodes.text(found);
}

/** An object without a namespace gets it from elsewhere, and may be in any. */
function isAmong(namespaces: ReadonlySet<string | undefined>, namespace: string): boolean {
  return namespaces.has(namespace) || namespaces.has(undefined);
}

/** kustomize anchors patterns at both ends. */
function selects(pattern: string, name: string): boolean {
  return compilePattern(`^(?:${pattern})$`)?.test(name) ?? false;
}
