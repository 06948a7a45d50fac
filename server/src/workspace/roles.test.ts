import { describe, expect, test } from 'vitest';
import { diagnose } from '../features/diagnostics.ts';
import { fixture } from '../features/fixture.ts';

/** The rules of the findings in a file beside `others`. */
function rulesIn(path: string, text: string, others: readonly string[] = []): readonly string[] {
  const beside = others.map((one) => `# file: ${one}\na: 1\n`).join('');
  const { workspace } = fixture(`${beside}# file: ${path}\n${text}`);
  return [...new Set(diagnose(workspace, path).map(({ rule }) => rule))];
}

const part = () => 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n';

describe('the files of a test', () => {
  const chainsaw = ['e2e/chainsaw-test.yaml'];

  test('are parts of objects beside a test of Chainsaw, whatever their name', () => {
    expect(rulesIn('e2e/ready.yaml', part())).toEqual(['schema/required']);
    expect(rulesIn('e2e/ready.yaml', part(), chainsaw)).toEqual([]);
    expect(rulesIn('e2e/web.yaml', part().replace('web', '($name)'), chainsaw)).toEqual([]);
    expect(rulesIn('e2e/web.yaml', part().replace('web', '($name)'))).toContain('schema/name');
    expect(rulesIn('e2e/other/ready.yaml', part(), chainsaw)).toEqual(['schema/required']);
  });

  test('of kuttl are named by step and kind of comparison', () => {
    expect(rulesIn('e2e/00-assert.yaml', part())).toEqual([]);
    expect(rulesIn('e2e/01-errors.yaml', part())).toEqual([]);
    expect(rulesIn('e2e/01-install.yaml', part())).toEqual(['schema/required']);
  });

  test('are whole objects where a kustomization lists them', () => {
    const listed = ['e2e/chainsaw-test.yaml'];
    const { workspace } = fixture(
      `# file: ${listed[0]}\na: 1\n# file: e2e/kustomization.yaml\nresources: [a.yaml]\n# file: e2e/a.yaml\n${part()}`,
    );
    expect(new Set(diagnose(workspace, 'e2e/a.yaml').map(({ rule }) => rule))).toEqual(new Set(['schema/required']));
  });
});
