// `openapi`: a schema file in place of kustomize's own, for the merge keys of lists and the scopes of kinds
// (kyaml/openapi/openapi.go).
import { apiVersionOf, type Gvk } from '../kube/identity.ts';
import type { Schema } from '../schema/schema.ts';
import { parseManifest } from '../syntax/manifest.ts';
import type { Value } from '../syntax/tree.ts';
import { isObject, type ObjectValue, own, toValue } from '../syntax/value.ts';
import { mergeSchemaOf } from './config/merge-keys.ts';
import type { IsNamespaced } from './objects.ts';
import { isNamespacedForKustomize, knownScope } from './scope.ts';
import type { SchemaOf } from './transformers/transformer.ts';

export interface OpenApi {
  readonly schemaOf: SchemaOf;
  readonly isNamespaced: IsNamespaced;
}

/** The version of the schema that kustomize has. */
export const builtinVersion = 'v1.21.2';

/** What was asked of kustomize's own schema so far. It is read late, and stays beside one that is chosen after that. */
export interface SchemaUse {
  /** For the schema of a kind. */
  isRead: boolean;
  /** For the scope of a kind that isn't among those it knows by heart: it is read with the next schema, after that. */
  isAwaited: boolean;
}

/** kustomize's own schema. */
export function builtinOpenApi(use: SchemaUse): OpenApi {
  return {
    schemaOf: (gvk) => {
      use.isRead = true;
      return mergeSchemaOf(gvk);
    },
    isNamespaced: (gvk) => {
      const scope = knownScope(gvk);
      if (scope === undefined) use.isAwaited = true;
      return scope !== 'Cluster';
    },
  };
}

/** A schema that is chosen in the middle of a build: of kinds that two have, the one that is read last answers. */
export function chosenOpenApi(chosen: OpenApi, { isRead, isAwaited }: SchemaUse): OpenApi {
  if (isRead) return { ...chosen, schemaOf: (gvk) => chosen.schemaOf(gvk) ?? mergeSchemaOf(gvk) };
  if (isAwaited) return { ...chosen, schemaOf: (gvk) => mergeSchemaOf(gvk) ?? chosen.schemaOf(gvk) };
  return chosen;
}

/** Undefined if the text isn't JSON or YAML. */
export function openApiIn(text: string): OpenApi | undefined {
  const document = documentIn(text);
  if (!isObject(document)) return undefined;
  const definitions = objectIn(document, 'definitions');
  const names = new Map<string, string>();
  for (const [name, definition] of Object.entries(definitions))
    for (const gvk of kindsIn(definition)) names.set(keyOf(gvk), name);
  const resolved = new Map<string, Schema>();
  const scopes = scopesIn(objectIn(document, 'paths'));
  return {
    schemaOf: (gvk) => {
      const name = names.get(keyOf(gvk));
      return name === undefined ? undefined : definitionOf(name, definitions, resolved);
    },
    isNamespaced: (gvk) => (knownScope(gvk) ?? scopes.get(keyOf(gvk)) ?? 'Namespaced') === 'Namespaced',
  };
}

/** kustomize reads the file only when it needs a schema; `refuse` is called then, once. */
export function unreadableSchema(refuse: () => void): OpenApi {
  let isRefused = false;
  const refuseOnce = () => {
    if (!isRefused) refuse();
    isRefused = true;
  };
  return {
    schemaOf: (gvk) => {
      refuseOnce();
      return mergeSchemaOf(gvk);
    },
    isNamespaced: (gvk) => {
      if (knownScope(gvk) === undefined) refuseOnce();
      return isNamespacedForKustomize(gvk);
    },
  };
}

/** JSON is parsed as such, since these files are large. */
function documentIn(text: string): Value | undefined {
  if (text.startsWith('{')) {
    try {
      return JSON.parse(text) as Value;
    } catch {
      return undefined;
    }
  }
  const { root, findings } = parseManifest(text);
  return root && !findings.some(({ severity }) => severity === 'error') ? toValue(root) : undefined;
}

function objectIn(value: ObjectValue, key: string): ObjectValue {
  const found = own(value, key);
  return isObject(found) ? found : {};
}

function kindsIn(value: Value): readonly Gvk[] {
  const written = isObject(value) ? own(value, 'x-kubernetes-group-version-kind') : undefined;
  const list: readonly Value[] = Array.isArray(written) ? written : written === undefined ? [] : [written];
  return list.filter(isObject).map((one) => {
    const part = (key: string) => {
      const text = own(one, key);
      return typeof text === 'string' ? text : '';
    };
    return { group: part('group'), version: part('version'), kind: part('kind') };
  });
}

function keyOf(gvk: Gvk): string {
  return `${apiVersionOf(gvk)} ${gvk.kind}`;
}

/** A kind is namespaced if any of its paths has a namespace. */
function scopesIn(paths: ObjectValue): ReadonlyMap<string, 'Cluster' | 'Namespaced'> {
  const scopes = new Map<string, 'Cluster' | 'Namespaced'>();
  for (const [path, methods] of Object.entries(paths)) {
    const get = isObject(methods) ? own(methods, 'get') : undefined;
    for (const gvk of get === undefined ? [] : kindsIn(get)) {
      if (path.includes('namespaces/{namespace}')) scopes.set(keyOf(gvk), 'Namespaced');
      else if (!scopes.has(keyOf(gvk))) scopes.set(keyOf(gvk), 'Cluster');
    }
  }
  return scopes;
}

/** Definitions may refer to each other in circles, and so may their schemas. */
function definitionOf(name: string, definitions: ObjectValue, resolved: Map<string, Schema>): Schema | undefined {
  const known = resolved.get(name);
  if (known) return known;
  const definition = own(definitions, name);
  if (!isObject(definition)) return undefined;
  const schema: Mutable = {};
  resolved.set(name, schema as Schema);
  fill(schema, definition, definitions, resolved);
  return schema as Schema;
}

type Mutable = { [key: string]: unknown };

function schemaOf(value: Value, definitions: ObjectValue, resolved: Map<string, Schema>): Schema | undefined {
  if (!isObject(value)) return undefined;
  const reference = own(value, '$ref');
  const extensions = Object.entries(value).filter(([key]) => key.startsWith('x-'));
  if (typeof reference === 'string') {
    const target = definitionOf(reference.replace(/^#\/definitions\//, ''), definitions, resolved);
    return target && extensions.length > 0 ? { ...target, ...Object.fromEntries(extensions) } : target;
  }
  const schema: Mutable = {};
  fill(schema, value, definitions, resolved);
  return schema as Schema;
}

function fill(schema: Mutable, value: ObjectValue, definitions: ObjectValue, resolved: Map<string, Schema>): void {
  const inner = (one: Value | undefined) => (one === undefined ? undefined : schemaOf(one, definitions, resolved));
  for (const [key, written] of Object.entries(value)) {
    if (key === 'type' || key.startsWith('x-kubernetes-')) schema[key] = written;
    if (key === 'items' || key === 'additionalProperties') schema[key] = inner(written);
    if (key === 'properties' && isObject(written))
      schema[key] = Object.fromEntries(
        Object.entries(written).flatMap(([name, one]) => {
          const found = inner(one);
          return found ? [[name, found]] : [];
        }),
      );
  }
}
