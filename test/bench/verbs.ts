// `npm run bench:verbs`: measures the verbs of the editor in files of 1,000, 10,000 and 40,000 lines, as many documents and as
// one, in one process. A figure is the median CPU time of several runs, each after an edit of the file: other load on the
// machine doesn't change it much.
import { cursorAt } from '../../server/src/features/cursor.ts';
import { folds } from '../../server/src/features/folding.ts';
import { format } from '../../server/src/features/formatting/formatting.ts';
import { highlights } from '../../server/src/features/highlights.ts';
import { links } from '../../server/src/features/links.ts';
import { prepareRename } from '../../server/src/features/rename/rename.ts';
import { selections } from '../../server/src/features/selection.ts';
import { semanticTokens } from '../../server/src/features/semantic-tokens.ts';
import { documentSymbols } from '../../server/src/features/symbols.ts';
import { testCatalog } from '../../server/src/fixture.ts';
import { LineIndex } from '../../server/src/syntax/lines.ts';
import { Workspace } from '../../server/src/workspace/workspace.ts';
import { benchFile, hugeFile } from './documents.ts';

const runs = 9;
const sizes = [1000, 10_000, 40_000];

for (const [name, make] of [
  ['many documents', benchFile],
  ['one document', hugeFile],
] as const) {
  const rows = sizes.map((lines) => measure(make(lines).text));
  console.log(`\n${name}: CPU milliseconds at ${sizes.map((size) => size.toLocaleString('en')).join(', ')} lines`);
  for (const verb of Object.keys(rows[0]!))
    console.log(`  ${verb.padEnd(28)}${rows.map((row) => row[verb]!.toFixed(2).padStart(9)).join('')}`);
}

function measure(text: string): Readonly<Record<string, number>> {
  const workspace = new Workspace(testCatalog);
  // As little as a careful author leaves to do, and everything.
  const doubled = text.replace(/^ +/gm, (spaces) => spaces + spaces);
  const middle = text.indexOf('name: ', text.length / 2) + 'name: '.length;
  const at = () => cursorAt(workspace, 'a.yaml', middle)!;
  const verbs: Readonly<Record<string, () => unknown>> = {
    'format, nothing to do': () => format(workspace, 'a.yaml', { step: 2 }),
    'format a selection of 20 lines': () => format(workspace, 'a.yaml', { step: 4, span: { first: 500, last: 520 } }),
    'semantic tokens': () => semanticTokens(workspace, 'a.yaml'),
    'semantic tokens of 60 lines': () => semanticTokens(workspace, 'a.yaml', { start: middle, end: middle + 2000 }),
    folding: () => folds(workspace.file('a.yaml')!, new LineIndex(workspace.file('a.yaml')!.text)),
    links: () => links(workspace, 'a.yaml'),
    outline: () => documentSymbols(workspace.file('a.yaml')!),
    highlights: () => highlights(at()),
    'selection range': () => selections(at()),
    'prepare rename': () => prepareRename(at()),
  };
  const times = Object.entries(verbs).map(([name, verb]) => [name, median(workspace, text, verb)] as const);
  const whole = median(workspace, doubled, () => format(workspace, 'a.yaml', { step: 2 }));
  return { ...Object.fromEntries(times), 'format every line': whole };
}

/** Only the verb is measured, not the reading of the file. */
function median(workspace: Workspace, text: string, verb: () => unknown): number {
  const times = Array.from({ length: runs }, (_, run) => {
    workspace.put('a.yaml', `${text}# ${run}\n`);
    const from = process.cpuUsage();
    verb();
    const { user, system } = process.cpuUsage(from);
    return (user + system) / 1000;
  });
  return times.toSorted((a, b) => a - b)[Math.floor(runs / 2)]!;
}
