// The variables that patches of a ClusterClass can use: those of its `spec.variables`, and `builtin`, whose fields are here
// (https://cluster-api.sigs.k8s.io/tasks/experimental-features/cluster-class/write-clusterclass, "Builtin variables").

const metadata = ['metadata.labels', 'metadata.annotations'];
const worker = [
  ...['class', 'name', 'replicas', 'topologyName', 'version', ...metadata],
  ...['bootstrap.configRef.name', 'infrastructureRef.name'],
];

const below = (at: string, fields: readonly string[]) => fields.map((field) => `builtin.${at}.${field}`);

/** The paths of their values, dotted. */
export const builtinVariables: readonly string[] = [
  ...below('cluster', ['name', 'namespace', 'uid', ...metadata]),
  ...below('cluster.topology', ['version', 'class', 'classNamespace', 'classRef.name', 'classRef.namespace']),
  ...below('cluster.network', ['serviceDomain', 'services', 'pods', 'ipFamily']),
  ...below('controlPlane', ['name', 'replicas', 'version', ...metadata, 'machineTemplate.infrastructureRef.name']),
  ...below('machineDeployment', worker),
  ...below('machinePool', worker),
];

/** Whether a dotted path is a value of `builtin` or a map of some, or an item or key of one that has any. */
export function isBuiltinVariable(path: string): boolean {
  const plain = path.replace(/\[[^\]]*\]/g, '');
  return builtinVariables.some((one) => {
    const isOpen = /(?:labels|annotations|services|pods)$/.test(one);
    return one === plain || one.startsWith(`${plain}.`) || (isOpen && plain.startsWith(`${one}.`));
  });
}

/** The name in a path such as `network.cidrs[0]`. */
export function variableName(path: string): string {
  return /^[^.[]*/.exec(path)![0];
}

export interface TemplateVariable {
  /** Dotted, without the dot in front. */
  readonly path: string;
  /** Offsets in the template, of the path. */
  readonly start: number;
  readonly end: number;
}

/** The variables that a Go template reads from its data: not what `with` and `range` make of the dot. */
export function variablesInTemplate(template: string): readonly TemplateVariable[] {
  const found: TemplateVariable[] = [];
  /** Whether each open block has its own dot. */
  const blocks: boolean[] = [];
  for (const { index, 1: body = '' } of template.matchAll(
    /\{\{((?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|(?!\}\})[\s\S])*)\}\}/g,
  )) {
    const keyword = /^-?\s*(\w*)/.exec(body)![1]!;
    if (/^-?\s*\/\*/.test(body)) continue;
    if (keyword === 'end') blocks.pop();
    if (keyword === 'else' && blocks.length > 0) blocks[blocks.length - 1] = false;
    const isOwnDot = blocks.includes(true);
    // What is in quotes is text.
    const code = body.replace(/"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)*'/g, (text) => ' '.repeat(text.length));
    for (const match of code.matchAll(/(?<![\w)\]$.])(\$?)\.([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)/g)) {
      const [whole, root, path = ''] = match;
      if (isOwnDot && root === '') continue;
      const end = index + '{{'.length + match.index + whole.length;
      found.push({ path, start: end - path.length, end });
    }
    if (/^(?:if|with|range|block|define)$/.test(keyword)) blocks.push(keyword !== 'if');
  }
  return found;
}
