// Flux's post-build substitution (github.com/fluxcd/pkg/envsubst, strict since 2.9), as far as the fleet uses it: `${NAME}`,
// a default after `:=`, and `$$` for one dollar sign.
import { parse } from 'yaml';
import { type Json, textAt } from './repositories.ts';

export type Variables = Readonly<Record<string, string>>;

/** Throws if a variable isn't set, like Flux. Without any variables, Flux doesn't change the object. */
export function substituted(object: Json, variables: Variables): Json {
  if (Object.keys(variables).length === 0 || isExempt(object)) return object;
  return walk(object) as Json;

  function walk(value: unknown): unknown {
    if (typeof value === 'string') return scalar(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [String(expand(key)), walk(item)]));
  }

  /** The result is parsed as YAML again: a value that consists of one variable gets the type of its replacement. */
  function scalar(text: string): unknown {
    const result = expand(text);
    return /^\$\{[^}]*\}$/.test(text) ? parse(result) : result;
  }

  function expand(text: string): string {
    return text.replace(/\$\$|\$\{([^}]*)\}/g, (match, inside: string | undefined) => {
      if (inside === undefined) return '$';
      const [, name, fallback] = /^([A-Za-z_]\w*)(?::=(.*))?$/.exec(inside) ?? [];
      if (name === undefined) throw new Error(`${match} is not a variable`);
      const value = variables[name] || fallback;
      if (value === undefined) throw new Error(`variable ${name} is not set`);
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
