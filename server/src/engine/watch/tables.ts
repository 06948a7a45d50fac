// Reads objects of any kind as tables, which the server makes as for `kubectl get`: the columns of custom resources included.
import { setTimeout as sleep } from 'node:timers/promises';
import { at, list, number, text } from '../../live/fields.ts';
import { nextPage, type Table, type TableRow, tableOf } from '../../live/table.ts';
import { type Failure, type FailureKind, failed, failureOfStatus, type Result, success } from '../failure.ts';
import type { Transport } from '../transport/transport.ts';
import { type Collection, collectionPath, objectPath } from './discovery.ts';

const asTable = 'application/json;as=Table;g=meta.k8s.io;v=v1,application/json';

export interface TableQuery {
  /** Of a single object; absent: a list. */
  readonly name?: string | undefined;
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string;
  /** Whether the rows have whole objects; otherwise only their metadata. */
  readonly wantsObjects: boolean;
  /** Also columns of lower priority. */
  readonly wide: boolean;
  /** Pages of 500 objects; all by default. */
  readonly pages?: number;
}

export interface ReadTable extends Table {
  /** Objects that were not read. */
  readonly more: number;
  /** Of the whole list, to watch from. */
  readonly resourceVersion: string;
  /** As the server sent them. */
  readonly definitions: readonly unknown[];
}

export async function readTable(
  transport: Transport,
  resource: Collection,
  { name, namespace, labelSelector = '', wantsObjects, wide, pages = Number.POSITIVE_INFINITY }: TableQuery,
  signal: AbortSignal,
): Promise<Result<ReadTable>> {
  let columns: readonly string[] = [];
  const rows: TableRow[] = [];
  let [resourceVersion, definitions]: [string, readonly unknown[]] = ['', []];
  let [page, more, read]: [string | undefined, number, number] = [undefined, 0, 0];
  do {
    const query = new URLSearchParams({
      limit: '500',
      ...(wantsObjects ? { includeObject: 'Object' } : {}),
      ...(labelSelector === '' ? {} : { labelSelector }),
      ...(page === undefined ? {} : { continue: page }),
    });
    const path =
      name === undefined
        ? `${collectionPath(resource, namespace)}?${query}`
        : `${objectPath(resource, namespace, name)}${wantsObjects ? '?includeObject=Object' : ''}`;
    const answer = await transport.json<unknown>({ path, signal, accept: asTable });
    if (!answer.ok) return answer;
    const table = tableOf(answer.value, wide);
    if (!table) return failed('server', 'the server does not make tables of this kind');
    if (columns.length === 0) columns = table.columns;
    if (definitions.length === 0) definitions = list(answer.value, 'columnDefinitions');
    resourceVersion ||= text(answer.value, 'metadata', 'resourceVersion') ?? '';
    rows.push(...table.rows);
    page = name === undefined ? nextPage(answer.value) : undefined;
    more = page === undefined ? 0 : (number(answer.value, 'metadata', 'remainingItemCount') ?? 1);
  } while (page !== undefined && ++read < pages);
  return success({ columns, rows, more, resourceVersion, definitions });
}

/** Failures that waiting doesn't mend. */
const lasting: readonly FailureKind[] = [
  ...(['unauthorized', 'forbidden', 'notFound', 'invalid'] as const),
  ...(['credential', 'config', 'tls', 'aborted'] as const),
];

/** Milliseconds before the table is read again after a failure, doubled each time. */
const waits = { first: 1_000, longest: 30_000 };

/**
 * Calls `changed` for each row that is another than in the table, and for those whose objects are gone, until the signal or a
 * failure that doesn't pass. What happens while the server can't be reached is found when it can.
 */
export async function followTable(
  transport: Transport,
  resource: Collection,
  query: TableQuery,
  start: ReadTable,
  signal: AbortSignal,
  changed: (row: TableRow, isGone: boolean) => void,
): Promise<Failure | undefined> {
  const known = new Map(start.rows.map((row) => [keyOf(row), row]));
  const note = (row: TableRow, isGone: boolean) => {
    if (!isGone && versionOf(known.get(keyOf(row))) === versionOf(row)) return;
    if (isGone) known.delete(keyOf(row));
    else known.set(keyOf(row), row);
    changed(row, isGone);
  };
  let table = start;
  for (let wait = waits.first; ; ) {
    const failure = await watchTable(transport, resource, query, table, signal, (row, isGone) => {
      wait = waits.first;
      note(row, isGone);
    });
    if (signal.aborted) return undefined;
    if (failure && lasting.includes(failure.kind)) return failure;
    // Also after an end without a failure: what is current costs one list, and needs no memory of versions.
    const pause = failure?.kind === 'gone' ? 0 : Math.max(wait, failure?.retryAfter ?? 0);
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    if (failure) wait = Math.min(2 * wait, waits.longest);
    const read = await readTable(transport, resource, query, signal);
    if (signal.aborted) return undefined;
    if (read.ok) {
      table = read.value;
      const now = new Map(table.rows.map((row) => [keyOf(row), row]));
      for (const row of now.values()) note(row, false);
      for (const [key, row] of [...known]) if (!now.has(key)) note(row, true);
    } else if (read.failure.kind === 'notFound' && query.name !== undefined) {
      for (const row of [...known.values()]) note(row, true);
      table = { ...table, rows: [], resourceVersion: '' };
    } else if (lasting.includes(read.failure.kind)) return read.failure;
  }
}

/** Resolves when the server ends the watch, with the failure if it wasn't meant to. */
async function watchTable(
  transport: Transport,
  resource: Collection,
  { name, namespace, labelSelector = '', wantsObjects, wide }: TableQuery,
  { resourceVersion, definitions }: ReadTable,
  signal: AbortSignal,
  changed: (row: TableRow, isGone: boolean) => void,
): Promise<Failure | undefined> {
  const query = new URLSearchParams({
    ...{ watch: 'true', timeoutSeconds: '300' },
    ...(resourceVersion === '' ? {} : { resourceVersion }),
    ...(wantsObjects ? { includeObject: 'Object' } : {}),
    ...(labelSelector === '' ? {} : { labelSelector }),
    ...(name === undefined ? {} : { fieldSelector: `metadata.name=${name}` }),
  });
  const ended = new AbortController();
  let failure: Failure | undefined;
  const fail = (one: Failure) => {
    failure = one;
    ended.abort();
  };
  const onLine = (line: string) => {
    if (failure || signal.aborted) return;
    const event = parsed(line);
    const type = text(event, 'type');
    if (type === 'ERROR') return fail(failureOfStatus(at(event, 'object')));
    const own = tableOf(at(event, 'object'), wide, definitions);
    if (!own) return fail(failed('server', 'a watch event must have a table').failure);
    for (const row of own.rows) changed(row, type === 'DELETED');
  };
  const path = `${collectionPath(resource, namespace)}?${query}`;
  const signals = AbortSignal.any([signal, ended.signal]);
  const result = await transport.lines({ path, signal: signals, accept: asTable, quiet: watchQuiet }, onLine);
  return failure ?? (result.ok ? undefined : result.failure);
}

/** Milliseconds; the server ends a watch before. */
const watchQuiet = 400_000;

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function keyOf({ namespace, name }: TableRow): string {
  return `${namespace}/${name}`;
}

function versionOf(row: TableRow | undefined): string | undefined {
  return text(row?.object, 'metadata', 'resourceVersion');
}
