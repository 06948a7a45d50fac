// The extension bundle must contain neither client-node nor undici: loading undici replaces the dispatcher of `fetch` for
// every extension in the process.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const harmful = /node_modules\/(@kubernetes\/client-node|undici)\//;

test('the extension bundle contains neither client-node nor undici', () => {
  // Built here, so that the list can't be out of date.
  execFileSync(process.execPath, [join(root, 'scripts/bundle.ts'), '--only', 'extension'], { stdio: 'pipe' });
  const inputs: readonly string[] = JSON.parse(readFileSync(join(root, 'dist/extension.js.inputs.json'), 'utf8'));
  expect(inputs).toContain('client/src/extension.ts');
  expect(inputs.filter((input) => harmful.test(input))).toEqual([]);
});

test('the check detects both packages', async () => {
  const { metafile } = await build({
    stdin: { contents: `import '@kubernetes/client-node'`, resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    write: false,
    metafile: true,
  });
  const found = Object.keys(metafile.inputs).filter((input) => harmful.test(input));
  expect(found.some((input) => input.includes('client-node'))).toBe(true);
  expect(found.some((input) => input.includes('undici'))).toBe(true);
});
