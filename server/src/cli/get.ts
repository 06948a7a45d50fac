// `capstan get`: objects of any kind with the columns that `kubectl get` shows, over one or several contexts.
import { parseArgs } from 'node:util';
import { matches } from '../engine/kubeconfig/context-pattern.ts';
import { loadKubeConfig } from '../engine/kubeconfig/kubeconfig.ts';
import { presentable, printable, redactValue } from '../engine/redact.ts';
import type { Transport } from '../engine/transport/transport.ts';
import { type Collection, findResource, type Resource } from '../engine/watch/discovery.ts';
import { listObjects } from '../engine/watch/objects.ts';
import { followTable, type ReadTable, readTable, type TableQuery } from '../engine/watch/tables.ts';
import { alignedBelow } from '../live/columns.ts';
import { controllerOf, definitionOf } from '../live/definitions.ts';
import { list } from '../live/fields.ts';
import { healthOf } from '../live/health.ts';
import { type LiveObject, trim } from '../live/object.ts';
import { type Table, type TableRow, withColumns } from '../live/table.ts';
import { oneLine } from '../syntax/shown.ts';
import { connect } from './clusters/connect.ts';
import { commonFlags, reportProblem, selectionOf } from './clusters/flags.ts';
import type { Io } from './io.ts';
import { misuse, misused } from './misuse.ts';

const usage = `Usage: capstan get KIND [NAME] [-n NAMESPACE | -A] [-l SELECTOR] [-o wide|health|name|json] [-w]
                   [--context NAME... | --all-contexts] [--kubeconfig FILE] [--timeout 30s]

Lists objects of a kind with the columns that "kubectl get" shows, those of custom resources included. With several contexts,
the first column is the context.

  -o wide     more columns
  -o health   also the state of each object and its reason; of a CustomResourceDefinition, its versions and its controller
  -o name     KIND/NAME only
  -o json     context, namespace, name, state and columns of each object
  -w, --watch follow changes: a line for each object that changes or is deleted; with -o json an object in each line

Exit: 0 all contexts responded, 1 one did not, or the kind or the object was not found, 2 wrong usage.
`;

