// Escapes and unescapes property names for CEL (k8s.io/apiserver pkg/cel/escaping.go).

const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);
const escapes: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};
const unescapes: ReadonlyMap<string, string> = new Map([
  ['underscores', '__'],
  ['dot', '.'],
  ['dash', '-'],
  ['slash', '/'],
]);

/** `undefined` where the property can't be named in CEL. */
export function escapeName(name: string): string | undefined {
  if (!/^[A-Za-z_.\-/][\w.\-/]*$/.test(name)) return undefined;
  if (reserved.has(name)) return `__${name}__`;
  return name.replace(/__|[-./]/g, (part) => escapes[part]!);
}

/** `undefined` where no property has this name. */
export function unescapeName(name: string): string | undefined {
  if (!name.includes('__')) return name;
  let failed = false;
  const plain = name.replace(/__([^_]+)__/g, (whole, inner: string) => {
    const part = unescapes.get(inner);
    if (part !== undefined) return part;
    if (!reserved.has(inner) || whole.length !== name.length) failed = true;
    return inner;
  });
  return failed ? undefined : plain;
}
