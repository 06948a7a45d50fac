// Compares our builds with those of kustomize in kubectl: the same objects for the example fleet and for one kustomization
// per feature, and a problem wherever kustomize refuses.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalogOnDisk } from '../../server/src/disk/catalog.ts';
import { apiVersionOf } from '../../server/src/kube/identity.ts';
import { build } from '../../server/src/kustomize/build.ts';
import type { BuildFiles } from '../../server/src/kustomize/build-files.ts';
import { builtValue } from '../../server/src/kustomize/built.ts';
import { buildFilesOf, textsOf } from '../../server/src/kustomize/fixture.ts';
import type { BuiltObject } from '../../server/src/kustomize/objects.ts';
import { printObjects } from '../../server/src/kustomize/print.ts';
import { parseManifest } from '../../server/src/syntax/manifest.ts';
import { splitDocuments } from '../../server/src/syntax/split.ts';
import type { Value } from '../../server/src/syntax/tree.ts';
import { isObject, toValue } from '../../server/src/syntax/value.ts';
import { fleet, fleetFiles, isKustomizationFile } from '../fleet/repositories.ts';
import { missingPrograms, program, provide } from '../testbed/cache.ts';
import { runProgram } from '../testbed/controlplane.ts';
import { fixtures } from './build/fixtures.ts';

const missing = missingPrograms('kubernetes', ['kubectl']);
if (missing.length > 0) console.log(`skipped, not built: kubectl (\`${provide('kubernetes')}\`)`);

const { bundled } = catalogOnDisk({});
const schemaOf: Parameters<typeof build>[2]['schemaOf'] = (gvk) => {
  const known = bundled.lookup(gvk);
  return known?.builtin ? known.schema : undefined;
};

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'capstan-build-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The objects parsed from our printed YAML, to check the printer as well. */
function printed(objects: readonly BuiltObject[]): Outcome {
  return { objects: byTitle(valuesIn(printObjects(objects))) };
}

function valuesIn(text: string): readonly Value[] {
  return splitDocuments(text).flatMap((document): Value[] => {
    const { root: node } = parseManifest(document.text);
    return node ? [toValue(node)] : [];
  });
}

async function kubectl(folder: string): Promise<Outcome> {
  const { code, stdout, stderr } = await runProgram(program('kubernetes', 'kubectl'), ['kustomize', folder]);
  if (code !== 0) return { refusal: stderr.replaceAll(root, '') };
  return { objects: byTitle(valuesIn(stdout)) };
}

type Outcome = { readonly objects: ReadonlyMap<string, Value> } | { readonly refusal: string };

function byTitle(values: readonly Value[]): ReadonlyMap<string, Value> {
  const titled = values.filter(isObject).map((object) => [titleOf(object), object] as const);
  return new Map(titled.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function titleOf(object: { readonly [key: string]: Value }): string {
  const { name, namespace } = isObject(object.metadata) ? object.metadata : {};
  return [object.apiVersion, object.kind, namespace, name].map(String).join(' ');
}

describe.skipIf(missing.length > 0)('fixtures', () => {
  test.each(fixtures.map((fixture) => [fixture.name, fixture] as const))('%s', async (name, { files, refused }) => {
    const folder = join(root, name.replace(/\W+/g, '-'));
    for (const [path, text] of textsOf(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const theirs = await kubectl(join(folder, 'app'));
    const { objects, problems, incomplete } = build('app', buildFilesOf(files), { schemaOf });
    expect(incomplete).toEqual([]);
    if (refused === undefined) {
      expect(problems).toEqual([]);
      expect(theirs).toEqual({ objects: byTitle(objects.map(({ value }) => builtValue(value))) });
      expect(theirs).toEqual(printed(objects));
    } else {
      expect(theirs).toHaveProperty('refusal');
      expect(problems.map(({ reason }) => reason.kind)).toContain(refused);
    }
  });
});

describe.skipIf(missing.length > 0)('built-in kinds', () => {
  const kinds = bundled.kinds().filter(({ builtin }) => builtin);

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
    const ours = build('', buildFilesOf(files), { schemaOf });
    expect(ours.problems).toEqual([]);
    expect(kinds.length).toBeGreaterThan(60);
    expect(await kubectl(folder)).toEqual(printed(ours.objects));
  });
});

describe.skipIf(missing.length > 0)('the example fleet', () => {
  const paths = fleetFiles();
  const source = paths.map((path) => `# file: ${path}\n${readFileSync(join(fleet, path), 'utf8')}`).join('\n');
  const files: BuildFiles = buildFilesOf(source);
  const folders = paths.filter(isKustomizationFile).map((path) => dirname(path));

  test.each(folders)('%s', async (folder) => {
    const theirs = await kubectl(join(fleet, folder));
    const { objects, problems, incomplete } = build(folder, files, { schemaOf });
    expect(problems).toEqual([]);
    if (incomplete.length > 0) return;
    expect(theirs).toEqual({ objects: byTitle(objects.map(({ value }) => builtValue(value))) });
    expect(theirs).toEqual(printed(objects));
  });

  test('is built completely except for the fields that are not supported yet', () => {
    const incomplete = folders.flatMap((folder) => build(folder, files, { schemaOf }).incomplete);
    expect(new Set(incomplete)).toEqual(new Set(['configMapGenerator', 'labels', 'nameSuffix']));
  });
});
