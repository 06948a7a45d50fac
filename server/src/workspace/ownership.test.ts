import { describe, expect, test } from 'vitest';
import { cluster, fixture, kustomization } from '../features/fixture.ts';
import { yaml } from '../fixture.ts';
import { fleetOf } from './fleets.ts';

/** `scope|namespace` of each form, `?` before those that are only assumed. */
function owned(source: string, path: string): readonly string[] {
  const { forms, assumed } = fixture(source).workspace.ownership.of(path);
  return forms.map(({ scope, namespace = '' }) => `${assumed ? '?' : ''}${scope}|${namespace}`).sort();
}

const config = (name: string) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
`;
const flux = (name: string, path: string, rest = '') => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${name}
  namespace: flux-system
spec:
  path: ${path}
  sourceRef:
    kind: GitRepository
    name: fleet
${rest}`;

describe('a file belongs to', () => {
  test('its folder if nothing applies it', () => {
    expect(
      owned(
        yaml`
          # file: a/b.yaml
          ${config('b')}`,
        'a/b.yaml',
      ),
    ).toEqual(['?folder a|']);
  });

  test('the kustomizations that nothing includes, with the outermost namespace', () => {
    const source = `# file: base/kustomization.yaml
resources: [web.yaml]
namespace: base
# file: base/web.yaml
${config('web')}
# file: a/kustomization.yaml
resources: [../base]
namespace: a
# file: b/kustomization.yaml
resources: [../base]
# file: all/kustomization.yaml
resources: [../b]
`;
    expect(owned(source, 'base/web.yaml')).toEqual([
      'kustomization a/kustomization.yaml|a',
      'kustomization all/kustomization.yaml|base',
    ]);
  });

  test('the kustomization that it is, or that it patches', () => {
    const source = `# file: a/kustomization.yaml
patches:
  - path: patch.yaml
namespace: a
# file: a/patch.yaml
${config('web')}`;
    expect(owned(source, 'a/patch.yaml')).toEqual(['kustomization a/kustomization.yaml|a']);
    expect(owned(source, 'a/kustomization.yaml')).toEqual(['kustomization a/kustomization.yaml|a']);
  });

  test('a kustomization whose component sets the namespace', () => {
    const source = `# file: a/kustomization.yaml
resources: [web.yaml]
components: [../part]
# file: a/web.yaml
${config('web')}
# file: part/kustomization.yaml
kind: Component
resources: []
namespace: part
`;
    expect(owned(source, 'a/web.yaml')).toEqual(['kustomization a/kustomization.yaml|part']);
  });

  test('the cluster whose Flux Kustomization applies it through any number of others', () => {
    const source = `# file: clusters/prod/flux-system/sync.yaml
${flux('flux-system', './clusters/prod')}
# file: clusters/prod/apps.yaml
${flux('apps', './apps/prod', '  targetNamespace: shop\n')}
# file: apps/prod/kustomization.yaml
resources: [../base]
namespace: ignored
# file: apps/base/kustomization.yaml
resources: [web.yaml]
# file: apps/base/web.yaml
${config('web')}`;
    const prod = 'flux clusters/prod/flux-system/sync.yaml 0';
    expect(owned(source, 'clusters/prod/apps.yaml')).toEqual([`${prod}|`]);
    expect(owned(source, 'apps/base/web.yaml')).toEqual([`${prod}|shop`]);
  });

  test('one entry point if two Flux Kustomizations apply each other', () => {
    const source = `# file: a/a.yaml
${flux('a', './b')}
# file: b/b.yaml
${flux('b', './a')}
# file: c/c.yaml
${config('c')}`;
    expect(owned(source, 'a/a.yaml')).toEqual(['flux a/a.yaml 0|']);
    expect(owned(source, 'b/b.yaml')).toEqual(['flux a/a.yaml 0|']);
    expect(owned(source, 'c/c.yaml')).toEqual(['?folder c|']);
  });

  test('another cluster if Flux has its kubeconfig', () => {
    const source = `# file: hub/apps.yaml
${flux('one', './apps', '  kubeConfig:\n    secretRef:\n      name: one-kubeconfig\n')}
---
${flux('hub', './hub-apps')}
# file: apps/web.yaml
${config('web')}
# file: hub-apps/web.yaml
${config('web')}`;
    expect(owned(source, 'apps/web.yaml')).toEqual(['folder hub → one-kubeconfig|']);
    expect(owned(source, 'hub-apps/web.yaml')).toEqual(['folder hub|']);
  });

  test('an assumed scope if Flux’s path resolves to a nested folder or the root', () => {
    const deeper = `# file: flux.yaml
${flux('apps', './apps', '  targetNamespace: shop\n')}
---
${flux('infra', './infra')}
# file: fleet/apps/web.yaml
${config('web')}
# file: infra/a.yaml
${config('a')}
# file: fleet/infra/a.yaml
${config('a')}`;
    expect(owned(deeper, 'fleet/apps/web.yaml')).toEqual(['?folder fleet/apps|']);
    // That a folder of that name exists here is a coincidence: the root of the source is fleet.
    expect(owned(deeper, 'infra/a.yaml')).toEqual(['?folder infra|']);
    expect(
      owned(
        yaml`
          # file: flux.yaml
          ${flux('all', './')}# file: a/b.yaml
          ${config('b')}`,
        'a/b.yaml',
      ),
    ).toEqual(['?folder a|']);
  });

  test('no cluster through a path with a hole', () => {
    const source = `# file: flux.yaml
${flux('apps', './apps/${CLUSTER}')}
# file: apps/a/web.yaml
${config('web')}`;
    expect(owned(source, 'apps/a/web.yaml')).toEqual(['?folder apps/a|']);
  });
});

