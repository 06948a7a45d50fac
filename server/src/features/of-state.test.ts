import { expect, test } from 'vitest';
import { testCatalog } from '../fixture.ts';
import { Workspace } from '../workspace/workspace.ts';
import { OfState } from './of-state.ts';

const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';

function counted() {
  const workspace = new Workspace(testCatalog);
  const [placed] = workspace.put('a.yaml', text).documents;
  const values = new OfState<number>();
  let computed = 0;
  const ask = (given: unknown = 'given', meanwhile = () => {}) =>
    values.of(workspace, placed!.document, [given], () => {
      meanwhile();
      computed += 1;
      return computed;
    });
  return { workspace, ask };
}

test('a value is computed once for a state of the workspace', () => {
  const { ask } = counted();
  expect([ask(), ask(), ask('other'), ask('other')]).toEqual([1, 1, 2, 2]);
});

test.each<[string, (workspace: Workspace) => void]>([
  ['another file was edited', (workspace) => void workspace.put('b.yaml', text)],
  ['it has read all files', (workspace) => void (workspace.isWhole = false)],
  ['versions of clusters are known', (workspace) => workspace.detected(() => ({ kubernetes: '1.35' }))],
  ['versions are asked for', (workspace) => workspace.ask({ kubernetes: '1.35' })],
  ['charts were fetched', (workspace) => workspace.changedCharts()],
])('it is computed again when %s', (_when, change) => {
  const { workspace, ask } = counted();
  ask();
  change(workspace);
  expect([ask(), ask()]).toEqual([2, 2]);
});

test('a value that changed the state while it was computed is computed again', () => {
  const { workspace, ask } = counted();
  ask('given', () => workspace.changedCharts());
  expect([ask(), ask()]).toEqual([2, 2]);
});
