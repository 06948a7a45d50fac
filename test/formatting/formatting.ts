// `npm run formatting -- --from DIR`: formats the documents of real repositories and checks that each is the same to the
// `yaml` package afterwards (values, anchors, tags, comments), that a second run changes nothing, and that no document was
// given up on. Prints how many files changed, and the first failures; a failure fails the run.
//
//   --from DIR      a repository, or a folder of repositories; may be repeated
//   --documents N   stop after so many documents (20,000)
//   --step N        columns per level; without it, what most of the file has
//   --diff N        number of changed files to print as a diff (0), taken evenly
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { Lexer, parseAllDocuments } from 'yaml';
import { walk } from '../../server/src/disk/files.ts';
import { formatFile } from '../../server/src/features/formatting/formatting.ts';
import type { TextEdit } from '../../server/src/syntax/finding.ts';
import { parseManifest } from '../../server/src/syntax/manifest.ts';
import { readFile } from '../../server/src/workspace/document.ts';

const { values: options } = parseArgs({
  options: {
    from: { type: 'string', multiple: true, default: [] },
    documents: { type: 'string', default: '20000' },
    step: { type: 'string' },
    diff: { type: 'string', default: '0' },
  },
});

const wanted = Number(options.documents);
const tally = { files: 0, documents: 0, left: 0, unread: 0, changedFiles: 0, changedLines: 0, lines: 0 };
const failures: string[] = [];
const changed: { readonly path: string; readonly before: string; readonly after: string }[] = [];
let spent = 0;

for (const path of yamlFiles(options.from)) {
  if (tally.documents >= wanted) break;
  check(path, readFileSync(path, 'utf8'));
}

console.log(
  `${tally.documents} documents of ${tally.files} files, ${tally.lines} lines, formatted in ${Math.round(spent)} ms; ${tally.left} documents with findings, templates or encrypted, left as they are; ${tally.unread} that the yaml package doesn't read, compared by our parser only.`,
);
console.log(
  `${tally.changedFiles} files changed (${percent(tally.changedFiles, tally.files)}), ${tally.changedLines} lines (${percent(tally.changedLines, tally.lines)}).`,
);
console.log(`${failures.length} failures.`);
for (const failure of failures.slice(0, 20)) console.log(`  ${failure}`);
printDiffs(Number(options.diff));
process.exitCode = failures.length > 0 || tally.documents === 0 ? 1 : 0;

function* yamlFiles(folders: readonly string[]): Generator<string> {
  for (const folder of folders) for (const path of walk(folder)) if (/\.ya?ml$/.test(path)) yield join(folder, path);
}

function check(path: string, before: string): void {
  const file = readFile(path, before, undefined);
  if (file.unread) return;
  tally.files += 1;
  tally.lines += before.split('\n').length;
  tally.documents += file.documents.length;
  for (const { document } of file.documents) {
    const { findings, template, sops } = parseManifest(document.text);
    if (findings.length > 0 || template || sops) tally.left += 1;
  }
  const step = options.step === undefined ? stepOf(before) : Number(options.step);
  const from = performance.now();
  const edits = formatFile(file, { step, unverified: true });
  spent += performance.now() - from;
  const after = edited(before, edits);
  if (after !== before) {
    tally.changedFiles += 1;
    tally.changedLines += edits.length;
    changed.push({ path, before, after });
  }
  const verified = edited(before, formatFile(file, { step }));
  if (verified !== after) failures.push(`${path}: a document was given up on`);
  const again = formatFile(readFile(path, after, undefined), { step });
  if (again.length > 0) failures.push(`${path}: a second run changes line ${lineOf(after, again[0]!.start)}`);
  const problem = difference(before, after);
  if (problem) failures.push(`${path}: ${problem}`);
}

/** By the `yaml` package alone. */
function difference(before: string, after: string): string | undefined {
  if (before === after) return undefined;
  const [first, second] = [before, after].map((text) =>
    parseAllDocuments(text, { uniqueKeys: false, logLevel: 'silent' }),
  );
  if (!Array.isArray(first) || !Array.isArray(second)) return undefined;
  if (first.length !== second.length) return 'another number of documents';
  for (const [index, document] of first.entries()) {
    if (document.errors.length > 0) {
      tally.unread += 1;
      continue;
    }
    const other = second[index]!;
    if (other.errors.length > 0) return `document ${index + 1} isn't YAML any more: ${other.errors[0]!.message}`;
    if (!isDeepStrictEqual(jsOf(document), jsOf(other))) return `document ${index + 1} has another value`;
  }
  return isDeepStrictEqual(marksOf(before), marksOf(after)) ? undefined : 'other comments, anchors, aliases or tags';
}

function jsOf(document: ReturnType<typeof parseAllDocuments>[number]): unknown {
  try {
    return withPatchesRead(document.toJS({ maxAliasCount: -1 }));
  } catch (error) {
    return String(error);
  }
}

/** kustomize reads the patches of a kustomization, so that the white space in them means nothing; their comments count. */
function withPatchesRead(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || 'spec' in value) return value;
  const read: Record<string, unknown> = { ...value };
  for (const name of ['patches', 'patchesJson6902', 'patchesStrategicMerge']) {
    const entries = read[name];
    if (Array.isArray(entries)) read[name] = entries.map(patchRead);
  }
  return read;
}

function patchRead(entry: unknown): unknown {
  if (typeof entry === 'object' && entry !== null && 'patch' in entry)
    return { ...entry, patch: patchRead(entry.patch) };
  if (typeof entry !== 'string' || !entry.includes('\n')) return entry;
  const documents = parseAllDocuments(entry, { uniqueKeys: false, logLevel: 'silent' });
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return entry;
  return [documents.map(jsOf), marksOf(entry)];
}

function marksOf(text: string): readonly string[] {
  return [...new Lexer().lex(text)].flatMap((lexeme) => (/^[#&*!]/.test(lexeme) ? [lexeme.trimEnd()] : []));
}

/** Like an editor: the most frequent step from a line to a deeper one. */
function stepOf(text: string): number {
  const counts = new Map<number, number>();
  let above = 0;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const column = line.search(/\S/);
    const step = column - above;
    if (step > 1 && step <= 8) counts.set(step, (counts.get(step) ?? 0) + 1);
    above = column;
  }
  const [most] = [...counts].filter(([step]) => step % 2 === 0).toSorted(([, a], [, b]) => b - a);
  return most?.[0] ?? 2;
}

/** In time linear in the text: indentation by another step changes nearly every line. */
function edited(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const edit of edits) {
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  return parts.join('') + text.slice(at);
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
}

/** Only lines that differ; formatting removes lines but never adds or moves any. */
function printDiffs(count: number): void {
  const every = Math.max(1, Math.floor(changed.length / Math.max(1, count)));
  for (const { path, before, after } of changed
    .filter((_, index) => count > 0 && index % every === 0)
    .slice(0, count)) {
    console.log(`\n${path}`);
    const olds = before.split('\n');
    const news = after.split('\n');
    let at = 0;
    let shown = 0;
    for (const old of olds) {
      const isSame = old === news[at];
      const isBlank = old.trim() === '' && news[at]?.trim() !== '';
      if (!isSame && shown < 12) {
        console.log(`- ${JSON.stringify(old)}`);
        if (!isBlank) console.log(`+ ${JSON.stringify(news[at] ?? '')}`);
        shown += 1;
      }
      if (!isBlank) at += 1;
    }
  }
}
