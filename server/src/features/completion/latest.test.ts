// What is kept from letter to letter is what would be found again, and is found only once.
import { beforeEach, expect, test, vi } from 'vitest';
import { testCatalog, yaml } from '../../fixture.ts';
import { judgeAssumed } from '../../validation/judge.ts';
import { Workspace } from '../../workspace/workspace.ts';
import { cursorAt } from '../cursor.ts';
import { deployment, release } from '../fixture.ts';
import { complete } from './completion.ts';

vi.mock(import('../../validation/judge.ts'), { spy: true });

beforeEach(() => {
  vi.mocked(judgeAssumed).mockClear();
});

const other = (more: string) => yaml`
  ${release}
  spec:
    interval: 10m
  ${more}
`;

/** A source, and the beginning of a word that is offered there. */
const places: readonly (readonly [string, string, string])[] = [
  ['a key of a custom resource', `${release}spec:\n  interval: 10m\n  $0\n`, 'sus'],
  ['a key of a built-in kind', `${deployment}spec:\n  template:\n    spec:\n      containers:\n        - $0\n`, 'ima'],
  ['a key above others', `${release}$0\nspec:\n  interval: 10m\n`, 'met'],
  ['a value', `${deployment}spec:\n  strategy:\n    type: $0\n`, 'Rec'],
  ['a label', `${deployment}  labels:\n    $0\nspec: {selector: {matchLabels: {app: a}}}\n`, 'app'],
  ['a kind', `apiVersion: v1\nkind: $0\n`, 'Con'],
  ['an object', `$0\n`, 'Hel'],
];

/** What is offered once the word is typed, letter by letter with a list for each. */
function typed(workspace: Workspace, source: string, word: string): readonly string[][] {
  const at = source.indexOf('$0');
  return Array.from({ length: word.length + 1 }, (_, letters) => {
    workspace.put('a.yaml', source.replace('$0', word.slice(0, letters)));
    return itemsAt(workspace, at + letters);
  });
}

function itemsAt(workspace: Workspace, offset: number): string[] {
  return complete(cursorAt(workspace, 'a.yaml', offset)!).map((item) =>
    JSON.stringify({ ...item, documentation: item.documentation?.() }),
  );
}

function openWith(more: string): Workspace {
  const workspace = new Workspace(testCatalog);
  workspace.put('b.yaml', other(more));
  return workspace;
}

test.each(places)('%s: the same items as without the letters before', (_name, source, known) => {
  const workspace = openWith('');
  for (const word of [known, 'suspend', '"na']) {
    const lists = typed(workspace, source, word);
    for (const [letters, list] of lists.entries()) {
      const fresh = openWith('');
      fresh.put('a.yaml', source.replace('$0', word.slice(0, letters)));
      expect(list).toEqual(itemsAt(fresh, source.indexOf('$0') + letters));
    }
  }
});

test('what another file or another document of the file tells changes the items', () => {
  const source = `${release}spec:\n  interval: 10m\n  $0\n`;
  const at = source.indexOf('$0');
  const workspace = openWith('');
  const [before] = typed(workspace, source, '');
  workspace.put('b.yaml', other('  timeout: 1m'));
  const [after] = typed(workspace, source, '');
  expect(after).not.toEqual(before);
  const fresh = openWith('  timeout: 1m');
  fresh.put('a.yaml', source.replace('$0', ''));
  expect(after).toEqual(itemsAt(fresh, at));
  workspace.put('a.yaml', `${source.replace('$0', '')}---\n${other('  suspend: true')}`);
  expect(itemsAt(workspace, at)).not.toEqual(after);
});

test('a CRD that comes or goes changes the items', () => {
  const source = `apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: a\nspec:\n  $0\n`;
  const crd = (field: string) => yaml`
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: things.example.com}
    spec:
      group: example.com
      scope: Namespaced
      names: {plural: things, kind: Thing}
      versions:
        - name: v1
          served: true
          storage: true
          schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {${field}: {type: string}}}}}}
  `;
  const workspace = new Workspace(testCatalog);
  workspace.put('crd.yaml', crd('first'));
  expect(typed(workspace, source, '').join()).toContain('first');
  workspace.put('crd.yaml', crd('second'));
  expect(typed(workspace, source, '').join()).toContain('second');
});

test('nothing is tried again for the next letters of a word', () => {
  for (const [, source, word] of [places[0]!, places[1]!, places[3]!]) {
    const workspace = openWith('');
    typed(workspace, source, '');
    const tried = vi.mocked(judgeAssumed).mock.calls.length;
    expect(tried).toBeGreaterThan(0);
    typed(workspace, source, word);
    expect([source, vi.mocked(judgeAssumed).mock.calls.length]).toEqual([source, tried]);
    vi.mocked(judgeAssumed).mockClear();
  }
});
