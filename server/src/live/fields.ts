// Reads fields of unvalidated objects. A value of an unexpected type is treated as absent, never as an error.

export type Fields = Readonly<Record<string, unknown>>;

const none: Fields = {};

export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (let index = 0; index < path.length && here !== undefined; index++) here = field(here, path[index]!);
  return here;
}

function field(value: unknown, name: string): unknown {
  if (!isFields(value)) return undefined;
  const found = value[name];
  // Most that is asked for is absent, and only what is there may be inherited.
  return found === undefined || Object.hasOwn(value, name) ? found : undefined;
}

export function text(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

export function number(value: unknown, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

export function flag(value: unknown, ...path: readonly string[]): boolean {
  return at(value, ...path) === true;
}

export function fields(value: unknown, ...path: readonly string[]): Fields {
  const found = at(value, ...path);
  return isFields(found) ? found : none;
}

export function list(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The string entries of a map: labels, annotations. */
export function texts(value: unknown, ...path: readonly string[]): Readonly<Record<string, string>> {
  const found = fields(value, ...path);
  return Object.fromEntries(
    Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
