// Generates `server/schemas`, the API facts (never the prose) of the bundled releases, and NOTICE, the list of releases.
//
//   npm run schemas                        regenerates the releases of schemas/sources.ts from their Go modules
//   npm run schemas -- --crds DIR          also those of DIR, which contains a folder RELEASE@VERSION of CRD files for each
//   npm run schemas -- --check             writes nothing; exits 1 if the tree differs from the generated files
//   npm run schemas -- --newer             writes nothing; prints which releases are newer than the bundled ones, and their changes;
//                                          exits 1 if the versions of a project aren't known
//   npm run schemas -- --descriptions OUT  writes a folder to use instead of `server/schemas`: the same facts, with the
//                                          descriptions of modules under the Apache license, for hover; not to commit
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { indexKey, releaseId, type SchemaIndex } from '../server/src/schema/stored.ts';
import { folderFiles, fromFolders, fromModules, keptBeside, readReleases } from './schemas/generate.ts';
import { changesOf, newerReleases } from './schemas/newer.ts';
import { noticeText } from './schemas/notice.ts';

const tree = join(import.meta.dirname, '../server/schemas');
const notice = join(import.meta.dirname, '../NOTICE');
const { values: args } = parseArgs({
  options: {
    crds: { type: 'string' },
    check: { type: 'boolean' },
    newer: { type: 'boolean' },
    descriptions: { type: 'string' },
  },
});

const present = readReleases(tree);
if (args.newer) {
  process.exit((await printNewer()) ? 0 : 1);
}
const modules = await fromModules(args.descriptions === undefined ? 'drop' : 'keep');
const folders = args.crds === undefined ? undefined : fromFolders(args.crds);
for (const [release, why] of modules.unobtainable) console.error(`${release} is left unchanged: ${why}`);
for (const problem of [...modules.problems, ...(folders?.problems ?? [])]) console.error(problem);
const made = [...modules.releases, ...(folders?.releases ?? [])];
const kept = keptBeside(made, present);
const files = folderFiles([...made, ...kept]);

if (args.check) {
  const before = folderFiles(present);
  const changed = [...new Set([...files.keys(), ...before.keys()])].filter((key) => files.get(key) !== before.get(key));
  for (const key of changed) console.log(key);
  process.exitCode = changed.length > 0 ? 1 : 0;
} else if (args.descriptions !== undefined) {
  write(args.descriptions, files);
  copyFileSync(notice, join(args.descriptions, 'NOTICE'));
  copyFileSync(join(import.meta.dirname, '../LICENSE'), join(args.descriptions, 'LICENSE'));
} else {
  for (const { release } of [...made, ...present]) {
    if (!kept.some((one) => one.release === release))
      rmSync(join(tree, releaseId(release)), { recursive: true, force: true });
  }
  write(tree, files);
  writeFileSync(notice, noticeText((JSON.parse(files.get(indexKey)!) as SchemaIndex).releases));
}

/** False if something can't be told. */
async function printNewer(): Promise<boolean> {
  const { newer, unknown } = await newerReleases(present);
  for (const [name, why] of unknown) console.error(`${name}: not looked for: ${why}`);
  for (const one of newer) {
    const changes = await changesOf(one, present);
    console.log(`${one.name} ${one.from} → ${one.to}`);
    if (typeof changes === 'string') console.log(`  not read: ${changes}`);
    else for (const line of changes.length > 0 ? changes : ['no facts change']) console.log(`  ${line}`);
  }
  const missing = unknown.size === 0 ? '' : `, as far as is known: ${unknown.size} weren't looked for`;
  if (newer.length === 0) console.log(`Nothing is newer than what is bundled${missing}.`);
  return unknown.size === 0;
}

function write(folder: string, files: ReadonlyMap<string, string>): void {
  for (const [key, content] of files) {
    const file = join(folder, key);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  const size = [...files.values()].reduce((sum, content) => sum + content.length, 0);
  console.log(`${folder}: ${files.size} files, ${Math.round(size / 1024)} KiB; ${made.length} releases generated`);
}
