// Documents that are read when something asks for them answer every question as if they had been read at once.
import { expect, test } from 'vitest';
import { testCatalog } from '../fixture.ts';
import type { GroupKind } from '../kube/identity.ts';
import { isRead } from './document.ts';
import { factsOf, mayDecide } from './facts.ts';
import type { Index } from './index.ts';
import { Workspace } from './workspace.ts';

const meta = (name: string) => `metadata:\n  name: ${name}\n`;
const pod = (name: string, of: string) =>
  `apiVersion: v1\nkind: Pod\n${meta(name)}spec:\n  containers:\n    - name: a\n      image: a\n      envFrom:\n        - secretRef:\n            name: ${of}\n`;

const texts = [
  `apiVersion: v1\nkind: Secret\n${meta('a')}`,
  `apiVersion: v1\nkind: Secret\n${meta("'a'")}`,
  // The same name and the same kind, as nobody would find by searching for them.
  'apiVersion: v1\nkind: "Se\\x63ret"\nmetadata:\n  name: "\\x61"\n',
  `apiVersion: v1\nkind: Secret\n${meta("'it''s'")}`,
  'apiVersion: v1\nkind: Secret\nmetadata:\n  name: two\n    words\n',
  'apiVersion: v1\nkind: &kind Secret\nmetadata: {name: *kind}\n',
  `apiVersion: v1\nkind: List\nitems:\n  - {apiVersion: v1, kind: Secret, metadata: {name: a}}\n`,
  pod('b', 'a'),
  pod('c', "'it''s'"),
  pod('d', "'${x}-a'"),
  `apiVersion: v1\nkind: Secret\n${meta('${x}-a')}`,
  // In a file that isn't named like a kustomization.
  'kind: Kustomization\nsecretGenerator:\n  - name: a\n    literals: [x=y]\n',
  `apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\n${meta('s')}spec:\n  resources:\n    - apiVersion: v1\n      kind: Secret\n      metadata:\n        name: a\n`,
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n${meta('k')}spec:\n  path: ./apps\n`,
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n${meta('h')}spec:\n  values:\n    instance:\n      sync:\n        path: apps\n`,
  `apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\n${meta('flux')}spec:\n  sync:\n    path: apps\n`,
  'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n  group: a\n  names:\n    kind: B\n',
  'kind: [',
  '',
];
const paths = ['a.yaml', 'x/a.yaml', 'x/b.yaml', 'x/y/c.yaml'];
const kinds: readonly GroupKind[] = ['/Secret', '/Pod', 'fluxcd.controlplane.io/ResourceSet'];
const names = ['a', 'b', "it's", 'two words', 'Secret', '${x}-a', ''];

const questions: readonly ((index: Index, kind: GroupKind, name: string) => unknown)[] = [
  (index, kind, name) => index.definitions(kind, name).map(({ path, object, from }) => [path, object, from]),
  (index, kind, name) => index.uses(kind, name).map(({ by, use }) => [by.path, by.object, use]),
  (index, kind) => [...index.definitionsOf(kind)].map(({ path, name }) => `${path} ${name}`).sort(),
  (index, kind) => index.countOf(kind),
];

test('whatever is asked while files come, change and go is answered as if all of them had been read', () => {
  let seed = 5;
  const random = (below: number) => {
    seed = (seed * 16807) % 2147483647;
    return seed % below;
  };
  let unread = 0;
  let answers = 0;
  for (let round = 0; round < 60; round += 1) {
    const workspace = new Workspace(testCatalog);
    const whole = new Workspace(testCatalog);
    for (let step = 0; step < 25; step += 1) {
      const path = paths[random(paths.length)]!;
      const text = Array.from({ length: random(4) }, () => texts[random(texts.length)]!).join('---\n');
      const isRemoved = random(5) === 0;
      for (const one of [workspace, whole]) {
        if (isRemoved) one.remove(path);
        else one.put(path, text);
      }
      for (const _ of whole.readRest());
      unread += [...workspace.files()].filter(({ documents }) => documents.some((one) => !isRead(one.document))).length;
      if (random(3) > 0) continue;
      const ask = questions[random(questions.length)]!;
      const [kind, name] = [kinds[random(kinds.length)]!, names[random(names.length)]!];
      const answer = ask(workspace.index, kind, name);
      expect(answer).toEqual(ask(whole.index, kind, name));
      if (Array.isArray(answer) && answer.length > 0) answers += 1;
    }
  }
  expect(unread).toBeGreaterThan(500);
  expect(answers).toBeGreaterThan(50);
});

test('a document is read when the index is asked for a name in its text, and not for another', () => {
  const workspace = new Workspace(testCatalog);
  const file = workspace.put('a.yaml', `${texts[0]}---\n${pod('b', 'c')}`);
  const state = () => file.documents.map(({ document }) => isRead(document));
  expect(state()).toEqual([false, false]);
  workspace.index.definitions('/Secret', 'other');
  expect(state()).toEqual([false, false]);
  expect(workspace.index.uses('/Secret', 'c')).toHaveLength(1);
  expect(state()).toEqual([true, true]);
});

test('of many documents, no question reads more than some, and many questions read all of them', () => {
  const workspace = new Workspace(testCatalog);
  const files = Array.from({ length: 1000 }, (_, at) => workspace.put(`${at}.yaml`, `kind: A\nname: a${at}\n`));
  const countRead = () => files.filter(({ documents }) => isRead(documents[0]!.document)).length;
  let before = 0;
  for (let asked = 0; countRead() < files.length; asked += 1) {
    expect(asked).toBeLessThan(100);
    workspace.index.definitions('/Secret', `no-${asked}`);
    expect(countRead() - before).toBeLessThan(300);
    before = countRead();
  }
  expect(before).toBe(files.length);
});

test.each(texts.map((text) => [text]))('what may decide what other files mean is read at once: %j', (text) => {
  const { objects, embedded, generated, deliveries } = factsOf(text);
  if (deliveries.length + generated.length > 0 || objects.some(({ defines }) => defines)) {
    expect(mayDecide(text)).toBe(true);
    return;
  }
  if (mayDecide(text)) return;
  for (const { gvk, name = '', uses } of [...objects, ...embedded])
    for (const word of [gvk.kind, name, ...uses.map((use) => use.name)])
      if (!/[\s']/.test(word)) expect(text).toContain(word);
});
