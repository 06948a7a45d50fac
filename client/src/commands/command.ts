// The type of a command: its implementation and everything that VS Code declares for it. scripts/contributes.ts generates
// package.json's `contributes` from the list, so that a command is added in one file.
import type { RowAction } from '../../../server/src/protocol.ts';
import type { App } from '../app.ts';
import type { Node } from '../views/rowTree.ts';
import { ofOurViews, viewId } from '../views/view.ts';

/** Enablement of commands that connect to clusters. */
export const trusted = 'isWorkspaceTrusted';

export interface Command {
  /** Without the prefix `capstan.`. */
  readonly id: string;
  readonly title: string;
  /** Codicon; required if the command is an inline action or in a view's title. */
  readonly icon?: string;
  readonly menus: readonly Menu[];
  /** When the command is enabled; otherwise it is visible but disabled. */
  readonly enablement?: string;
  /** When the palette shows it; absent: always. From the palette, commands that need a row let the user pick one. */
  readonly palette?: string;
  /** `node`: the row it was run on; `selection`: all selected rows, if there are several. */
  readonly run: (app: App, node?: Node, selection?: readonly Node[]) => Promise<void>;
}

export interface Menu {
  readonly menu: 'view/title' | 'view/item/context' | 'editor/context' | 'editor/title';
  readonly when: string;
  readonly group: string;
}

/** Menus for every row that offers the action: in the context menu's group and, with `inline`, as an icon on the row. */
export function onRows(action: RowAction, group: string, inline?: number): readonly Menu[] {
  const when = `${ofOurViews} && viewItem =~ /;${action};/`;
  const menu = 'view/item/context';
  return [{ menu, when, group }, ...(inline === undefined ? [] : [{ menu, when, group: `inline@${inline}` } as const])];
}

/** In the context menu of manifests. */
export function onManifests(group: string): readonly Menu[] {
  return [{ menu: 'editor/context', when: 'editorLangId == yaml && resourceScheme == file', group }];
}

/** In the title of documents of live objects. */
export function onObjects(group: string): readonly Menu[] {
  return [{ menu: 'editor/title', when: 'resourceScheme =~ /^capstan-(object|rollout|edit|log)$/', group }];
}

export function onTitle(group: string, when?: string): readonly Menu[] {
  const view = `view == ${viewId}`;
  return [{ menu: 'view/title', when: when === undefined ? view : `${view} && ${when}`, group }];
}

/** In the titles of all views. */
export function onTitles(group: string, when: string): readonly Menu[] {
  return [{ menu: 'view/title', when: `${ofOurViews} && ${when}`, group }];
}

/** The rows to run on that offer the action: the selection if the clicked row is part of it, else the clicked row. */
export function rowsOf(action: RowAction, node: Node | undefined, selection: readonly Node[] | undefined) {
  const nodes = node === undefined ? [] : (selection?.includes(node) ?? false) ? selection! : [node];
  return nodes.map(({ row }) => row).filter(({ actions }) => actions.includes(action));
}
