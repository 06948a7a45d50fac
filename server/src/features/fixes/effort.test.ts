// What a request for fixes reads is bounded, however often a broken text must be read to judge it.
import { expect, test } from 'vitest';
import { testCatalog } from '../../fixture.ts';
import { readFromNow } from '../../syntax/tokens.ts';
import { Workspace } from '../../workspace/workspace.ts';
import { diagnose } from '../diagnostics.ts';
import { codeActions } from './code-action.ts';

const many = (text: string) => text.repeat(Math.ceil(16_000 / text.length));

test.each([
  ['kustomization.yaml', `? b: >-\n # x\n*a- name: a\n  literals: [a=b]\n${many('- path: a.yaml\n')}`],
  ['a.yaml', `apiVersion: v1\nkind: Pod\nspec: a: b\n${many('  - name: a\n')}`],
  ['a.yaml', `apiVersion: v1\nkind: Pod\nspec: {\n${many('  a: b: c\n')}`],
  ['a.yaml', `apiVersion: v1\nkind: Pod\nspec:\n${many('  a: "\n b: x\n\tc\n')}`],
])('in %s, a text like %.60j', (path, text) => {
  const workspace = new Workspace(testCatalog);
  workspace.put(path, text);
  diagnose(workspace, path);
  const read = readFromNow();
  codeActions(workspace, path, 0, text.length);
  // The last of the texts that are judged may still be read in all the ways there are to recover it.
  expect(read()).toBeLessThan(400_000 + 200_000 + 10 * text.length);
});
