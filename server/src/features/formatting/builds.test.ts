// What kustomize makes of a whole fleet is the same before and after formatting, to the byte.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diskFiles } from '../../disk/reader.ts';
import { testCatalog } from '../../fixture.ts';
import { folderOf } from '../../kustomize/paths.ts';
import { printObjects } from '../../kustomize/print.ts';
import { Builds } from '../../workspace/builds.ts';
import { Workspace } from '../../workspace/workspace.ts';
import { edited } from '../fixture.ts';
import { format } from './formatting.ts';

const fleet = join(import.meta.dirname, '../../../../examples/fleet');

test('the builds of the example fleet stay the same', { timeout: 120_000 }, () => {
  const workspace = new Workspace(testCatalog, diskFiles(fleet, 1_000_000));
  const paths = readdirSync(fleet, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml'));
  workspace.list(readdirSync(fleet, { recursive: true, encoding: 'utf8' }));
  for (const path of paths) workspace.put(path, readFileSync(join(fleet, path), 'utf8'));
  const folders = paths.filter((path) => path.endsWith('kustomization.yaml')).map(folderOf);
  const built = () => {
    const builds = new Builds(workspace);
    return folders.map((folder) => printObjects(builds.of(folder).objects));
  };
  const before = built();
  expect(before.filter((text) => text !== '').length).toBeGreaterThan(8);
  let changed = 0;
  for (const path of paths) {
    const text = workspace.file(path)!.text;
    const after = edited(text, format(workspace, path, { step: 4 }));
    if (after !== text) changed += 1;
    workspace.put(path, after);
  }
  expect(changed).toBeGreaterThan(paths.length / 2);
  expect(built()).toEqual(before);
});
