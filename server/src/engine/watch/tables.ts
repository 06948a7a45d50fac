// Reads objects of any kind as tables, which the server makes as for `kubectl get`: the columns of custom resources included.
import { number } from '../../live/fields.ts';
import { nextPage, type Table, type TableRow, tableOf } from '../../live/table.ts';
import { failed, type Result, success } from '../failure.ts';
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
}

export async function readTable(
  transport: Transport,
  resource: Collection,
  { name, namespace, labelSelector = '', wantsObjects, wide, pages = Number.POSITIVE_INFINITY }: TableQuery,
  signal: AbortSignal,
): Promise<Result<ReadTable>> {
  let columns: readonly string[] = [];
  const rows: TableRow[] = [];
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
    rows.push(...table.rows);
    page = name === undefined ? nextPage(answer.value) : undefined;
    more = page === undefined ? 0 : (number(answer.value, 'metadata', 'remainingItemCount') ?? 1);
  } while (page !== undefined && ++read < pages);
  return success({ columns, rows, more });
}
