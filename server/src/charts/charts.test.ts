import { describe, expect, test } from 'vitest';
import { parseManifest } from '../syntax/manifest.ts';
import { unknown, type Value } from '../syntax/tree.ts';
import { isObject, type ObjectValue, toValue } from '../syntax/value.ts';
import { coalesced, opened } from './coalesce.ts';
import { namesInComments, schemaOfDefaults } from './defaults.ts';
import { chartOf } from './fixture.ts';
import { usesOf } from './uses.ts';
import { valuesSchema } from './values-schema.ts';
import { violationsOf } from './verdict.ts';

function valuesIn(text: string): ObjectValue {
  const value = toValue(parseManifest(text).root!);
  return isObject(value) ? value : {};
}

describe('the schema of default values', () => {
  test('has types, defaults and the comments above the keys', () => {
    const { properties } = schemaOfDefaults(`
# How many pods
# run at once.
replicas: 2

# A ruler is no documentation.

image:
  # -- The repository
  # @default -- of the chart
  repository: example.com/shop
  tag: "" # Defaults to the version of the app.
  ## @param image.pullPolicy When to pull
  ## @param debug [array, default: []] For support
  pullPolicy: IfNotPresent
debug: false
tolerations: []
ports:
  - name: http
    port: 80
nothing:
`);
    expect(properties).toMatchObject({
      replicas: { type: 'integer', default: 2, description: 'How many pods\nrun at once.' },
      image: {
        type: 'object',
        properties: {
          repository: { type: 'string', default: 'example.com/shop', description: 'The repository' },
          tag: { type: 'string', default: '', description: 'Defaults to the version of the app.' },
          pullPolicy: { default: 'IfNotPresent', description: 'When to pull' },
        },
      },
      debug: { type: 'boolean', default: false, description: 'For support' },
      tolerations: { type: 'array', default: [] },
      ports: { type: 'array', items: { properties: { name: { type: 'string' }, port: { type: 'integer' } } } },
      nothing: {},
    });
    expect(properties!.image).not.toHaveProperty('description');
    expect(properties!.nothing).toEqual({});
  });

  test('is that of any map where the values are no map, or no YAML', () => {
    for (const text of ['', '- a', 'a: [', '"'])
      expect(schemaOfDefaults(text)).toEqual({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true });
  });

  test('keys in comments are known by name', () => {
    const names = namesInComments(
      '# nodePort: 30000\nservice:\n  # annotations:\n  #   example.com/a: "1"\n  ## `loadBalancer.class`: x',
    );
    for (const name of ['nodePort', 'annotations', 'loadBalancer', 'class']) expect(names).toContain(name);
    expect(names).not.toContain('service');
  });
});

const closed = `# file: values.yaml
replicas: 1
# file: values.schema.json
{
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "additionalProperties": false,
  "required": ["host"],
  "definitions": { "port": { "type": "integer", "minimum": 1, "maximum": 65535, "description": "A port" } },
  "properties": {
    "replicas": { "type": ["integer", "null"] },
    "host": { "type": "string", "pattern": "^[a-z.]+$" },
    "port": { "$ref": "#/definitions/port" },
    "mode": { "enum": ["fast", "safe"] },
    "global": { "type": "object" },
    "labels": { "type": "object", "patternProperties": { "^[a-z]+$": { "type": "string" } }, "additionalProperties": false },
    "store": { "oneOf": [
      { "type": "object", "properties": { "kind": { "const": "disk" }, "size": { "type": "string" } }, "required": ["kind", "size"], "additionalProperties": false },
      { "type": "object", "properties": { "kind": { "const": "bucket" }, "name": { "type": "string" } }, "required": ["kind", "name"], "additionalProperties": false }
    ] },
    "outside": { "$ref": "https://example.com/schema.json" }
  }
}
`;

