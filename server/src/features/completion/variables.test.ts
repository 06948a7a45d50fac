import { describe, expect, test } from 'vitest';
import { applied, cursorOf, fixture, labelsAt } from '../fixture.ts';
import { complete } from './completion.ts';

const fleet = (line: string) => `# file: clusters/prod/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ./apps
  sourceRef:
    kind: GitRepository
    name: flux-system
  postBuild:
    substitute:
      REGION: eu-central-1
      EMPTY: ""
    substituteFrom:
      - kind: ConfigMap
        name: vars
      - kind: Secret
        name: secrets
# file: clusters/prod/sync.yaml
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 10m
  url: https://example.com/fleet
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  path: ./clusters/prod
  sourceRef:
    kind: GitRepository
    name: flux-system
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: vars
  namespace: flux-system
data:
  DOMAIN: example.com
---
apiVersion: v1
kind: Secret
metadata:
  name: secrets
  namespace: flux-system
stringData:
  TOKEN: topsecret
# file: apps/shop.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
  namespace: shop
data:
  a: ${line}
`;

const itemsAt = (line: string) => complete(cursorOf(fixture(fleet(line))));

describe('variables of Flux', () => {
  test('those of the Kustomization that applies the file, with their values', () => {
    expect(
      itemsAt('${$0')
        .map(({ label, detail }) => [label, detail])
        .toSorted(),
    ).toEqual([
      ['DOMAIN', 'example.com'],
      ['EMPTY', 'empty'],
      ['REGION', 'eu-central-1'],
      ['TOKEN', 'from a Secret'],
    ]);
  });

  test('the expression is closed where it isn’t', () => {
    expect(applied(fleet('x-${RE$0'), 'REGION')).toContain('  a: x-${REGION}\n');
    expect(applied(fleet('"${RE$0}"'), 'REGION')).toContain('  a: "${REGION}"\n');
    expect(applied(fleet('${DO$0MAI:=a}'), 'DOMAIN')).toContain('  a: ${DOMAIN:=a}\n');
  });

  test('in the text of a block', () => {
    expect(labelsAt(fleet('|\n    host: ${$0'))).toContain('DOMAIN');
  });

  test('not after an escaped dollar sign', () => {
    expect(labelsAt(fleet('$${$0'))).not.toContain('DOMAIN');
  });
});
