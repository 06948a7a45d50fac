// Whole objects and parts: what is inserted has the file's layout and no findings as it stands.
import { describe, expect, test } from 'vitest';
import { snippetTexts } from '../../disk/snippets.ts';
import { testCatalog, yaml } from '../../fixture.ts';
import { Workspace } from '../../workspace/workspace.ts';
import { diagnose } from '../diagnostics.ts';
import { applied, configMap, cursorOf, fixture } from '../fixture.ts';
import { complete } from './completion.ts';
import { expand } from './expand.ts';
import { kindsToWrite, type ObjectContext, objectLines, snippetFor } from './objects.ts';
import { readSnippets } from './snippets.ts';

const snippets = readSnippets(snippetTexts());

describe('whole objects', () => {
  const workspace = new Workspace(testCatalog);
  const context: ObjectContext = { workspace, schemas: workspace.schemas.storeFor('a.yaml'), snippets };
  const kinds = kindsToWrite(context.schemas.kinds()).filter(({ deprecated }) => deprecated === undefined);
  const withFindings = kinds.filter((kind) => findings(expand(objectLines(context, kind, undefined).join('\n'))) > 0);

  test('of the kinds that we have a snippet of have no findings', () => {
    expect(kinds.filter((kind) => snippetFor(context, kind)).length).toBeGreaterThan(50);
    expect(withFindings.filter((kind) => snippetFor(context, kind)).map(({ gvk }) => gvk.kind)).toEqual([]);
  });

  test('of four in five kinds have none, with nothing but their schemas to go by', () => {
    const alone = { ...context, snippets: [] };
    const made = kinds.map((kind) => expand(objectLines(alone, kind, undefined).join('\n')));
    expect(kinds.length).toBeGreaterThan(300);
    expect(made.filter((text) => findings(text) === 0).length / kinds.length).toBeGreaterThan(4 / 5);
  });

  test('have what the schema requires, and the usual fields if it requires none', () => {
    expect(objectAt('Certificate', '$0')).toBe(yaml`
      apiVersion: cert-manager.io/v1
      kind: Certificate
      metadata:
        name: example
        namespace: default
      spec:
        issuerRef:
          name: example
        secretName: secret-name`);
  });

  test('are in the namespace where the others of the kind are', () => {
    const source = `# file: b.yaml\n${configMap('settings', 'shop')}# file: a.yaml\n$0`;
    expect(objectAt('ConfigMap', source)).toContain('namespace: shop\n');
  });

  test('are indented as the file', () => {
    const wide = yaml`
      apiVersion: v1
      kind: Service
      metadata:
          name: a
      spec:
          ports:
          - port: 80
      ---
    `;
    expect(objectAt('Role', `${wide}$0`)).toBe(
      `${wide}${yaml`
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
            name: a
            namespace: default
        rules:
        - apiGroups: [""]
          resources: [configmaps]
          verbs: [get, list, watch]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
            name: a
            namespace: default
        roleRef:
            apiGroup: rbac.authorization.k8s.io
            kind: Role
            name: a
        subjects:
        - kind: ServiceAccount
          name: app
          namespace: default`}`,
    );
  });

  test('of kinds of the same name are told apart by their groups, and by the name of the file', () => {
    const details = (path: string) =>
      complete(cursorOf(fixture(`# file: ${path}\nKustomizatio$0`)), snippets)
        .filter(({ label }) => label === 'Kustomization')
        .map(({ detail }) => detail);
    expect(details('a.yaml')).toEqual(['kustomize.toolkit.fluxcd.io/v1']);
    expect(details('kustomization.yaml')).toEqual(['kustomize.config.k8s.io/v1beta1']);
  });
});

test('maps and texts whose schemas allow anything begin on the next line', () => {
  expect(applied('apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  $0\n', 'values')).toBe(
    'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  values:\n    \n',
  );
  const kustomization = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches:\n';
  expect(applied(`${kustomization}  - $0\n`, 'patch')).toBe(`${kustomization}  - patch: |\n      \n`);
});

describe('parts', () => {
  const release = yaml`
    apiVersion: helm.toolkit.fluxcd.io/v2
    kind: HelmRelease
    metadata:
      name: a
    spec:
      interval: 5m
  `;
  const prefixes = (source: string) =>
    complete(cursorOf(fixture(source)), snippets)
      .filter(({ kind }) => kind === 'snippet')
      .map(({ label }) => label)
      .toSorted();

  test('are offered where the schema accepts them', () => {
    expect(prefixes(`${release}  $0\n`)).toEqual([
      ...['flux-depends-on', 'flux-drift-detection', 'flux-health-check-exprs', 'flux-kubeconfig'],
      ...['flux-post-renderers', 'flux-remediation', 'flux-values-from'],
    ]);
    expect(prefixes('apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n  $0\n')).toEqual([]);
  });

  test('are inserted with what they need beside them', () => {
    const kustomization = yaml`
      apiVersion: kustomize.toolkit.fluxcd.io/v1
      kind: Kustomization
      metadata:
        name: a
      spec:
        interval: 5m
    `;
    const insert = (source: string) => applied(source, 'flux-health-check-exprs', undefined, snippets);
    expect(insert(`${kustomization}  $0\n`)).toMatch(/^ {2}healthCheckExprs:\n[\s\S]*\n {2}wait: true\n$/m);
    expect(insert(`${kustomization}  wait: true\n  $0\n`)).not.toMatch(/wait: true[\s\S]*wait/);
    expect(prefixes(`${kustomization}  wait: false\n  $0\n`)).not.toContain('flux-health-check-exprs');
  });

  test('are not offered if the map has one of their keys, nor as values', () => {
    expect(prefixes(`${release}  dependsOn: []\n  $0\n`)).not.toContain('flux-depends-on');
    expect(prefixes(`${release}  timeout: $0\n`)).toEqual([]);
    expect(prefixes(release.replace('name: a', 'name: $0'))).toEqual([]);
  });

  test('are inserted at the column of the keys, in the layout of the file', () => {
    expect(applied(`${release}  $0\n`, 'flux-depends-on', undefined, snippets)).toBe(
      `${release}  dependsOn:\n    - name: infrastructure\n`,
    );
    const flush = `${release}  valuesFrom:\n  - kind: Secret\n    name: a\n`;
    expect(applied(`${flush}  $0\n`, 'flux-depends-on', undefined, snippets)).toBe(
      `${flush}  dependsOn:\n  - name: infrastructure\n`,
    );
  });
});

function objectAt(label: string, source: string): string {
  return applied(source.replace('$0', `${label}$0`), label, undefined, snippets);
}

function findings(text: string): number {
  const path = text.includes('kustomize.config.k8s.io') ? 'kustomization.yaml' : 'a.yaml';
  const workspace = new Workspace(testCatalog);
  workspace.put(path, `${text}\n`);
  // The files that a new kustomization lists are yet to be written.
  return diagnose(workspace, path).filter(
    ({ rule, severity }) => rule !== 'kustomize/build' && (severity === 'error' || severity === 'warning'),
  ).length;
}
