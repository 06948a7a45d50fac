// `lint --helm` and `diff --helm` with the real Helm.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run as diff } from '../../server/src/cli/diff.ts';
import { run as lint } from '../../server/src/cli/lint.ts';
import { textsOf } from '../../server/src/kustomize/fixture.ts';
import { missingPrograms, program, provide } from '../testbed/cache.ts';

const missing = missingPrograms('helm');
if (missing.length > 0) console.log(`skipped, not built: helm (\`${provide('helm')}\`)`);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-renders-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(at: 'old' | 'new', files: string): void {
  for (const [path, text] of textsOf(files)) {
    const file = join(folder, at, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

async function printed(verb: typeof diff, ...args: readonly string[]) {
  mkdirSync(join(folder, 'new/.git'), { recursive: true });
  let [stdout, stderr] = ['', ''];
  await verb(args, {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
    env: { PATH: dirname(program('helm', 'helm')) },
    cwd: join(folder, 'new'),
  });
  return { stdout, stderr };
}

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
# file: charts/shop/Chart.yaml
apiVersion: v2
name: shop
version: 1.0.0
# file: charts/shop/values.yaml
ports: [80]
extra: false
# file: charts/shop/crds/crd.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: shops.example.org }
spec:
  group: example.org
  scope: Cluster
  names: { kind: Shop, plural: shops }
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }]
# file: charts/shop/templates/_names.tpl
{{- define "shop.name" }}{{ .Release.Name }}-web{{ end }}
# file: charts/shop/templates/service.yaml
apiVersion: v1
kind: Service
metadata:
  name: {{ include "shop.name" . }}
spec:
  ports:
    {{- range $at, $port := .Values.ports }}
    - { name: p{{ $at }}, port: {{ $port }} }
    {{- end }}
---
apiVersion: v1
kind: Secret
metadata: { name: {{ include "shop.name" . }} }
stringData: { password: {{ randAlphaNum 12 | quote }} }
{{- if .Values.extra }}
---
apiVersion: v1
kind: ConfigMap
metadata: { name: extra, annotations: { helm.sh/resource-policy: keep } }
data: { minor: {{ .Capabilities.KubeVersion.Minor | quote }} }
{{- end }}
`;

describe.skipIf(missing.length > 0)('releases rendered by Helm', () => {
  test('are compared object by object', async () => {
    write('old', fleet('{ ports: [80], extra: true }'));
    write('new', fleet('{ ports: [80, 443] }'));
    const { stdout, stderr } = await printed(diff, '--helm', '--against', '../old');
    expect(stderr).toBe('');
    expect(stdout).toContain('  Service flux-system/shop-web  (prod; HelmRelease flux-system/shop)\n');
    expect(stdout).toContain('ConfigMap flux-system/extra');
    expect(stdout).toContain('Helm keeps it: its annotation helm.sh/resource-policy is keep.');
    expect(stdout).not.toMatch(/Secret flux-system|shops\.example\.org/);
  });

  test('are judged where a change brings what the API server refuses', async () => {
    write('old', fleet('{ ports: [80, 700000] }'));
    write('new', fleet('{ ports: [900000, 700000] }'));
    const { stdout } = await printed(lint, '--helm', '--against', '../old', '--format', 'json');
    const found = (JSON.parse(stdout) as { rule: string; message: string }[]).filter(
      ({ rule }) => rule === 'flux/rendered-object',
    );
    expect(found.map(({ message }) => message)).toEqual([expect.stringContaining('900000')]);
  });
});
