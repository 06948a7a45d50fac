import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { textsOf } from '../kustomize/fixture.ts';
import { run } from './build.ts';

const cluster = (name: string) => `# file: clusters/${name}/flux-system.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { path: ./clusters/${name}, sourceRef: { kind: GitRepository, name: flux-system } }
# file: clusters/${name}/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  path: ./apps
  sourceRef: { kind: GitRepository, name: flux-system }
  postBuild: { substitute: { COLOR: ${name} } }
`;

const files = `${cluster('blue')}${cluster('red')}# file: apps/kustomization.yaml
resources: [config.yaml]
namespace: shop
# file: apps/config.yaml
# The color of the shop.
---
apiVersion: v1
kind: ConfigMap
metadata: { name: config }
data: { color: "\${COLOR}" }
# file: plain/kustomization.yaml
resources: [../apps, none.yaml]
# file: empty/notes.yaml
# nothing
`;

// The folder is its own root, so that other temporary files aren't part of the workspace.
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-build-'));
  mkdirSync(join(folder, '.git'));
  for (const [path, text] of textsOf(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function build(...args: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const io = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
    env: {},
    cwd: folder,
  };
  return { code: await run(args, io), stdout, stderr };
}

const config = (color: string) => `apiVersion: v1
data:
  color: ${color}
kind: ConfigMap
metadata:
  labels:
    kustomize.toolkit.fluxcd.io/name: apps
    kustomize.toolkit.fluxcd.io/namespace: flux-system
  name: config
  namespace: shop
`;

test('prints what a cluster gets from a folder, each manifest after its place', async () => {
  const expected = `# apps/config.yaml:3, applied by flux-system/apps\n${config('red')}`;
  expect(await build('apps', '--cluster', 'red')).toEqual({ code: 0, stdout: expected, stderr: '' });
  expect(await build('.', '--cluster', 'red', '--kustomization', 'flux-system/apps')).toMatchObject({
    stdout: expected,
  });
});

test('prints everything that a cluster gets', async () => {
  const { code, stdout } = await build('.', '--cluster', 'blue');
  expect(code).toBe(0);
  expect(stdout.match(/^# .*/gm)).toEqual([
    '# clusters/blue/apps.yaml:1, applied by flux-system/flux-system',
    '# clusters/blue/flux-system.yaml:1, applied by flux-system/flux-system',
    '# apps/config.yaml:3, applied by flux-system/apps',
  ]);
});

test('prints what a cluster gets from folders below', async () => {
  const { stdout } = await build('clusters', '--cluster', 'red');
  expect(stdout.match(/^# .*/gm)).toEqual([
    '# clusters/red/apps.yaml:1, applied by flux-system/flux-system',
    '# clusters/red/flux-system.yaml:1, applied by flux-system/flux-system',
  ]);
});

test('asks for a cluster if several get different manifests', async () => {
  expect(await build('apps')).toEqual({
    code: 2,
    stdout: '',
    stderr: 'capstan build: 2 clusters get different manifests; choose one with --cluster: blue, red\n',
  });
  expect((await build('empty')).stderr).toBe(
    'capstan build: nothing applies this folder by itself, and it has no kustomization; choose one with --cluster: blue, red\n',
  );
});

test('a folder that Flux does not apply is built by its own kustomization, with its problems', async () => {
  const { code, stdout, stderr } = await build('plain');
  expect(code).toBe(1);
  expect(stderr).toBe(
    'capstan build: plain/kustomization.yaml:1: “none.yaml” doesn’t exist, so kustomize can’t build. Correct the path or add the file.\n',
  );
  expect(stdout).toContain('# apps/config.yaml:3\n');
  expect(stdout).toContain('color: ${COLOR}');
});

test('names that do not exist', async () => {
  expect((await build('apps', '--cluster', 'green')).stderr).toBe(
    'capstan build: no cluster green; there are blue, red\n',
  );
  expect((await build('apps', '--kustomization', 'a/b')).stderr).toBe(
    'capstan build: no Kustomization a/b; there are flux-system/flux-system, flux-system/apps\n',
  );
  expect(await build('none')).toMatchObject({ code: 2, stderr: 'capstan build: none: no such file or folder\n' });
  expect((await build()).stderr).toMatch(/^capstan build: a PATH is required\n/);
});

test('outside of a repository a base may be anywhere, as in kustomize', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'capstan-build-'));
  try {
    const written = {
      'base/kustomization.yaml': 'resources: [a.yaml]\n',
      'prod/kustomization.yaml': 'resources: [../base]\n',
    };
    const object = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';
    for (const [path, text] of Object.entries({ ...written, 'base/a.yaml': object })) {
      mkdirSync(dirname(join(outside, path)), { recursive: true });
      writeFileSync(join(outside, path), text);
    }
    const { code, stdout, stderr } = await build(join(outside, 'prod'));
    const place = relative(folder, join(outside, 'base/a.yaml'));
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `# ${place}:1\n${object}`, stderr: '' });
  } finally {
    rmSync(outside, { recursive: true, force: true });
  }
});
