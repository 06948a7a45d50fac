// Completion items of a text inside a document, at their places in that document.
import type { TextEdit } from '../../syntax/finding.ts';
import type { Completion } from '../completion/item.ts';
import type { Inside } from '../cursor.ts';

/** Without those that would have to be escaped: only the text of a literal is in the document verbatim. */
export function itemsOutside(items: readonly Completion[], inside: Inside): readonly Completion[] {
  const { column } = inside;
  const fitting = column === undefined ? items.filter(isVerbatim) : items;
  return fitting.map((item) => ({
    ...item,
    insert: indented(item.insert, column ?? 0),
    start: inside.place(item.start),
    end: inside.place(item.end),
    ...(item.additional && { additional: item.additional.map((edit) => editOutside(edit, inside)) }),
  }));
}

export function editOutside(edit: TextEdit, { place, column }: Pick<Inside, 'place' | 'column'>): TextEdit {
  return { start: place(edit.start), end: place(edit.end), text: indented(edit.text, column ?? 0) };
}

function isVerbatim({ insert, additional }: Completion): boolean {
  return !/[\n"'\\]/.test(insert) && additional === undefined;
}

/** Lines that begin in the text begin at its column; blank ones stay empty. */
function indented(text: string, column: number): string {
  return text.replace(/\n(?!\r?\n|$)/g, `\n${' '.repeat(column)}`);
}
