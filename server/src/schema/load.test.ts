import { describe, expect, test } from 'vitest';
import { readCrd } from './crd.ts';
import { openCatalog } from './load.ts';
import { indexJson, indexKey, type ReleaseFiles, type StoredRelease, storeCrds, storeFiles } from './stored.ts';

function crd(group: string, kind: string, versions: readonly string[], properties: object = {}) {
  return readCrd(
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      spec: {
        group,
        names: { kind, plural: `${kind.toLowerCase()}s` },
        scope: 'Cluster',
        versions: versions.map((name, index) => ({
          name,
          served: true,
          storage: index === 0,
          schema: { openAPIV3Schema: { type: 'object', properties } },
        })),
      },
    },
    'drop',
  )!;
}

type Crds = Parameters<typeof storeCrds>[1];

function release(name: string, version: string, crds: Crds, alternate?: true): ReleaseFiles {
  return storeCrds({ name, version, sources: [], ...(alternate && { alternate }) }, crds, String);
}

function reader(releases: readonly ReleaseFiles[], log: string[] = []) {
  const files = new Map(releases.flatMap((one) => [...one.files]));
  files.set(indexKey, indexJson(releases.map((one) => one.release)));
  return (key: string) => {
    log.push(key);
    return files.get(key);
  };
}

const alpha = { group: 'x.org', version: 'v1', kind: 'Alpha' };

