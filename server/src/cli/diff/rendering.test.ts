// `diff --helm`: the objects that Helm renders of the releases of both sides.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { standInHelm } from '../../disk/fixture.ts';
import { textsOf } from '../../kustomize/fixture.ts';
import { run } from '../diff.ts';

let folder: string;
let bin: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-diff-helm-'));
  bin = standInHelm(join(folder, 'bin'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(at: 'old' | 'new', files: string): void {
  for (const [path, text] of textsOf(files)) {
    const file = join(folder, at, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

async function diff(old: string, now: string, ...args: readonly string[]) {
  write('old', old);
  write('new', now);
  mkdirSync(join(folder, 'new/.git'), { recursive: true });
  let stdout = '';
  let stderr = '';
  const io = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
    env: { PATH: bin },
    cwd: join(folder, 'new'),
  };
  const code = await run([...args, '--against', '../old'], io);
  expect(code).toBe(0);
  return { stdout, stderr };
}

const cluster = `# file: clusters/prod/flux-system.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { path: ./clusters/prod, prune: true, interval: 1h, sourceRef: { kind: GitRepository, name: flux-system } }
# file: clusters/prod/source.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec: { url: https://example.org/fleet.git, interval: 1h, ref: { branch: main } }
`;

const release = (values: string, more = '') => `# file: clusters/prod/shop.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: shop, namespace: flux-system }
spec:
  interval: 1h
  targetNamespace: shop
  releaseName: shop
  chart: { spec: { chart: ./charts/shop, sourceRef: { kind: GitRepository, name: flux-system } } }
  values: ${values}
${more}`;

const config = (name: string, data: string, annotations = '') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}${annotations} }\ndata: { ${data} }\n`;

const keep = ', annotations: { helm.sh/resource-policy: keep }';

const chart = (templates: string) => `# file: charts/shop/Chart.yaml
apiVersion: v2
name: shop
version: 1.0.0
# file: charts/shop/values.yaml
color: red
# file: charts/shop/templates/all.yaml
${templates}`;

const templates = `${config('{{ .Release.Name }}', 'color: "{{ .Values.color }}"')}---\n${config('stays', 'a: b', keep)}`;

const inner = `# file: charts/shop/templates/crds/inner.yaml
${config('inner', 'level: one')}`;

const crd = `# file: charts/shop/crds/crd.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: shops.example.org }
spec:
  group: example.org
  scope: Cluster
  names: { kind: Shop, plural: shops }
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }]
`;

const fleet = cluster + chart(templates) + crd;

test('a change of a value is shown in what Helm renders, and only with --helm', async () => {
  const [old, now] = [fleet + release('{ color: red }'), fleet + release('{ color: blue }')];
  const own = '  HelmRelease flux-system/shop  (prod; flux-system/flux-system)\n    spec.values.color: red → blue\n';
  expect(await diff(old, now)).toEqual({
    stdout: `Changed\n${own}\n1 cluster: 1 changed against ../old\n`,
    stderr: '',
  });
  expect(await diff(old, now, '--helm')).toEqual({
    stdout: `Changed\n${own}  ConfigMap shop/shop  (prod; HelmRelease flux-system/shop)\n    data.color: red → blue\n\n1 cluster: 2 changed against ../old\n`,
    stderr: '',
  });
});

test('a change of the chart is shown where no manifest changes; what is in crds/ isn’t upgraded', async () => {
  const all = fleet + inner;
  const changed = all
    .replace('color: "{{', 'more: "1", color: "{{')
    .replace('kind: Shop,', 'kind: Store,')
    .replace('level: one', 'level: two');
  const { stdout } = await diff(all + release('{}'), changed + release('{}'), '--helm');
  expect(stdout).toContain('    data.level: one → two\n');
  expect(stdout).toContain('  ConfigMap shop/shop  (prod; HelmRelease flux-system/shop)\n  + data.more: 1\n');
  expect(stdout).not.toContain('shops.example.org  (prod');
  expect((await diff('', '', 'charts/shop', '--helm')).stdout).toContain('+ data.more: 1');
  expect((await diff('', '', 'charts/shop/templates/all.yaml', '--helm')).stdout).toContain('+ data.more: 1');
  expect((await diff('', '', 'clusters/prod/source.yaml', '--helm')).stdout).toContain('no changes');
  const replaces = release('{}', '  upgrade: { crds: CreateReplace }\n');
  const replaced = await diff(all + replaces, changed + replaces, '--helm');
  expect(replaced.stdout).toContain('shops.example.org  (prod; HelmRelease flux-system/shop)');
});

test('a release that is removed takes its objects with it, apart from those that Helm keeps', async () => {
  const { stdout, stderr } = await diff(fleet + release('{ color: red }'), fleet, '--helm');
  expect(stderr).toBe('');
  const [deleted, kept] = stdout.split('\n\n').map((part) => part.split('\n'));
  expect(deleted).toEqual([
    'Deleted',
    '  HelmRelease flux-system/shop  (prod; flux-system/flux-system)',
    expect.any(String),
    '  ConfigMap shop/shop  (prod; HelmRelease flux-system/shop)',
  ]);
  expect(kept!.slice(1).filter((line) => /^ {2}\S/.test(line))).toEqual([
    '  CustomResourceDefinition shops.example.org  (prod; HelmRelease flux-system/shop)',
    '  ConfigMap shop/stays  (prod; HelmRelease flux-system/shop)',
  ]);
  const suspended = release('{ color: red }', '  suspend: true\n');
  const left = await diff(fleet + suspended, fleet, '--helm');
  expect(left.stdout).toContain('Helm keeps it: its HelmRelease is suspended');
});

test('nothing is shown of what a release renders that reads a Secret', async () => {
  const secret = (color: string) => `# file: clusters/prod/secret.yaml
apiVersion: v1
kind: Secret
metadata: { name: values, namespace: flux-system }
stringData: { values.yaml: "color: ${color}" }
`;
  const reads = release('{ other: 1 }', '  valuesFrom: [{ kind: Secret, name: values }]\n');
  for (const format of ['text', 'markdown', 'json']) {
    const { stdout } = await diff(
      fleet + secret('first-word') + reads,
      fleet + secret('second-word') + reads,
      ...['--helm', '--format', format],
    );
    expect(stdout).toContain('data.color');
    expect(stdout).not.toMatch(/first-word|second-word/);
  }
});

test('a release that can’t be rendered is named, and only its HelmRelease is compared', async () => {
  const [old, now] = [fleet + release('{ color: red }'), fleet + release('{ color: blue }')];
  const failing = now.replace('{{ .Values.color }}', '{{ fail "no" }}');
  const { stdout, stderr } = await diff(old, failing, '--helm');
  expect(stderr).toBe(
    'capstan diff: the objects of the release flux-system/shop aren’t compared: their charts or values aren’t known, or Helm doesn’t render them\n',
  );
  expect(stdout).toContain('\n1 cluster: 1 changed');
  bin = folder;
  expect((await diff(old, now, '--helm')).stderr).toContain('there is no program helm on the PATH');
});

test('what differs in each run of Helm is no change', async () => {
  const random = fleet.replace('a: b', 'a: "{{ randAlphaNum 8 }}"');
  const { stdout } = await diff(random + release('{ color: red }'), random + release('{ color: blue }'), '--helm');
  expect(stdout).toContain('2 changed');
  const fixed = await diff(random + release('{ color: red }'), fleet + release('{ color: blue }'), '--helm');
  expect(fixed.stdout).toContain('data.a: (differs in each run of Helm) → b');
});
