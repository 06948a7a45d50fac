// What is kept of an earlier state of a fleet never shows: after each edit, the findings are those of a workspace that is read
// anew. And it is kept: what an edit doesn't concern isn't found again.
import { beforeEach, expect, test } from 'vitest';
import { testCatalog } from '../fixture.ts';
import { missing } from '../rules/missing.ts';
import type { ClusterSubject } from '../rules/rule.ts';
import { fleetOf } from '../workspace/fleets.ts';
import { homesOf } from '../workspace/homes.ts';
import { Workspace } from '../workspace/workspace.ts';
import { diagnose } from './diagnostics.ts';

const flux = (name: string, path: string) => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: ${name}, namespace: flux-system }
spec:
  interval: 10m
  prune: true
  path: ${path}
  sourceRef: { kind: GitRepository, name: fleet }
  postBuild: { substitute: { SITE: ${name} } }
`;

const config = (name: string, data: string) => `apiVersion: v1
kind: ConfigMap
metadata: { name: ${name} }
data: { ${data} }
`;

const secret = (name: string) => `apiVersion: v1
kind: Secret
metadata: { name: ${name}, namespace: shop }
`;

const files: Readonly<Record<string, string>> = {
  'clusters/prod/flux-system/sync.yaml': `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: fleet, namespace: flux-system }
spec: { interval: 1m, url: ssh://git@example.com/team/fleet.git }
---
${flux('flux-system', './clusters/prod')}`,
  'clusters/prod/apps.yaml': ['north', 'south'].map((site) => flux(site, `./apps/${site}`)).join('---\n'),
  'clusters/prod/jobs.yaml': flux('jobs', './jobs'),
  'apps/base/kustomization.yaml': `resources: [web.yaml, service.yaml]
namespace: shop
configMapGenerator: [{ name: settings, literals: [LEVEL=info] }]
labels: [{ pairs: { tier: front } }]
`,
  'apps/base/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: app
          image: registry.example.com/web:1
          args: [serve]
          envFrom: [{ configMapRef: { name: settings } }, { secretRef: { name: token } }]
`,
  'apps/base/service.yaml': `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`,
  ...Object.fromEntries(
    ['north', 'south'].flatMap((site) => [
      [
        `apps/${site}/kustomization.yaml`,
        `resources: [../base, site.yaml]
nameSuffix: -${site}
images: [{ name: registry.example.com/web, newTag: "2" }]
labels: [{ pairs: { site: ${site} }, includeTemplates: true }]
patches:
  - path: patch.yaml
  - target: { kind: Service }
    patch: '[{ "op": "add", "path": "/spec/type", "value": "ClusterIP" }]'
`,
      ],
      [`apps/${site}/site.yaml`, config('site', `name: ${site}`)],
      [
        `apps/${site}/patch.yaml`,
        `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec: { replicas: 2, template: { spec: { containers: [{ name: app, env: [{ name: SITE, value: "\${SITE}" }] }] } } }
`,
      ],
    ]),
  ),
  'jobs/job.yaml': `apiVersion: v1
kind: Pod
metadata: { name: job, namespace: shop }
spec:
  containers:
    - name: job
      image: job
      envFrom: [{ secretRef: { name: tokens } }, { configMapRef: { name: job-settings } }]
`,
  'jobs/more.yaml': secret('credentials'),
  'jobs/release.yaml': `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: cache, namespace: cache }
spec:
  interval: 10m
  chartRef: { kind: OCIRepository, name: cache }
  values: { primary: { secret: none } }
`,
};

