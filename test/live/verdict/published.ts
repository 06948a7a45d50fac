// Compares the bundled schemas with those that a real API server publishes with the releases' CRDs installed: kinds,
// versions, and every keyword of every field.
import { isDeepStrictEqual } from 'node:util';
import { testCatalog } from '../../../server/src/fixture.ts';
import { apiVersionOf } from '../../../server/src/kube/identity.ts';
import { isRecord, schemaOf } from '../../../server/src/schema/facts.ts';
import type { KindSchema, Schema } from '../../../server/src/schema/schema.ts';
import { layeredStore } from '../../../server/src/schema/store.ts';
import { installCrds } from './crds.ts';
import type { ApiServer } from './server.ts';

type Json = Readonly<Record<string, unknown>>;
type Definitions = Readonly<Record<string, Json>>;

/** Types with custom JSON decoding. */
const special = /\.(?:Quantity|RawExtension|FieldsV1|IntOrString|JSON|JSONSchemaPropsOr\w+)$/;

const store = layeredStore([testCatalog.bundled]);

export interface Published {
  /** Number of versions of kinds. */
  readonly compared: number;
  /** Number of bundled versions of kinds. */
  readonly bundled: number;
  /** Differences, one line each. */
  readonly differences: readonly string[];
}

export async function comparePublished(server: ApiServer): Promise<Published> {
  const { problems } = await installCrds(server, store);
  const differences = [...problems];
  let compared = 0;
  const bundled = store.kinds().map(({ gvk }) => store.lookup(gvk)!);
  for (const [apiVersion, kinds] of byApiVersion(bundled)) {
    const definitions = await published(server, apiVersion, kinds);
    for (const kind of kinds) {
      // An alpha or beta version of Kubernetes is served only if its feature gate is enabled.
      if (!kind.served && !rootOf(kind, definitions)) continue;
      compared++;
      differences.push(...compare(kind, definitions).map((place) => `${apiVersion} ${kind.gvk.kind}${place}`));
    }
  }
  return { compared, bundled: bundled.length, differences };
}

function byApiVersion(kinds: readonly KindSchema[]): ReadonlyMap<string, readonly KindSchema[]> {
  const groups = new Map<string, KindSchema[]>();
  for (const kind of kinds) {
    const group = groups.get(apiVersionOf(kind.gvk)) ?? [];
    group.push(kind);
    groups.set(apiVersionOf(kind.gvk), group);
  }
  return groups;
}

/** The OpenAPI of a group version; a CRD's appears shortly after the CRD is established. */
async function published(server: ApiServer, apiVersion: string, kinds: readonly KindSchema[]): Promise<Definitions> {
  const path = `/openapi/v3/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}`;
  for (let tries = 0; ; tries++) {
    const { body } = await server.send('GET', path);
    const found = ((body.components as Json | undefined)?.schemas ?? {}) as Definitions;
    const all = kinds.every((kind) => !kind.served || rootOf(kind, found));
    if (all || tries === 40) return found;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function rootOf({ gvk }: KindSchema, definitions: Definitions): Json | undefined {
  return Object.values(definitions).find((definition) => {
    const named = definition['x-kubernetes-group-version-kind'] as readonly Json[] | undefined;
    return named?.length === 1 && isDeepStrictEqual(named[0], { ...gvk });
  });
}

/** Differences as a path into the schema with both values; at most a few per kind. */
function compare(kind: KindSchema, definitions: Definitions): readonly string[] {
  const root = rootOf(kind, definitions);
  if (!root) return [': the server publishes no schema of it'];
  const places: string[] = [];
  walk(kind.schema, root, '', kind.builtin, new Set());
  return places.slice(0, 5);

  function walk(ours: Schema, theirs: Json, path: string, inNative: boolean, seen: ReadonlySet<Schema>): void {
    const { name, node } = resolved(theirs, definitions);
    // For types with custom decoding (quantities, raw objects), our schema is stricter than the published one.
    if ((name !== undefined && special.test(name)) || seen.has(ours)) return;
    const native = inNative || name !== undefined;
    const { properties, items, additionalProperties, not, ...rest } = native ? withoutZero(node) : node;
    const flat = schemaOf(isRecord(additionalProperties) ? rest : { ...rest, additionalProperties }, 'drop');
    const below = (mine: unknown, its: unknown, step: string) => {
      if (isRecord(mine) && isRecord(its)) walk(mine, its, `${path}.${step}`, native, new Set(seen).add(ours));
      else if (isRecord(mine) || isRecord(its)) places.push(`${path}.${step}: only ${mine ? 'here' : 'published'}`);
    };
    const fields = (properties ?? {}) as Json;
    for (const field of new Set([...Object.keys(ours.properties ?? {}), ...Object.keys(fields)])) {
      below(ours.properties?.[field], fields[field], field);
    }
    below(ours.items, items, 'items');
    below(ours.additionalProperties, additionalProperties, 'additionalProperties');
    below(ours.not, not, 'not');
    for (const keyword of new Set([...Object.keys(ours), ...Object.keys(flat)]) as Set<keyof Schema>) {
      const [mine, its] = [ours[keyword], flat[keyword]];
      if (keyword === 'properties' || keyword === 'items' || keyword === 'not') continue;
      if (keyword === 'additionalProperties' && isRecord(mine)) continue;
      if (!isDeepStrictEqual(mine, its)) {
        places.push(`${path}.${keyword}: ${JSON.stringify(mine)} here, ${JSON.stringify(its)} published`);
      }
    }
  }
}

/** Resolves references; sibling keywords take precedence. */
function resolved(schema: Json, definitions: Definitions): { readonly name?: string; readonly node: Json } {
  const { allOf, $ref, ...beside } = schema;
  const target = ($ref ?? (Array.isArray(allOf) && allOf.length === 1 ? allOf[0].$ref : undefined)) as
    | string
    | undefined;
  if (target === undefined) return { node: schema };
  const name = target.replace('#/components/schemas/', '');
  return { name, node: { ...definitions[name], ...beside } };
}

/** The published documents default every field that isn't a Go pointer to its zero value. */
function withoutZero({ default: standard, ...schema }: Json): Json {
  const zero = standard === undefined || !standard || (isRecord(standard) && Object.keys(standard).length === 0);
  return zero ? schema : { ...schema, default: standard };
}
