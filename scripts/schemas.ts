// Generates `server/schemas`, the API facts (never the prose) of the releases Capstan knows, and NOTICE, their list.
//
//   npm run schemas                        the releases of schemas/sources.ts again, from their Go modules
//   npm run schemas -- --crds DIR          as well those of DIR, which holds a folder RELEASE@VERSION of CRD files each
//   npm run schemas -- --check             changes nothing; exit 1 where the tree isn't what would be generated
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { indexKey, releaseId, type SchemaIndex } from '../server/src/schema/stored.ts';
import { folderFiles, fromFolders, fromModules, readReleases } from './schemas/generate.ts';
import { noticeText } from './schemas/notice.ts';

const target = join(import.meta.dirname, '../server/schemas');
const { values: args } = parseArgs({ options: { crds: { type: 'string' }, check: { type: 'boolean' } } });

const modules = await fromModules();
const folders = args.crds ? fromFolders(args.crds) : undefined;
for (const [release, why] of modules.unobtainable) console.error(`${release} stays as it is: ${why}`);
for (const problem of [...modules.problems, ...(folders?.problems ?? [])]) console.error(problem);

const present = readReleases(target);
const made = [...modules.releases, ...(folders?.releases ?? [])];
const files = folderFiles([...made, ...present]);
if (args.check) {
  const before = folderFiles(present);
  const changed = [...new Set([...files.keys(), ...before.keys()])].filter((key) => files.get(key) !== before.get(key));
  for (const key of changed) console.log(key);
  process.exitCode = changed.length > 0 ? 1 : 0;
} else {
  for (const { release } of made) rmSync(join(target, releaseId(release)), { recursive: true, force: true });
  for (const [key, content] of files) {
    const file = join(target, key);
    mkdirSync(dirname(file), { recursive: true });
    if (!sameFile(file, content)) writeFileSync(file, content);
  }
  const { releases } = JSON.parse(files.get(indexKey)!) as SchemaIndex;
  writeFileSync(join(import.meta.dirname, '../NOTICE'), noticeText(releases));
  const size = [...files.values()].reduce((sum, content) => sum + content.length, 0);
  console.log(
    `${made.length} releases generated; server/schemas has ${files.size} files, ${Math.round(size / 1024)} KiB`,
  );
}

function sameFile(file: string, content: string): boolean {
  try {
    return readFileSync(file, 'utf8') === content;
  } catch {
    return false;
  }
}
