// What clusters get of an object counts as far as it is known: nothing is built while someone waits for suggestions.
import { expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import { buildsOf } from '../../workspace/fleets.ts';
import { diagnose } from '../diagnostics.ts';
import { cursorOf, fixture } from '../fixture.ts';
import { complete } from './completion.ts';

test('what an overlay changes counts when its build is known, which no suggestion waits for', () => {
  const at = fixture(yaml`
    # file: base/kustomization.yaml
    resources: [service.yaml]
    # file: base/service.yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: web
    spec:
      type: LoadBalancer
      $0
    # file: overlay/kustomization.yaml
    resources: [../base]
    patches:
      - patch: |
          apiVersion: v1
          kind: Service
          metadata: {name: web}
          spec: {type: NodePort}
  `);
  const suggested = () => complete(cursorOf(at)).map(({ label }) => label);
  expect(suggested()).toContain('allocateLoadBalancerNodePorts');
  expect(buildsOf(at.workspace).latest('overlay')).toBeUndefined();
  diagnose(at.workspace, at.path);
  // Another text, so that nothing is kept of the answer before.
  at.workspace.put(at.path, `${at.text.trimEnd()}\n  selector: {app: web}\n`);
  const after = complete(cursorOf({ ...at, offset: at.workspace.file(at.path)!.text.indexOf('selector') }));
  const labels = after.map(({ label }) => label);
  expect(labels).toContain('externalTrafficPolicy');
  expect(labels).not.toContain('allocateLoadBalancerNodePorts');
});
