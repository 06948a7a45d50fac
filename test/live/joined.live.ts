// Files and live objects are joined: the real Flux applies a repository with overlays, prefixes, generators and a chart, and
// each object that the cluster then has is found at the file and line that made it; what a file defines is found in the cluster.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { comparedWith } from '../../server/src/explorer/compared.ts';
import { Explorer } from '../../server/src/explorer/explorer.ts';
import { originsIn } from '../../server/src/explorer/joined.ts';
import { appliedJson } from '../../server/src/features/applied-json.ts';
import { identitiesIn, writtenAt } from '../../server/src/features/written.ts';
import type { GroupKind, LiveRef } from '../../server/src/kube/identity.ts';
import type { Workspace } from '../../server/src/workspace/workspace.ts';
import { openRepository } from '../bench/completions/corpus.ts';
import { missingPrograms, provide } from '../testbed/cache.ts';
import { type ControlPlane, runProgram, startControlPlane, until } from '../testbed/controlplane.ts';
import { type Flux, missingForFlux, startFlux } from '../testbed/flux.ts';
import { type GitServer, startGitServer } from '../testbed/git-server.ts';
import { podsOf } from '../testbed/kubelet.ts';
import { startCapstan } from './capstan.ts';

const missing = [...missingPrograms('kubernetes'), ...missingForFlux()];
if (missing.length > 0) console.log(`skipped, not built: ${missing.join(', ')} (\`${provide('flux')}\`)`);

