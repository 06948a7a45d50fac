import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { textsOf } from '../kustomize/fixture.ts';
import { run } from './diff.ts';
import type { DiffOutput } from './output.ts';

const cluster = (name: string) => `# file: clusters/${name}/flux-system.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { path: ./clusters/${name}, prune: true, sourceRef: { kind: GitRepository, name: flux-system } }
# file: clusters/${name}/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  path: ./apps
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
  postBuild: { substitute: { COLOR: ${name} } }
`;

const apps = `# file: apps/kustomization.yaml
resources: [web.yaml, namespace.yaml]
namespace: shop
secretGenerator: [{ name: key, literals: [token=old-token] }]
# file: apps/namespace.yaml
apiVersion: v1
kind: Namespace
metadata: { name: shop }
# file: apps/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: example.org/web:1.0
          env: [{ name: COLOR, value: "\${COLOR}" }]
          envFrom: [{ secretRef: { name: key } }]
`;

const folders: string[] = [];
let root: string;

/** A Git repository with one commit of the files. */
function repository(files: string): void {
  root = mkdtempSync(join(tmpdir(), 'capstan-diff-'));
  folders.push(root);
  write(files);
  git('init', '--quiet');
  commit();
}

beforeEach(() => repository(cluster('blue') + cluster('red') + apps));
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function git(...args: readonly string[]): void {
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false'];
  execFileSync('git', ['-C', root, ...author, ...args]);
}

function commit(): void {
  git('add', '--all');
  git('commit', '--quiet', '--message', 'state');
}

function write(files: string, at = root): void {
  for (const [path, text] of textsOf(files)) {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), text);
  }
}

async function diff(...args: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const io = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
    env: { PATH: process.env.PATH },
    cwd: root,
  };
  return { code: await run(args, io), stdout: stdout.replace(/\([0-9a-f]{10}\)/, '(COMMIT)'), stderr };
}

test('without changes there is nothing to print', async () => {
  expect(await diff()).toEqual({ code: 0, stdout: 'no changes against HEAD (COMMIT)\n', stderr: '' });
});

test('an equal change of several clusters is printed once, with its fields by the keys of lists', async () => {
  write(apps.replace('replicas: 2', 'replicas: 3').replace('web:1.0', 'web:2.0'));
  expect((await diff()).stdout).toBe(`Images
  example.org/web  1.0 → 2.0  (blue, red)

Changed
  Deployment shop/web  (blue, red; flux-system/apps)
    spec.replicas: 2 → 3
    spec.template.spec.containers[name=web].image: example.org/web:1.0 → example.org/web:2.0

2 clusters: 2 changed against HEAD (COMMIT)
`);
});

test('what Flux deletes comes first; a removed Kustomization takes what it applied with it', async () => {
  rmSync(join(root, 'clusters/red/apps.yaml'));
  const { stdout } = await diff();
  expect(stdout.replace(/key-\w+/, 'key-HASH')).toBe(`Deleted
  Namespace shop  (red; flux-system/apps)
    Everything in the namespace is deleted with it.
  Kustomization flux-system/apps  (red; flux-system/flux-system)
    What it applies goes with it, as listed here.
  Deployment shop/web  (red; flux-system/apps)
  Secret shop/key-HASH  (red; flux-system/apps)

Images
  example.org/web  no longer used (1.0)  (red)

1 cluster: 4 deleted against HEAD (COMMIT)
`);
});

test('a generated name is matched with its old one, and no value of a Secret is printed', async () => {
  write(apps.replace('old-token', 'new-token'));
  const { stdout } = await diff();
  expect(stdout).toMatch(/Secret shop\/key-\w+, formerly key-\w+ {2}\(blue, red; flux-system\/apps\)/);
  expect(stdout).toContain('    data.token: changed (hidden)\n');
  expect(stdout).not.toMatch(/Deleted|Created|old-token|new-token|b2xkLXRva2Vu|bmV3LXRva2Vu/);
});

test('no value of a Secret is printed where it is copied to, in images, or in refusals', async () => {
  const secret = (value: string) => `# file: apps/secret.yaml
apiVersion: v1
kind: Secret
metadata: { name: variables, namespace: flux-system }
stringData: { TOKEN: ${value}, image: "${value}:1" }
`;
  const using = apps
    .replace('replicas: 2', 'replicas: 2\n  minReadySeconds: 1')
    .replace('resources: [', 'resources: [secret.yaml, ');
  const from = 'substituteFrom: [{ kind: Secret, name: variables }], substitute:';
  write(cluster('blue').replace('substitute:', from) + cluster('red').replace('substitute:', from));
  write(using.replace('namespace: shop', '').replace('"${COLOR}"', '"${TOKEN}"') + secret('s3cret-a'));
  commit();
  write(secret('s3cret-b'));
  const { stdout } = await diff();
  expect(stdout).toContain('    spec.template.spec.containers[name=web].env[name=COLOR].value: changed (hidden)\n');
  expect(stdout + (await diff('--format', 'json')).stdout).not.toContain('s3cret');
  write(using.replace('token=old-token', 's3cret-literal'));
  const refused = (await diff()).stdout;
  expect(refused).toContain('Not compared');
  expect(refused).not.toContain('s3cret');
});

