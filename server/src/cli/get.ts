// `capstan get`: objects of any kind with the columns that `kubectl get` shows, over one or several contexts.
import { parseArgs } from 'node:util';
import { matches } from '../engine/kubeconfig/context-pattern.ts';
import { loadKubeConfig } from '../engine/kubeconfig/kubeconfig.ts';
import { presentable, printable, redactValue } from '../engine/redact.ts';
import type { Transport } from '../engine/transport/transport.ts';
import { type Collection, findResource, type Resource } from '../engine/watch/discovery.ts';
import { listObjects } from '../engine/watch/objects.ts';
import { readTable } from '../engine/watch/tables.ts';
import { aligned } from '../live/columns.ts';
import { controllerOf, definitionOf } from '../live/definitions.ts';
import { list } from '../live/fields.ts';
import { healthOf } from '../live/health.ts';
import { type LiveObject, trim } from '../live/object.ts';
import { type Table, withColumns } from '../live/table.ts';
import { oneLine } from '../syntax/shown.ts';
import { connect } from './clusters/connect.ts';
import { commonFlags, reportProblem, selectionOf } from './clusters/flags.ts';
import type { Io } from './io.ts';
import { misuse, misused } from './misuse.ts';

const usage = `Usage: capstan get KIND [NAME] [-n NAMESPACE | -A] [-l SELECTOR] [-o wide|health|name|json]
                   [--context NAME... | --all-contexts] [--kubeconfig FILE] [--timeout 30s]

Lists objects of a kind with the columns that "kubectl get" shows, those of custom resources included. With several contexts,
the first column is the context.

  -o wide     more columns
  -o health   also the state of each object and its reason; of a CustomResourceDefinition, its versions and its controller
  -o name     KIND/NAME only
  -o json     context, namespace, name, state and columns of each object

Exit: 0 all contexts responded, 1 one did not, or the kind or the object was not found, 2 wrong usage.
`;

interface Wanted {
  readonly kind: string;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly everywhere: boolean;
  readonly selector: string;
  readonly output: string;
  readonly contexts: readonly string[];
  readonly all: boolean;
  readonly kubeconfig: string | undefined;
  readonly timeout: number;
}

interface Listed {
  readonly context: string;
  readonly resource: Resource;
  readonly namespace: string;
  readonly table: Table;
}

export async function run(args: readonly string[], io: Io): Promise<number> {
  const wanted = parse(args);
  if (wanted === 'help') {
    io.stdout.write(usage);
    return 0;
  }
  if (typeof wanted === 'string') return misused(io, 'get', wanted, usage);
  const contexts = chosen(wanted, io);
  if (contexts.length === 0) {
    reportProblem(io, 'get', { message: `no context matches ${wanted.contexts.join(', ')}`, remedy: '' });
    return 1;
  }
  const late = AbortSignal.timeout(wanted.timeout);
  const listed = await Promise.all(contexts.map((context) => listIn(context, wanted, io, late)));
  const found = listed.filter((one) => one !== undefined);
  print(found, wanted, contexts.length > 1, io);
  return found.length === contexts.length ? 0 : 1;
}

/** Undefined stands for the current context. */
function chosen({ contexts, all, kubeconfig }: Wanted, io: Io): readonly (string | undefined)[] {
  if (contexts.length === 0 && !all) return [undefined];
  const known = [...loadKubeConfig(selectionOf(io, kubeconfig)).contexts.keys()];
  if (all) return known;
  const named = contexts.flatMap((wanted) =>
    !wanted.includes('*') || known.includes(wanted) ? [wanted] : known.filter((name) => matches(wanted, name)),
  );
  return [...new Set(named)];
}

/** Undefined after reporting a failure. */
async function listIn(
  context: string | undefined,
  wanted: Wanted,
  io: Io,
  late: AbortSignal,
): Promise<Listed | undefined> {
  const { kubeconfig, namespace } = wanted;
  const connection = await connect('get', { context, kubeconfig, namespace }, io, late);
  if (!connection) return undefined;
  const { transport, discovery } = connection;
  const refuse = (message: string) => {
    reportProblem(io, 'get', { message: `context "${connection.context}": ${presentable(message, 800)}`, remedy: '' });
    return undefined;
  };
  try {
    const resource = findResource(discovery, wanted.kind);
    if (!resource) return refuse(`the server doesn't have a resource type "${wanted.kind}"`);
    const { name, everywhere, output, selector } = wanted;
    const query = {
      ...{ name, labelSelector: selector, wide: output === 'wide' || output === 'json' },
      // A single object is always in one namespace.
      namespace: name === undefined && everywhere ? undefined : connection.namespace,
      wantsObjects: output === 'health' || output === 'json',
    };
    const read = await readTable(transport, resource, query, late);
    if (!read.ok) return refuse(read.failure.message);
    const table: Table = read.value;
    const listed = { context: connection.context, resource, namespace: connection.namespace };
    if (wanted.output !== 'health') return { ...listed, table };
    const judged = withColumns(table, ['STATE', 'REASON'], ({ object }) => stateOf(object, resource));
    if (resource.kind !== 'CustomResourceDefinition') return { ...listed, table: judged };
    const deployments = await deploymentsOf(transport, late);
    const controllers = (object: unknown) => definitionCells(object, deployments);
    return { ...listed, table: withColumns(judged, ['VERSIONS', 'CONTROLLER'], ({ object }) => controllers(object)) };
  } finally {
    transport.close();
  }
}