test('a chain of thousands of Flux Kustomizations, each applying the next, has one scope', () => {
  const files = Array.from(
    { length: 3000 },
    (_, index) => yaml`
      # file: f${index}/k.yaml
      ${flux(`k${index}`, `./f${index + 1}`)}`,
  );
  expect(owned(files.join(''), 'f2999/k.yaml')).toEqual(['folder f0|']);
});

test('an answer is the same value until one of its inputs changes', () => {
  const { workspace } = fixture(`# file: flux.yaml
${flux('apps', './apps')}
# file: apps/web.yaml
${config('web')}`);
  const before = workspace.ownership.of('apps/web.yaml');
  workspace.put('apps/web.yaml', config('other'));
  workspace.put('flux.yaml', flux('renamed', './apps'));
  expect(workspace.ownership.of('apps/web.yaml')).toBe(before);
  workspace.put('flux.yaml', flux('apps', './apps', '  targetNamespace: shop\n'));
  expect(workspace.ownership.of('apps/web.yaml').forms).toEqual([{ scope: 'folder ', namespace: 'shop' }]);
  workspace.remove('flux.yaml');
  expect(workspace.ownership.of('apps/web.yaml').assumed).toBe(true);
});

describe('as applied, a file belongs to', () => {
  const source = `---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1h, url: "ssh://git@example.com/fleet.git" }
`;
  const prod = (name: string, path: string, rest = '') => `${cluster(kustomization(name, path, rest))}${source}`;
  const files = `# file: apps/prod/a.yaml
${config('a')}
# file: apps/test/a.yaml
${config('a')}
`;
  const applied = (text: string, path: string) => {
    const { workspace } = fixture(text);
    fleetOf(workspace).clusters();
    const { forms, assumed } = workspace.ownership.asApplied.of(path);
    return forms.map(({ scope, namespace = '' }) => `${assumed ? '?' : ''}${scope}|${namespace}`).sort();
  };
  const scope = 'flux clusters/prod/flux-system/sync.yaml 0';

  test('the cluster whose parent sets the variable in the path', () => {
    const text = `${prod('apps', './apps/${STAGE}', '')}${files}`.replace(
      'path: ./clusters/prod\n',
      'path: ./clusters/prod\n  postBuild: { substitute: { STAGE: prod } }\n',
    );
    expect(owned(text, 'apps/prod/a.yaml')).toEqual(['?folder apps/prod|']);
    expect(applied(text, 'apps/prod/a.yaml')).toEqual([`${scope}|`]);
    expect(applied(text, 'apps/test/a.yaml')).toEqual(['?folder apps/test|']);
  });

  test('the cluster whose parent patches path and namespace', () => {
    const patch = `  patches:
    - target: { kind: Kustomization, name: apps }
      patch: |-
        - { op: replace, path: /spec/path, value: ./apps/test }
        - { op: add, path: /spec/targetNamespace, value: team }
`;
    const text = `${prod('apps', './apps/prod')}${files}`.replace(
      'path: ./clusters/prod\n',
      `path: ./clusters/prod\n${patch}`,
    );
    expect(applied(text, 'apps/test/a.yaml')).toEqual([`${scope}|team`]);
    expect(applied(text, 'apps/prod/a.yaml')).toEqual(['?folder apps/prod|']);
  });

  test('the one of two clusters that sets the variable so', () => {
    const of = (name: string) =>
      `# file: clusters/${name}/flux-system/sync.yaml
${kustomization('flux-system', `./clusters/${name}`, `  postBuild: { substitute: { STAGE: ${name} } }\n`)}${source}# file: clusters/${name}/kustomization.yaml
resources: [flux-system/sync.yaml, ../../shared]
`;
    const shared = `# file: shared/kustomization.yaml
resources: [apps.yaml]
# file: shared/apps.yaml
${kustomization('apps', './apps/${STAGE}')}`;
    const text = `${of('prod')}${of('test')}${shared}${files}`;
    expect(applied(text, 'apps/prod/a.yaml')).toEqual([`${scope}|`]);
    expect(applied(text, 'apps/test/a.yaml')).toEqual([`${scope.replace('prod', 'test')}|`]);
  });
});