test('a change that the API server refuses says so', async () => {
  write(apps.replaceAll('app: web', 'app: shop'));
  const { stdout } = await diff();
  expect(stdout).toContain('Refused by the API server\n  Deployment shop/web  (blue, red; flux-system/apps)\n');
  expect(stdout).toContain('spec.selector');
});

test('what kustomize refuses is not compared', async () => {
  write('# file: apps/kustomization.yaml\nresources: [none.yaml]\n');
  const { stdout } = await diff();
  expect(stdout).toMatch(/^Not compared\n {2}flux-system\/apps {2}\(blue, red\)\n {4}It can't be built/);
  expect(stdout).not.toContain('Deleted');
});

test('what a Kustomization that can’t be built brings is not said to be applied', async () => {
  write(`${apps}# file: clusters/red/broken.yaml
a: [
# file: clusters/red/more.yaml
${cluster('red').split('# file: clusters/red/apps.yaml\n')[1]!.replace('name: apps', 'name: more')}`);
  const { stdout } = await diff();
  expect(stdout).toContain('Not compared\n  flux-system/flux-system  (red)\n');
  expect(stdout).not.toMatch(/Created|Moved|Deleted/);
});

test('a folder may be the other side', async () => {
  const other = mkdtempSync(join(tmpdir(), 'capstan-diff-'));
  folders.push(other);
  write(cluster('blue') + cluster('red') + apps.replace('replicas: 2', 'replicas: 5'), other);
  expect((await diff('--against', other)).stdout).toContain('    spec.replicas: 5 → 2\n');
});

test('as JSON, with the place of each object', async () => {
  write(apps.replace('replicas: 2', 'replicas: 3'));
  const output = JSON.parse((await diff('--format', 'json')).stdout) as DiffOutput;
  expect(output).toEqual({
    against: expect.stringMatching(/^HEAD \(/),
    targets: [
      { is: 'cluster', name: 'blue' },
      { is: 'cluster', name: 'red' },
    ],
    entries: [
      {
        ...{ is: 'changed', apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
        ...{ targets: ['blue', 'red'], by: 'flux-system/apps', file: 'apps/web.yaml', line: 0 },
        fields: [{ field: 'spec.replicas', was: 2, now: 3 }],
      },
    ],
    images: [],
    gaps: [],
  });
});

test('as Markdown, with nothing that ends a span of code', async () => {
  write(apps.replace('replicas: 2', 'replicas: 3').replace('- name: web', '- name: web\n          args: ["```"]'));
  expect((await diff('--format', 'markdown')).stdout).toBe(`### What this change does to clusters

2 clusters: 2 changed compared with \`HEAD (COMMIT)\`.

#### Changed

- \`Deployment shop/web\` on blue, red (flux-system/apps).
  \`\`\`\`diff
    spec.replicas: 2 → 3
  + spec.template.spec.containers[name=web].args: ["\`\`\`"]
  \`\`\`\`
`);
});

test('a comment for a pull request has an end, and says what it leaves out', async () => {
  const many = Array.from({ length: 2000 }, (_, index) => {
    return `---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: config-${index} }\n`;
  });
  write(apps.replace('[web.yaml,', '[web.yaml, many.yaml,'));
  writeFileSync(join(root, 'apps/many.yaml'), many.join(''));
  const { stdout } = await diff('--format', 'markdown');
  expect(stdout.length).toBeLessThan(62_000);
  expect(stdout).toMatch(/\d+ more parts are left out here; `capstan diff` prints all\.\n$/);
});

const remaining = (stdout: string) => stdout.split('\n').filter((line) => /^\S|prune|Nothing|annotation/.test(line));

test('what isn’t pruned stays in the cluster, and is said to', async () => {
  write(cluster('blue').replaceAll('prune: true', 'prune: false'));
  commit();
  write(apps.replace('web.yaml, ', ''));
  const { stdout } = await diff();
  expect(stdout).toContain('Deleted\n  Deployment shop/web  (red; flux-system/apps)\n');
  expect(remaining(stdout)).toContain('No longer applied, stays in the cluster');
  expect(stdout).toContain('    Nothing deletes it: its Kustomization has no `prune: true`.\n');
});

test('an object that is excluded from pruning stays', async () => {
  const excluded = 'name: shop, annotations: { kustomize.toolkit.fluxcd.io/prune: disabled }';
  write(apps.replace('{ name: shop }', `{ ${excluded} }`));
  commit();
  write(apps.replace(', namespace.yaml', ''));
  const { stdout } = await diff();
  expect(stdout).not.toContain('Deleted');
  expect(stdout).toContain(
    'No longer applied, stays in the cluster\n  Namespace shop  (blue, red; flux-system/apps)\n',
  );
});

test('an object that another Kustomization takes over is not said to be deleted', async () => {
  write(apps.replace(', namespace.yaml', ''));
  write(`# file: clusters/blue/namespace.yaml\n${apps.split('# file: apps/namespace.yaml\n')[1]!.split('# file')[0]}`);
  const { stdout } = await diff();
  expect(stdout).toContain('Namespace shop  (blue; flux-system/apps → flux-system/flux-system)\n');
  expect(stdout).toContain('Deleted\n  Namespace shop  (red; flux-system/apps)\n');
});

test('a cluster whose files are gone keeps everything', async () => {
  rmSync(join(root, 'clusters/red'), { recursive: true });
  expect((await diff()).stdout).toBe(`Came and went
  Cluster red is no longer in the files. Flux finds none of them and keeps the 5 objects that it applied.

1 cluster: no entries against HEAD (COMMIT)
`);
  const { stdout } = await diff('--format', 'markdown');
  expect(stdout).toContain('Cluster red is no longer in the files.');
});

test('a Kustomization that applies itself and is removed deletes everything', async () => {
  rmSync(join(root, 'clusters/red/flux-system.yaml'));
  const { stdout } = await diff();
  expect(stdout).toContain('Deleted\n  Namespace shop  (red; flux-system/apps)\n');
  expect(stdout).toContain('  Kustomization flux-system/apps  (red; flux-system/flux-system)\n');
});

test('a new cluster is one line', async () => {
  write(cluster('green'));
  expect((await diff()).stdout).toBe(`Came and went
  Cluster green is new and gets 5 objects.

1 cluster: 5 created against HEAD (COMMIT)
`);
  expect((await diff('--format', 'markdown')).stdout).toContain('Cluster green is new and gets 5 objects.');
});

test('of a PATH, only what its files contribute to', async () => {
  write(apps.replace('replicas: 2', 'replicas: 3'));
  write(cluster('red').replace('COLOR: red', 'COLOR: green'));
  const { stdout } = await diff('clusters/red');
  expect(stdout).toContain('Kustomization flux-system/apps  (red; flux-system/flux-system)');
  expect(stdout).not.toContain('blue');
  expect((await diff('apps')).stdout).toContain('spec.replicas: 2 → 3');
  // What a cluster gets has its labels and variables from the files of the cluster.
  expect((await diff('clusters/blue')).stdout).toContain('Deployment shop/web  (blue; flux-system/apps)');
  expect((await diff('apps/namespace.yaml')).stdout).toBe('no changes against HEAD (COMMIT)\n');
});

test('repositories without Flux are compared by their kustomizations and manifests', async () => {
  repository(`${apps}# file: plain/map.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: map }
data: { text: "one\\ntwo\\nthree\\n" }
`);
  write(apps.replace('replicas: 2', 'replicas: 3'));
  write(
    '# file: plain/map.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: map }\ndata: { text: "one\\n2\\nthree\\n" }\n',
  );
  expect((await diff()).stdout).toBe(`Changed
  Deployment shop/web  (apps/)
    spec.replicas: 2 → 3
  ConfigMap map  (plain/map.yaml)
    data.text:
  -   two
  +   2

1 kustomization, files that nothing applies: 2 changed against HEAD (COMMIT)
`);
});

test.each([
  ['--upload-pack=x', '"--upload-pack=x" is no revision'],
  ['none', 'git: Needed a single revision'],
  ['a\nb', 'a revision has no control characters'],
])('refuses the revision %j', async (revision, problem) => {
  expect(await diff(`--against=${revision}`)).toEqual({ code: 2, stdout: '', stderr: `capstan diff: ${problem}\n` });
});

test('a target names a project and a version', async () => {
  expect((await diff('--target', 'kubernetes')).code).toBe(2);
  write(apps.replaceAll('app: web', 'app: shop'));
  for (const version of ['1.34', '1.37']) {
    const { code, stdout } = await diff('--target', `kubernetes=${version}`);
    expect(code).toBe(0);
    expect(stdout).toContain('Refused by the API server\n  Deployment shop/web');
  }
});
