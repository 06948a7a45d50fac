// Compares our builds with those of kustomize: the same objects for the example fleet and for one kustomization
// per feature, and a problem wherever kustomize refuses.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiVersionOf } from '../../server/src/kube/identity.ts';
import { build } from '../../server/src/kustomize/build.ts';
import type { Origin } from '../../server/src/kustomize/built.ts';
import { buildFilesOf, textsOf } from '../../server/src/kustomize/fixture.ts';
import { fleet, fleetFiles, isKustomizationFile } from '../fleet/repositories.ts';
import { missingPrograms, provide } from '../testbed/cache.ts';
import { diskBuildFiles } from './build/disk-files.ts';
import { fixtures } from './build/fixtures.ts';
import { built, kinds, kustomize, printed } from './build/outcome.ts';

const missing = missingPrograms('kustomize');
if (missing.length > 0) console.log(`skipped, not built: kustomize (\`${provide('kustomize')}\`)`);

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'capstan-build-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.skipIf(missing.length > 0)('fixtures', () => {
  test.each(fixtures.map((fixture) => [fixture.name, fixture] as const))('%s', async (name, { files, refused, at }) => {
    const folder = join(root, name.replace(/\W+/g, '-'));
    for (const [path, text] of textsOf(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const theirs = await kustomize(join(folder, 'app'));
    const { objects, problems, incomplete } = build('app', buildFilesOf(files));
    expect(incomplete).toEqual([]);
    if (refused === undefined) {
      expect(problems).toEqual([]);
      expect(theirs).toEqual(built(objects));
      expect(theirs).toEqual(printed(objects));
    } else {
      expect(theirs).toHaveProperty('refusal');
      expect(problems.map(({ reason }) => reason.kind)).toContain(refused);
      const problem = problems.find(({ reason }) => reason.kind === refused);
      if (at !== undefined && problem) expect(lineOf(files, problem.origin)).toContain(at);
    }
  });
});

/** The line in which an origin starts. */
function lineOf(files: string, { source, start }: Origin): string {
  const text = textsOf(files).get(source.file) ?? '';
  const at = source.start + start;
  return text.slice(text.lastIndexOf('\n', at - 1) + 1).split('\n')[0]!;
}

describe.skipIf(missing.length > 0)('built-in kinds', () => {
  test('have the scope that kustomize knows', async () => {
    const folder = join(root, 'kinds');
    mkdirSync(folder);
    const objects = kinds.map(({ gvk }, index) => {
      return `apiVersion: ${apiVersionOf(gvk)}\nkind: ${gvk.kind}\nmetadata: { name: k${index} }\n`;
    });
    const kustomization = 'resources: [kinds.yaml]\nnamespace: shop\n';
    writeFileSync(join(folder, 'kinds.yaml'), objects.join('---\n'));
    writeFileSync(join(folder, 'kustomization.yaml'), kustomization);
    const files = `# file: kustomization.yaml\n${kustomization}# file: kinds.yaml\n${objects.join('---\n')}`;
    const ours = build('', buildFilesOf(files));
    expect(ours.problems).toEqual([]);
    expect(kinds.length).toBeGreaterThan(60);
    expect(await kustomize(folder)).toEqual(printed(ours.objects));
  });
});

describe.skipIf(missing.length > 0)('the example fleet', () => {
  const paths = fleetFiles();
  const files = diskBuildFiles(fleet);
  const folders = paths.filter(isKustomizationFile).map((path) => dirname(path));

  test.each(folders)('%s', async (folder) => {
    const theirs = await kustomize(join(fleet, folder));
    const { objects, problems, incomplete } = build(folder, files);
    expect(problems).toEqual([]);
    expect(incomplete).toEqual([]);
    expect(theirs).toEqual(built(objects));
    expect(theirs).toEqual(printed(objects));
  });
});
