// While someone types, the findings of the edited document are found anew, and the others are kept where they are.
import { expect, test, vi } from 'vitest';
import { yaml } from '../fixture.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { appliedVerdict } from './applied-findings.ts';
import { diagnose } from './diagnostics.ts';
import { fixture } from './fixture.ts';
import { findingsAtRest, findingsWhileTyping } from './latest-findings.ts';

vi.mock(import('./applied-findings.ts'), { spy: true });

const config = (name: string, value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  key: ${value}\n`;

const deployment = yaml`
  apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: web
  spec:
    selector: { matchLabels: { app: web } }
    template:
      metadata: { labels: { app: web } }
      spec:
        containers:
          - name: web
`;

const rulesAndTexts = (workspace: Workspace, path: string, find: typeof diagnose) =>
  find(workspace, path).map(
    ({ rule, start, end }) => `${rule} ${workspace.file(path)?.text.slice(start, end)} ${start}`,
  );

test('where nothing else has a say, they are all findings, at every letter of any edit', () => {
  const { workspace } = fixture(`${config('a', '1')}---\n${config('b', 'x')}---\n${config('c', '2')}`);
  const path = [...workspace.files()][0]!.path;
  findingsAtRest(workspace, path);
  const { text } = workspace.file(path)!;
  for (const put of ['zzz: 1\n', '---\n', '---\napiVersion: v1\n', '  nested: {a: b}\n', ': ', '\t', '[', '']) {
    for (let at = 0; at <= text.length; at += 7) {
      for (const remove of [0, 9, 60]) {
        workspace.put(path, text.slice(0, at) + put + text.slice(at + remove));
        const found = rulesAndTexts(workspace, path, findingsWhileTyping);
        expect(found, JSON.stringify([put, at, remove])).toEqual(rulesAndTexts(workspace, path, diagnose));
      }
    }
  }
});

test('what a patch supplies is not missing, and findings of clusters move with the text', () => {
  const { workspace } = fixture(yaml`
    # file: app/web.yaml
    ${deployment}    zzz: 1
    # file: app/kustomization.yaml
    resources: [web.yaml]
    patches:
      - patch: |
          apiVersion: apps/v1
          kind: Deployment
          metadata: { name: web }
          spec: { template: { spec: { containers: [{ name: web, image: web }] } } }
  `);
  const path = 'app/web.yaml';
  const before = findingsAtRest(workspace, path).map(({ rule }) => rule);
  expect(before).toEqual(['schema/unknown-field']);
  const { text } = workspace.file(path)!;
  vi.mocked(appliedVerdict).mockClear();
  workspace.put(path, text.replace('name: web', 'name: web\n  zz: 1'));
  expect(rulesAndTexts(workspace, path, findingsWhileTyping).map((one) => one.replace(/ \d+$/, ''))).toEqual([
    'schema/unknown-field zz',
    'schema/unknown-field zzz',
  ]);
  expect(appliedVerdict).not.toHaveBeenCalled();
  findingsAtRest(workspace, path);
  expect(appliedVerdict).toHaveBeenCalled();
});

test('the first findings of a file are without what a patch could supply, and need nothing of the fleet', () => {
  const { workspace } = fixture(yaml`
    # file: app/web.yaml
    ${deployment}    zzz: 1
    # file: app/kustomization.yaml
    resources: [web.yaml]
  `);
  vi.mocked(appliedVerdict).mockClear();
  const first = findingsWhileTyping(workspace, 'app/web.yaml').map(({ rule }) => rule);
  expect(first).toEqual(['schema/unknown-field']);
  expect(appliedVerdict).not.toHaveBeenCalled();
  const all = findingsAtRest(workspace, 'app/web.yaml').map(({ rule }) => rule);
  expect(all).toEqual(['schema/required', 'schema/unknown-field']);
});

test('a finding that is not of the text is kept where it is, and goes when its place is edited', () => {
  const { workspace } = fixture(yaml`
    # file: kustomization.yaml
    resources:
      - none.yaml
    namespace: a
  `);
  const path = 'kustomization.yaml';
  expect(findingsAtRest(workspace, path).map(({ rule }) => rule)).toEqual(['kustomize/build']);
  const { text } = workspace.file(path)!;
  workspace.put(path, `namePrefix: b\n${text}`);
  expect(rulesAndTexts(workspace, path, findingsWhileTyping)).toEqual([
    `kustomize/build none.yaml ${`namePrefix: b\n${text}`.indexOf('none')}`,
  ]);
  workspace.put(path, text.replace('none.yaml', 'nothing.yaml'));
  expect(findingsWhileTyping(workspace, path)).toEqual([]);
});
