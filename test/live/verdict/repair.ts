// Repairs a generated object until the server accepts it: drops or regenerates the fields it rejects, up to 25 times.
import { gvkOf } from '../../../server/src/kube/identity.ts';
import type { Schema, SchemaStore } from '../../../server/src/schema/schema.ts';
import type { Case, Json, JsonObject } from './cases.ts';
import { serverVerdict } from './compare.ts';
import { randomOf } from './random.ts';
import { generateValue } from './seeds.ts';
import type { ApiServer } from './server.ts';

const rounds = 25;

/** Returns the object once it is accepted, else the last attempt. */
export async function repair(
  object: JsonObject,
  one: Case,
  server: ApiServer,
  store: SchemaStore,
): Promise<JsonObject> {
  const gvk = gvkOf(one.apiVersion, one.kind)!;
  const kind = store.lookup(gvk)!;
  const root = gvk.group === '' ? `/api/${gvk.version}` : `/apis/${one.apiVersion}`;
  const path = `${root}${kind.scope === 'Namespaced' ? '/namespaces/default' : ''}/${kind.plural}?dryRun=All&fieldValidation=Strict`;
  const random = randomOf(one.kind.length);
  for (let round = 0; round < rounds; round += 1) {
    const verdict = serverVerdict(await server.send('POST', path, JSON.stringify(object)));
    if (!verdict || verdict.accepted) return object;
    if (verdict.fields.length === 0) return object;
    for (const field of verdict.fields)
      redo(
        object,
        kind.schema,
        stepsOf(field),
        verdict.message.includes('Required value') || round % 3 === 2,
        () => random,
      );
  }
  return object;
}

function stepsOf(field: string): readonly (string | number)[] {
  return [...field.matchAll(/([^.[\]]+)|\[([^\]]*)\]/g)].map((match) =>
    match[2] !== undefined && /^\d+$/.test(match[2]) ? Number(match[2]) : (match[1] ?? match[2])!,
  );
}

function redo(
  object: JsonObject,
  schema: Schema,
  steps: readonly (string | number)[],
  fill: boolean,
  random: () => ReturnType<typeof randomOf>,
): void {
  let value: Json = object;
  let at: Schema | undefined = schema;
  for (const [index, step] of steps.entries()) {
    if (typeof value !== 'object' || value === null) return;
    const parent = value as Record<string | number, Json>;
    const inner: Schema | undefined =
      typeof step === 'number'
        ? at?.items
        : (at?.properties?.[step] ??
          (typeof at?.additionalProperties === 'object' ? at.additionalProperties : undefined));
    if (index === steps.length - 1) {
      if ((parent[step] === undefined || fill) && inner) parent[step] = generateValue(inner, 0.3, random(), 3);
      else if (Array.isArray(value)) value.splice(Number(step), 1);
      else delete parent[step];
      return;
    }
    value = parent[step] ?? null;
    at = inner;
  }
}
