// `npm run bench:references`: measures definition and find-references in fleets of 5,000 and 1,250 files in one process. The
// limit is 15 ms for the 95th percentile at 5,000 files; the ratio of the two shows whether the cost grows with the size.
// With `--strict`, exceeding the limit fails the run.
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { cursorAt } from '../../server/src/features/cursor.ts';
import { definition, references } from '../../server/src/features/definition.ts';
import { testCatalog } from '../../server/src/fixture.ts';
import { Workspace } from '../../server/src/workspace/workspace.ts';

const { values: args } = parseArgs({
  options: { strict: { type: 'boolean' }, times: { type: 'string', default: '600' } },
});
const limit = 15;
const filesInCluster = 50;

const small = measure(25);
const large = measure(100);
for (const verb of ['definition', 'references'] as const) {
  const { p50, p95, found } = large[verb];
  const growth = p50 / Math.max(small[verb].p50, 0.01);
  console.log(
    `${verb}: p50 ${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms (limit ${limit} ms), ${found} places found, ${growth.toFixed(1)} times the p50 of a quarter of the files`,
  );
  if (args.strict && p95 > limit) process.exitCode = 1;
}

interface Figures {
  readonly p50: number;
  readonly p95: number;
  /** The total number of places found, so that empty results aren't mistaken for speed. */
  readonly found: number;
}

function measure(clusters: number): Readonly<Record<'definition' | 'references', Figures>> {
  const workspace = new Workspace(testCatalog);
  const files = fleet(clusters);
  const began = performance.now();
  for (const [path, text] of files) workspace.put(path, text);
  console.log(`${files.length} files read in ${Math.round(performance.now() - began)} ms`);
  const sites = [...workspace.files()].flatMap(({ path, documents }) =>
    documents.flatMap(({ start, document }) =>
      document.facts.objects.flatMap((object) =>
        [object, ...object.uses].map((one) => ({ path, offset: start + one.start })),
      ),
    ),
  );
  const step = Math.max(1, Math.floor(sites.length / Number(args.times)));
  const sampled = sites.filter((_, index) => index % step === 0);
  const run = (verb: (path: string, offset: number) => number): Figures => {
    let found = 0;
    const times = sampled.map(({ path, offset }) => {
      const from = performance.now();
      found += verb(path, offset);
      return performance.now() - from;
    });
    times.sort((a, b) => a - b);
    return { p50: times[Math.floor(times.length / 2)]!, p95: times[Math.floor(times.length * 0.95)]!, found };
  };
  return {
    definition: run((path, offset) => definition(cursorAt(workspace, path, offset)!).length),
    references: run((path, offset) => references(cursorAt(workspace, path, offset)!, true).length),
  };
}

/** Clusters as Flux bootstraps them: each has its own applications with the same names, and all include one base. */
function fleet(clusters: number): readonly (readonly [path: string, text: string])[] {
  const shared = Array.from({ length: filesInCluster }, (_, index) => base(index));
  const own = Array.from({ length: clusters - 1 }, (_, cluster) => clusterFiles(`cluster-${cluster}`));
  return [
    ['base/kustomization.yaml', `resources: [${shared.map(([path]) => path.slice('base/'.length)).join(', ')}]\n`],
    ...shared.slice(1),
    ...own.flat(),
  ];
}

function base(index: number): readonly [string, string] {
  return [`base/app-${index}.yaml`, workload(`base-${index}`, 'shop')];
}

function clusterFiles(name: string): readonly (readonly [string, string])[] {
  const apps = Array.from({ length: (filesInCluster - 2) / 4 }, (_, index) => `app-${index}`);
  return [
    [`clusters/${name}/sync.yaml`, [kustomization('flux-system', `./clusters/${name}`), source('fleet')].join('---\n')],
    [`clusters/${name}/base.yaml`, [kustomization('base', './base'), infrastructure(name)].join('---\n')],
    ...apps.flatMap((app): (readonly [string, string])[] => [
      [`clusters/${name}/${app}.yaml`, kustomization(app, `./apps/${name}/${app}`, 'base')],
      [
        `apps/${name}/${app}/kustomization.yaml`,
        `namespace: ${app}\nresources: [web.yaml, release.yaml]\nconfigMapGenerator:\n  - name: settings\n`,
      ],
      [`apps/${name}/${app}/web.yaml`, workload('web')],
      [`apps/${name}/${app}/release.yaml`, release(app)],
    ]),
  ];
}

function kustomization(name: string, path: string, after?: string): string {
  return `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${name}
  namespace: flux-system
spec:
  interval: 10m
  path: ${path}
  prune: true
  sourceRef:
    kind: GitRepository
    name: fleet
${after === undefined ? '' : `  dependsOn:\n    - name: ${after}\n`}`;
}

function source(name: string): string {
  return `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: ${name}
  namespace: flux-system
spec:
  interval: 5m
  url: https://git.example.com/fleet.git
  secretRef:
    name: registry
---
apiVersion: v1
kind: Secret
metadata:
  name: registry
  namespace: flux-system
`;
}

function infrastructure(name: string): string {
  return `apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata:
  name: tenant
  namespace: ${name}
spec:
  infrastructureRef:
    apiGroup: infrastructure.cluster.x-k8s.io
    kind: AWSCluster
    name: tenant
---
apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
kind: AWSCluster
metadata:
  name: tenant
  namespace: ${name}
spec:
  region: eu-central-1
`;
}

function workload(name: string, namespace?: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
${namespace === undefined ? '' : `  namespace: ${namespace}\n`}spec:
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      serviceAccountName: ${name}
      imagePullSecrets:
        - name: registry
      containers:
        - name: main
          image: registry.example.com/${name}:1.0.0
          envFrom:
            - configMapRef:
                name: settings
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
${namespace === undefined ? '' : `  namespace: ${namespace}\n`}`;
}

function release(name: string): string {
  return `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: ${name}
spec:
  interval: 10m
  chart:
    spec:
      chart: ./charts/${name}
      sourceRef:
        kind: GitRepository
        name: fleet
        namespace: flux-system
  valuesFrom:
    - kind: ConfigMap
      name: settings
`;
}
