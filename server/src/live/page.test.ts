import { expect, test } from 'vitest';
import { trim } from './object.ts';
import { eventLines, type ObjectEvent, pageLines } from './page.ts';

const now = Date.parse('2026-01-02T04:00:00Z');
const raw = {
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  kind: 'Kustomization',
  metadata: {
    name: 'apps',
    namespace: 'fleet',
    uid: 'u',
    generation: 7,
    annotations: { 'capstan/suspend-reason': 'INC-7\nnodes' },
    managedFields: [
      {
        manager: 'capstan',
        operation: 'Update',
        time: '2026-01-02T03:00:00Z',
        fieldsV1: { 'f:spec': { 'f:suspend': {} } },
      },
    ],
    ownerReferences: [{ apiVersion: 'fluxcd.controlplane.io/v1', kind: 'ResourceSet', name: 'all', uid: 'r' }],
  },
  spec: { suspend: true },
  status: {
    observedGeneration: 6,
    conditions: [
      {
        ...{ type: 'Ready', status: 'False', reason: 'BuildFailed', message: 'no such\nfile' },
        lastTransitionTime: '2026-01-02T02:00:00Z',
      },
    ],
  },
};
const event = (rest: Partial<ObjectEvent>): ObjectEvent => ({
  ...{ type: 'Warning', reason: 'BuildFailed', message: 'no such file', count: 12, last: '2026-01-02T03:55:00Z' },
  ...{ source: 'kustomize-controller', ...rest },
});

test('the page says the state, who holds the object, conditions, owners, what happened when and who changed what', () => {
  const lines = pageLines({ context: 'prod', raw, object: trim(raw)!, events: [event({})], now });
  expect(lines).toEqual([
    'Kustomization fleet/apps on prod',
    'failed: suspended; no such; file (INC-7 nodes), not in Git (capstan)',
    'generation 7 is not observed yet, only 6, by its controller',
    'suspended with spec.suspend, by capstan, 60 min ago, because: INC-7 nodes',
    'owned by ResourceSet all',
    '',
    'Conditions',
    '  Ready  False  2 h  BuildFailed: no such; file',
    '',
    'Timeline',
    '  5 min   !  BuildFailed  x12  no such file (kustomize-controller)',
    '  60 min     Updated           capstan: spec.suspend',
    '  2 h        Ready False       BuildFailed',
    '',
    'Changed by',
    '  capstan  Update  60 min  spec.suspend',
  ]);
});

test('events that cannot be read are said, and many are counted', () => {
  const page = (events: readonly ObjectEvent[] | string) =>
    pageLines({ context: 'prod', raw, object: trim(raw)!, events, now });
  expect(page('not read: events is forbidden')).toContain('  events not read: events is forbidden');
  expect(page(Array.from({ length: 30 }, () => event({})))).toContain('  and 7 more');
});

test('events are aligned; columns that are empty are left out', () => {
  expect(
    eventLines([event({ type: 'Normal', count: 1, reason: 'Pulled' }), event({ type: 'Normal', count: 1 })], now),
  ).toEqual([
    '5 min  Pulled       no such file (kustomize-controller)',
    '5 min  BuildFailed  no such file (kustomize-controller)',
  ]);
});

test('what is wrong with an object stands on its page, also where only its pods tell', () => {
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', uid: 'w', generation: 1 },
    spec: { replicas: 2 },
    status: { observedGeneration: 1, replicas: 2, updatedReplicas: 2, unavailableReplicas: 2 },
  };
  const trouble = {
    state: 'failed',
    headline: 'image web:2 cannot be pulled',
    next: 'Correct the image’s name.',
    sentence: 'image web:2 cannot be pulled: not found\nin the registry',
  } as const;
  const page = (given?: typeof trouble) =>
    pageLines({ context: 'prod', raw: deployment, object: trim(deployment)!, events: [], now, trouble: given });
  expect(page()[1]).toMatch(/^progressing: /);
  expect(page()).not.toContain('What is wrong');
  const lines = page(trouble);
  expect(lines[1]).toMatch(/^failed: image web:2 cannot be pulled, 0\/2/);
  const at = lines.indexOf('What is wrong');
  expect(lines.slice(at + 1, at + 3)).toEqual([
    '  image web:2 cannot be pulled: not found in the registry',
    '    Correct the image’s name.',
  ]);
});
