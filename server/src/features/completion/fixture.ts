// Fleets in fixtures, for what is suggested once their clusters were checked.
import { yaml } from '../../fixture.ts';
import { diagnose } from '../diagnostics.ts';
import { cursorOf, fixture } from '../fixture.ts';
import { complete } from './completion.ts';

export const instance = yaml`
  # file: clusters/prod/flux.yaml
  apiVersion: fluxcd.controlplane.io/v1
  kind: FluxInstance
  metadata:
    name: flux
    namespace: flux-system
  spec:
    distribution:
      version: 2.x
      registry: ghcr.io/fluxcd
    sync:
      kind: GitRepository
      url: https://example.com/team/fleet.git
      ref: refs/heads/main
      path: clusters/prod
`;

export const flux = (name: string, path: string, source = 'kind: GitRepository\n    name: flux-system') => `---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${name}
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ${path}
  sourceRef:
    ${source}
`;

export const kustomization = (source: string) => `# file: clusters/prod/apps.yaml\n${flux('apps', './apps', source)}`;

/** The labels at `$0`, before and after the files were checked, with `written` there. */
export function labels(source: string, written = ''): readonly (readonly string[])[] {
  const at = fixture(source);
  const { workspace, path, text, offset } = at;
  const found = () => complete(cursorOf(at)).map(({ label }) => label);
  const before = found();
  workspace.put(path, text.slice(0, offset) + written + text.slice(offset));
  for (const file of workspace.files()) diagnose(workspace, file.path);
  workspace.put(path, text);
  return [before, found()];
}
