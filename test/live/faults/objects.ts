// Faults of the objects themselves: C32 to C35.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { idOf } from '../../../server/src/explorer/row-id.ts';
import type { Row } from '../../../server/src/protocol.ts';
import { create, equal, type Fault, flux, fluxKind, kustomization, patch, remove } from './bed.ts';
import { type Engine, until } from './engine.ts';

export const objectFaults: readonly Fault[] = [
  {
    id: 'C32',
    title: 'namespace deleted with its objects, one finalizer stuck',
    slow: true,
    async run(bed) {
      const own = await bed.controlPlane({ controllerManager: true });
      const engine = await bed.live(own.port, { of: own });
      await patch(own, `${flux}/apps-0`, { metadata: { finalizers: ['example.com/stuck'] } });
      const from = engine.asked.length;
      await remove(own, '/api/v1/namespaces/fleet');
      const left = () => [...engine.session().store.all()].filter(({ namespace }) => namespace === 'fleet');
      const noticed = await until(
        'one object left',
        () => left().length === 1,
        60,
        () => `${left().length} left`,
      );
      const row = fluxRow(engine, 'apps-0');
      assert.equal(row.state, 'deleting');
      assert.match(row.description, /deleting.*example\.com\/stuck/);
      await patch(own, `${flux}/apps-0`, { metadata: { finalizers: null } });
      const recovered = await until('none left', () => left().length === 0, 30);
      await create(own, '/apis/apps/v1/namespaces/default/deployments', deployment);
      await equal(engine.session(), own);
      return { noticed, recovered, requests: engine.asked.length - from };
    },
  },
  {
    id: 'C33',
    title: 'deleted and recreated with the same name within a batch',
    async run(bed) {
      const proxy = await bed.tcp();
      const engine = await bed.live(proxy.port);
      const of = () => [...engine.session().store.ofKind(fluxKind)].find(({ name }) => name === 'reborn')!;
      await create(bed.server, flux, kustomization('reborn', { status: { conditions: [ready('True', 'fine')] } }));
      await until('the first', () => of() !== undefined, 5);
      const { uid } = of();
      assert.equal(fluxRow(engine, 'reborn').state, 'ready');
      await remove(bed.server, `${flux}/reborn`);
      const second = (await create(bed.server, flux, kustomization('reborn'))) as { metadata: { uid: string } };
      const noticed = await until('the second', () => of()?.uid === second.metadata.uid, 5);
      assert.notEqual(of().uid, uid);
      await equal(engine.session(), bed.server);
      assert.notEqual(fluxRow(engine, 'reborn').state, 'ready', 'the state of the first is not shown for the second');
      await remove(bed.server, `${flux}/reborn`);
      return { noticed, requests: 0 };
    },
  },
  {
    id: 'C34',
    title: 'object of 1.2 MB: 5,000 conditions, 10,000 entries',
    async run(bed) {
      const proxy = await bed.tcp();
      const engine = await bed.live(proxy.port);
      const object = kustomization('huge', {
        metadata: { name: 'huge', namespace: 'fleet', annotations: { 'example.com/large': 'x'.repeat(250_000) } },
        status: {
          conditions: [
            ready('False', 'word '.repeat(6000)),
            ...Array.from({ length: 5000 }, (_, index) => ({ type: `C${index}`, status: 'True', message: 'm' })),
          ],
          inventory: {
            entries: Array.from({ length: 10_000 }, (_, index) => ({
              id: `apps_configmap-${index}__ConfigMap`,
              v: 'v1',
            })),
          },
        },
      });
      const bytes = JSON.stringify(object).length;
      await create(bed.server, flux, object);
      bed.after(() => bed.server.request('DELETE', `${flux}/huge`));
      const noticed = await until('its row', () => rowsOf(engine).some(({ label }) => /huge/.test(label)), 10);
      const row = fluxRow(engine, 'huge');
      const size = JSON.stringify(row).length;
      assert.ok(size < 8000, `its row has ${size} bytes`);
      assert.equal(row.state, 'failed');
      assert.match(row.tooltip, /10000 objects applied/);
      const kept = [...engine.session().store.ofKind(fluxKind)].find(({ name }) => name === 'huge')!;
      const held = JSON.stringify(kept).length;
      assert.ok(held < bytes / 3, `${held} of ${bytes} bytes are kept`);
      return { noticed, note: `${bytes} bytes, ${held} kept, row of ${size}` };
    },
  },
  {
    id: 'C35',
    title: 'escapes, NUL, direction marks, invalid UTF-8, 500 characters',
    async run(bed) {
      const http = await bed.http();
      const engine = await bed.live(http.port);
      const message = `\u001b[31mred\u001b[0m \u0000nul \u202ereversed \u0007bell \u001b]8;;https://evil.example\u0007link ${'n'.repeat(500)} <b>*bold*</b> [x](command:evil)`;
      await create(bed.server, flux, kustomization('hostile', { status: { conditions: [ready('False', message)] } }));
      bed.after(() => bed.server.request('DELETE', `${flux}/hostile`));
      const noticed = await until('its row', () => rowsOf(engine).some(({ label }) => /hostile/.test(label)), 10);
      const row = fluxRow(engine, 'hostile');
      const shown = JSON.stringify(row);
      assert.doesNotMatch(
        `${row.description}${row.tooltip}${row.label}`,
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
      );
      assert.ok(row.description.length <= 300, `${row.description.length} characters`);
      assert.doesNotMatch(row.tooltip, /(^|[^\\])\[x\]\(command/, 'no link from the cluster');
      assert.ok(shown.includes('red') && shown.includes('reversed'), 'the text itself is kept');
      // Invalid UTF-8 in the middle of a watch: the object is accepted with replacement characters.
      const held = [...engine.session().store.ofKind(fluxKind)].find(({ name }) => name === 'apps-3')!;
      const event = {
        type: 'MODIFIED',
        object: {
          ...kustomization('apps-3', { status: { conditions: [ready('False', 'bytes@@')] } }),
          metadata: {
            name: 'apps-3',
            namespace: 'fleet',
            uid: held.uid,
            resourceVersion: held.resourceVersion.slice(0, -1),
          },
        },
      };
      const [before = '', after = ''] = JSON.stringify(event).split('@@');
      assert.equal(
        http.intoWatches(
          /kustomizations\?/,
          Buffer.concat([Buffer.from(before), Buffer.from([0xff, 0xfe]), Buffer.from(after)]),
        ),
        1,
      );
      await until(
        'taken',
        () => fluxRow(engine, 'apps-3').description.includes('bytes\ufffd\ufffd'),
        5,
        () => fluxRow(engine, 'apps-3').description,
      );
      await patch(bed.server, `${flux}/apps-3`, { spec: { path: './again' } });
      assert.doesNotMatch(engine.log.join('\n'), /\u001b/, 'no escape sequence in the log');
      await sleep(0);
      return { noticed };
    },
  },
];

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'left', namespace: 'default' },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: 'left' } },
    template: { metadata: { labels: { app: 'left' } }, spec: { containers: [{ name: 'left', image: 'left' }] } },
  },
};

export function ready(status: string, message: string) {
  return { type: 'Ready', status, reason: 'Said', message, lastTransitionTime: new Date().toISOString() };
}

function rowsOf(engine: Engine): readonly Row[] {
  const context = engine.session().context;
  const branch = engine.rows(idOf({ context })).find(({ label }) => label === 'Flux')!;
  const tops = engine.rows(branch.id);
  return [...tops, ...tops.flatMap(({ id, branch: open }) => (open ? engine.rows(id) : []))];
}

export function fluxRow(engine: Engine, name: string): Row {
  const row = rowsOf(engine).find(({ ref }) => ref?.name === name && ref.groupKind === fluxKind);
  if (!row) throw new Error(`no row for ${name}`);
  return row;
}
