// What each action is done to in the table of actions and situations, and how another client sees that it was done.
import type { RawObject } from '../../../server/src/engine/watch/objects.ts';
import { editableOf, editValues } from '../../../server/src/explorer/editing.ts';
import type { ControlPlane } from '../../testbed/controlplane.ts';
import { clusterApi, create, kustomization, patch } from '../faults/bed.ts';
import { workload } from '../workload.ts';

export interface Subject {
  readonly kind: string;
  /** Of the collection. */
  readonly path: string;
  readonly object: (name: string) => object;
  /** What belongs to it, after it was created. */
  readonly more?: (server: ControlPlane, name: string) => Promise<void>;
  readonly values: Readonly<Record<string, string>> | ((raw: RawObject) => Readonly<Record<string, string>>);
  /** The object as another client reads it; undefined if it is gone. */
  readonly isDone: (now: unknown) => boolean;
  /** A controller has to act before it is done; none runs here. */
  readonly isAwaited: boolean;
  /** What another client changes. */
  readonly touch: object;
}

const [apps, core] = ['/apis/apps/v1/namespaces/fleet', '/api/v1/namespaces/fleet'];
const flux = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/fleet/kustomizations';
const machines = '/apis/cluster.x-k8s.io/v1beta2/namespaces/fleet/machines';

interface Seen {
  readonly metadata: { readonly annotations?: Record<string, string>; readonly labels?: Record<string, string> };
  readonly spec: Readonly<Record<string, unknown>>;
}

const seen = (then: (now: Seen) => boolean) => (now: unknown) => now !== undefined && then(now as Seen);

const ofFlux = {
  ...{ kind: 'Kustomization', path: flux, object: (name: string) => kustomization(name) },
  touch: { spec: { path: './moved' } },
};
const ofDeployment = {
  ...{ kind: 'Deployment', path: `${apps}/deployments` },
  object: (name: string) => workload('Deployment', name, 'fleet', { replicas: 1 }),
  touch: { spec: { minReadySeconds: 7 } },
};

/** By the verb of the command line. */
export const subjects: Readonly<Record<string, Subject>> = {
  reconcile: {
    ...{ ...ofFlux, values: {}, isAwaited: true },
    isDone: seen(({ metadata }) => metadata.annotations?.['reconcile.fluxcd.io/requestedAt'] !== undefined),
  },
  suspend: {
    ...{ ...ofFlux, values: { reason: '' }, isAwaited: false },
    isDone: seen(({ spec }) => spec.suspend === true),
  },
  resume: {
    ...{ ...ofFlux, values: {}, isAwaited: true },
    object: (name) => {
      const one = kustomization(name);
      return { ...one, spec: { ...one.spec, suspend: true } };
    },
    isDone: seen(({ spec }) => spec.suspend !== true),
  },
  restart: {
    ...{ ...ofDeployment, values: {}, isAwaited: true },
    isDone: seen(({ spec }) => JSON.stringify(spec).includes('kubectl.kubernetes.io/restartedAt')),
  },
  scale: {
    ...{ ...ofDeployment, values: { replicas: '3' }, isAwaited: true },
    isDone: seen(({ spec }) => spec.replicas === 3),
  },
  pause: {
    ...{ ...ofDeployment, values: {}, isAwaited: false },
    isDone: seen(({ spec }) => spec.paused === true),
  },
  undo: {
    ...{ ...ofDeployment, values: { 'to-revision': '' }, isAwaited: true },
    more: async (server, name) => {
      const { body } = await server.request('GET', `${apps}/deployments/${name}`);
      const { uid } = (body as { readonly metadata: { readonly uid: string } }).metadata;
      const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name, uid, controller: true };
      for (const [revision, image] of [
        ['1', 'registry.example/web:0'],
        ['2', 'registry.example/web:1'],
      ] as const) {
        const set = workload('ReplicaSet', `${name}-${revision}`, 'fleet', { replicas: 0 }, image) as {
          readonly metadata: object;
          readonly spec: { readonly template: { readonly spec: object } };
        };
        const labels = { app: name };
        await create(server, `${apps}/replicasets`, {
          ...set,
          metadata: {
            ...{ ...set.metadata, labels, ownerReferences: [owner] },
            annotations: { 'deployment.kubernetes.io/revision': revision },
          },
          spec: {
            replicas: 0,
            selector: { matchLabels: labels },
            template: { metadata: { labels }, spec: set.spec.template.spec },
          },
        });
      }
    },
    isDone: seen(({ spec }) => JSON.stringify(spec).includes('registry.example/web:0')),
  },
  remediate: {
    ...{ kind: 'Machine', path: machines, object: (name) => clusterApi('Machine', name), values: {}, isAwaited: true },
    touch: { spec: { failureDomain: 'other' } },
    isDone: seen(({ metadata }) => metadata.annotations?.['cluster.x-k8s.io/remediate-machine'] !== undefined),
  },
  label: {
    ...{ ...ofFlux, values: { set: 'team=shop' }, isAwaited: false },
    isDone: seen(({ metadata }) => metadata.labels?.team === 'shop'),
  },
  annotate: {
    ...{ ...ofFlux, values: { set: 'team=shop' }, isAwaited: false },
    isDone: seen(({ metadata }) => metadata.annotations?.team === 'shop'),
  },
  edit: {
    ...{ ...ofFlux, isAwaited: false },
    values: (raw) => {
      const { text, uid } = editableOf(raw);
      const values = editValues({ base: text, text: text.replace('path: ./', 'path: ./edited'), uid });
      if (!values.ok) throw new Error(values.failure.message);
      return values.value;
    },
    isDone: seen(({ spec }) => spec.path === './edited'),
  },
  delete: {
    ...{ kind: 'Pod', path: `${core}/pods`, values: {}, isAwaited: false },
    object: (name) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'fleet' },
      spec: { containers: [{ name: 'web', image: 'web' }] },
    }),
    touch: { metadata: { labels: { touched: 'yes' } } },
    isDone: (now) => now === undefined,
  },
};

export async function place(server: ControlPlane, { path, object, more }: Subject, name: string): Promise<void> {
  await create(server, path, object(name));
  await more?.(server, name);
}

export async function touched(server: ControlPlane, { path, touch }: Subject, name: string): Promise<void> {
  await patch(server, `${path}/${name}`, touch);
}
