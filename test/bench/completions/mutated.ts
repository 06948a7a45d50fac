// Completion below a slip: a line above the cursor is broken as it is while somebody types it. Is the key at the cursor
// still offered?
import { complete } from '../../../server/src/features/completion/completion.ts';
import { cursorAt } from '../../../server/src/features/cursor.ts';
import type { Workspace } from '../../../server/src/workspace/workspace.ts';
import type { Random } from '../../live/verdict/random.ts';
import type { Subject } from './corpus.ts';
import { knownWordsOf, type Word } from './words.ts';

/** Each changes a line `key: value` or `key:`; undefined if it can't be, or if it would change where the cursor is. */
const slips: Readonly<Record<string, (line: Line) => string | undefined>> = {
  'key without its colon': ({ lead, key }) => `${lead}${key}`,
  'half a key': ({ lead, key, value }) => (value !== '' && key.length > 3 ? `${lead}${key.slice(0, 3)}` : undefined),
  'no space after the colon': ({ lead, key, value }) => (value === '' ? undefined : `${lead}${key}:${value}`),
  'open double quote': ({ lead, key, value }) =>
    value === '' ? undefined : `${lead}${key}: "${value.replaceAll('"', '')}`,
  'open single quote': ({ lead, key, value }) =>
    value === '' ? undefined : `${lead}${key}: '${value.replaceAll("'", '')}`,
  'open bracket': ({ lead, key, value }) => (value === '' ? undefined : `${lead}${key}: [${value}`),
  'open brace': ({ lead, key, value }) => (value === '' ? undefined : `${lead}${key}: {a: ${value}`),
  'tab before the key': ({ lead, key, value }) => `${lead}\t${key}: ${value}`,
  'duplicate key': ({ lead, key, value }) =>
    value === '' || lead.includes('-') ? undefined : `${lead}${key}: ${value}\n${lead}${key}: ${value}`,
  'value with a colon': ({ lead, key, value }) => (value === '' ? undefined : `${lead}${key}: a: ${value}`),
  'indented by one more': ({ lead, key, value }) => (value === '' ? undefined : `${lead} ${key}: ${value}`),
};

interface Line {
  readonly lead: string;
  readonly key: string;
  readonly value: string;
}

export interface Slip {
  readonly slip: string;
  readonly below: boolean;
  readonly subject: Subject;
  readonly word: Word;
  readonly offered: boolean;
  /** The slip and the cursor's line. */
  readonly where: string;
}

/** One place of a document with every slip; places at which the key isn't offered without a slip are skipped. */
export function mutated(workspace: Workspace, subject: Subject, random: Random): readonly Slip[] {
  const original = workspace.file(subject.path)!.text;
  const words = knownWordsOf(workspace, subject).filter(({ as, known }) => as === 'key' && known === 'schema');
  const outcomes = words.length === 0 ? [] : slipsAbove(workspace, subject, original, random.pick(words), random);
  workspace.put(subject.path, original);
  return outcomes;
}

function slipsAbove(
  workspace: Workspace,
  subject: Subject,
  original: string,
  word: Word,
  random: Random,
): readonly Slip[] {
  const start = subject.start + word.start;
  const lineStart = original.lastIndexOf('\n', start - 1) + 1;
  const lines = original.slice(subject.start, lineStart).split('\n').slice(0, -1);
  // Any of the last lines above; apiVersion and kind are needed to know the schema.
  const candidates = [...lines.keys()].slice(-5).filter((at) => {
    const line = parsed(lines[at]!);
    return line && !/^(?:apiVersion|kind)$/.test(line.key);
  });
  if (candidates.length === 0) return [];
  const at = random.pick(candidates);
  const isOffered = (above: string, below: boolean) => {
    const lead = original.slice(lineStart, start) + word.name.slice(0, 2);
    const text = `${original.slice(0, subject.start)}${above}${lead}`;
    workspace.put(subject.path, below ? text + original.slice(subject.start + word.entryEnd) : text);
    const cursor = cursorAt(workspace, subject.path, text.length);
    return cursor !== undefined && complete(cursor).some(({ label }) => label === word.name);
  };
  const join = (all: readonly string[]) => all.map((line) => `${line}\n`).join('');
  return [false, true].flatMap((below) => {
    if (!isOffered(join(lines), below)) return [];
    return Object.entries(slips).flatMap(([slip, change]): readonly Slip[] => {
      const changed = change(parsed(lines[at]!)!);
      if (changed === undefined) return [];
      const offered = isOffered(join(lines.toSpliced(at, 1, changed)), below);
      const where = `${changed} … ${word.path.join('.')}`;
      return [{ slip, below, subject, word, offered, where }];
    });
  });
}

function parsed(line: string): Line | undefined {
  const [, lead, key, value] = /^( *(?:- +)*)([\w./-]+):(?: +([^\s|>&*!{[#"'][^#]*))?$/.exec(line) ?? [];
  return lead === undefined || key === undefined ? undefined : { lead, key, value: value ?? '' };
}
