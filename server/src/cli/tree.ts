// `capstan tree`: prints a cluster down to its machines, as clusterctl describes it, or what a Kustomization or
// HelmRelease delivers, as `flux tree` shows it, with the state of each object.
import { parseArgs } from 'node:util';
import { presentable, redactValue } from '../engine/redact.ts';
import { snapshotOf } from '../engine/session/snapshot.ts';
import { findResource } from '../engine/watch/discovery.ts';
import { readObject } from '../engine/watch/objects.ts';
import { childrenOf, type Detail, objectNode } from '../live/children.ts';
import { groupName, identityOf, type Node, nodeWords } from '../live/node.ts';
import { trim } from '../live/object.ts';
import type { ObjectSource } from '../live/source.ts';
import { roleNames, sourceOfTree, treeOf } from '../live/tree.ts';
import { firstOf } from '../syntax/shown.ts';
import { connect } from './clusters/connect.ts';
import { commonFlags, namedObject, reportProblem } from './clusters/flags.ts';
import { marks, tones } from './clusters/marks.ts';
import type { Io } from './io.ts';
import { misuse, misused } from './misuse.ts';
import type { TreeNode } from './output.ts';
import { type Line, writeLines } from './terminal.ts';

const usage = `Usage: capstan tree KIND/NAME [-n NAMESPACE] [--context NAME] [--kubeconfig FILE] [--all] [--timeout 30s]
                    [--format text|json]

KIND is cluster, kustomization, helmrelease or a workload (deployment, statefulset, daemonset, job, cronjob). The tree of a
cluster shows its infrastructure, control plane, workers and machines; that of a kustomization or helmrelease the objects it
applies, and what those apply in turn; that of a workload its revisions and pods.

  --all            also show MachineSets, the ready infrastructure of machines, and each ready machine separately
  --timeout TIME   how long to wait for the server (default 30s)

Exit: 0 everything is healthy, 1 something is not or could not be read, 2 wrong usage.
`;

interface Wanted {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly context: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly timeout: number;
  readonly all: boolean;
  readonly json: boolean;
}

export async function run(args: readonly string[], io: Io): Promise<number> {
  const wanted = parse(args);
  if (wanted === 'help') {
    io.stdout.write(usage);
    return 0;
  }
  if (typeof wanted === 'string') {
    return misused(io, 'tree', wanted, usage);
  }
  const late = AbortSignal.timeout(wanted.timeout);
  const connection = await connect('tree', wanted, io, late);
  if (!connection) return 1;
  const { context, transport, discovery, namespace } = connection;
  const refuse = (message: string): number => {
    reportProblem(io, 'tree', { message: `context "${context}": ${presentable(message, 800)}`, remedy: '' });
    return 1;
  };
  try {
    const resource = findResource(discovery, wanted.kind);
    if (!resource) return refuse(`the server has no kind "${wanted.kind}"`);
    const answer = await readObject(transport, resource, { namespace, name: wanted.name }, { signal: late });
    if (!answer.ok) return refuse(answer.failure.message);
    const root = trim(answer.value);
    if (!root) return refuse('the server responded with something other than an object');
    const snapshot = await snapshotOf(transport, discovery, root, late);
    const tree = sourceOfTree(root, snapshot);
    if (!tree)
      return refuse(`KIND must be a Cluster, a Kustomization, a HelmRelease or a workload, not ${resource.kind}`);
    const now = Date.now();
    const data = treeOf(root, tree, now);
    for (const problem of snapshot.problems) refuse(problem);
    if (wanted.json) io.stdout.write(`${JSON.stringify(redactValue(data), null, 2)}\n`);
    else {
      const lines = linesOf(objectNode(root), tree, wanted.all ? 'all' : 'folded', now);
      writeLines(io.stdout, [...lines, ...sumOf(data).map((text) => ({ indent: 0, pieces: [{ text }] }))]);
    }
    return isWell(data) && snapshot.problems.length === 0 ? 0 : 1;
  } finally {
    transport.close();
  }
}

function isWell({ state, children }: TreeNode): boolean {
  return ['ready', 'suspended', 'none'].includes(state) && children.every(isWell);
}

/** How many of the objects below a delivery that has a state are ready, and what it waits for. */
function sumOf({ kind, children }: TreeNode): readonly string[] {
  if (kind !== 'Kustomization' && kind !== 'HelmRelease') return [];
  const judged = children.filter(({ state }) => state !== 'none');
  const open = judged.filter((child) => !isWell(child));
  if (open.length === 0) return [];
  const names = open.map((child) => `${child.kind}/${child.name}`);
  return [`${judged.length - open.length} of ${judged.length} ready, waiting for ${presentable(firstOf(names, 3))}`];
}

/** The tree as text. Quiet nodes are shown only with `all`. */
export function linesOf(node: Node, source: ObjectSource, detail: Detail, now: number, indent = 0): readonly Line[] {
  const { state, description } = nodeWords(node, now);
  // A group without a state has no mark and no column for one.
  const isBare = node.is === 'group' && state === 'none';
  const mark = isBare ? [] : [{ text: `${marks[state]} `, tone: tones[state] }];
  const shown = childrenOf(node, source, detail).filter(({ quiet }) => detail === 'all' || !quiet);
  const words = presentable(description);
  return [
    { indent, pieces: [...mark, { text: labelOf(node) }, ...(words === '' ? [] : [{ text: `  ${words}` }])] },
    ...shown.flatMap((child) => linesOf(child, source, detail, now, indent + 2)),
  ];
}

function labelOf(node: Node): string {
  if (node.is === 'group') return groupName(node);
  const { apiVersion, kind, namespace, name } = identityOf(node);
  const named = `${kind}/${name}`;
  if (node.role === 'infrastructure' || node.role === 'controlPlane') return `${roleNames[node.role]}: ${named}`;
  // Objects of a cluster share its namespace; delivered objects are spread over many.
  return apiVersion.includes('cluster.x-k8s.io/') || namespace === undefined ? named : `${kind}/${namespace}/${name}`;
}

function parse(args: readonly string[]): Wanted | string {
  const options = {
    namespace: { type: 'string', short: 'n' },
    context: { type: 'string' },
    kubeconfig: { type: 'string' },
    timeout: { type: 'string' },
    all: { type: 'boolean' },
    format: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (values.help) return 'help';
    const named = namedObject(positionals);
    if (typeof named === 'string') return named;
    const common = commonFlags(values, '30s');
    if (typeof common === 'string') return common;
    const { namespace, context, kubeconfig, all = false } = values;
    return { ...named, namespace, context, kubeconfig, all, ...common };
  } catch (error) {
    return misuse(error);
  }
}
