// Faults of user actions on an object: C37 to C39.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActResult, PrepareParams } from '../../../server/src/protocol.ts';
import { act } from '../act.ts';
import { type Bed, create, equal, type Fault, flux, fluxKind, kustomization, patch, remove } from './bed.ts';
import { type Engine, until } from './engine.ts';

export const actionFaults: readonly Fault[] = [
  {
    id: 'C37',
    title: 'action: conflict, gone, denied, immutable, unknown result',
    async run(bed) {
      const { server } = bed;
      const proxy = await bed.http();
      const engine = await bed.live(proxy.port);
      const notes: string[] = [];
      const fails = async (name: string, verb: PrepareParams['verb'], words: RegExp) => {
        const from = writes(engine);
        const result = await run(engine, name, verb);
        assert.equal(result.outcome, 'failed', result.message);
        assert.match(result.message, words);
        notes.push(`${writes(engine) - from}`);
        assert.ok(writes(engine) - from <= 2, 'one dry run and one write, no retry');
      };
      await fails('never-was', 'suspend', /^Kustomization fleet\/never-was no longer exists/);
      await denyAll(bed, 'The platform team has frozen this namespace until Monday.');
      await until(
        'denied',
        async () =>
          (await server.request('PATCH', `${flux}/apps-2?dryRun=All`, { spec: { suspend: true } }, merge)).status >=
          400,
        20,
      );
      await fails('apps-2', 'suspend', /frozen this namespace until Monday/);
      await allowAll(bed);
      await until(
        'allowed',
        async () =>
          (await server.request('PATCH', `${flux}/apps-2?dryRun=All`, { spec: { suspend: true } }, merge)).status < 400,
        20,
      );
      proxy.fault({ method: 'PATCH', times: 1, status: 422, body: immutable });
      await fails('apps-2', 'suspend', /field is immutable/);
      // Replaced between the read and the write.
      await create(server, flux, kustomization('replaced'));
      await until('known', () => held(engine, 'replaced') !== undefined, 5);
      proxy.fault({ method: 'PATCH', url: /replaced/, times: 1, delay: 1500 });
      const late = run(engine, 'replaced', 'suspend');
      await sleep(500);
      await remove(server, `${flux}/replaced`);
      await create(server, flux, kustomization('replaced'));
      const { outcome, message } = await late;
      assert.equal(outcome, 'failed', message);
      assert.match(message, /changed or replaced in the meantime: another object now has its name/);
      await remove(server, `${flux}/replaced`);
      // Applied, but the response was lost: the actual result is reported, and nothing is sent again.
      proxy.fault({ method: 'PATCH', url: /apps-4\?(?!.*dryRun)/, times: 1, swallow: true });
      const before = writes(engine);
      const made = await run(engine, 'apps-4', 'suspend');
      assert.equal(made.outcome, 'handled', made.message);
      assert.equal(writes(engine) - before, 2);
      // Not applied, and the response was lost.
      proxy.fault({ method: 'PATCH', url: /apps-5\?(?!.*dryRun)/, times: 1, status: 504, delay: 100 });
      await fails('apps-5', 'suspend', /fault: 504|not made/);
      await equal(engine.session(), server);
      return { requests: engine.asked.length, note: `writes: ${notes.join(', ')}` };
    },
  },
  {
    id: 'C38',
    title: 'action on an object that has changed',
    async run(bed) {
      const proxy = await bed.http();
      const engine = await bed.live(proxy.port);
      proxy.fault({ method: 'PATCH', url: /apps-6/, times: 1, delay: 1500 });
      const late = run(engine, 'apps-6', 'suspend');
      await sleep(500);
      await patch(bed.server, `${flux}/apps-6`, { spec: { path: './moved', prune: false } });
      const { outcome, message } = await late;
      assert.equal(outcome, 'failed', message);
      assert.match(message, /spec\.path from "\.\/.*" to "\.\/moved"/);
      assert.match(message, /spec\.prune from true to false/);
      const { body } = await bed.server.request('GET', `${flux}/apps-6`);
      assert.equal((body as { spec: { suspend?: boolean } }).spec.suspend, undefined, 'nothing is written');
      const sent = proxy.requests.filter(({ method, url }) => method === 'PATCH' && /apps-6/.test(url)).length;
      assert.equal(sent, 1, 'the dry run is sufficient');
      return { requests: sent };
    },
  },
  {
    id: 'C39',
    title: 'reconcile requested, controller down',
    async run(bed) {
      const proxy = await bed.tcp();
      const engine = await bed.live(proxy.port);
      const from = engine.asked.length;
      const began = performance.now();
      const result = await run(engine, 'apps-7', 'reconcile', 3000);
      const noticed = performance.now() - began;
      assert.equal(result.outcome, 'requested');
      assert.match(result.message, /requested at \d\d:\d\d:\d\d UTC, not handled yet/);
      assert.ok(noticed < 5000);
      const requests = engine.asked.length - from;
      // The controller starts: the same request is handled now, but only done when the controller reports it.
      const waiting = run(engine, 'apps-7', 'reconcile', 10_000);
      let over = false;
      void waiting.then(() => (over = true));
      await sleep(1000);
      assert.equal(over, false, 'no success before the controller reports it');
      const at = annotation((await bed.server.request('GET', `${flux}/apps-7`)).body);
      await patch(bed.server, `${flux}/apps-7`, {
        status: {
          lastHandledReconcileAt: at,
          conditions: [{ type: 'Ready', status: 'True', reason: 'ok', message: 'Applied revision: main@sha1:1' }],
        },
      });
      const recovering = performance.now();
      const handled = await waiting;
      assert.equal(handled.outcome, 'handled', handled.message);
      return { noticed, recovered: performance.now() - recovering, requests };
    },
  },
];