describe('a JSON Schema', () => {
  const { jsonSchema } = chartOf(closed);
  const found = (text: string) =>
    violationsOf(valuesIn(text), jsonSchema).map(({ path, facts }) => [path.join('.'), facts.is].join(' '));

  test.each<[string, readonly string[]]>([
    ['host: a.b', []],
    ['port: 80', [' missing-key']],
    ['host: a\nreplica: 1', ['replica unknown-key']],
    ['host: a\nreplicas: "1"', ['replicas type']],
    ['host: a\nreplicas: null', []],
    ['host: A', ['host bound']],
    ['host: a\nport: 70000', ['port bound']],
    ['host: a\nmode: slow', ['mode enum']],
    ['host: a\nlabels: { a: b, A: c, d: 1 }', ['labels.A unknown-key', 'labels.d type']],
    ['host: a\nstore: { kind: disk, size: 1Gi }', []],
    ['host: a\nstore: { kind: disk, size: 1 }', ['store no-alternative']],
    ['host: a\nstore: 1', ['store no-alternative']],
    ['host: a\noutside: { x: 1 }', []],
    ['host: ${HOST}\nport: ${PORT}', []],
  ])('refuses of %j: %j', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  test('reports nothing that unknown values may settle', () => {
    expect(violationsOf(opened({}), jsonSchema)).toEqual([]);
    expect(violationsOf({ host: unknown, mode: unknown } as Value, jsonSchema)).toEqual([]);
    expect(violationsOf({ a: 1n }, { $ref: '#' })).toEqual([]);
  });

  test('and the defaults together are what may be written', () => {
    const schema = valuesSchema(chartOf(closed));
    expect(Object.keys(schema.properties!)).toEqual([
      'replicas',
      'host',
      'port',
      'mode',
      'global',
      'labels',
      'store',
      'outside',
    ]);
    expect(schema.properties).toMatchObject({
      replicas: { type: 'integer', nullable: true, default: 1 },
      port: { type: 'integer', maximum: 65535, description: 'A port' },
      mode: { enum: ['fast', 'safe'] },
      store: { properties: { kind: { enum: ['disk', 'bucket'] }, size: {}, name: {} } },
    });
    expect(schema.required).toEqual(['host']);
  });
});

const umbrella = `# file: Chart.yaml
name: umbrella
version: 1.0.0
dependencies:
  - { name: web, version: 1.x, alias: front, condition: front.enabled }
  - { name: gone, version: 1.x }
# file: values.yaml
global: { zone: a }
front:
  replicas: 3
# file: charts/web/Chart.yaml
name: web
version: 1.1.0
# file: charts/web/values.yaml
# Pods.
replicas: 1
color: red
# file: charts/web/values.schema.json
{ "properties": { "color": { "enum": ["red", "blue"] } } }
`;

describe('subcharts', () => {
  test('have their values below their alias, with the defaults of the parent over theirs', () => {
    const { front, global } = valuesSchema(chartOf(umbrella)).properties!;
    expect(front!.properties).toMatchObject({
      replicas: { type: 'integer', default: 3, description: 'Pods.' },
      color: { enum: ['red', 'blue'], default: 'red' },
      enabled: { type: 'boolean' },
    });
    expect(global!.properties).toHaveProperty('zone');
  });

  test('get their values as Helm merges them, unless they are disabled', () => {
    const chart = chartOf(umbrella);
    expect(coalesced(chart, valuesIn('front: { color: blue }\nglobal: { region: r }'))).toEqual({
      global: { zone: 'a', region: 'r' },
      front: { replicas: 3n, color: 'blue', global: { zone: 'a', region: 'r' } },
    });
    expect(coalesced(chart, valuesIn('front: { enabled: false }')).front).toEqual({ replicas: 3n, enabled: false });
    expect(coalesced(chart, valuesIn('front: { replicas: null }')).front).toEqual({
      color: 'red',
      global: { zone: 'a' },
    });
  });
});

describe('what templates read', () => {
  const uses = (files: string) => usesOf(chartOf(files));

  test('is found by key; what reads a map as a whole reads any of its keys', () => {
    const { reads, readsWhole } = uses(`# file: templates/a.yaml
replicas: {{ .Values.replicas }}
image: {{ $.Values.image.repository }}:{{ .Values.image.tag | default "x" }}
{{- with .Values.resources }}{{ toYaml . }}{{ end }}
`);
    expect(reads(['image', 'tag'])).toBe(true);
    expect(reads(['image', 'tags'])).toBe(false);
    expect(readsWhole(['image'])).toBe(false);
    expect(readsWhole(['resources', 'limits'])).toBe(true);
    expect(readsWhole([])).toBe(false);
  });

  test.each([
    ['all values', '{{ toYaml .Values }}'],
    ['a template of nobody', '{{ include "other.labels" . }}'],
  ])('is anything where it is %s', (_, text) => {
    expect(uses(`# file: templates/a.yaml\n${text}\n`).readsWhole(['a'])).toBe(true);
  });

  test('counts the named templates of libraries that are included, and no others', () => {
    const library = (include: string) => `# file: Chart.yaml
name: shop
version: 1.0.0
dependencies: [{ name: lib, version: 1.x }]
# file: templates/a.yaml
{{ include "${include}" . }}
# file: charts/lib/Chart.yaml
name: lib
version: 1.0.0
type: library
# file: charts/lib/templates/_lib.tpl
{{- define "lib.name" }}{{ .Values.nameOverride }}{{ include "lib.more" . }}{{ end }}
{{- define "lib.more" }}{{ .Values.more }}{{ end }}
{{- define "lib.all" }}{{ toYaml .Values }}{{ end }}
`;
    const named = uses(library('lib.name'));
    expect([named.reads(['nameOverride']), named.reads(['more']), named.readsWhole(['x'])]).toEqual([
      true,
      true,
      false,
    ]);
    expect(uses(library('lib.all')).readsWhole(['x'])).toBe(true);
  });
});
