// Tables as an API server makes them for `kubectl get`, as rows of text: the same columns, with the namespace and the context in
// front where several are shown.
import { at, list, number, text } from './fields.ts';

export interface TableRow {
  readonly namespace: string;
  readonly name: string;
  readonly cells: readonly string[];
  /** As the server sent it: the whole object if it was asked for, else its metadata. */
  readonly object: unknown;
}

export interface Table {
  /** In capitals. */
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

/**
 * `raw`: a meta.k8s.io/v1 Table; undefined if it is something else. `wide`: also columns of lower priority. `definitions`: those
 * of an earlier table of the kind, since a watch repeats none.
 */
export function tableOf(
  raw: unknown,
  wide: boolean,
  definitions: readonly unknown[] = list(raw, 'columnDefinitions'),
): Table | undefined {
  if (text(raw, 'kind') !== 'Table') return undefined;
  const shown = definitions.flatMap((column, index) =>
    wide || (number(column, 'priority') ?? 0) === 0 ? [index] : [],
  );
  return {
    columns: shown.map((index) => (text(definitions[index], 'name') ?? '').toUpperCase()),
    rows: list(raw, 'rows').map((row) => {
      const cells = list(row, 'cells');
      return {
        namespace: text(row, 'object', 'metadata', 'namespace') ?? '',
        name: text(row, 'object', 'metadata', 'name') ?? cellText(cells[0]),
        cells: shown.map((index) => cellText(cells[index])),
        object: at(row, 'object'),
      };
    }),
  };
}

/** The table with further columns behind those of the server; `added`: the cells of a row, in the order of `names`. */
export function withColumns(
  { columns, rows }: Table,
  names: readonly string[],
  added: (row: TableRow) => readonly string[],
): Table {
  return {
    columns: [...columns, ...names],
    rows: rows.map((row) => ({ ...row, cells: [...row.cells, ...added(row)] })),
  };
}

/** Only the first line, as kubectl shows it. */
function cellText(cell: unknown): string {
  if (cell === undefined || cell === null) return '';
  if (typeof cell === 'object') return JSON.stringify(cell);
  const whole = String(cell);
  const [line = ''] = whole.split(/[\f\n\r]/, 1);
  return line.length < whole.length ? `${line}...` : line;
}

/** Whether the table has more pages: the token for the next one. */
export function nextPage(raw: unknown): string | undefined {
  const token = at(raw, 'metadata', 'continue');
  return typeof token === 'string' && token !== '' ? token : undefined;
}
