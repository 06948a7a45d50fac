// Desired and current for any object, as the server sent it: whether its controller has seen the latest change, who manages
// which field since when, and by whom and since when it is suspended or paused.
import { at, fields, flag, isFields, list, number, text } from './fields.ts';

export interface Manager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  /** Empty for the object itself. */
  readonly subresource: string;
  /** RFC 3339: when it last wrote. */
  readonly time?: string;
  /** Paths of the fields, such as `spec.replicas` or `spec.containers[name=web].image`. */
  readonly fields: readonly string[];
}

/** Paths for each manager beyond this number are left out. */
const pathLimit = 2000;

/** The latest first. */
export function managersOf(raw: unknown): readonly Manager[] {
  const managers = list(raw, 'metadata', 'managedFields').flatMap((entry): readonly Manager[] => {
    const manager = text(entry, 'manager');
    if (manager === undefined) return [];
    const time = text(entry, 'time');
    const paths: string[] = [];
    collect(fields(entry, 'fieldsV1'), '', paths, 0);
    return [
      {
        ...{ manager, operation: text(entry, 'operation') === 'Apply' ? 'Apply' : 'Update' },
        subresource: text(entry, 'subresource') ?? '',
        ...(time === undefined ? {} : { time }),
        fields: paths,
      },
    ];
  });
  return managers.sort((a, b) => ((a.time ?? '') < (b.time ?? '') ? 1 : -1));
}

/** The format of FieldsV1: `f:` a field, `k:` an item by its keys, `v:` a value of a set, `.` the field itself. */
function collect(node: unknown, path: string, into: string[], depth: number): void {
  if (!isFields(node) || depth > 60 || into.length >= pathLimit) return;
  const entries = Object.entries(node).filter(([key]) => key !== '.');
  if (entries.length === 0 && path !== '') into.push(path);
  for (const [key, below] of entries) {
    if (into.length >= pathLimit) return;
    const name = key.slice(2);
    if (key.startsWith('f:')) collect(below, path === '' ? name : `${path}.${name}`, into, depth + 1);
    else if (key.startsWith('k:')) collect(below, `${path}[${keysOf(name)}]`, into, depth + 1);
    else if (key.startsWith('v:')) into.push(`${path}[${name}]`);
  }
}

/** `{"name":"web"}` as `name=web`. */
function keysOf(written: string): string {
  try {
    const keys: unknown = JSON.parse(written);
    if (isFields(keys))
      return Object.entries(keys)
        .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
        .join(',');
  } catch {
    // Not in the documented format: shown as it is.
  }
  return written;
}

/** The last manager of the field or of something below it. */
export function managerOf(raw: unknown, path: string): Manager | undefined {
  return managersOf(raw).find(({ fields: paths }) =>
    paths.some((own) => own === path || own.startsWith(`${path}.`) || own.startsWith(`${path}[`)),
  );
}

export interface Desired {
  /** 0 if the kind has none. */
  readonly generation: number;
  /** Absent if the status does not report it. */
  readonly observed?: number;
  /** `unknown`: the kind does not report which generation its controller has seen. */
  readonly isObserved: boolean | 'unknown';
  /** Reconciliation is turned off. */
  readonly held?: Held;
}

export interface Held {
  readonly is: 'suspended' | 'paused' | 'disabled';
  /** The field or annotation that holds it. */
  readonly path: string;
  readonly by?: string;
  /** RFC 3339. */
  readonly since?: string;
}

export function desiredOf(raw: unknown): Desired {
  const generation = number(raw, 'metadata', 'generation') ?? 0;
  const observed = number(raw, 'status', 'observedGeneration');
  const held = heldBy(raw);
  return {
    generation,
    ...(observed === undefined ? {} : { observed }),
    isObserved: observed === undefined || generation === 0 ? 'unknown' : observed >= generation,
    ...(held === undefined ? {} : { held }),
  };
}

/** Annotations that turn off the reconciliation of an object, with the value that does, if any value doesn't. */
const holdingAnnotations: readonly (readonly [string, string | undefined, Held['is']])[] = [
  ['cluster.x-k8s.io/paused', undefined, 'paused'],
  ['fluxcd.controlplane.io/reconcile', 'disabled', 'disabled'],
  ['source.extensions.fluxcd.io/reconcile', 'disabled', 'disabled'],
  ['kustomize.toolkit.fluxcd.io/reconcile', 'disabled', 'disabled'],
];

function heldBy(raw: unknown): Held | undefined {
  const annotations = fields(raw, 'metadata', 'annotations');
  const annotation = holdingAnnotations.find(([name, value]) => {
    const written = at(annotations, name);
    return value === undefined ? written !== undefined : written === value;
  });
  const found: readonly [Held['is'], string] | undefined = flag(raw, 'spec', 'suspend')
    ? ['suspended', 'spec.suspend']
    : flag(raw, 'spec', 'paused')
      ? ['paused', 'spec.paused']
      : annotation && [annotation[2], `metadata.annotations.${annotation[0]}`];
  if (!found) return undefined;
  const [is, path] = found;
  const manager = managerOf(raw, path);
  return {
    ...{ is, path },
    ...(manager === undefined ? {} : { by: manager.manager }),
    ...(manager?.time === undefined ? {} : { since: manager.time }),
  };
}
