// Manifests that nothing applies, in repositories of Flux.
import { describe, expect, test } from 'vitest';
import { yaml } from '../fixture.ts';
import { diagnose } from './diagnostics.ts';
import { fixture } from './fixture.ts';

/** `path:line text severity rule` of what nothing applies in the whole workspace. */
function found(source: string): readonly string[] {
  const { workspace } = fixture(source);
  return [...workspace.files()].flatMap(({ path, text }) =>
    diagnose(workspace, path).flatMap(({ start, end, rule, severity }) => {
      if (!/^info\/orphan/.test(rule)) return [];
      const line = text.slice(0, start).split('\n').length;
      return [`${path}:${line} ${text.slice(start, end).split('\n')[0]} ${severity} ${rule}`];
    }),
  );
}

const kustomization = (name: string, path: string, rest = '') => yaml`
  apiVersion: kustomize.toolkit.fluxcd.io/v1
  kind: Kustomization
  metadata: { name: ${name}, namespace: flux-system }
  spec:
    interval: 1h
    path: ${path}
    prune: true
    sourceRef: { kind: GitRepository, name: flux-system }
  ${rest}`;

/** A cluster that applies itself and the given Kustomizations. */
const cluster = (kustomizations: string, name = 'prod') =>
  `# file: clusters/${name}/flux-system/sync.yaml
${kustomization('flux-system', `./clusters/${name}`)}# file: clusters/${name}/apps.yaml
${kustomizations}`;

const configMap = (name: string) => yaml`
  apiVersion: v1
  kind: ConfigMap
  metadata:
    name: ${name}
    namespace: shop
  data: { color: red }
`;

describe('info/orphan', () => {
  const apps = `${cluster(kustomization('apps', './apps'))}# file: apps/a.yaml\n${configMap('a')}`;

  test('says once that nothing applies a file', () => {
    expect(found(`${apps}# file: old/b.yaml\n${configMap('b')}---\n${configMap('c')}`)).toEqual([
      'old/b.yaml:4 b info info/orphan',
    ]);
  });

  test('not in a repository without Flux, nor if a path is unknown', () => {
    expect(found(`# file: old/b.yaml\n${configMap('b')}`)).toEqual([]);
    const more = `${kustomization('apps', './apps')}---\n${kustomization('more', './${MORE}')}`;
    const open = '  postBuild: { substituteFrom: [{ kind: Secret, name: made }] }\n';
    const unknown = cluster(more).replace('# file: clusters/prod/apps', `${open}# file: clusters/prod/apps`);
    expect(found(`${unknown}# file: apps/a.yaml\n${configMap('a')}# file: old/b.yaml\n${configMap('b')}`)).toEqual([]);
  });

  test('not for components, patches, values, encrypted files, copies of CRDs and tests', () => {
    const component = `# file: c/kustomization.yaml\napiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [c.yaml]\n# file: c/c.yaml\n${configMap('c')}`;
    expect(found(apps + component)).toEqual([]);
    expect(found(`${apps}# file: patches/b.yaml\n${configMap('b')}`)).toEqual([]);
    expect(found(`${apps}# file: b/values.yaml\ncolor: red\n`)).toEqual([]);
    expect(found(`${apps}# file: b/b.sops.yaml\n${configMap('b')}sops: { mac: "ENC[x]" }\n`)).toEqual([]);
    expect(found(`${apps}# file: tests/b.yaml\n${configMap('b')}`)).toEqual([]);
  });
});
