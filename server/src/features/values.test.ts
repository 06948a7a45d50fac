import { describe, expect, test } from 'vitest';
import { chartFiles } from '../charts/fixture.ts';
import { testCatalog, yaml } from '../fixture.ts';
import { parseVersion } from '../kube/values/semver.ts';
import { noFiles } from '../kustomize/file-source.ts';
import { Workspace } from '../workspace/workspace.ts';
import { clusterFindings } from './cluster-findings.ts';
import { complete } from './completion/completion.ts';
import { diagnose } from './diagnostics.ts';
import { cluster, cursorOf, fixture, foundBy, kustomization, labelsAt } from './fixture.ts';
import { hover } from './hover.ts';

const release = (values: string, rest = '') => yaml`
  apiVersion: helm.toolkit.fluxcd.io/v2
  kind: HelmRelease
  metadata: { name: shop, namespace: shop }
  spec:
    interval: 10m
    chart:
      spec:
        chart: ./charts/shop
        sourceRef: { kind: GitRepository, name: flux-system, namespace: flux-system }
  ${rest}  values:
  ${values}`;

const chart = `# file: charts/shop/Chart.yaml
apiVersion: v2
name: shop
version: 1.2.3
# file: charts/shop/values.yaml
# Pods that run at once.
replicas: 1
image:
  # -- Where the image is
  repository: example.com/shop
  tag: ""
resources: {}
ingress:
  enabled: false
# file: charts/shop/templates/shop.yaml
replicas: {{ .Values.replicas }}
image: {{ .Values.image.repository }}:{{ .Values.image.tag }}{{ .Values.image.suffix }}
{{ toYaml .Values.resources }} {{ .Values.ingress.enabled }}
`;

const schema = `# file: charts/shop/values.schema.json
{ "additionalProperties": false, "properties": {
  "replicas": { "type": "integer", "maximum": 9 },
  "mode": { "enum": ["fast", "safe"], "description": "How it runs" },
  "image": { "type": "object" } } }
`;

const fleet = (file: string, more = chart) =>
  `# file: apps/release.yaml\n${file}${more}${cluster(kustomization('apps', './apps'))}`;

