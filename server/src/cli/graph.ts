// `capstan graph`: prints the objects of a repository and how they are connected.

import { dirname, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { groupedBy } from '../kube/grouped.ts';
import { LineIndex } from '../syntax/lines.ts';
import type { GraphEdge, GraphNode, ObjectGraph } from '../workspace/graph.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Io } from './io.ts';
import { misuse, misused } from './misuse.ts';
import type { GraphOutput } from './output.ts';

const formats = ['json', 'dot', 'mermaid'] as const;
type Format = (typeof formats)[number];

const usage = `Usage: capstan graph [PATH] [--format json|dot|mermaid]

Prints the objects that are written at or below PATH (default: the current folder) as clusters get them, and what they are
connected with: references, dependencies (dependsOn), what owns what in Cluster API and ResourceSets, and which Kustomization
of Flux applies what. Objects that Flux doesn't apply are as they are written.

  --format FORMAT   json (default), dot (Graphviz) or mermaid

Exit: 0 printed, 2 wrong usage or a PATH that can't be read.
`;

/** Resolves to the exit code. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const options = { format: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
  let parsed: {
    readonly values: { readonly format?: string; readonly help?: boolean };
    readonly positionals: readonly string[];
  };
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    return misused(io, 'graph', misuse(error), usage);
  }
  const { values, positionals } = parsed;
  if (values.help) {
    io.stdout.write(usage);
    return 0;
  }
  const format = formats.find((one) => one === (values.format ?? 'json'));
  if (!format) return misused(io, 'graph', `--format must be json, dot or mermaid, not "${values.format}"`, usage);
  const [path = '.', ...others] = positionals;
  if (others.length > 0) return misused(io, 'graph', `unexpected argument "${others[0]}"`, usage);
  const { isFolder, repositoryOf } = await import('../disk/files.ts');
  const at = resolve(io.cwd, path);
  const kind = isFolder(at);
  if (typeof kind === 'object') {
    io.stderr.write(`capstan graph: ${path}: ${kind.problem}\n`);
    return 2;
  }
  const { workspaceAt } = await import('./lint/root.ts');
  const { objectGraph } = await import('../workspace/graph.ts');
  const folder = kind ? at : dirname(at);
  // Outside a repository, the folder that was named is all there is.
  const scope = kind && repositoryOf(folder) === undefined ? 'whole' : undefined;
  const { root, workspace } = await workspaceAt(folder, io.env, scope);
  const graph = objectGraph(workspace, relative(root, at).split(sep).join('/'));
  io.stdout.write(printed(graph, format, workspace));
  return 0;
}

function printed(graph: ObjectGraph, format: Format, workspace: Workspace): string {
  if (format === 'json') return `${JSON.stringify(output(graph, workspace), null, 2)}\n`;
  return format === 'dot' ? dot(graph) : mermaid(graph);
}

function output({ nodes, edges }: ObjectGraph, workspace: Workspace): GraphOutput {
  const lines = new Map<string, LineIndex>();
  const lineOf = ({ file, offset }: GraphNode) => {
    const known = lines.get(file) ?? new LineIndex(workspace.file(file)?.text ?? '');
    lines.set(file, known);
    return known.rangeAt(offset, offset).start.line;
  };
  return { nodes: nodes.map(({ offset, ...node }) => ({ ...node, line: lineOf({ ...node, offset }) })), edges };
}

function labelOf({ kind, namespace, name }: GraphNode): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** The nodes of each cluster; undefined for those that Flux doesn't apply. */
function byCluster(nodes: readonly GraphNode[]): ReadonlyMap<string | undefined, readonly GraphNode[]> {
  return groupedBy(nodes, ({ cluster }) => cluster);
}

/** One line for all fields that connect two objects in the same way. */
function drawn(edges: readonly GraphEdge[]): Iterable<GraphEdge> {
  return new Map(edges.map((edge) => [`${edge.from}\n${edge.to}\n${edge.kind}`, edge])).values();
}

function dot({ nodes, edges }: ObjectGraph): string {
  const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
  const lines = ['digraph {', '  rankdir=LR;', '  node [shape=box];'];
  for (const [index, [cluster, own]] of [...byCluster(nodes)].entries()) {
    const indent = cluster === undefined ? '  ' : '    ';
    if (cluster !== undefined) lines.push(`  subgraph cluster_${index} {`, `    label=${quoted(cluster)};`);
    for (const node of own) lines.push(`${indent}${quoted(node.id)} [label=${quoted(labelOf(node))}];`);
    if (cluster !== undefined) lines.push('  }');
  }
  for (const { from, to, kind } of drawn(edges))
    lines.push(
      `  ${quoted(from)} -> ${quoted(to)} [label=${quoted(kind)}${kind === 'reference' ? ', style=dashed' : ''}];`,
    );
  return `${lines.join('\n')}\n}\n`;
}

function mermaid({ nodes, edges }: ObjectGraph): string {
  const ids = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  const quoted = (text: string) => `"${text.replaceAll('"', '#quot;')}"`;
  const lines = ['flowchart LR'];
  for (const [index, [cluster, own]] of [...byCluster(nodes)].entries()) {
    if (cluster !== undefined) lines.push(`  subgraph c${index}[${quoted(cluster)}]`);
    for (const node of own) lines.push(`    ${ids.get(node.id)}[${quoted(labelOf(node))}]`);
    if (cluster !== undefined) lines.push('  end');
  }
  for (const { from, to, kind } of drawn(edges))
    lines.push(`  ${ids.get(from)} ${kind === 'reference' ? '-.->' : '-->'}|${kind}| ${ids.get(to)}`);
  return `${lines.join('\n')}\n`;
}
