import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diagnose } from '../features/diagnostics.ts';
import { fixture } from '../features/fixture.ts';
import { testCatalog, yaml } from '../fixture.ts';
import { Workspace } from '../workspace/workspace.ts';

const kustomization = (name: string, path: string, dependsOn: string, namespace = 'flux-system') => `
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  interval: 10m
  prune: true
  path: ${path}
  sourceRef:
    kind: GitRepository
    name: fleet
  dependsOn: [${dependsOn}]
`;

/** What is reported of cycles, over all files. */
function cyclesIn(workspace: Workspace): readonly string[] {
  return [...workspace.files()].flatMap(({ path, text }) =>
    diagnose(workspace, path)
      .filter(({ rule }) => rule === 'reference/cycle')
      .map(({ start, end, message }) => `${path} ${text.slice(start, end)}: ${/: (.*?)\./.exec(message)![1]}`),
  );
}

test('the objects of a cycle are named in the order they wait, over files', () => {
  const { workspace } = fixture(`# file: a.yaml
${kustomization('a', './a', '{ name: b }')}
# file: b.yaml
${kustomization('b', './b', '{ name: free }, { name: c, namespace: other }')}
# file: c.yaml
${kustomization('c', './c', '{ name: a, namespace: flux-system }', 'other')}
# file: free.yaml
${kustomization('free', './free', '')}`);
  expect(cyclesIn(workspace)).toEqual([
    'a.yaml b: flux-system/a → flux-system/b → other/c → flux-system/a',
    'b.yaml c: flux-system/b → other/c → flux-system/a → flux-system/b',
    'c.yaml a: other/c → flux-system/a → flux-system/b → other/c',
  ]);
});

test('one that waits for itself', () => {
  const { workspace } = fixture(kustomization('a', './a', '{ name: a }'));
  expect(cyclesIn(workspace)).toEqual(['a.yaml a: flux-system/a → flux-system/a']);
});

test('what waits for a cycle is not in it', () => {
  const { workspace } = fixture(
    `${kustomization('a', './a', '{ name: b }')}---${kustomization('b', './b', '{ name: b }')}`,
  );
  expect(cyclesIn(workspace)).toEqual(['a.yaml b: flux-system/b → flux-system/b']);
});

test('steps in different clusters are no cycle', () => {
  const cluster = (name: string, afterB: string, afterD: string) => `
${kustomization('flux-system', `./clusters/${name}`, '')}
---
${kustomization('base', './base', '')}
---
${kustomization('b', './b', afterB)}
---
${kustomization('d', './d', afterD)}
`;
  // Both clusters have a and c of the base: one goes from a to c only, the other from c to a only.
  const { workspace } = fixture(`# file: clusters/one/sync.yaml
${cluster('one', '{ name: c }', '')}
# file: clusters/two/sync.yaml
${cluster('two', '', '{ name: a }')}
# file: base/base.yaml
${kustomization('a', './a', '{ name: b }')}
---
${kustomization('c', './c', '{ name: d }')}`);
  expect(cyclesIn(workspace)).toEqual([]);
  workspace.put('clusters/two/sync.yaml', cluster('two', '{ name: c }', '{ name: a }'));
  expect(cyclesIn(workspace)).toHaveLength(4);
});

test('names and namespaces are those that are applied', () => {
  const child = kustomization('b', './b', '{ name: x-a }').replace('  namespace: flux-system\n', '');
  const { workspace } = fixture(`# file: clusters/prod/sync.yaml
${kustomization('flux-system', './clusters/prod', '')}
# file: clusters/prod/kustomization.yaml
resources: [sync.yaml, ../../pair]
# file: pair/kustomization.yaml
resources: [a.yaml, b.yaml]
namespace: flux-system
namePrefix: x-
# file: pair/a.yaml
${kustomization('a', './a', '{ name: x-b }', 'other')}
# file: pair/b.yaml
${child}`);
  expect(cyclesIn(workspace)).toEqual([
    'pair/a.yaml x-b: flux-system/x-a → flux-system/x-b → flux-system/x-a',
    'pair/b.yaml x-a: flux-system/x-b → flux-system/x-a → flux-system/x-b',
  ]);
});

