// Checks each row against the schemas: a path that no version of its kind has would silently have no effect.
import { describe, expect, test } from 'vitest';
import { findingsIn, labelsAt } from '../features/fixture.ts';
import { testCatalog } from '../fixture.ts';
import { familyOf } from '../live/family.ts';
import { crossNamespace } from '../rules/cross-namespace.ts';
import type { Schema } from '../schema/schema.ts';
import { parseManifest } from '../syntax/manifest.ts';
import { nodes } from '../syntax/reader.ts';
import { groupKindOf } from './identity.ts';
import type { Kind, Reference } from './kind.ts';
import { kindRow, kindRows } from './kinds.ts';
import { embeddedIn, referencesOf } from './references.ts';
import { mayName, roleOf } from './roles.ts';

const { bundled } = testCatalog;

test('each kind has one row', () => {
  const keys = kindRows.map(groupKindOf);
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test.each(kindRows.map((row) => [groupKindOf(row), row] as const))('%s: its paths exist in its schema', (_, row) => {
  const versions = bundled.versions(row.group, row.kind);
  expect(versions.length).toBeGreaterThan(0);
  const references = (row.references ?? []).map((reference) => reference.path);
  const paths = [...references, ...Object.keys(row.values ?? {}), ...(row.embeds ?? [])];
  const missing = paths.filter((path) => !versions.some(({ schema }) => schemaAt(schema, path)));
  expect(missing).toEqual([]);
});

test('every kind that a row refers to by name has a schema', () => {
  const targets = kindRows.flatMap((row) => (row.references ?? []).flatMap((reference) => reference.to));
  const unknown = targets.filter((target) => {
    const slash = target.indexOf('/');
    return bundled.versions(target.slice(0, slash), target.slice(slash + 1)).length === 0;
  });
  expect([...new Set(unknown)]).toEqual([]);
});

/** For each field of a row, a proof that it affects the program; a field without one doesn't compile. */
const fieldsOfReferences: Readonly<Record<keyof Reference, () => void>> = {
  path() {
    expect(found({ path: 'spec.a' }).map(({ name }) => name)).toEqual(['one']);
    expect(found({ path: 'spec.list[*]' }).map(({ name }) => name)).toEqual(['two', 'three']);
  },
  to() {
    expect(found({ to: ['/Secret'] })[0]!.targets).toEqual(['/Secret']);
    expect(found({ to: [] })).toEqual([]);
  },
  namespace() {
    const within = (namespace: Reference['namespace']) => found({ namespace })[0]!.within;
    expect(within('same')).toEqual({ is: 'own' });
    expect(within('field')).toEqual({ is: 'written', namespace: 'other' });
    expect(within('none')).toEqual({ is: 'cluster' });
  },
  role() {
    const [use] = found({ to: [], role: 'infrastructure' });
    expect(use!.targets).toContain('infrastructure.cluster.x-k8s.io/AWSCluster');
    expect(use!.targets).not.toContain('infrastructure.cluster.x-k8s.io/AWSMachineTemplate');
    const [machines] = found({ to: [], role: 'infrastructureTemplate' });
    expect(machines!.targets).toContain('infrastructure.cluster.x-k8s.io/AWSMachineTemplate');
  },
  acyclic() {
    const cyclesOf = (fields: string) =>
      findingsIn(`# file: clusters/prod/sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, prune: true, path: ./clusters/prod, sourceRef: { kind: GitRepository, name: fleet } }
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: a, namespace: web }
spec: { interval: 1m, ${fields} }
`).filter((one) => one.includes('reference/cycle')).length;
    expect(cyclesOf('chartRef: { kind: OCIRepository, name: a }, dependsOn: [{ name: a }]')).toBe(1);
    // A reference of another field to the same kind would lead back as well, but nothing waits for it.
    expect(cyclesOf('chartRef: { kind: HelmRelease, name: a }')).toBe(0);
  },
  written() {
    const scaler = `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: a
spec:
  scaleTargetRef:
    $0
`;
    expect(labelsAt(scaler).slice(0, 3)).toContain('apiVersion');
    expect(kindRow('autoscaling/HorizontalPodAutoscaler')!.references![0]!.written).toEqual(['apiVersion']);
  },
  guard() {
    const guarded = kindRows.flatMap((row) => (row.references ?? []).flatMap(({ guard }) => guard ?? []));
    const fixture = crossNamespace.docs.bad.trimStart();
    expect(findingsIn(fixture).filter((one) => one.includes('flux/cross-namespace'))).toHaveLength(1);
    expect(new Set(guarded)).toContain('helm-controller');
  },
  key() {
    const read = (kind: string) =>
      findingsIn(`# file: clusters/prod/sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, prune: true, path: ./clusters/prod, sourceRef: { kind: GitRepository, name: fleet } }
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: fleet, namespace: flux-system }
spec: { interval: 1m, url: ssh://git@example.com/team/fleet.git }
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: a, namespace: web }
spec:
  interval: 1m
  chartRef: { kind: HelmChart, name: a }
  valuesFrom: [{ kind: ${kind}, name: a }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: a, namespace: web }
data: { other.yaml: "" }
`).filter((one) => one.includes('reference/key'));
    expect(read('ConfigMap')).toHaveLength(1);
    expect(read('Secret')).toEqual([]);
  },
  optional() {
    expect(found({})[0]!.optional).toBe(false);
    expect(found({ optional: true })[0]!.optional).toBe(true);
  },
  elsewhereWith() {
    expect(found({ elsewhereWith: 'spec.none' })[0]!.waived).toBe(false);
    expect(found({ elsewhereWith: 'spec.list' })[0]!.waived).toBe(true);
  },
  ignoredWith() {
    expect(found({ ignoredWith: 'spec.list' })[0]!.ignored).toBe(false);
    expect(found({ ignoredWith: 'spec.waits' })[0]!.ignored).toBe(true);
  },
};

const fieldsOfKinds: Readonly<Record<keyof Kind, () => void>> = {
  madeInCluster() {
    const named = (fields: (name: string) => string) =>
      labelsAt(`${['b', 'c']
        .map(
          (of) => `# file: ${of}.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: ${of}, namespace: web }
spec:
  interval: 1m
${fields('other')}
`,
        )
        .join('')}# file: a.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: a, namespace: web }
spec:
  interval: 1m
${fields('$0')}
`);
    expect(named((name) => `  valuesFrom:\n    - kind: Secret\n      name: ${name}`)).toEqual(['other']);
    expect(named((name) => `  chartRef:\n    kind: OCIRepository\n    name: ${name}`)).toEqual([]);
  },
  group() {
    expect(kindRow('kustomize.toolkit.fluxcd.io/Kustomization')).toBeDefined();
    expect(kindRow('kustomize.config.k8s.io/Kustomization')).toBeUndefined();
  },
  kind() {
    expect(
      mayName(
        { path: 'spec.infrastructureRef', to: [], namespace: 'same', role: 'infrastructure' },
        'MachinePool',
        'infrastructure.cluster.x-k8s.io/AWSCluster',
      ),
    ).toBe(false);
    expect(
      mayName(
        { path: 'spec.infrastructureRef', to: [], namespace: 'same', role: 'infrastructure' },
        'Cluster',
        'infrastructure.cluster.x-k8s.io/AWSCluster',
      ),
    ).toBe(true);
  },
  family() {
    expect(familyOf('batch/CronJob')).toBeUndefined();
    expect(familyOf('source.extensions.fluxcd.io/ArtifactGenerator')).toBe('flux-source');
  },
  role() {
    // By its group alone it would be infrastructure.
    expect(roleOf('infrastructure.cluster.x-k8s.io/AzureManagedControlPlane')).toBe('controlPlane');
  },
  references() {
    expect(found({})).toHaveLength(1);
    expect(referencesOf(parsed, { group: '', kind: 'A' }, nodes)).toEqual([]);
  },
  embeds() {
    expect(embeddedIn(parsed, { group: '', kind: 'A', embeds: ['spec.list[*]'] }, nodes)).toHaveLength(2);
    expect(embeddedIn(parsed, { group: '', kind: 'A' }, nodes)).toEqual([]);
  },
  values() {
    const repository = (field: string) =>
      labelsAt(`
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
spec:
  ref:
    ${field}: $0
`);
    expect(repository('semver')).toContain('>=1.0.0');
    expect(repository('tag')).not.toContain('>=1.0.0');
  },
};

const parsed = parseManifest(`
spec:
  a: { name: one, namespace: other }
  waits: true
  list: [{ name: two }, { name: three }]
`).root!;

/** The targets of a Cluster's reference in `parsed`. */
function found(reference: Partial<Reference>) {
  const row = { path: 'spec.a', to: ['/ConfigMap'], namespace: 'same', ...reference } as const;
  return referencesOf(parsed, { group: 'cluster.x-k8s.io', kind: 'Cluster', references: [row] }, nodes);
}

describe.each(Object.entries({ ...fieldsOfReferences }))('%s of a reference', (field, proof) => {
  test('changes what is done', proof);
  test('is set by a row', () => {
    const references = kindRows.flatMap((row) => row.references ?? []);
    expect(references.some((one) => Object.hasOwn(one, field))).toBe(true);
  });
});

describe.each(Object.entries({ ...fieldsOfKinds }))('%s of a kind', (field, proof) => {
  test('changes what is done', proof);
  test('is set by a row', () => {
    expect(kindRows.some((one) => Object.hasOwn(one, field))).toBe(true);
  });
});

function schemaAt(schema: Schema, path: string): Schema | undefined {
  return path.split(/\.|(?=\[\*\])/).reduce<Schema | undefined>((found, step) => {
    if (step === '[*]') return found?.items;
    return found?.properties?.[step];
  }, schema);
}
