import { describe, expect, test } from 'vitest';
import { edited, fixture } from '../fixture.ts';
import { editsForMoves, type Move } from './files.ts';

const files = `# file: apps/web/kustomization.yaml
resources:
  - ./deployment.yaml
  - ../base/
components: ["../../components/x"]
patches:
  - path: patch.yaml # of web
configMapGenerator:
  - name: a
    files: [app.conf.yaml, key=app.conf.yaml]
# file: apps/web/deployment.yaml
a: 1
# file: apps/web/patch.yaml
a: 1
# file: apps/web/app.conf.yaml
a: 1
# file: apps/base/kustomization.yaml
resources: []
# file: components/x/kustomization.yaml
kind: Component
# file: clusters/prod/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: web, namespace: flux-system }
spec: { path: ./apps/web }
`;

function movedText(path: string, ...moves: readonly Move[]): string {
  const { workspace } = fixture(files);
  const edits = editsForMoves(workspace, moves);
  return edited(
    workspace.file(path)!.text,
    edits.filter((one) => one.path === path),
  );
}

describe('entries follow', () => {
  test('a file that is renamed', () => {
    const move = { from: 'apps/web/deployment.yaml', to: 'apps/web/deploy.yaml' };
    expect(movedText('apps/web/kustomization.yaml', move)).toContain('  - ./deploy.yaml\n  - ../base/\n');
    const patch = { from: 'apps/web/patch.yaml', to: 'apps/patches/p.yaml' };
    expect(movedText('apps/web/kustomization.yaml', patch)).toContain('  - path: ../patches/p.yaml # of web\n');
  });

  test('a folder that is moved, with a slash at its end', () => {
    const move = { from: 'apps/base', to: 'shared/base' };
    expect(movedText('apps/web/kustomization.yaml', move)).toContain('  - ../../shared/base/\n');
  });

  test('a file of a generator, which keeps its key', () => {
    const move = { from: 'apps/web/app.conf.yaml', to: 'apps/web/app.yaml' };
    expect(movedText('apps/web/kustomization.yaml', move)).toContain('files: [app.conf.yaml=app.yaml, key=app.yaml]');
  });
});

test('a kustomization that is moved with its folder keeps what is in it, and finds what is outside', () => {
  const moved = movedText('apps/web/kustomization.yaml', { from: 'apps/web', to: 'teams/a/web' });
  expect(moved).toContain('  - ./deployment.yaml\n  - ../../../apps/base/\ncomponents: ["../../../components/x"]\n');
});

test('the path of a Flux Kustomization follows its folder, and those above', () => {
  expect(movedText('clusters/prod/apps.yaml', { from: 'apps', to: 'services' })).toContain('path: ./services/web }');
  expect(movedText('clusters/prod/apps.yaml', { from: 'app', to: 'services' })).toContain('path: ./apps/web }');
});
