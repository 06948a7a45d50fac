// The shape of a command: everything VS Code has to know of it, beside what it does. scripts/contributes.ts turns the
// list of them into package.json's `contributes`, so that a command is added in its own file and nowhere else.
import type { RowAction } from '../../../server/src/protocol.ts';
import type { App } from '../app.ts';
import type { Node } from '../views/rowTree.ts';
import { viewId } from '../views/view.ts';

/** Enablement of whatever talks to clusters. */
export const trusted = 'isWorkspaceTrusted';

export interface Command {
  /** Without the prefix `capstan.`. */
  readonly id: string;
  readonly title: string;
  /** Codicon, needed where the command is an inline action or in a view's title. */
  readonly icon?: string;
  readonly menus: readonly Menu[];
  /** When the command can run at all; it stays visible but grey otherwise. */
  readonly enablement?: string;
  /** When the palette offers it; absent: always. Commands that need a row ask for one there. */
  readonly palette?: string;
  /** `node`: the row it was called on; `selection`: every selected row, where there are several. */
  readonly run: (app: App, node?: Node, selection?: readonly Node[]) => Promise<void>;
}

export interface Menu {
  readonly menu: 'view/title' | 'view/item/context';
  readonly when: string;
  readonly group: string;
}

/** On every row that offers the action: in the context menu's group and, with `inline`, as an icon on the row. */
export function onRows(action: RowAction, group: string, inline?: number): readonly Menu[] {
  const when = `view == ${viewId} && viewItem =~ /;${action};/`;
  const menu = 'view/item/context';
  return [{ menu, when, group }, ...(inline === undefined ? [] : [{ menu, when, group: `inline@${inline}` } as const])];
}

export function onTitle(group: string, when?: string): readonly Menu[] {
  const view = `view == ${viewId}`;
  return [{ menu: 'view/title', when: when === undefined ? view : `${view} && ${when}`, group }];
}

/** The rows a call is about that offer the action: the selection if the clicked row is part of it, else that row. */
export function rowsOf(action: RowAction, node: Node | undefined, selection: readonly Node[] | undefined) {
  const nodes = node === undefined ? [] : (selection?.includes(node) ?? false) ? selection! : [node];
  return nodes.map(({ row }) => row).filter(({ actions }) => actions.includes(action));
}
