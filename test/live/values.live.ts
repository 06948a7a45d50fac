// Compares the values that we merge, and what we refuse by a chart's JSON Schema, with the real Helm.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { coalesced } from '../../server/src/charts/coalesce.ts';
import { chartOf } from '../../server/src/charts/fixture.ts';
import { problemsOfValues } from '../../server/src/charts/judge.ts';
import { parseManifest } from '../../server/src/syntax/manifest.ts';
import { isObject, type ObjectValue, toValue } from '../../server/src/syntax/value.ts';
import { missingPrograms, program, provide } from '../testbed/cache.ts';
import { rendered } from '../values/helm.ts';

const missing = missingPrograms('helm');
if (missing.length > 0) console.log(`skipped, not built: helm (\`${provide('helm')}\`)`);

const files = {
  'Chart.yaml': `apiVersion: v2
name: umbrella
version: 1.0.0
dependencies:
  - { name: web, version: 1.x.x, alias: front, condition: front.enabled }
  - { name: db, version: 1.x.x, tags: [stores] }
`,
  'values.yaml':
    'global: { zone: a, deep: { one: 1 } }\nsize: 1\nmap: { a: 1, b: { c: 2 } }\nlist: [1, 2]\nfront: { replicas: 3 }\n',
  'values.schema.json': `{ "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
  "required": ["size"],
  "$defs": { "size": { "type": "integer", "minimum": 1 } },
  "properties": { "size": { "$ref": "#/$defs/size" }, "mode": { "enum": ["fast", "safe"] },
    "list": { "type": "array", "items": { "type": ["integer", "string"] }, "maxItems": 3 },
    "either": { "oneOf": [{ "required": ["a"] }, { "required": ["b"] }] },
    "name": { "type": "string", "pattern": "^[a-z]+$", "minLength": 2 } },
  "if": { "properties": { "mode": { "const": "safe" } }, "required": ["mode"] }, "then": { "required": ["backup"] } }
`,
  'templates/values.yaml': 'values: {{ toJson .Values | quote }}\n',
  'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.1.0\n',
  'charts/web/values.yaml': 'replicas: 1\ncolor: red\nglobal: { zone: own, deep: { two: 2 } }\n',
  'charts/web/values.schema.json':
    '{ "additionalProperties": false, "properties": { "color": { "enum": ["red", "blue"] }, "replicas": { "type": "integer" }, "global": {}, "enabled": {} } }',
  'charts/db/Chart.yaml': 'apiVersion: v2\nname: db\nversion: 1.0.0\n',
  'charts/db/values.yaml': 'storage: { size: 1Gi }\n',
};

const chart = chartOf(
  Object.entries(files)
    .map(([path, text]) => `# file: ${path}\n${text}\n`)
    .join(''),
);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-values-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function valuesIn(text: string): ObjectValue {
  const { root } = parseManifest(text);
  const value = root && toValue(root);
  return isObject(value) ? value : {};
}

function isRefused(values: ObjectValue): boolean {
  const place = { origin: { source: { file: '', start: 0 }, start: 0, end: 0 } };
  const layer = { value: values, place: () => place };
  const given = {
    values: { layers: [layer], merged: values },
    whole: place,
    valuesFiles: undefined,
    isUnchecked: false,
  };
  return problemsOfValues({ chart, ...given }).some(({ facts }) => facts.is !== 'unread' && facts.is !== 'alike');
}

describe.skipIf(missing.length > 0)('values', () => {
  test.each([
    '{}',
    'size: 2\nmap: { b: { d: 3 } }\nlist: [a]',
    'map: { a: null }',
    'map: null',
    'front: { color: blue }\nglobal: { zone: z, more: 1 }',
    'front: { replicas: null, global: { zone: mine } }',
    'front: { enabled: false, color: green }',
    'tags: { stores: false }',
    'db: { storage: { class: fast } }',
    'size: 0',
    'size: null',
    'size: "1"',
    'mode: slow',
    'mode: safe',
    'mode: safe\nbackup: 1',
    'list: [1, 2, 3, 4]',
    'list: [1, {}]',
    'either: {}',
    'either: { a: 1 }',
    'either: { a: 1, b: 2 }',
    'name: A',
    'name: a',
    'name: ab',
    'front: { color: green }',
    'front: { colour: red }',
    'front: { replicas: 1.0 }',
    'front: { replicas: 1.5 }',
  ])('%j are merged and refused as by Helm', (text) => {
    const values = valuesIn(text);
    const theirs = rendered(program('helm', 'helm'), folder, values);
    expect([text, isRefused(values)]).toEqual([text, theirs.isRefused]);
    if (theirs.isRefused) return;
    const [, printed = ''] = /^values: (".*")$/m.exec(theirs.output ?? '') ?? [];
    expect(withoutEmptyGlobals(JSON.parse(JSON.parse(printed)))).toEqual(
      withoutEmptyGlobals(
        JSON.parse(JSON.stringify(coalesced(chart, values), (_, one) => (typeof one === 'bigint' ? Number(one) : one))),
      ),
    );
  });
});

/** Helm gives every subchart a map of globals. */
function withoutEmptyGlobals(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[key, value]];
      const below = withoutEmptyGlobals(value as Record<string, unknown>);
      return key === 'global' && Object.keys(below).length === 0 ? [] : [[key, below]];
    }),
  );
}