const merge = 'application/merge-patch+json';

const immutable = JSON.stringify({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  reason: 'Invalid',
  code: 422,
  message: 'Kustomization "apps-2" is invalid: spec.suspend: Invalid value: field is immutable',
});

function run(engine: Engine, name: string, verb: PrepareParams['verb'], patience = 1000): Promise<ActResult> {
  const ref = { cluster: '', groupKind: fluxKind, namespace: 'fleet', name };
  return act(engine.session(), { ref, verb }, { readOnly: false, onProgress: () => undefined, patience });
}

function writes(engine: Engine): number {
  return engine.asked.filter(({ method }) => method === 'PATCH').length;
}

function held(engine: Engine, wanted: string) {
  return [...engine.session().store.ofKind(fluxKind)].find(({ name }) => name === wanted);
}

function annotation(object: unknown): string {
  const { metadata } = object as { metadata: { annotations: Record<string, string> } };
  return metadata.annotations['reconcile.fluxcd.io/requestedAt']!;
}

const admission = '/apis/admissionregistration.k8s.io/v1';

/** Uses the server's admission policies, which require no webhook. */
async function denyAll({ server }: Bed, message: string): Promise<void> {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  await create(server, `${admission}/validatingadmissionpolicies`, {
    apiVersion,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'frozen' },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [
          { apiGroups: ['kustomize.toolkit.fluxcd.io'], apiVersions: ['*'], operations: ['UPDATE'], resources: ['*'] },
        ],
      },
      validations: [{ expression: 'object.metadata.name != "apps-2"', message }],
    },
  });
  await create(server, `${admission}/validatingadmissionpolicybindings`, {
    apiVersion,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'frozen' },
    spec: { policyName: 'frozen', validationActions: ['Deny'] },
  });
}

async function allowAll({ server }: Bed): Promise<void> {
  await remove(server, `${admission}/validatingadmissionpolicybindings/frozen`);
  await remove(server, `${admission}/validatingadmissionpolicies/frozen`);
}
