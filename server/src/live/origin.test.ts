import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { keyOf, type LiveObject, objectKey, trim } from './object.ts';
import { type Origin, originsOf, sameAppliers } from './origin.ts';

/** Objects of a cluster; the origins of the first. */
function origins(yaml: string): readonly Origin[] {
  const objects = yaml.split('---\n').map((one) => trim(parse(one))!);
  const byKey = new Map(objects.map((one) => [objectKey(one), one] as const));
  return driven(objects[0]!, (key) => byKey.get(key));
}

function driven(object: LiveObject, get: (key: string) => LiveObject | undefined): readonly Origin[] {
  const steps = originsOf(object);
  let step = steps.next();
  while (!step.done) {
    const { groupKind, namespace, name } = step.value;
    step = steps.next(get(keyOf(groupKind, namespace, name)));
  }
  return step.value;
}

const words = (found: readonly Origin[]) =>
  found.map(({ groupKind, namespace, name, appliers, part }) => {
    const by = appliers.map((one) => `${one.namespace}/${one.name}:${one.path}`).join(' ');
    const within = part ? ` ${[...part.path, part.name ?? ''].join('.')}` : '';
    return `${groupKind} ${namespace ?? ''}/${name}${within} <- ${by}`;
  });

const labels = (prefix: string, namespace: string, name: string) =>
  `labels: { ${prefix}/name: ${name}, ${prefix}/namespace: ${namespace} }`;
const byFlux = (namespace: string, name: string) => labels('kustomize.toolkit.fluxcd.io', namespace, name);

const kustomizations = `
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system, ${byFlux('flux-system', 'flux-system')} }
spec: { path: ./apps/../shop/ }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system, ${byFlux('flux-system', 'flux-system')} }
spec: { path: clusters/blue }
`;

describe('the origins of an object', () => {
  test('are its owners, then the Kustomizations that apply the last of them', () => {
    const found = origins(`
apiVersion: v1
kind: Pod
metadata: { name: web-1-a, namespace: shop, ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: web-1, controller: true }] }
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: { name: web-1, namespace: shop, ownerReferences: [{ apiVersion: apps/v1, kind: Deployment, name: web, controller: true }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop, ${byFlux('flux-system', 'apps')} }
---${kustomizations}`);
    const by = 'flux-system/apps:shop flux-system/flux-system:clusters/blue';
    expect(words(found)).toEqual([
      `/Pod shop/web-1-a <- ${by}`,
      `apps/ReplicaSet shop/web-1 <- ${by}`,
      `apps/Deployment shop/web <- ${by}`,
      'kustomize.toolkit.fluxcd.io/Kustomization flux-system/apps <- flux-system/flux-system:clusters/blue',
      'kustomize.toolkit.fluxcd.io/Kustomization flux-system/flux-system <- flux-system/flux-system:clusters/blue',
    ]);
  });

  test('are the release that installed it', () => {
    const found = origins(`
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop, ${labels('helm.toolkit.fluxcd.io', 'apps', 'web')} }
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web, namespace: apps, ${byFlux('flux-system', 'apps')} }
---${kustomizations}`);
    expect(words(found).slice(0, 2)).toEqual([
      'apps/Deployment shop/web <- flux-system/apps:shop flux-system/flux-system:clusters/blue',
      'helm.toolkit.fluxcd.io/HelmRelease apps/web <- flux-system/apps:shop flux-system/flux-system:clusters/blue',
    ]);
  });

  test('are the Cluster with the part of its topology', () => {
    const owned = (kind: string, name: string) =>
      `ownerReferences: [{ apiVersion: cluster.x-k8s.io/v1beta2, kind: ${kind}, name: ${name}, controller: true }]`;
    const found = origins(`
apiVersion: cluster.x-k8s.io/v1beta2
kind: Machine
metadata: { name: m, namespace: t, labels: { topology.cluster.x-k8s.io/deployment-name: workers }, ${owned('MachineDeployment', 'md')} }
---
apiVersion: cluster.x-k8s.io/v1beta2
kind: MachineDeployment
metadata: { name: md, namespace: t, labels: { cluster.x-k8s.io/cluster-name: c } }
---
apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata: { name: c, namespace: t }
`);
    expect(words(found)).toEqual([
      'cluster.x-k8s.io/Machine t/m <- ',
      'cluster.x-k8s.io/MachineDeployment t/md <- ',
      'cluster.x-k8s.io/Cluster t/c spec.topology.workers.machineDeployments.workers <- ',
    ]);
  });

  test('end at what is not there, and in no circle', () => {
    const owned = (name: string) => `ownerReferences: [{ apiVersion: v1, kind: ConfigMap, name: ${name} }]`;
    const map = (name: string, owner: string) => `
apiVersion: v1
kind: ConfigMap
metadata: { name: ${name}, namespace: n, ${owned(owner)} }
`;
    expect(words(origins(map('a', 'b')))).toEqual(['/ConfigMap n/a <- ', '/ConfigMap n/b <- ']);
    expect(words(origins(`${map('a', 'b')}---${map('b', 'a')}`))).toEqual(['/ConfigMap n/a <- ', '/ConfigMap n/b <- ']);
  });
});

test('labels that name each other, or the object itself, end', () => {
  const release = (name: string, by: string) => `
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: ${name}, namespace: n, ${labels('helm.toolkit.fluxcd.io', 'n', by)} }
`;
  expect(words(origins(release('a', 'a')))).toEqual(['helm.toolkit.fluxcd.io/HelmRelease n/a <- ']);
  expect(words(origins(`${release('a', 'b')}---${release('b', 'a')}`))).toHaveLength(2);
});

test('appliers are the same if the nearest is, and no folder differs', () => {
  const one = (name: string, path: string | undefined) => ({ namespace: 'flux-system', name, path });
  const blue = [one('apps', 'apps'), one('flux-system', 'clusters/blue')];
  const red = [one('apps', 'apps'), one('flux-system', 'clusters/red')];
  expect(sameAppliers(blue, blue)).toBe('certain');
  expect(sameAppliers(blue, red)).toBe('no');
  expect(sameAppliers(blue, [one('apps', 'apps'), one('flux-system', undefined)])).toBe('certain');
  expect(sameAppliers(blue, [one('infra', 'apps')])).toBe('no');
  expect(sameAppliers(blue, [])).toBe('possible');
});

test('a folder that is applied by something unknown is compared with that of the cluster', () => {
  const folder = (path: string) => ({ namespace: '', name: '', path });
  const named = (name: string, path: string) => ({ namespace: 'flux-system', name, path });
  const live = [named('flux-system', 'clusters/blue')];
  expect(sameAppliers([folder('clusters/blue')], live)).toBe('certain');
  expect(sameAppliers([folder('clusters/blue/apps')], live)).toBe('certain');
  expect(sameAppliers([folder('clusters/red')], live)).toBe('no');
  expect(sameAppliers([folder('deploy/clusters/blue')], live)).toBe('possible');
  const below = [named('apps', 'apps'), ...live];
  expect(sameAppliers([named('apps', 'apps'), folder('clusters/blue')], below)).toBe('certain');
  expect(sameAppliers([named('apps', 'apps'), folder('clusters/red')], below)).toBe('no');
});
