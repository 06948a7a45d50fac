// The objects of a repository and how they are connected: what applies them to which cluster, what they name, depend on and
// own. Objects that Flux applies are in their applied form; others are as written.
import { apiVersionOf, type GroupKind } from '../kube/identity.ts';
import type { Reference } from '../kube/kind.ts';
import { kindRow } from '../kube/kinds.ts';
import { textAt } from '../kustomize/built.ts';
import { fleetOf } from './fleets.ts';
import { fluxKustomization, type Home, homesOf } from './homes.ts';
import type { Definition } from './index.ts';
import type { AppliedObject } from './parts.ts';
import type { Workspace } from './workspace.ts';

export type EdgeKind = 'reference' | 'dependsOn' | 'owns' | 'applies';

export interface GraphNode {
  /** Unique in the graph. */
  readonly id: string;
  /** The cluster that gets the object; absent if Flux doesn't apply it. */
  readonly cluster?: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** Where it is written: the file relative to the root, and a UTF-16 offset in it. */
  readonly file: string;
  readonly offset: number;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  /** The field of a reference or a dependency. */
  readonly field?: string;
}

export interface ObjectGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/**
 * The objects written at or below a path, everything they are connected with, and what connects them; the root is `''`.
 * Nodes are in the order of files.
 */
export function objectGraph(workspace: Workspace, path: string): ObjectGraph {
  const graph = new Graph();
  for (const cluster of fleetOf(workspace).clusters()) {
    const homes = new Map(homesOf(workspace, cluster).map((home) => [home.name, home]));
    for (const home of homes.values()) addHome(graph, home, (name) => homes.get(name ?? cluster.name));
  }
  addWritten(graph, workspace);
  const isInside = ({ file }: GraphNode) => path === '' || file === path || file.startsWith(`${path}/`);
  return graph.around(isInside);
}

/** State: the nodes and edges found so far. */
class Graph {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #edges = new Map<string, GraphEdge>();

  add(node: GraphNode): string {
    if (!this.#nodes.has(node.id)) this.#nodes.set(node.id, node);
    return node.id;
  }

  connect(edge: GraphEdge): void {
    this.#edges.set(`${edge.from}\n${edge.to}\n${edge.kind}\n${edge.field ?? ''}`, edge);
  }

  around(isInside: (node: GraphNode) => boolean): ObjectGraph {
    const inside = new Set([...this.#nodes.values()].flatMap((node) => (isInside(node) ? [node.id] : [])));
    const edges = [...this.#edges.values()].filter(({ from, to }) => inside.has(from) || inside.has(to));
    const shown = new Set([...inside, ...edges.flatMap(({ from, to }) => [from, to])]);
    const nodes = [...this.#nodes.values()].filter(({ id }) => shown.has(id));
    return { nodes: nodes.toSorted((a, b) => compare(a.file, b.file) || a.offset - b.offset), edges };
  }
}

function addHome(graph: Graph, home: Home, homeOf: (cluster: string | undefined) => Home | undefined): void {
  for (const object of home.objects) {
    const from = graph.add(nodeOf(home, object));
    const { is, by, name } = object.applier;
    // The applier's own object is in the cluster that runs it.
    const own = homeOf(by?.cluster);
    const kind = is === 'flux' ? fluxKustomization : is === 'resource-set' ? resourceSet : undefined;
    const applier = kind && own && find(own, kind, name);
    if (applier && own && applier.value !== object.value)
      graph.connect({
        from: graph.add(nodeOf(own, applier)),
        to: from,
        kind: is === 'resource-set' ? 'owns' : 'applies',
      });
    for (const use of home.usesOf(object)) {
      const resolution = home.resolve(object, use);
      if (resolution.is !== 'object') continue;
      for (const target of resolution.objects)
        graph.connect({ from, to: graph.add(nodeOf(home, target)), ...meaningOf(use.reference) });
    }
  }
}

const resourceSet: GroupKind = 'fluxcd.controlplane.io/ResourceSet';

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function meaningOf(reference: Reference): Pick<GraphEdge, 'kind' | 'field'> {
  const field = reference.path;
  if (reference.acyclic) return { kind: 'dependsOn', field };
  // Cluster API makes an object the owner of what it names by its role in the contract.
  return { kind: reference.role ? 'owns' : 'reference', field };
}

/** The object with the `namespace/name` of an applier. */
function find(home: Home, groupKind: GroupKind, applier: string): AppliedObject | undefined {
  const [namespace = '', name = ''] = applier.split('/');
  return home.find(groupKind, namespace, name)[0];
}

function nodeOf(home: Home, { value, groupKind, namespace, name }: AppliedObject): GraphNode {
  const { source, start } = value.origin;
  return {
    id: idOf(home.name, groupKind, namespace, name),
    cluster: home.name,
    apiVersion: textAt(value, ['apiVersion']) ?? '',
    kind: textAt(value, ['kind']) ?? '',
    ...(namespace !== '' && { namespace }),
    name,
    file: source.file,
    offset: source.start + start,
  };
}

function idOf(scope: string, groupKind: GroupKind, namespace: string, name: string): string {
  return [scope, groupKind, namespace, name].join(' ');
}

/** The objects of files that Flux doesn't apply. */
function addWritten(graph: Graph, workspace: Workspace): void {
  const fleet = fleetOf(workspace);
  const clusters = new Set(fleet.clusters().flatMap(({ appliers }) => appliers.map(({ cluster }) => cluster)));
  for (const { path, documents } of workspace.files()) {
    if (fleet.chainsOf(path).some(({ cluster }) => clusters.has(cluster))) continue;
    for (const { document } of documents) {
      if (workspace.role(path, document) !== 'manifest') continue;
      for (const definition of workspace.index.definitionsIn(document)) {
        const from = writtenNode(workspace, definition);
        if (!from) continue;
        const row = kindRow(definition.object.groupKind);
        graph.add(from);
        for (const use of definition.object.uses) {
          const field = use.path
            .map((step) => (typeof step === 'number' ? '[*]' : step))
            .join('.')
            .replaceAll('.[', '[');
          const reference = row?.references?.find((one) => one.path === field);
          for (const target of workspace.resolver.targets(definition, use)) {
            const to = writtenNode(workspace, target);
            if (to && reference) graph.connect({ from: from.id, to: graph.add(to), ...meaningOf(reference) });
          }
        }
      }
    }
  }
}

function writtenNode(workspace: Workspace, { path, document, object }: Definition): GraphNode | undefined {
  const { name, namespace, groupKind, gvk, start } = object;
  const placed = workspace.file(path)?.documents.find((one) => one.document === document);
  if (name === undefined || !placed) return undefined;
  return {
    id: idOf(`file ${path}`, groupKind, namespace ?? '', name),
    apiVersion: apiVersionOf(gvk),
    kind: gvk.kind,
    ...(namespace !== undefined && { namespace }),
    name,
    file: path,
    offset: placed.start + start,
  };
}
