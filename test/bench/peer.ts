// The benchmark's peer: yaml-language-server with one JSON schema built from the same facts as ours, so that it validates
// the same kinds without network access.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { testCatalog } from '../../server/src/fixture.ts';
import { apiVersionOf } from '../../server/src/kube/identity.ts';
import type { Schema } from '../../server/src/schema/schema.ts';
import { layeredStore } from '../../server/src/schema/store.ts';
import { benchKinds } from './documents.ts';
import type { ServerCommand } from './server.ts';

export function peerCommand(folder: string): ServerCommand {
  const schema = join(folder, 'bench-schema.json');
  mkdirSync(folder, { recursive: true });
  writeFileSync(schema, JSON.stringify(peerSchema()));
  const yaml = {
    schemas: { [`file://${schema}`]: '*.yaml' },
    schemaStore: { enable: false },
    validate: true,
    completion: true,
    hover: true,
  };
  const main = createRequire(import.meta.url).resolve('yaml-language-server/bin/yaml-language-server');
  return {
    name: 'yaml-language-server',
    args: [main, '--stdio'],
    settings: (section) => (section === undefined ? { yaml } : section === 'yaml' ? yaml : {}),
  };
}

/** One `if`/`then` for each kind: the form in which a JSON schema selects a kind fastest. */
function peerSchema(): unknown {
  const store = layeredStore([testCatalog.bundled]);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    allOf: benchKinds.map((gvk) => {
      const known = store.lookup(gvk);
      if (!known) throw new Error(`no bundled schema for ${gvk.kind}`);
      return {
        if: { properties: { apiVersion: { const: apiVersionOf(gvk) }, kind: { const: gvk.kind } } },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: jsonSchema(known.schema),
      };
    }),
  };
}

export function jsonSchema(schema: Schema): unknown {
  if (schema['x-kubernetes-int-or-string'] || schema.format === 'int-or-string') return { type: ['string', 'integer'] };
  const { properties, items, additionalProperties, required, enum: values, pattern, minimum, maximum } = schema;
  return {
    ...(schema.type && { type: schema.type }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, jsonSchema(child)])),
    }),
    ...(items && { items: jsonSchema(items) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: jsonSchema(additionalProperties) }),
    ...(properties &&
      additionalProperties === undefined &&
      !schema['x-kubernetes-preserve-unknown-fields'] && { additionalProperties: false }),
    ...(required && { required }),
    ...(values && { enum: values }),
    ...(pattern && { pattern }),
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
  };
}