describe('a catalog', () => {
  test('reads a schema once, on first access', () => {
    const log: string[] = [];
    const { bundled } = openCatalog(reader([release('x', '1.0.0', [crd('x.org', 'Alpha', ['v1', 'v1beta1'])])], log));
    expect(bundled.kinds()).toHaveLength(2);
    expect(bundled.versions('x.org', 'Alpha').map((one) => one.scope)).toEqual(['Cluster', 'Cluster']);
    const found = bundled.lookup(alpha)!;
    expect(log).toEqual([indexKey]);
    expect(found.schema.type).toBe('object');
    expect(found.details).toBeDefined();
    expect(found.origin).toBe('x 1.0.0');
    expect(log).toEqual([indexKey, 'x@1.0.0/x.org/v1/Alpha.json']);
  });

  test('an alternate release is used only for versions that no other defines, and isn’t listed', () => {
    const main = release('x', '1.0.0', [crd('x.org', 'Alpha', ['v1'])]);
    const next = release('x', '2.0', [crd('x.org', 'Alpha', ['v2', 'v1']), crd('x.org', 'New', ['v1'])], true);
    const { bundled } = openCatalog(reader([next, main]));
    expect(bundled.lookup(alpha)?.origin).toBe('x 1.0.0');
    expect(bundled.lookup({ ...alpha, version: 'v2' })?.origin).toBe('x 2.0');
    expect(bundled.versions('x.org', 'Alpha').map((one) => one.gvk.version)).toEqual(['v1']);
    expect(bundled.versions('x.org', 'New')).toHaveLength(1);
    expect(bundled.kinds()).toHaveLength(1);
    expect(bundled.hasGroup('x.org')).toBe(true);
  });

  test('a pin selects the newest matching release, imported or bundled', () => {
    const bundled = reader([release('x', '2.10.0', [crd('x.org', 'Alpha', ['v1'])])]);
    const imported = reader([
      release('x', '2.8.2', [crd('x.org', 'Alpha', ['v1'])]),
      release('x', '2.8.10', [crd('x.org', 'Alpha', ['v1'])]),
      release('x', '2.8.11-rc.1', [crd('x.org', 'Alpha', ['v1'])]),
      release('x', '2.80.0', [crd('x.org', 'Alpha', ['v1'])]),
    ]);
    const catalog = openCatalog(bundled, imported);
    const answer = (pin: string) => catalog.pin([pin]).store.lookup(alpha)?.origin;
    expect(answer('x@2.8.2')).toBe('x 2.8.2');
    expect(answer('x@v2.8.2')).toBe('x 2.8.2');
    expect(answer('x@2.8.11-rc.1')).toBe('x 2.8.11-rc.1');
    expect(answer('x@2.1')).toBeUndefined();
    expect(answer('x@2.10')).toBe('x 2.10.0');
    expect(answer('x')).toBe('x 2.80.0');
    expect(catalog.pin(['x@2.8.2']).store.lookup(alpha)?.from).toBe('pinned');
    expect(catalog.pin(['x@2.8.2', 'y@1']).missing).toEqual(['y@1']);
    expect(catalog.bundled.lookup(alpha)?.origin).toBe('x 2.10.0');
    expect(catalog.releases.filter((one) => one.imported)).toHaveLength(4);
  });

  test('links references to shared definitions, including cycles', () => {
    const definitions = {
      Node: {
        type: 'object',
        properties: { next: { $ref: 'Node' }, first: { $ref: 'Node', default: {} }, leaf: { $ref: 'Leaf' } },
      },
      Leaf: { type: 'string' },
    };
    const groups = { '': { Node: { plural: 'nodes', scope: 'Cluster' as const, versions: { v1: {} } } } };
    const files = new Map([
      ['k@1.0.0/definitions.json', JSON.stringify(definitions)],
      ['k@1.0.0/core/v1/Node.json', JSON.stringify({ schema: { $ref: 'Node' } })],
    ]);
    const made = storeFiles({ name: 'k', version: '1.0.0', builtin: true, sources: [] }, groups, files, String);
    const found = openCatalog(reader([made])).bundled.lookup({ group: '', version: 'v1', kind: 'Node' })!;
    const { next, first, leaf } = found.schema.properties!;
    expect(found.builtin).toBe(true);
    expect(next).toBe(found.schema);
    expect(leaf).toEqual({ type: 'string' });
    expect(first!.default).toEqual({});
    expect(first!.properties!.next).toBe(found.schema);
    expect(JSON.stringify(Object.keys(first!))).not.toContain('$ref');
  });

  test('a missing or damaged schema accepts anything', () => {
    const made = release('x', '1.0.0', [crd('x.org', 'Alpha', ['v1'], { spec: { type: 'object' } })]);
    for (const content of [undefined, '', '{', '[]', '{"schema":7}']) {
      const read = (key: string) => (key === indexKey ? indexJson([made.release]) : content);
      expect(openCatalog(read).bundled.lookup(alpha)!.schema).toEqual({ 'x-kubernetes-preserve-unknown-fields': true });
    }
  });

  test('a damaged index is reported, and the other folder still works', () => {
    const good = reader([release('x', '1.0.0', [crd('x.org', 'Alpha', ['v1'])])]);
    for (const content of [
      '{',
      '[]',
      '{"releases":7}',
      '{"releases":[{"name":"x"},null,{"name":"x","version":"1","groups":{"g":{"K":{"plural":"k","versions":{"v1":3}}}}}]}',
    ]) {
      const catalog = openCatalog(good, () => content);
      expect(catalog.problems).toHaveLength(1);
      expect(catalog.problems[0]).toMatch(/index\.json.*import/);
      expect(catalog.bundled.lookup(alpha)).toBeDefined();
    }
    expect(openCatalog(() => undefined).bundled.kinds()).toEqual([]);
  });
});

test('names that would be paths outside the folder are not stored', () => {
  const odd = [
    crd('../up', 'Alpha', ['v1']),
    crd('x.org', '../../Alpha', ['v1']),
    crd('x.org', 'Beta', ['../v1', 'v1']),
    crd('constructor', 'constructor', ['constructor']),
  ];
  const made: { readonly release: StoredRelease; readonly files: ReadonlyMap<string, string> } = release('x', '1', odd);
  expect([...made.files.keys()]).toEqual(['x@1/x.org/v1/Beta.json', 'x@1/constructor/constructor/constructor.json']);
});
