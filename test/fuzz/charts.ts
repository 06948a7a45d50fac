// Hostile charts: values, schemas, templates and archives that others made.
import { Buffer } from 'node:buffer';
import { gzipSync } from 'node:zlib';
import { readChart } from '../../server/src/charts/chart.ts';
import { usesOf } from '../../server/src/charts/uses.ts';
import { valuesSchema } from '../../server/src/charts/values-schema.ts';
import { unpack } from '../../server/src/disk/charts.ts';
import { tarOf } from '../../server/src/registries/fixture.ts';
import { type Maker, yamlPieces } from './make.ts';
import { timed } from './pauses.ts';

const templatePieces = [
  ...[
    '{{ ',
    ' }}',
    '{{- ',
    '.Values',
    '.Values.a',
    '.a.b',
    '$.Values.a.b',
    'include "a" .',
    'include (',
    'define "a" }}',
  ],
  ...['template "b"', 'end', 'if ', 'with ', 'range ', 'block "', '"', '`', '\n', 'x', '|', 'toYaml '],
];

const keywords = [
  'properties',
  'patternProperties',
  'items',
  'additionalProperties',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
];

/** Any JSON that resembles a schema, with references that may run in circles. */
function schema(maker: Maker, depth: number): unknown {
  if (depth > 4 || maker.below(6) === 0)
    return maker.one([true, false, null, 1, 'a', {}, [], { $ref: '#' }, { $ref: '#/$defs/a' }]);
  const made: Record<string, unknown> = {};
  for (let count = maker.below(4); count >= 0; count -= 1) {
    const keyword = maker.one([
      ...keywords,
      'type',
      'enum',
      'const',
      'required',
      'pattern',
      'minimum',
      '$ref',
      '$defs',
      '__proto__',
    ]);
    const below = () => schema(maker, depth + 1);
    const value = keywords.includes(keyword)
      ? maker.one([below, () => ({ a: below(), b: below(), __proto__: null }), () => [below(), below()]])()
      : maker.one<unknown>([
          'object',
          '#',
          '#/$defs/a',
          '#/properties/a',
          ['a'],
          { a: schema(maker, depth + 1) },
          '^(a+)+$',
          -1,
          1e300,
        ]);
    Object.defineProperty(made, keyword, { value, enumerable: true, configurable: true, writable: true });
  }
  return made;
}

/** The files of a repository with a chart, and a release of it in `clusters/prod/release.yaml`. */
export function chartFiles(values: string, maker: Maker): Readonly<Record<string, string>> {
  const inValues = values.replaceAll('\n', '\n    ');
  const sync = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, prune: true, path: ./clusters/prod, sourceRef: { kind: GitRepository, name: flux-system } }
`;
  const release = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: a, namespace: flux-system }
spec:
  interval: 1m
  chart: { spec: { chart: ./charts/a, sourceRef: { kind: GitRepository, name: flux-system } } }
  values:
    a: 1
    ${inValues}
`;
  return {
    'clusters/prod/release.yaml': release,
    'clusters/prod/sync.yaml': sync,
    'charts/a/Chart.yaml': 'name: a\nversion: 1.0.0\n',
    'charts/a/values.yaml': maker.text(['a:\n  b: 1\n', 'b: {}\n', '# c: 1\n', ...yamlPieces], 20),
    'charts/a/templates/a.yaml': maker.text(templatePieces, 40),
    ...(maker.below(2) === 0 && { 'charts/a/values.schema.json': JSON.stringify(schema(maker, 0)) }),
  };
}

/** An archive with a few bytes of the tar or of the gzip changed. */
export function archives(input: string, maker: Maker): void {
  const tar = tarOf([
    { name: 'a/Chart.yaml', content: 'name: a\nversion: 1.0.0\n' },
    { name: maker.one(['a/values.yaml', '../x', 'a/charts/b.tgz', 'a/charts/b/Chart.yaml']), content: input },
    {
      name: maker.text(['a/', '..', '/', 'b', '\\', 'values.schema.json'], 60),
      type: maker.one(['0', '1', '2', '5', 'x', 'L', 'g']),
      content: input,
    },
  ]);
  const broken = (bytes: Buffer) => {
    for (let count = maker.below(4); count > 0; count -= 1) bytes[maker.below(bytes.length)] = maker.below(256);
    return bytes;
  };
  const files = timed(() => unpack(broken(gzipSync(broken(Buffer.from(tar))))));
  const chart = files && timed(() => readChart(files));
  const path = files?.paths.find((one) => one.startsWith('/') || one.split('/').includes('..'));
  if (path !== undefined) throw new Error(`an archive has the path ${path}`);
  if (!chart) return;
  timed(() => valuesSchema(chart));
  timed(() => usesOf(chart).reads(['a']));
}
