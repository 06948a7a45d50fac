// `lint --helm` beside `--against` and `--target`: what Helm renders is judged on both sides.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { standInHelm } from '../../disk/fixture.ts';
import { textsOf } from '../../kustomize/fixture.ts';
import { run } from '../lint.ts';
import type { LintFinding } from '../output.ts';

let folder: string;
let bin: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-rendered-'));
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

async function lint(...args: readonly string[]) {
  let stdout = '';
  let stderr = '';
  mkdirSync(join(folder, 'new/.git'), { recursive: true });
  const code = await run([...args, '--format', 'json'], {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
    env: { PATH: bin },
    cwd: join(folder, 'new'),
  });
  const found = (JSON.parse(stdout) as LintFinding[]).filter(({ rule }) => rule.startsWith('flux/rendered'));
  return { code, stderr, found: found.map(({ file, range, message }) => [file, range.start.line, message]) };
}

const service = (name: string, port: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: ${name} }\nspec: { ports: [{ port: ${port} }] }\n`;

const fleet = (values: string) => `# file: clusters/prod/flux-system.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { path: ./clusters/prod, prune: true, interval: 1h, sourceRef: { kind: GitRepository, name: flux-system } }
# file: clusters/prod/source.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec: { url: https://example.org/fleet.git, interval: 1h, ref: { branch: main } }
# file: clusters/prod/shop.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: shop, namespace: flux-system }
spec:
  interval: 1h
  chart: { spec: { chart: ./charts/shop, sourceRef: { kind: GitRepository, name: flux-system } } }
  values: ${values}
`;

const chart = (template: string) => `# file: charts/shop/Chart.yaml
apiVersion: v2
name: shop
version: 1.0.0
# file: charts/shop/values.yaml
port: 80
admin: 81
# file: charts/shop/templates/service.yaml
${template}`;

const both = `${service('shop', '{{ .Values.port }}')}---\n${service('admin', '{{ .Values.admin }}')}`;

test('--against reports what a value brings, and not what the older files render to', async () => {
  write('old', fleet('{ port: 80, admin: 700000 }') + chart(both));
  write('new', fleet('{ port: 900000, admin: 700000 }') + chart(both));
  expect(await lint('--helm', '--against', '../old')).toEqual({
    code: 1,
    stderr: '',
    found: [['clusters/prod/shop.yaml', 6, expect.stringMatching(/^Helm renders Service shop \(chart\/templates/)]],
  });
});

test('--against reports what a template brings', async () => {
  write('old', fleet('{ port: 80 }') + chart(service('shop', '{{ .Values.port }}')));
  write('new', fleet('{ port: 80 }') + chart(service('shop', '{{ .Values.port }}9999')));
  const { found } = await lint('--helm', '--against', '../old');
  expect(found).toEqual([['clusters/prod/shop.yaml', 6, expect.stringContaining('Helm renders Service shop')]]);
});

test('--target renders for the version that is asked for', async () => {
  write('new', fleet('{}') + chart(service('shop', '655{{ .Capabilities.KubeVersion.Minor }}')));
  expect(await lint('--helm', '--target', 'kubernetes=1.34')).toMatchObject({ code: 0, found: [] });
  const { found } = await lint('--helm', '--target', 'kubernetes=1.37');
  expect(found).toEqual([['clusters/prod/shop.yaml', expect.any(Number), expect.stringContaining('65537')]]);
  write('new', '# file: .capstan.yaml\ntargets: { kubernetes: "1.36" }\n');
  expect((await lint('--helm')).found).toEqual([[expect.anything(), 2, expect.stringContaining('65536')]]);
});

test.each([
  ['--against', '../old'],
  ['--target', 'kubernetes=1.37'],
])('with %s a missing Helm is said, and nothing is rendered without --helm', async (...args) => {
  write('old', fleet('{ port: 80 }') + chart(both));
  write('new', fleet('{ port: 900000 }') + chart(both));
  expect(await lint(...args)).toEqual({ code: 0, stderr: '', found: [] });
  bin = folder;
  const { found, stderr } = await lint('--helm', ...args);
  expect(found).toEqual([]);
  expect(stderr).toBe('capstan lint: there is no program helm on the PATH, so releases aren’t rendered\n');
});
