import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { catalogOnDisk } from '../disk/catalog.ts';
import type { SchemaRelease } from './output.ts';
import { run } from './schemas.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'capstan-schemas-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const env = () => ({ XDG_CACHE_HOME: join(folder, 'cache') });

/** Runs without Go on the PATH: the generator's test covers fetching. */
async function capstan(...args: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const code = await run(args, {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
    env: env(),
    cwd: folder,
  });
  return { code, stdout, stderr };
}

function crd(kind: string, property: string): string {
  return `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: ${kind.toLowerCase()}s.example.org
spec:
  group: example.org
  scope: Namespaced
  names: {kind: ${kind}, plural: ${kind.toLowerCase()}s}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          description: upstream description
          properties:
            ${property}: {type: string}
`;
}

const schemaOf = (pin: string, kind: string) =>
  catalogOnDisk(env()).pin([pin]).store.lookup({ group: 'example.org', version: 'v1', kind })?.schema;

describe('capstan schemas', () => {
  test('lists the bundled releases', async () => {
    const { code, stdout } = await capstan('--format', 'json');
    const rows = JSON.parse(stdout) as SchemaRelease[];
    expect(code).toBe(0);
    expect(rows.find(({ name, version }) => name === 'kubernetes' && version === '1.36.3')).toMatchObject({
      from: 'bundled',
      use: 'always',
    });
    expect((await capstan()).stdout.trim().split('\n')).toHaveLength(rows.length);
  });

  test('an argument that would be an option of another program is refused', async () => {
    const { code, stderr } = await capstan('add', '--', '-toolexec=a.b/c@1.2.3');
    expect(code).toBe(2);
    expect(stderr).toContain('"-toolexec=a.b/c@1.2.3" is neither a RELEASE nor a FILE');
  });

  test('imports only the facts of a file with several documents', async () => {
    const text = `${crd('Alpha', 'a')}---
kind: ConfigMap
---
${crd('Beta', 'b')}`;
    writeFileSync(join(folder, 'my crds.yaml'), text);
    expect(await capstan('add', 'my crds.yaml')).toMatchObject({ code: 0, stderr: '' });
    expect(schemaOf('my-crds', 'Alpha')).toEqual({ type: 'object', properties: { a: { type: 'string' } } });
    expect(schemaOf('my-crds@local', 'Beta')).toBeDefined();
    const rows = JSON.parse((await capstan('--format', 'json')).stdout) as SchemaRelease[];
    expect(rows.at(-1)).toEqual({ name: 'my-crds', version: 'local', kinds: 2, from: 'imported', use: 'pinned' });
  });

  test('imports a folder under a given name, and replaces it when imported again', async () => {
    mkdirSync(join(folder, 'crds/deep'), { recursive: true });
    writeFileSync(join(folder, 'crds/a.yaml'), crd('Alpha', 'a'));
    writeFileSync(join(folder, 'crds/deep/b.yml'), crd('Beta', 'b'));
    await capstan('add', 'crds', '--as', 'mine@v1.2.3');
    expect(schemaOf('mine@1.2', 'Beta')).toBeDefined();
    writeFileSync(join(folder, 'crds/a.yaml'), crd('Alpha', 'other'));
    rmSync(join(folder, 'crds/deep/b.yml'));
    await capstan('add', 'crds', '--as', 'mine@1.2.3');
    expect(Object.keys(schemaOf('mine@1.2', 'Alpha')!.properties!)).toEqual(['other']);
    expect(schemaOf('mine@1.2', 'Beta')).toBeUndefined();
    const index = readFileSync(join(folder, 'cache/capstan/schemas/index.json'), 'utf8');
    expect(index.match(/"name":"mine"/g)).toHaveLength(1);
  });

  test('reports the problems of a file and imports the others', async () => {
    const broken = `${crd('Alpha', 'a')}  x: [1
`;
    writeFileSync(join(folder, 'broken.yaml'), broken);
    writeFileSync(join(folder, 'none.yaml'), 'kind: ConfigMap\n');
    writeFileSync(join(folder, 'good.yaml'), crd('Alpha', 'a'));
    const { code, stdout, stderr } = await capstan('add', 'broken.yaml', 'none.yaml', 'good.yaml');
    expect(code).toBe(1);
    expect(stdout).toContain('good@local: 1 kind.');
    expect(stderr).toMatch(/broken\.yaml is invalid YAML: /);
    expect(stderr).toMatch(/none\.yaml contains no CustomResourceDefinition/);
  });

  test('uses the first of two copies that differ, and reports them', async () => {
    const text = `${crd('Alpha', 'a')}---
${crd('Alpha', 'b')}---
${crd('Alpha', 'a')}`;
    writeFileSync(join(folder, 'two.yaml'), text);
    const { code, stderr } = await capstan('add', 'two.yaml');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'capstan schemas: alphas.example.org is defined twice with differences; the first is used.\n',
    });
    expect(Object.keys(schemaOf('two', 'Alpha')!.properties!)).toEqual(['a']);
  });

  test('reports an unknown release and an invalid version', async () => {
    expect(await capstan('add', 'no-such-thing')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/"no-such-thing" is neither a file nor .*cluster-api-provider-aws/),
    });
    expect(await capstan('add', 'flux@two words')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is not a version'),
    });
  });

  test('exits with 2 for wrong usage', async () => {
    for (const args of [
      ['drop'],
      ['add'],
      ['--format', 'xml'],
      ['--nope'],
      ['add', 'x', '--as', '../x@1'],
      ['add', ''],
    ]) {
      expect(await capstan(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Usage') });
    }
  });

  test('--as names only one release', async () => {
    writeFileSync(join(folder, 'a.yaml'), crd('Alpha', 'a'));
    for (const what of [
      ['a.yaml', 'flux@2.8'],
      ['kyverno@1', 'flux@2.8'],
    ])
      expect(await capstan('add', ...what, '--as', 'x@1')).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('--as names one release'),
      });
    expect(await capstan('add', 'kubernetes@1.35.0', '--as', 'x@1')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('omit --as'),
    });
  });

  test('reports a cache that can’t be written', async () => {
    writeFileSync(join(folder, 'a.yaml'), crd('Alpha', 'a'));
    writeFileSync(join(folder, 'cache'), '');
    const { code, stdout, stderr } = await capstan('add', 'a.yaml');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^capstan schemas: a@local can't be stored: .*\(ENOTDIR\)\. .*XDG_CACHE_HOME.*\n$/);
  });

  test('reports a damaged cache and still lists the bundled releases', async () => {
    mkdirSync(join(folder, 'cache/capstan/schemas'), { recursive: true });
    writeFileSync(join(folder, 'cache/capstan/schemas/index.json'), 'not json');
    const { code, stdout, stderr } = await capstan();
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('index.json') });
    expect(stdout).toContain('kubernetes@');
  });
});