describe.skipIf(missing.length > 0)('files and live objects', () => {
  const home = mkdtempSync(join(tmpdir(), 'capstan-joined-'));
  let server: ControlPlane;
  let flux: Flux;
  let git: GitServer;
  let explorer: Explorer;
  let workspace: Workspace;
  let context = '';

  beforeAll(async () => {
    server = await startControlPlane({ controllerManager: true });
    flux = await startFlux(server);
    git = await startGitServer(server.folder);
    const files = repository(git.url('fleet'));
    git.commit('fleet', files);
    const clone = join(server.folder, 'clone');
    await runProgram('git', ['clone', '--quiet', git.url('fleet'), clone]);
    workspace = await openRepository(clone);
    await server.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    await server.apply(files['clusters/blue/sync.yaml']!);
    explorer = new Explorer({
      ...{ selection: { explicit: server.kubeconfig }, env: { HOME: home }, readOnlyContexts: [] },
      ...{ userAgent: 'test', terminal: false, ask: async () => true, remember: false, log: () => undefined },
    });
    context = explorer.fleet.config.current!;
    explorer.fleet.open([context]);
    await until('the release is there', undefined, async () => {
      const { stdout } = await server.kubectl(['get', 'deployment', '-n', 'shop', '-o', 'name']);
      return stdout.trim().split('\n').length === 2;
    });
    await until('the session knows it', undefined, async () =>
      ['apps/Deployment|shop|chart-web', 'kustomize.toolkit.fluxcd.io/Kustomization|flux-system|apps'].every((key) =>
        explorer.fleet.session(context)?.store.get(key),
      ),
    );
  }, 180_000);
  afterAll(async () => {
    await explorer?.dispose();
    await git?.stop();
    await flux?.stop();
    await server?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  async function foundAt(groupKind: GroupKind, namespace: string | undefined, name: string): Promise<string> {
    const ref: LiveRef = { cluster: '', groupKind, ...(namespace !== undefined && { namespace }), name };
    const origins = await originsIn(explorer.fleet.session(context)!, ref);
    if (!origins.ok) throw new Error(origins.failure.message);
    const places = writtenAt(workspace, origins.value).map(({ file, offset, clusters, index }) => {
      const line = workspace.file(file)!.text.slice(0, offset).split('\n').length;
      return `${file}:${line} ${clusters.join()} ${index}`;
    });
    return places.join(' | ');
  }

  test('an object is found at the file and line that made it', async () => {
    expect(await foundAt('apps/Deployment', 'shop', 'blue-web')).toBe('apps/base/web.yaml:2 blue 0');
    expect(await foundAt('/Service', 'shop', 'blue-web')).toBe('apps/base/web.yaml:15 blue 0');
    expect(await foundAt('/ConfigMap', 'shop', 'blue-own')).toBe('apps/blue/own.yaml:1 blue 0');
    const kustomization: GroupKind = 'kustomize.toolkit.fluxcd.io/Kustomization';
    expect(await foundAt(kustomization, 'flux-system', 'apps')).toBe('clusters/blue/apps.yaml:1 blue 0');
    expect(await foundAt(kustomization, 'flux-system', 'flux-system')).toBe('clusters/blue/sync.yaml:8 blue 0');
  });

  test('a generated object is found at its generator', async () => {
    const { stdout } = await server.kubectl(['get', 'configmap', '-n', 'shop', '-o', 'name']);
    const name = stdout.split('\n').find((line) => line.includes('settings'))!;
    expect(await foundAt('/ConfigMap', 'shop', name.replace('configmap/', ''))).toBe(
      'apps/base/kustomization.yaml:3 blue 0',
    );
  });

  test('a pod is found at its Deployment, and what a chart made at its release', async () => {
    const pod = async (app: string) => {
      await until('the pod', undefined, async () => (await podsOf(server, 'shop', `app=${app}`)).length > 0);
      return (await podsOf(server, 'shop', `app=${app}`))[0]!.metadata.name;
    };
    expect(await foundAt('/Pod', 'shop', await pod('web'))).toBe('apps/base/web.yaml:2 blue 2');
    expect(await foundAt('apps/Deployment', 'shop', 'chart-web')).toBe('apps/blue/own.yaml:5 blue 1');
    expect(await foundAt('/Pod', 'shop', await pod('chart'))).toBe('apps/blue/own.yaml:5 blue 3');
  });

  test('everything that Flux applied is found at one place', async () => {
    const { stdout } = await server.kubectl(['get', 'kustomizations', '-A', '-o', 'json']);
    const all = inventoried(stdout);
    expect(all.length).toBeGreaterThan(6);
    for (const [id, namespace, name, group, kind] of all) {
      const place = await foundAt(`${group}/${kind}` as GroupKind, namespace || undefined, name!);
      expect(place, id).toMatch(/^\S+:\d+ blue 0$/);
    }
  });

  test('the command line prints the place', async () => {
    const where = (object: string, ...flags: readonly string[]) => {
      const own = ['-n', 'shop', '--kubeconfig', server.kubeconfig, '--context', 'admin', ...flags];
      return startCapstan(['where', object, ...own], {}, join(server.folder, 'clone')).ended;
    };
    const text = await where('service/blue-web');
    expect([text.code, text.stdout, text.stderr]).toEqual([
      0,
      'apps/base/web.yaml:15  Service shop/blue-web  on blue\n',
      '',
    ]);
    const json = await where('deployment/chart-web', '--format', 'json');
    expect(JSON.parse(json.stdout)).toEqual([
      {
        ...{ file: 'apps/blue/own.yaml', line: 5, clusters: ['blue'] },
        object: { kind: 'HelmRelease', namespace: 'shop', name: 'blue-chart' },
      },
    ]);
    const none = await where('configmap/kube-root-ca.crt');
    expect([none.code, none.stdout]).toEqual([1, '']);
    expect(none.stderr).toContain('no file of the repository defines ConfigMap shop/kube-root-ca.crt');
  });

  test('what Flux applied is as the files say, until somebody changes it', async () => {
    const compared = async (groupKind: GroupKind, namespace: string | undefined, name: string) => {
      const session = explorer.fleet.session(context)!;
      const ref: LiveRef = { cluster: '', groupKind, ...(namespace !== undefined && { namespace }), name };
      const origins = await originsIn(session, ref);
      if (!origins.ok) throw new Error(origins.failure.message);
      const [form, ...others] = appliedJson(workspace, origins.value[0]!);
      expect(others, name).toEqual([]);
      const found = await comparedWith(session, ref, form!.text);
      if (!found.ok) throw new Error(found.failure.message);
      return found.value;
    };
    const { stdout } = await server.kubectl(['get', 'kustomizations', '-A', '-o', 'json']);
    for (const [, namespace, name, group, kind] of inventoried(stdout)) {
      const { wanted, live } = await compared(`${group}/${kind}` as GroupKind, namespace || undefined, name!);
      expect(live, `${kind} ${name}`).toBe(wanted);
      expect(wanted).toContain(`kind: ${kind}\n`);
    }
    await server.kubectl(['scale', 'deployment/blue-web', '-n', 'shop', '--replicas=3']);
    await server.kubectl(['annotate', 'deployment/blue-web', '-n', 'shop', 'example.com/by=hand']);
    const { wanted, live } = await compared('apps/Deployment', 'shop', 'blue-web');
    expect(live.replace('replicas: 3', 'replicas: 1')).toBe(wanted);
    expect(live).not.toBe(wanted);
    await server.kubectl(['scale', 'deployment/blue-web', '-n', 'shop', '--replicas=1']);
  });

  test('nothing is found of what no file made', async () => {
    await server.kubectl(['create', 'configmap', 'by-hand', '-n', 'shop']);
    expect(await foundAt('/ConfigMap', 'shop', 'by-hand')).toBe('');
    expect(await foundAt('/ConfigMap', 'shop', 'kube-root-ca.crt')).toBe('');
  });

  test('what a file defines is found in the cluster that gets it, and nothing of another', () => {
    const states = (file: string) => {
      const wanted = identitiesIn(workspace, file);
      return explorer.states(wanted).map(({ index, ref, state, description }) => {
        const [{ path } = { path: '' }] = wanted[index]!.appliers;
        return `${ref.groupKind} ${ref.name} of ${path}: ${state} ${description}`;
      });
    };
    expect(states('apps/base/web.yaml')).toEqual([
      expect.stringMatching(/^apps\/Deployment blue-web of apps\/blue: progressing /),
      '/Service blue-web of apps/blue: none applied',
    ]);
    const [first] = explorer.states(identitiesIn(workspace, 'apps/base/web.yaml'));
    expect(first?.delivery).toEqual({
      name: 'Kustomization flux-system/apps',
      state: 'ready',
      description: expect.stringContaining('main@'),
    });
    expect(states('clusters/blue/apps.yaml')).toEqual([
      expect.stringMatching(/^kustomize.toolkit.fluxcd.io\/Kustomization apps of clusters\/blue: ready .*main@/),
    ]);
    expect(states('clusters/red/apps.yaml')).toEqual([]);
    expect(states('apps/red/own.yaml')).toEqual([]);
  });
});

/** The ids in the inventories of Kustomizations, with namespace, name, group and kind. */
function inventoried(kustomizations: string): readonly RegExpExecArray[] {
  const { items } = JSON.parse(kustomizations) as {
    readonly items: readonly {
      readonly status: { readonly inventory: { readonly entries: readonly { id: string }[] } };
    }[];
  };
  const ids = items.flatMap(({ status }) => status.inventory.entries.map(({ id }) => id));
  return ids.map((id) => /^([^_]*)_(.+)_([^_]*)_([^_]+)$/.exec(id)!);
}

/** Two clusters, of which the files of one are applied; both have objects of the same names. */
function repository(url: string): Readonly<Record<string, string>> {
  const cluster = (name: string) => ({
    [`clusters/${name}/sync.yaml`]: `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec: { interval: 1h, timeout: 10s, url: "${url}", ref: { branch: main } }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: flux-system
  namespace: flux-system
spec: { interval: 1h, prune: true, path: ./clusters/${name}, sourceRef: { kind: GitRepository, name: flux-system } }
`,
    [`clusters/${name}/apps.yaml`]: `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 1h
  prune: true
  path: ./apps/${name}
  sourceRef: { kind: GitRepository, name: flux-system }
`,
    [`apps/${name}/kustomization.yaml`]: `namespace: shop
namePrefix: ${name}-
resources: [../base, own.yaml]
patches:
  - target: { kind: HelmRelease }
    patch: |
      - { op: replace, path: /metadata/name, value: chart }
`,
    [`apps/${name}/own.yaml`]: `apiVersion: v1
kind: ConfigMap
metadata: { name: own }
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: chart
spec:
  interval: 1h
  releaseName: chart
  chart:
    spec:
      chart: ./charts/web
      sourceRef: { kind: GitRepository, name: flux-system, namespace: flux-system }
`,
  });
  return {
    ...cluster('blue'),
    ...cluster('red'),
    'apps/base/kustomization.yaml': `resources: [web.yaml]
configMapGenerator:
  - name: settings
    literals: [a=b]
`,
    'apps/base/web.yaml': `# The shop.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: web, image: registry.example/web:1 }
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: { app: web }
  ports: [{ port: 80 }]
`,
    'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
    'charts/web/templates/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-web
spec:
  replicas: 1
  selector: { matchLabels: { app: chart } }
  template:
    metadata: { labels: { app: chart } }
    spec:
      containers:
        - { name: web, image: registry.example/web:1 }
`,
  };
}
