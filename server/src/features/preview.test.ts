import { describe, expect, test } from 'vitest';
import { type Fixture, fixture } from './fixture.ts';
import { lenses, preview } from './preview.ts';

const cluster = (name: string) => `# file: clusters/${name}/sync.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, prune: true, path: ./clusters/${name}, sourceRef: { kind: GitRepository, name: fleet } }
# file: clusters/${name}/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  interval: 1m
  prune: true
  path: ./apps
  sourceRef: { kind: GitRepository, name: fleet }
  postBuild:
    substitute:
      COLOR: ${name}
`;

const apps = `# file: apps/kustomization.yaml
namespace: shop
resources: [a.yaml, b.yaml]
# file: apps/a.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
data:
  color: \${COLOR}
  text: |
    one
    two
# file: apps/b.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: b }
`;

const files = cluster('blue') + cluster('red') + apps;

/** `line of the preview: file:line` for each line that is from another than the line above. */
function sources({ workspace }: Fixture, lines: NonNullable<ReturnType<typeof preview>>['lines']): readonly string[] {
  return lines.map((line) => {
    if (!line) return '-';
    return `${line.file}:${workspace.file(line.file)!.text.slice(0, line.offset).split('\n').length}`;
  });
}

describe('the preview of a file', () => {
  const at = fixture(files);

  test('has its objects as the cluster gets them, and their sources', () => {
    const found = preview(at.workspace, 'apps/a.yaml', 0, 'red')!;
    expect(found.clusters).toEqual(['blue', 'red']);
    expect(found.text).toBe(`apiVersion: v1
data:
  color: red
  text: |
    one
    two
kind: ConfigMap
metadata:
  labels:
    kustomize.toolkit.fluxcd.io/name: apps
    kustomize.toolkit.fluxcd.io/namespace: flux-system
  name: a
  namespace: shop
`);
    expect(sources(at, found.lines)).toEqual([
      'apps/a.yaml:1',
      'apps/a.yaml:6',
      'apps/a.yaml:6',
      'apps/a.yaml:7',
      'apps/a.yaml:7',
      'apps/a.yaml:7',
      'apps/a.yaml:2',
      'apps/a.yaml:4',
      expect.any(String),
      'clusters/red/apps.yaml:3',
      'clusters/red/apps.yaml:3',
      'apps/a.yaml:4',
      'apps/kustomization.yaml:1',
    ]);
  });

  test('is of the first cluster unless another is chosen', () => {
    expect(preview(at.workspace, 'apps/a.yaml', 0, undefined)!.cluster).toBe('blue');
    expect(preview(at.workspace, 'apps/a.yaml', 0, 'none')!.cluster).toBe('blue');
  });

  test('of a Flux Kustomization and of a kustomization has all that it applies', () => {
    for (const path of ['clusters/blue/apps.yaml', 'apps/kustomization.yaml']) {
      const names = [...preview(at.workspace, path, 0, 'blue')!.text.matchAll(/^ {2}name: (\w+)$/gm)];
      expect(names.map(([, name]) => name)).toEqual(['a', 'b']);
    }
  });

  test('is none where nothing is applied', () => {
    expect(preview(fixture('# file: a.yaml\na: 1\n').workspace, 'a.yaml', 0, undefined)).toBeUndefined();
  });
});

test('lenses count what Flux Kustomizations and kustomizations apply', () => {
  const { workspace } = fixture(files);
  expect(lenses(workspace, 'clusters/blue/apps.yaml')).toEqual([
    { offset: 0, title: 'applies 2 objects to cluster blue' },
  ]);
  expect(lenses(workspace, 'apps/kustomization.yaml')).toEqual([
    { offset: 0, title: 'applies 2 objects to 2 clusters' },
  ]);
  expect(lenses(workspace, 'apps/a.yaml')).toEqual([]);
});
