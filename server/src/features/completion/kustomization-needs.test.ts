import { expect, test } from 'vitest';
import { sync } from '../../rules/rule.ts';
import { diagnose } from '../diagnostics.ts';
import { cursorOf, fixture } from '../fixture.ts';
import { complete } from './completion.ts';
import { expand } from './expand.ts';

/** A cluster whose source is this repository, and a second source. */
const fleet = `${sync}---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: charts
  namespace: flux-system
spec:
  interval: 1m
  url: ssh://git@example.com/team/charts.git
# file: clusters/prod/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  prune: true
`;

/** What is written for a source, once the clusters are known; what is accepted opens the list of paths. */
function accepted(spec: string, name: string) {
  const at = fixture(`${fleet}${spec}`);
  for (const { path } of at.workspace.files()) diagnose(at.workspace, path);
  const { insert, again } = complete(cursorOf(at)).find(({ label }) => label === name)!;
  return { written: expand(insert), again };
}

test('without a path, all of this repository would be applied: the line of the path comes with the source', () => {
  const expected = { written: 'flux-system\n  path: ', again: true };
  expect(accepted('  sourceRef:\n    kind: GitRepository\n    name: $0', 'flux-system')).toEqual(expected);
  expect(accepted('  sourceRef:\n    name: $0\n  wait: true\n', 'flux-system')).toEqual(expected);
});

test('a path that is there, and the path in another repository, are left to their author', () => {
  const reference = '  sourceRef:\n    kind: GitRepository\n    name: $0';
  expect(accepted(`  path: ./apps\n${reference}`, 'flux-system')).toEqual({ written: 'flux-system' });
  expect(accepted(reference, 'charts')).toEqual({ written: 'charts' });
});

test('no line is put into the middle of the reference', () => {
  const reference = '  sourceRef:\n    name: $0\n    kind: GitRepository\n';
  expect(accepted(reference, 'flux-system')).toEqual({ written: 'flux-system' });
});

test('the path of encrypted Secrets brings their decryption', () => {
  const secret = `# file: apps/kustomization.yaml
resources: [secret.yaml]
# file: apps/secret.yaml
apiVersion: v1
kind: Secret
metadata: { name: token, namespace: shop }
data: { token: "ENC[AES256_GCM,data:aaaa,iv:aaaa,tag:aaaa,type:str]" }
sops: { mac: "ENC[AES256_GCM,data:aaaa,iv:aaaa,tag:aaaa,type:str]" }
`;
  const path = (rest: string) =>
    `  path: $0\n  sourceRef: { kind: GitRepository, name: flux-system }\n${rest}${secret}`;
  expect(accepted(path(''), './apps').written).toBe('./apps\n  decryption:\n    provider: sops');
  expect(accepted(path('  decryption: { provider: sops }\n'), './apps').written).toBe('./apps');
});
