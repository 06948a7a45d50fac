// The output of `clusterctl describe` and our tree, as comparable rows.
import type { TreeNode } from '../../../server/src/cli/output.ts';

export interface Described {
  readonly kind: string;
  readonly name: string;
  /** `Kind/name`; the cluster's for workers, since their group is not an object. */
  readonly parent: string;
  readonly status: string;
}

/** Rows of the table: `│ ├─Kind namespace/name, version`, then counters, then the status. */
export function read(table: string): readonly Described[] {
  const [head = '', ...lines] = table.split('\n');
  const column = head.indexOf('STATUS');
  const above: { readonly depth: number; readonly id: string }[] = [];
  return lines.flatMap((line) => {
    const found = /^([│├└─ ]*)([A-Za-z]+)(?: [^/\s]+\/([^\s,]+))?/.exec(line);
    if (!found) return [];
    const [, indent = '', kind = '', name] = found;
    // The second line of a message is indented as far as the message column.
    if (indent.length > 20) return [];
    while (above.length > 0 && above.at(-1)!.depth >= indent.length) above.pop();
    const parent = above.at(-1)?.id ?? '';
    above.push({ depth: indent.length, id: name === undefined ? parent : `${kind}/${name}` });
    const [status = ''] = line.slice(column).split(/\s/);
    return name === undefined ? [] : [{ kind, name, parent, status }];
  });
}

export function flat(node: TreeNode, parent = ''): readonly Described[] {
  const { kind, name, conditions, children } = node;
  // clusterctl's tree has no health checks.
  if (kind === 'MachineHealthCheck') return [];
  const type = ['Cluster', 'MachineDeployment', 'KubeadmControlPlane'].includes(kind) ? 'Available' : 'Ready';
  const status = conditions.find((condition) => condition.type === type)?.status ?? '';
  return [{ kind, name, parent, status }, ...children.flatMap((child) => flat(child, `${kind}/${name}`))];
}

export function sorted(rows: readonly Described[]): readonly Described[] {
  const key = ({ kind, name }: Described) => `${kind}/${name}`;
  return [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

export function nodes(node: TreeNode): readonly TreeNode[] {
  return [node, ...node.children.flatMap(nodes)];
}
