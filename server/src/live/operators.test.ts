import { expect, test } from 'vitest';
import { type LiveObject, trim } from './object.ts';
import { operatorsOf, type ServedKind } from './operators.ts';

const served = (group: string, kind: string, plural: string): ServedKind => {
  return { groupKind: `${group}/${kind}`, group, kind, plural, versions: ['v1'] };
};
const definition = (name: string, labels: object = {}) => ({ metadata: { name, labels } });
const deployment = (name: string, labels: object, image = `r.example/${name}:v2.13.0`): LiveObject =>
  trim({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'system', uid: name, labels },
    spec: { template: { spec: { containers: [{ name: 'manager', image }] } } },
  })!;

const aws = { 'cluster.x-k8s.io/provider': 'infrastructure-aws' };
const helm = { 'helm.toolkit.fluxcd.io/namespace': 'db', 'helm.toolkit.fluxcd.io/name': 'operator' };

test('kinds are grouped by the controller that labels prove, those without one come last', () => {
  const kinds = [
    served('infrastructure.cluster.x-k8s.io', 'AWSMachine', 'awsmachines'),
    served('infrastructure.cluster.x-k8s.io', 'AWSCluster', 'awsclusters'),
    served('example.com', 'SampleDB', 'sampledbs'),
    served('other.io', 'Thing', 'things'),
    served('', 'Pod', 'pods'),
  ];
  const definitions = [
    definition('things.other.io'),
    definition('awsmachines.infrastructure.cluster.x-k8s.io', aws),
    definition('sampledbs.example.com', helm),
    definition('awsclusters.infrastructure.cluster.x-k8s.io', aws),
    definition('gone.example.com'),
  ];
  const deployments = [deployment('sampledb-operator', helm), deployment('capa', aws), deployment('web', {})];
  const found = operatorsOf(definitions, kinds, deployments).map(({ controller, kinds: own }) => [
    controller?.deployment.name,
    controller?.version,
    own.map(({ kind }) => kind),
  ]);
  expect(found).toEqual([
    ['capa', 'v2.13.0', ['AWSCluster', 'AWSMachine']],
    ['sampledb-operator', 'v2.13.0', ['SampleDB']],
    [undefined, undefined, ['Thing']],
  ]);
});

test('two Deployments that were applied together prove nothing', () => {
  const kinds = [served('example.com', 'SampleDB', 'sampledbs')];
  const definitions = [definition('sampledbs.example.com', helm)];
  const [only] = operatorsOf(definitions, kinds, [deployment('a', helm), deployment('b', helm)]);
  expect(only?.controller).toBe(undefined);
});
