import { describe, expect, test } from 'vitest';
import { yaml } from '../../fixture.ts';
import type { TextEdit } from '../../syntax/finding.ts';
import { diagnose } from '../diagnostics.ts';
import { edited, fixture } from '../fixture.ts';
import { fixAll, type Wanted } from './fix-all.ts';

function fixed(source: string, wanted: Wanted): { readonly edits: readonly TextEdit[]; readonly after: string } {
  const { workspace, path, text } = fixture(source);
  let edits: readonly TextEdit[] = [];
  for (const _ of fixAll(workspace, path, wanted, (found) => (edits = found)));
  return { edits, after: edited(text, edits) };
}

const cluster = yaml`
  apiVersion: cluster.x-k8s.io/v1beta2
  kind: Cluster
  metadata:
    name: a
  spec:
    topology:
      class: std
      version: v1.34.0
      workers:
        machineDeployments:
          - class: worker
            name: md
            nodeDrainTimeout: 10m
            nodeDeletionTimeout: 10s
`;

test('fixes that write the same map are applied one after the other', () => {
  const { after } = fixed(cluster, {});
  expect(after).toContain(
    '          deletion:\n            nodeDrainTimeoutSeconds: 600\n            nodeDeletionTimeoutSeconds: 10\n',
  );
  const { workspace } = fixture(after);
  expect(diagnose(workspace, 'a.yaml')).toEqual([]);
});

const data = yaml`
  apiVersion: v1
  kind: ConfigMap
  metadata: {name: a, nme: b}
  data: {a: 1, b: true}
`;

describe('of one rule, or all that are certain', () => {
  test('each value is an edit of its own', () => {
    const { edits, after } = fixed(`${data}---\n${data}`, { rule: 'schema/type' });
    const right = data.replace('a: 1, b: true', 'a: "1", b: "true"');
    expect(after).toBe(`${right}---\n${right}`);
    expect(edits).toHaveLength(4);
  });

  test('nothing is removed or chosen for the author', () => {
    const pod =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a, unknown: b}\nspec:\n  containers: [{name: a, image: b}]\n  restartPolicy: Nver\n';
    expect(fixed(pod, {}).after).toBe(pod);
  });
});