function healthIn(raw: unknown, resource: Resource) {
  const [state, reason] = stateOf(raw, resource);
  return { ...(state === '' ? {} : { state }), ...(reason === '' ? {} : { reason }) };
}

function stateOf(raw: unknown, { group, version, kind }: Resource): readonly [string, string] {
  const object = trim(raw, group === '' ? version : `${group}/${version}`, kind);
  if (!object) return ['', ''];
  const { state, reason } = healthOf(object);
  return [state === 'none' ? '' : state, oneLine(reason, 200)];
}

const deploymentKind: Collection = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
};

async function deploymentsOf(transport: Transport, signal: AbortSignal): Promise<readonly LiveObject[]> {
  const answer = await listObjects(transport, deploymentKind, {}, { signal });
  return answer.ok ? list(answer.value, 'items').flatMap((item) => trim(item, 'apps/v1', 'Deployment') ?? []) : [];
}

/** The versions that are served, and the Deployment of the controller as far as labels prove it. */
function definitionCells(raw: unknown, deployments: readonly LiveObject[]): readonly [string, string] {
  const served = definitionOf(raw)?.versions.filter((version) => version.served) ?? [];
  const controller = controllerOf(raw, [], deployments);
  const { deployment, version } = controller ?? {};
  return [
    served.map(({ name }) => name).join(','),
    deployment ? [`${deployment.namespace ?? ''}/${deployment.name}`, version].filter(Boolean).join(' ') : '',
  ];
}

function print(all: readonly Listed[], { output, everywhere }: Wanted, isSeveral: boolean, io: Io): void {
  if (output === 'json') {
    const objects = all.flatMap(({ context, resource, table }) =>
      table.rows.map(({ namespace, name, cells, object }) => ({
        ...{ context, kind: resource.kind, ...(namespace === '' ? {} : { namespace }), name },
        ...healthIn(object, resource),
        columns: Object.fromEntries(table.columns.map((column, index) => [column, cells[index] ?? ''])),
      })),
    );
    io.stdout.write(`${JSON.stringify(redactValue(objects), null, 2)}\n`);
    return;
  }
  for (const { context, table, namespace, resource } of all)
    if (table.rows.length === 0)
      io.stderr.write(
        `No resources found${everywhere || !resource.namespaced ? '' : ` in ${namespace} namespace`}${isSeveral ? ` of context ${printable(context)}` : ''}.\n`,
      );
  const filled = all.filter(({ table }) => table.rows.length > 0);
  const [first] = filled;
  if (!first) return;
  if (output === 'name') {
    const lines = filled.flatMap(({ resource: { kind, group }, table }) =>
      table.rows.map(({ name }) => `${kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${printable(name)}`),
    );
    io.stdout.write(`${lines.join('\n')}\n`);
    return;
  }
  const withNamespace = everywhere && first.resource.namespaced;
  const row = (context: string, namespace: string, cells: readonly string[]) =>
    [...(isSeveral ? [context] : []), ...(withNamespace ? [namespace] : []), ...cells].map((cell) => presentable(cell));
  const lines = [
    row('CONTEXT', 'NAMESPACE', first.table.columns),
    ...filled.flatMap(({ context, table }) => table.rows.map(({ namespace, cells }) => row(context, namespace, cells))),
  ];
  io.stdout.write(`${aligned(lines).join('\n')}\n`);
}

function parse(args: readonly string[]): Wanted | string {
  const options = {
    namespace: { type: 'string', short: 'n' },
    'all-namespaces': { type: 'boolean', short: 'A' },
    selector: { type: 'string', short: 'l' },
    output: { type: 'string', short: 'o' },
    context: { type: 'string', multiple: true },
    'all-contexts': { type: 'boolean' },
    kubeconfig: { type: 'string' },
    timeout: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (values.help) return 'help';
    const [kind = '', name, ...more] = positionals.flatMap((word) => word.split('/'));
    if (kind === '' || name === '' || more.length > 0) return 'one KIND, or KIND and NAME, is required';
    const output = values.output ?? '';
    if (!['', 'wide', 'health', 'name', 'json'].includes(output))
      return `-o must be wide, health, name or json, not "${output}"`;
    const [everywhere, selector] = [values['all-namespaces'] === true, values.selector ?? ''];
    if (name !== undefined && everywhere) return 'a NAME cannot be searched for in all namespaces';
    if (name !== undefined && selector !== '') return 'name cannot be provided when a selector is specified';
    const contexts = (values.context ?? []).filter((one) => one !== '');
    if (values['all-contexts'] && contexts.length > 0) return '--all-contexts must not be set together with --context';
    const common = commonFlags({ ...(values.timeout === undefined ? {} : { timeout: values.timeout }) }, '30s');
    if (typeof common === 'string') return common;
    const { namespace, kubeconfig } = values;
    const what = { kind, name, namespace, everywhere, selector, output };
    return { ...what, contexts, all: values['all-contexts'] === true, kubeconfig, timeout: common.timeout };
  } catch (error) {
    return misuse(error);
  }
}