describe('values of a HelmRelease', () => {
  test('are completed from the defaults of its chart', () => {
    expect(labelsAt(fleet(release('    $0\n')))).toEqual(['replicas', 'image', 'resources', 'ingress']);
    expect(labelsAt(fleet(release('    image:\n      $0\n')))).toEqual(['tag', 'repository']);
    expect(labelsAt(fleet(release('    ingress:\n      enabled: $0\n')))).toContain('false');
  });

  test('are completed from the values.schema.json', () => {
    const more = chart + schema;
    expect(labelsAt(fleet(release('    $0\n'), more))).toEqual(['replicas', 'image', 'mode']);
    expect(labelsAt(fleet(release('    mode: $0\n'), more))).toEqual(['fast', 'safe']);
  });

  test('are described by the comments of the defaults, with the chart that they are from', () => {
    const { text } = hover(cursorOf(fixture(fleet(release('    repl$0icas: 2\n')))))!;
    expect(text).toBe(
      '**replicas** *integer*\n\nDefault: `1`\n\nPods that run at once.\n\nChart: shop 1.2.3, values.yaml.',
    );
  });

  test('are completed and described in the ConfigMap that they are read from', () => {
    const from = '  valuesFrom: [{ kind: ConfigMap, name: values }]\n';
    const config = (text: string) =>
      fleet(
        `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: values, namespace: shop }\ndata:\n  values.yaml: |\n${text}`,
        `# file: apps/shop.yaml\n${release('    {}\n', from)}${chart}`,
      );
    expect(labelsAt(config('    image:\n      $0\n'))).toEqual(['tag', 'repository']);
    expect(labelsAt(config('    $0\n'))).toContain('replicas');
    expect(hover(cursorOf(fixture(config('    repl$0icas: 2\n'))))?.text).toContain('Pods that run at once.');
    const unknown = config('    $0\n').replace('./charts/shop', './charts/other');
    expect(labelsAt(unknown)).toEqual([]);
  });

  test('are completed in the file that kustomize generates this ConfigMap of', () => {
    const source = (text: string) => `# file: apps/values.yaml
${text}# file: apps/kustomization.yaml
namespace: shop
resources: [shop.yaml]
configMapGenerator: [{ name: values, files: [values.yaml] }]
configurations: [names.yaml]
# file: apps/names.yaml
nameReference: [{ kind: ConfigMap, version: v1, fieldSpecs: [{ path: spec/valuesFrom/name, kind: HelmRelease }] }]
# file: apps/shop.yaml
${release('    {}\n', '  valuesFrom: [{ kind: ConfigMap, name: values }]\n')}${chart}${cluster(kustomization('apps', './apps'))}`;
    // What clusters get is known from before.
    const at = (text: string) => {
      const made = fixture(source(text));
      clusterFindings(made.workspace, made.path);
      return cursorOf(made);
    };
    expect(
      complete(at('image:\n  $0\n'))
        .map(({ label }) => label)
        .toSorted(),
    ).toEqual(['repository', 'tag']);
    expect(hover(at('repl$0icas: 2\n'))?.text).toContain('Chart: shop 1.2.3, values.yaml.');
    expect(foundBy(/value$/, source('replica: 2\n'))).toEqual(['apps/values.yaml:1 replica info info/unknown-value']);
  });

  test('that nothing in the chart reads are reported, with the name that was meant', () => {
    const found = foundBy(
      /values?$/,
      fleet(
        release(
          yaml`
          replica: 2
          image: { repositori: a, suffix: b }
          resources: { any: thing }
          other: 1
        `
            .replaceAll(/^/gm, '    ')
            .trimEnd() + '\n',
        ),
      ),
    );
    expect(found).toEqual([
      'apps/release.yaml:11 replica info info/unknown-value',
      'apps/release.yaml:12 repositori info info/unknown-value',
      'apps/release.yaml:14 other info info/unknown-value',
    ]);
  });

  test('that the schema refuses are errors where they are written, also in the ConfigMap that they are read from', () => {
    const config = `# file: apps/config.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: values, namespace: shop }
data:
  values.yaml: |
    replicas: 12
    mode: slow
    imag: {}
`;
    const found = foundBy(
      /values?$/,
      fleet(
        release('    mode: safe\n', '  valuesFrom: [{ kind: ConfigMap, name: values }]\n'),
        config + chart + schema,
      ),
    );
    expect(found).toEqual([
      'apps/config.yaml:6 12 error flux/release-values',
      'apps/config.yaml:8 imag error flux/release-values',
    ]);
  });

  test('of a release that no cluster gets are checked by what is written', () => {
    const source = `# file: source.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: { name: charts, namespace: shop }
spec: { interval: 1h, url: https://charts.example.com/ }
# file: release.yaml
${release('    replica: 2\n')
  .replace(/sourceRef:.*/, 'sourceRef: { kind: HelmRepository, name: charts }')
  .replace('./charts/shop', 'shop')}`;
    const files = chartFiles(chart.replaceAll('charts/shop/', ''));
    const version = { text: '1.2.3', version: parseVersion('1.2.3'), names: [] };
    const workspace = new Workspace(testCatalog, noFiles, {
      versions: (repository, name) =>
        repository === 'https://charts.example.com' && name === 'shop' && version.version.ok
          ? [{ ...version, version: version.version.value }]
          : [],
      files: () => files,
      unpack: () => undefined,
    });
    for (const [, path, text] of source.matchAll(/^# file: (.*)\n([\s\S]*?)(?=^# file|(?![\s\S]))/gm))
      workspace.put(path!, text!);
    const rules = diagnose(workspace, 'release.yaml').map(({ rule, message }) => [rule, message]);
    expect(rules).toContainEqual([
      'info/unknown-value',
      'The chart shop 1.2.3 has no value replica, and no template of it reads one. Did you mean replicas?',
    ]);
  });

  test('of a release that a cluster gets follow the address of its repository', () => {
    const repository = (host: string) => yaml`
      apiVersion: source.toolkit.fluxcd.io/v1
      kind: HelmRepository
      metadata: { name: charts, namespace: shop }
      spec: { interval: 1h, url: https://${host} }
    `;
    const [version, files] = [parseVersion('1.2.3'), chartFiles(chart.replaceAll('charts/shop/', ''))];
    const stored = version.ok ? [{ text: '1.2.3', version: version.value, names: [] }] : [];
    const workspace = new Workspace(testCatalog, noFiles, {
      versions: (url, name) => (url === 'https://charts.example.com' && name === 'shop' ? stored : []),
      files: () => files,
      unpack: () => undefined,
    });
    const texts = `${fleet(
      release('    replica: 2\n')
        .replace(/sourceRef:.*/, 'sourceRef: { kind: HelmRepository, name: charts }')
        .replace('./charts/shop', 'shop'),
      '',
    )}`;
    for (const [, path, text] of texts.matchAll(/^# file: (.*)\n([\s\S]*?)(?=^# file|(?![\s\S]))/gm))
      workspace.put(path!, text!);
    const found = (host: string) => {
      workspace.put('apps/source.yaml', repository(host));
      return clusterFindings(workspace, 'apps/release.yaml').filter(({ rule }) => rule === 'info/unknown-value').length;
    };
    const hosts = ['charts.example.com', 'charts.example.org', 'charts.example.com'];
    expect(hosts.map(found)).toEqual([1, 0, 1]);
  });

  test('that are read from what isn’t in files leave open what may be in them', () => {
    const required = schema
      .replace('"properties"', '"required": ["host"], "properties"')
      .replace('"image"', '"host": {}, "image"');
    const values = '    replicas: 2\n';
    const rules = /values?$/;
    expect(foundBy(rules, fleet(release(values), chart + required))).toEqual([
      'apps/release.yaml:11 replicas: 2 error flux/release-values',
    ]);
    const from = '  valuesFrom: [{ kind: Secret, name: elsewhere }]\n';
    expect(foundBy(rules, fleet(release(values, from), chart + required))).toEqual([]);
    const to = '  valuesFrom: [{ kind: Secret, name: elsewhere, targetPath: host }]\n';
    expect(foundBy(rules, fleet(release(values, to), chart + required))).toEqual([]);
    const off = '  install: { disableSchemaValidation: true }\n';
    expect(foundBy(rules, fleet(release(values, off), chart + required))).toEqual([]);
  });
});
