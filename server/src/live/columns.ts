// Printer columns of a CustomResourceDefinition, evaluated on an instance as the API server does for `kubectl get`
// (k8s.io/apiextensions-apiserver, pkg/registry/customresource/tableconvertor), and laid out as kubectl prints them.
import { at, isFields, list, number, text } from './fields.ts';

export interface Column {
  readonly name: string;
  /** `string`, `integer`, `number`, `boolean` or `date`. */
  readonly type: string;
  readonly path: string;
  /** Only columns with priority 0 are shown without `-o wide`. */
  readonly priority: number;
}

/** A definition without columns has the age. */
const standard: readonly Column[] = [{ name: 'Age', type: 'date', path: '.metadata.creationTimestamp', priority: 0 }];

/** `version`: an entry of a definition's `spec.versions`. */
export function columnsOf(version: unknown): readonly Column[] {
  const columns = list(version, 'additionalPrinterColumns').flatMap((column): readonly Column[] => {
    const [name, type, path] = [text(column, 'name'), text(column, 'type'), text(column, 'jsonPath')];
    if (name === undefined || type === undefined || path === undefined) return [];
    return [{ name, type, path, priority: number(column, 'priority') ?? 0 }];
  });
  return columns.length > 0 ? columns : standard;
}

/** The text of each column; empty if the object lacks the value. `now`: milliseconds since the epoch. */
export function cellsOf(columns: readonly Column[], object: unknown, now: number): readonly string[] {
  return columns.map(({ type, path }) => cellOf(type, valuesAt(object, path)[0], now));
}

function cellOf(type: string, value: unknown, now: number): string {
  if (value === undefined || value === null) return '';
  switch (type) {
    case 'string':
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
    case 'integer':
      return typeof value === 'number' ? String(Math.trunc(value)) : '';
    case 'number':
      return typeof value === 'number' ? String(value) : '';
    case 'boolean':
      return typeof value === 'boolean' ? String(value) : '';
    case 'date':
      return typeof value === 'string' ? ageInColumns(value, now) : '';
    default:
      return '';
  }
}

/** The age as kubectl prints it in columns: `5m30s`, `3d4h`, `2y` (k8s.io/apimachinery, pkg/util/duration). */
export function ageInColumns(from: string, now: number): string {
  const since = Date.parse(from);
  if (!Number.isFinite(since)) return '<invalid>';
  const seconds = Math.trunc((now - since) / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 120) return `${Math.max(0, seconds)}s`;
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)];
  const days = Math.floor(hours / 24);
  if (minutes < 10) return withRest(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return withRest(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  if (days < 8) return withRest(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  if (days < 2920) return withRest(Math.floor(days / 365), 'y', days % 365, 'd');
  return `${Math.floor(days / 365)}y`;
}

function withRest(whole: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${whole}${unit}` : `${whole}${unit}${rest}${restUnit}`;
}

// ---------------------------------------------------------------------------------------------------------------
// JSONPath, as far as definitions use it

type Step =
  | { readonly is: 'field'; readonly name: string }
  | { readonly is: 'index'; readonly index: number }
  | { readonly is: 'all' }
  | { readonly is: 'where'; readonly path: readonly Step[]; readonly equal: boolean; readonly value: string };

/** The values at the path, such as `.status.conditions[?(@.type=="Ready")].status`; none if it isn't understood. */
export function valuesAt(object: unknown, path: string): readonly unknown[] {
  const steps = parse(path);
  return steps === undefined ? [] : follow([object], steps);
}

/** An escaped dot belongs to the name: `.metadata.labels.example\.com/name`. */
const tokens =
  /\.((?:\\.|[^.[\]\\])+)|\[(?:'([^']*)'|"([^"]*)"|(-?\d+)|(\*)|\?\(\s*@((?:\.(?:\\.|[^.[\]\\=!<>\s])+)+)\s*(==|!=)\s*(?:'([^']*)'|"([^"]*)"|([\w.-]+))\s*\))\]/y;

function parse(path: string): readonly Step[] | undefined {
  const whole = path.replace(/^\{|\}$/g, '').replace(/^\$/, '');
  const steps: Step[] = [];
  tokens.lastIndex = 0;
  while (tokens.lastIndex < whole.length) {
    const match = tokens.exec(whole);
    if (!match) return undefined;
    const [, field, single, double, index, all, filter, operator, ...values] = match;
    const name = field?.replace(/\\(.)/g, '$1') ?? single ?? double;
    if (name !== undefined) steps.push(name === '*' ? { is: 'all' } : { is: 'field', name });
    else if (index !== undefined) steps.push({ is: 'index', index: Number(index) });
    else if (all !== undefined) steps.push({ is: 'all' });
    else {
      const value = values.find((one) => one !== undefined) ?? '';
      const inner = filter === undefined ? undefined : parseFields(filter);
      if (inner === undefined) return undefined;
      steps.push({ is: 'where', path: inner, equal: operator === '==', value });
    }
  }
  return steps;
}

/** The fields of a filter, which has no further brackets. */
function parseFields(path: string): readonly Step[] {
  return (path.match(/\.((?:\\.|[^.\\])+)/g) ?? []).map((part) => ({
    is: 'field',
    name: part.slice(1).replace(/\\(.)/g, '$1'),
  }));
}

function follow(from: readonly unknown[], steps: readonly Step[]): readonly unknown[] {
  let values = from;
  for (const step of steps) values = values.flatMap((value) => next(value, step));
  return values;
}

function next(value: unknown, step: Step): readonly unknown[] {
  const items = Array.isArray(value) ? (value as readonly unknown[]) : undefined;
  switch (step.is) {
    case 'field': {
      const found = at(value, step.name);
      return found === undefined ? [] : [found];
    }
    case 'index': {
      const found = items?.at(step.index);
      return found === undefined ? [] : [found];
    }
    case 'all':
      return items ?? (isFields(value) ? Object.values(value) : []);
    case 'where':
      return (items ?? []).filter((item) => {
        const [found] = follow([item], step.path);
        const isScalar = typeof found !== 'object' || found === null;
        return found !== undefined && (isScalar && String(found) === step.value) === step.equal;
      });
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Layout

/** Lines with columns aligned as kubectl aligns them: three spaces apart, the last one without trailing spaces. */
export function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  return alignedBelow(rows, []);
}

/** The same below rows that were printed before: `widths` are those of their columns, and get what is wider here. */
export function alignedBelow(rows: readonly (readonly string[])[], widths: number[]): readonly string[] {
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  return rows.map((row) =>
    row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index]! + 3))).join(''),
  );
}