test('through the Kustomization that applies a dependency, or that waits for what it applies', () => {
  const fleet = (parent: string, child: string, wait = '') => `# file: clusters/prod/sync.yaml
${kustomization('flux-system', './clusters/prod', '')}
---
${kustomization('parent', './children', parent)}${wait}
# file: children/child.yaml
${kustomization('child', './a', child)}`;
  const found = (...files: Parameters<typeof fleet>) => cyclesIn(fixture(fleet(...files)).workspace);
  expect(found('', '{ name: parent }')).toEqual([]);
  expect(found('', '{ name: parent }', '  wait: true\n')).toEqual([
    'children/child.yaml parent: flux-system/child → flux-system/parent → flux-system/child (with wait: true, parent waits for child)',
  ]);
  expect(found('{ name: child }', '')).toEqual([
    'clusters/prod/sync.yaml child: flux-system/parent → flux-system/child → flux-system/parent (parent applies child)',
  ]);
  expect(found('', '{ name: parent }', '  wait: true\n  suspend: true\n')).toEqual([]);
  expect(found('', '{ name: parent, readyExpr: "true" }', '  wait: true\n')).toEqual([]);
});

test('what applies what it is applied by was created by hand', () => {
  const { workspace } = fixture(`# file: a/a.yaml
${kustomization('a', './b', '{ name: b }')}
# file: b/b.yaml
${kustomization('b', './a', '')}`);
  expect(cyclesIn(workspace)).toEqual([]);
});

test('what is too long to read is left alone, and ends', () => {
  const count = 400;
  const names = Array.from({ length: count }, (_, index) => `k${index}`);
  const files = names.map((name, index) => kustomization(name, './a', `{ name: k${(index + 1) % count} }`));
  const { workspace, path } = fixture(files.join('---\n'));
  expect(diagnose(workspace, path)).toEqual([]);
});

test('an edit elsewhere closes and opens the cycle', () => {
  const { workspace } = fixture(`# file: a.yaml
${kustomization('a', './a', '{ name: b }')}
# file: b.yaml
${kustomization('b', './b', '')}`);
  expect(cyclesIn(workspace)).toEqual([]);
  workspace.put('b.yaml', kustomization('b', './b', '{ name: a }'));
  expect(cyclesIn(workspace)).toHaveLength(2);
  workspace.put('b.yaml', kustomization('b', './b', '{ name: a }', 'other'));
  expect(cyclesIn(workspace)).toEqual([]);
});

test('a Kustomization that another one of its name replaced is there again once that has another name', () => {
  const workspace = new Workspace(testCatalog);
  workspace.put('x/one.yaml', kustomization('a', './y', ''));
  workspace.put('x/two.yaml', kustomization('a', './x', ''));
  workspace.put('y/a.yaml', kustomization('b', './z', ''));
  expect(cyclesIn(workspace)).toEqual([]);
  workspace.put('x/one.yaml', kustomization('c', './z', '{ name: c }'));
  expect(cyclesIn(workspace)).toEqual(['x/one.yaml c: flux-system/c → flux-system/c']);
});

test('after any sequence of edits the cycles are those of a fresh workspace', () => {
  const names = ['a', 'b', 'c'];
  const edit = fc.record({
    path: fc.constantFrom('x/one.yaml', 'x/two.yaml', 'y/one.yaml', 'y/kustomization.yaml'),
    text: fc.option(
      fc.oneof(
        fc
          .record({
            name: fc.constantFrom(...names),
            folder: fc.constantFrom('./x', './y', './z'),
            after: fc.constantFrom('', ...names.map((name) => `{ name: ${name} }`)),
          })
          .map(({ name, folder, after }) => kustomization(name, folder, after)),
        fc.constantFrom(
          yaml`
            resources: [one.yaml]
            namespace: other
          `,
          'resources: [../x/one.yaml]\n',
        ),
      ),
      { nil: undefined },
    ),
  });
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 14 }), (edits) => {
      const workspace = new Workspace(testCatalog);
      const now = new Map<string, string>();
      for (const { path, text } of edits) {
        if (text === undefined) workspace.remove(path);
        else workspace.put(path, text);
        if (text === undefined) now.delete(path);
        else now.set(path, text);
        cyclesIn(workspace);
      }
      const fresh = new Workspace(testCatalog);
      for (const [path, text] of now) fresh.put(path, text);
      expect([...cyclesIn(workspace)].sort()).toEqual([...cyclesIn(fresh)].sort());
    }),
    { numRuns: 200 },
  );
});