/** Each replaces a text in a file, and is applied to what the one before left. */
const edits: readonly (readonly [path: string, from: string, to: string])[] = [
  ['apps/base/web.yaml', 'name: app\n', 'name: container\n'],
  ['apps/base/web.yaml', 'name: container\n', 'name: app\n'],
  // Another part of the cluster mentions the only Secret that nothing mentioned, and no longer.
  ['apps/base/web.yaml', 'args: [serve]', 'args: [credentials]'],
  ['apps/base/web.yaml', 'args: [credentials]', 'args: [tokens, "8"]'],
  // More references of the same field resolve, and fewer.
  ['apps/base/web.yaml', 'secretRef: { name: token }', 'secretRef: { name: credentials }'],
  ['apps/base/web.yaml', 'secretRef: { name: credentials }', 'secretRef: { name: token }'],
  // The values of a chart have a word of the missing name.
  ['jobs/release.yaml', 'secret: none', 'tokens: none'],
  ['jobs/release.yaml', 'tokens: none', 'secret: none'],
  ['apps/base/service.yaml', 'port: 80', 'port: 81, name: http'],
  ['apps/base/service.yaml', 'metadata: { name: web }', 'metadata: { name: web, labels: { a: b } }'],
  ['jobs/more.yaml', 'namespace: shop', 'namespace: shop, labels: { looked: for }'],
  ['jobs/more.yaml', 'name: credentials', 'name: token'],
  ['apps/base/kustomization.yaml', 'LEVEL=info', 'LEVEL=debug'],
  ['apps/base/kustomization.yaml', 'tier: front', 'tier: back'],
  ['apps/north/kustomization.yaml', 'newTag: "2"', 'newTag: "3"'],
  ['apps/north/kustomization.yaml', 'site: north', 'site: north, extra: label'],
  ['apps/north/patch.yaml', 'name: app', 'name: side'],
  ['apps/north/patch.yaml', 'replicas: 2', 'replicas: two'],
  ['apps/south/site.yaml', 'name: south', 'token: south'],
  ['apps/base/web.yaml', 'kind: Deployment', 'kind: StatefulSet'],
  ['apps/base/web.yaml', 'kind: StatefulSet', 'kind: Deployment'],
];

let workspace: Workspace;
beforeEach(() => {
  workspace = workspaceOf(new Map(Object.entries(files)));
});

function workspaceOf(texts: ReadonlyMap<string, string>): Workspace {
  const made = new Workspace(testCatalog);
  for (const [path, text] of texts) made.put(path, text);
  return made;
}

function edit(path: string, from: string, to: string): void {
  const { text } = workspace.file(path)!;
  expect(text).toContain(from);
  workspace.put(path, text.replace(from, to));
}

function allOf(one: Workspace): readonly string[] {
  return Object.keys(files).flatMap((path) =>
    diagnose(one, path).map(({ rule, start, end, message }) => `${path} ${start}-${end} ${rule} ${message}`),
  );
}

function copy(): Workspace {
  return workspaceOf(new Map(Object.keys(files).map((path) => [path, workspace.file(path)!.text])));
}

test('after each edit, the findings are those of a workspace that is read anew', () => {
  const seen = new Set([allOf(workspace).join('\n')]);
  for (const [path, from, to] of edits) {
    edit(path, from, to);
    const found = allOf(workspace);
    expect(found, `${path}: ${to}`).toEqual(allOf(copy()));
    seen.add(found.join('\n'));
  }
  // Enough of them change what is found.
  expect(seen.size).toBeGreaterThan(edits.length / 3);
});

function missingNow() {
  const [home] = homesOf(workspace, fleetOf(workspace).clusters()[0]!);
  const asked: string[] = [];
  const subject: ClusterSubject = {
    home: home!,
    unapplied: () => undefined,
    hasFolder: () => true,
    folderLike: () => undefined,
    chartOf: () => undefined,
    renderProblems: () => [],
    isDefined: (groupKind, name) => {
      asked.push(`${groupKind} ${name}`);
      return false;
    },
  };
  return { problems: [...missing.check(subject)].filter((problem) => problem !== undefined), asked };
}

test('a reference of another applier is judged again only if an edit gives other evidence', () => {
  const before = missingNow();
  const ofJob = () => missingNow().problems.find(({ object }) => object?.origin.source.file === 'jobs/job.yaml');
  const first = before.problems.find(({ object }) => object?.origin.source.file === 'jobs/job.yaml');
  expect(first).toBeDefined();
  edit('apps/base/web.yaml', 'name: app\n', 'name: container\n');
  expect(ofJob()).toBe(first);
  // What its verdict was asked of is asked again, for whoever notes it.
  expect(missingNow().asked).toEqual(expect.arrayContaining(before.asked));
  // Another object of its own applier may give no other evidence either.
  edit('jobs/release.yaml', 'interval: 10m', 'interval: 11m');
  expect(ofJob()).toBe(first);
  edit('apps/base/web.yaml', 'args: [serve]', 'args: [credentials]');
  expect(ofJob()).not.toBe(first);
});

test('what references resolve to stays the same for objects that do', () => {
  const referencesOf = () => {
    const [home] = homesOf(workspace, fleetOf(workspace).clusters()[0]!);
    return home!.parts.flatMap((part) => home!.directory.referencesOf(part));
  };
  const before = new Set(referencesOf().map(({ resolved }) => resolved));
  edit('apps/base/web.yaml', 'name: app\n', 'name: container\n');
  const again = referencesOf().filter(({ resolved }) => resolved.is === 'object' && !before.has(resolved));
  expect(new Set(again.map(({ by }) => by.value.origin.source.file))).toEqual(new Set(['apps/base/web.yaml']));
});
