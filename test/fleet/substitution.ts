// Flux's substitution after the build (github.com/fluxcd/pkg/envsubst, strict as since 2.9), as far as the fleet uses it:
// `${NAME}`, a default after `:=`, and `$$` for one dollar sign.
import { parse } from 'yaml';
import { type Json, textAt } from './repositories.ts';

export type Variables = Readonly<Record<string, string>>;

/** Throws on a variable that isn't set, as Flux fails. Without any variable Flux leaves the object alone. */
export function substituted(object: Json, variables: Variables): Json {
  if (Object.keys(variables).length === 0 || isExempt(object)) return object;
  return walk(object) as Json;

  function walk(value: unknown): unknown {
    if (typeof value === 'string') return scalar(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [String(expand(key)), walk(item)]));
  }

  /** The text is YAML again afterwards: a value that was nothing but a variable gets the type of what it became. */
  function scalar(text: string): unknown {
    const result = expand(text);
    return /^\$\{[^}]*\}$/.test(text) ? parse(result) : result;
  }

  function expand(text: string): string {
    return text.replace(/\$\$|\$\{([^}]*)\}/g, (match, inside: string | undefined) => {
      if (inside === undefined) return '$';
      const [, name, fallback] = /^([A-Za-z_]\w*)(?::=(.*))?$/.exec(inside) ?? [];
      if (name === undefined) throw new Error(`${match} is no variable`);
      const value = variables[name] || fallback;
      if (value === undefined) throw new Error(`variable not set: ${name}`);
      return value;
    });
  }
}

function isExempt(object: Json): boolean {
  const key = 'kustomize.toolkit.fluxcd.io/substitute';
  return [textAt(object, 'metadata', 'annotations', key), textAt(object, 'metadata', 'labels', key)].includes(
    'disabled',
  );
}
