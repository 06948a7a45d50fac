// Names of Flux's variables after `${`: those of the Kustomizations that apply the file, with their values.
import type { Cursor } from '../cursor.ts';
import { type VariableValue, variablesFor } from '../variables.ts';
import { type Completion, escapeSnippet } from './item.ts';

/** Undefined if no variable is being written. */
export function variableItems({
  workspace,
  path,
  document: { text },
  offset,
}: Cursor): readonly Completion[] | undefined {
  const before = /(?<!\$)(?:\$\$)*\$\{(\w*)$/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset));
  if (!before) return undefined;
  const start = offset - before[1]!.length;
  const [word = ''] = /^\w*/.exec(text.slice(offset, offset + mostLetters))!;
  const end = offset + word.length;
  // An expression that goes on after the name, as `${NAME:=default}` does, is closed there.
  const close = /^[ \t]*(?:[}:#%^,/=+-]|\[)/.test(text.slice(end, end + 2)) ? '' : '}';
  const items = [...variablesFor(workspace, path)].map(
    ([name, values]): Completion => ({
      ...{ label: name, kind: 'value', detail: detailOf(values), sort: name },
      ...{ insert: escapeSnippet(name + close), start, end },
    }),
  );
  return items.length === 0 ? undefined : items;
}

/** Longer names aren't replaced to their end. */
const mostLetters = 200;

/** The distinct values; those of Secrets aren't shown. */
function detailOf(values: readonly VariableValue[]): string {
  const shown = new Set(
    values.map(({ value, isSecret }) => (isSecret ? 'from a Secret' : value === undefined ? 'unknown' : value)),
  );
  const [first = '', ...others] = shown;
  const line = first.length > mostShown ? `${first.slice(0, mostShown)}…` : first === '' ? 'empty' : first;
  return others.length === 0 ? line : `${line} and ${others.length} other ${others.length === 1 ? 'value' : 'values'}`;
}

const mostShown = 60;
