import { describe, expect, test } from 'vitest';
import { sync } from '../../rules/rule.ts';
import { fleetOf } from '../../workspace/fleets.ts';
import { cursorOf, edited, fixture } from '../fixture.ts';
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
${sync}---
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

function itemsAt(line: string) {
  const at = fixture(fleet(line));
  // An editor has asked before anybody types: for its findings.
  fleetOf(at.workspace).clusters();
  return { at, cursor: cursorOf(at), items: complete(cursorOf(at)) };
}

const labelsAt = (line: string) => itemsAt(line).items.map(({ label }) => label);

function accepted(line: string, label: string): string {
  const { at, cursor, items } = itemsAt(line);
  const { start, end, insert } = items.find((item) => item.label === label)!;
  return edited(at.text, [{ start: cursor.start + start, end: cursor.start + end, text: insert.replace('\\}', '}') }]);
}

describe('variables of Flux', () => {
  test('those of the Kustomization that applies the file, with their values', () => {
    const details = itemsAt('${$0').items.map(({ label, detail }) => [label, detail]);
    expect(details.toSorted()).toEqual([
      ['DOMAIN', 'example.com'],
      ['EMPTY', 'empty'],
      ['REGION', 'eu-central-1'],
      ['TOKEN', 'a secret'],
    ]);
  });

  test('the expression is closed where it isn’t', () => {
    expect(accepted('x-${RE$0', 'REGION')).toContain('  a: x-${REGION}\n');
    expect(accepted('"${RE$0}"', 'REGION')).toContain('  a: "${REGION}"\n');
    expect(accepted('${DO$0MAI:=a}', 'DOMAIN')).toContain('  a: ${DOMAIN:=a}\n');
  });

  test('in the text of a block', () => {
    expect(labelsAt('|\n    host: ${$0')).toContain('DOMAIN');
  });

  test('not after an escaped dollar sign', () => {
    expect(labelsAt('$${$0')).not.toContain('DOMAIN');
  });
});

describe('a template of a ClusterClass is offered', () => {
  const labels = (template: string) => {
    const at = fixture(`apiVersion: cluster.x-k8s.io/v1beta2
kind: ClusterClass
metadata:
  name: small
spec:
  variables:
    - name: region
    - name: network
  patches:
    - name: region
      enabledIf: '{{ ${template} }}'
`);
    return complete(cursorOf(at)).map(({ label }) => label);
  };

  test('the variables of the class, and the builtin ones a step at a time', () => {
    expect(labels('.$0')).toEqual(['region', 'network', 'builtin']);
    expect(labels('if .re$0')).toEqual(['region', 'network', 'builtin']);
    expect(labels('eq .builtin.controlPlane.$0')).toEqual([
      'name',
      'replicas',
      'version',
      'metadata',
      'machineTemplate',
    ]);
    expect(labels('$.builtin.cluster.topology.classRef.$0')).toEqual(['name', 'namespace']);
  });
});
