// `capstan where`: the file and the line that made a live object.
import { presentable, redactValue } from '../engine/redact.ts';
import { readObject } from '../engine/watch/objects.ts';
import { allOrigins } from '../explorer/joined.ts';
import { preparing } from '../features/latest-findings.ts';
import { type Written, writtenAt } from '../features/written.ts';
import { kindName } from '../kube/identity.ts';
import { nameOf } from '../live/actions/action.ts';
import { trim } from '../live/object.ts';
import type { Origin } from '../live/origin.ts';
import { LineIndex } from '../syntax/lines.ts';
import { atOnce } from '../syntax/steps.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { parseObject, withObject } from './clusters/one-object.ts';
import type { Io } from './io.ts';
import { workspaceAt } from './lint/root.ts';
import { misused } from './misuse.ts';
import type { WrittenOutput } from './output.ts';

const usage = `Usage: capstan where KIND/NAME [-n NAMESPACE] [--context NAME] [--kubeconfig FILE] [--format text|json]

Prints the file and the line of the repository in the current folder that made an object of a cluster: of what isn't written
itself, such as a pod, that of what it comes from, through owners, releases and topologies, and as Flux and kustomize change
names and namespaces. Which of several clusters is meant is told by the Kustomizations that apply the object.

Exit: 0 printed, 1 no file made it or it could not be read, 2 wrong usage.
`;

export async function run(args: readonly string[], io: Io): Promise<number> {
  const wanted = parseObject(args);
  if (wanted === 'help') {
    io.stdout.write(usage);
    return 0;
  }
  if (typeof wanted === 'string') return misused(io, 'where', wanted, usage);
  return withObject('where', wanted, io, async (object, { transport, discovery }, fail) => {
    const origins = await allOrigins(object, async (target) => {
      const resource = discovery.resources.get(target.groupKind);
      const read = resource && (await readObject(transport, resource, target));
      return read?.ok ? trim(read.value) : undefined;
    });
    const { workspace } = await workspaceAt(io.cwd, io.env);
    atOnce(preparing(workspace));
    const places = writtenAt(workspace, origins);
    if (places.length === 0) return fail(`no file of the repository defines ${origins.map(nameOf).join(' or ')}`);
    const output = places.map((place) => outputOf(place, origins, workspace));
    if (wanted.json) io.stdout.write(`${JSON.stringify(redactValue(output), null, 2)}\n`);
    else for (const one of output) io.stdout.write(`${presentable(textOf(one), 1000)}\n`);
    return 0;
  });
}

function outputOf(
  { file, offset, clusters, index }: Written,
  origins: readonly Origin[],
  workspace: Workspace,
): WrittenOutput {
  const { start } = new LineIndex(workspace.file(file)?.text ?? '').rangeAt(offset, offset);
  const { groupKind, namespace, name } = origins[index]!;
  const object = { kind: kindName(groupKind), ...(namespace !== undefined && { namespace }), name };
  return { file, line: start.line + 1, object, clusters };
}

function textOf({ file, line, object: { kind, namespace, name }, clusters }: WrittenOutput): string {
  const where = clusters.length === 0 ? '' : `  on ${clusters.join(', ')}`;
  return `${file}:${line}  ${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}${where}`;
}