interface Wanted {
  readonly kind: string;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly everywhere: boolean;
  readonly selector: string;
  readonly output: string;
  readonly watch: boolean;
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

/** A context whose objects were listed, and can be followed. */
interface Reached extends Listed {
  readonly transport: Transport;
  readonly query: TableQuery;
  /** As the server sent it. */
  readonly read: ReadTable;
  /** The table as it is shown. */
  readonly shown: (table: Table) => Table;
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
  try {
    const print = printer(wanted, contexts.length > 1, io);
    print(found);
    const ends = wanted.watch ? await Promise.all(found.map((one) => followIn(one, io, print))) : [];
    return found.length === contexts.length && !ends.includes(false) ? 0 : 1;
  } finally {
    for (const { transport } of found) transport.close();
  }
}

/** Whether it ended because it was to. */
async function followIn(reached: Reached, io: Io, print: Print): Promise<boolean> {
  const { context, transport, resource, query, read, shown } = reached;
  const changed = (row: TableRow, isGone: boolean) =>
    print([{ ...reached, table: shown({ columns: read.columns, rows: [row] }) }], { isGone });
  const stop = io.stop ?? new AbortController().signal;
  const failure = await followTable(transport, resource, query, read, stop, changed);
  if (!failure) return true;
  refused(io, context, failure.message);
  return false;
}

function refused(io: Io, context: string, message: string): void {
  reportProblem(io, 'get', { message: `context "${context}": ${presentable(message, 800)}`, remedy: '' });
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

/** Undefined after reporting a failure; otherwise the caller must close the transport. */
async function listIn(
  context: string | undefined,
  wanted: Wanted,
  io: Io,
  late: AbortSignal,
): Promise<Reached | undefined> {
  const { kubeconfig, namespace } = wanted;
  const connection = await connect('get', { context, kubeconfig, namespace }, io, late);
  if (!connection) return undefined;
  const { transport, discovery } = connection;
  const refuse = (message: string) => {
    refused(io, connection.context, message);
    transport.close();
    return undefined;
  };
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
  const shown = output === 'health' ? await withHealth(resource, transport, late) : (table: Table) => table;
  const { context: named, namespace: own } = connection;
  return {
    ...{ context: named, resource, namespace: own, transport, query, shown },
    ...{ read: read.value, table: shown(read.value) },
  };
}

/** Adds the state of each object; to CustomResourceDefinitions, their versions and controllers. */
async function withHealth(
  resource: Resource,
  transport: Transport,
  signal: AbortSignal,
): Promise<(table: Table) => Table> {
  const judged = (table: Table) => withColumns(table, ['STATE', 'REASON'], ({ object }) => stateOf(object, resource));
  if (resource.kind !== 'CustomResourceDefinition') return judged;
  const deployments = await deploymentsOf(transport, signal);
  const controllers = ({ object }: TableRow) => definitionCells(object, deployments);
  return (table) => withColumns(judged(table), ['VERSIONS', 'CONTROLLER'], controllers);
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

/** Prints a list, then what changes. */
type Print = (all: readonly Listed[], change?: { readonly isGone: boolean }) => void;

function printer(wanted: Wanted, isSeveral: boolean, io: Io): Print {
  switch (wanted.output) {
    case 'json':
      return (all, change) => printJson(all, wanted, io, change);
    case 'name':
      return (all) => {
        sayNothingFound(all, wanted, isSeveral, io);
        const lines = namesIn(all);
        if (lines.length > 0) io.stdout.write(`${lines.join('\n')}\n`);
      };
    default:
      return tablePrinter(wanted, isSeveral, io);
  }
}

function printJson(
  all: readonly Listed[],
  { watch }: Wanted,
  io: Io,
  change: { readonly isGone: boolean } | undefined,
): void {
  const objects = all.flatMap(({ context, resource, table }) =>
    table.rows.map(({ namespace, name, cells, object }) => ({
      ...{ context, kind: resource.kind, ...(namespace === '' ? {} : { namespace }), name },
      ...healthIn(object, resource),
      columns: Object.fromEntries(table.columns.map((column, index) => [column, cells[index] ?? ''])),
      ...(change?.isGone && { isGone: true }),
    })),
  );
  if (watch) for (const object of objects) io.stdout.write(`${JSON.stringify(redactValue(object))}\n`);
  else io.stdout.write(`${JSON.stringify(redactValue(objects), null, 2)}\n`);
}

function namesIn(all: readonly Listed[]): readonly string[] {
  return all.flatMap(({ resource: { kind, group }, table }) =>
    table.rows.map(({ name }) => `${kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${printable(name)}`),
  );
}

function sayNothingFound(all: readonly Listed[], { everywhere }: Wanted, isSeveral: boolean, io: Io): void {
  for (const { context, table, namespace, resource } of all)
    if (table.rows.length === 0)
      io.stderr.write(
        `No resources found${everywhere || !resource.namespaced ? '' : ` in ${namespace} namespace`}${isSeveral ? ` of context ${printable(context)}` : ''}.\n`,
      );
}

/** The columns are named once, above the first row there is. */
function tablePrinter(wanted: Wanted, isSeveral: boolean, io: Io): Print {
  const widths: number[] = [];
  let isNamed = false;
  return (all, change) => {
    sayNothingFound(all, wanted, isSeveral, io);
    const filled = all.filter(({ table }) => table.rows.length > 0);
    const [first] = filled;
    if (!first) return;
    const withNamespace = wanted.everywhere && first.resource.namespaced;
    const row = (context: string, namespace: string, cells: readonly string[]) =>
      [...(isSeveral ? [context] : []), ...(withNamespace ? [namespace] : []), ...cells].map((cell) =>
        presentable(cell),
      );
    const gone = change?.isGone ? ['(deleted)'] : [];
    const lines = [
      ...(isNamed ? [] : [row('CONTEXT', 'NAMESPACE', first.table.columns)]),
      ...filled.flatMap(({ context, table }) =>
        table.rows.map(({ namespace, cells }) => row(context, namespace, [...cells, ...gone])),
      ),
    ];
    isNamed = true;
    io.stdout.write(`${alignedBelow(lines, widths).join('\n')}\n`);
  };
}

function parse(args: readonly string[]): Wanted | string {
  const options = {
    namespace: { type: 'string', short: 'n' },
    'all-namespaces': { type: 'boolean', short: 'A' },
    selector: { type: 'string', short: 'l' },
    output: { type: 'string', short: 'o' },
    watch: { type: 'boolean', short: 'w' },
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
    const what = { kind, name, namespace, everywhere, selector, output, watch: values.watch === true };
    return { ...what, contexts, all: values['all-contexts'] === true, kubeconfig, timeout: common.timeout };
  } catch (error) {
    return misuse(error);
  }
}
