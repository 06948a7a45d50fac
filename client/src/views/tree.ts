// A view's tree: renders the rows of the cluster server and subscribes only to visible rows.
import * as vscode from 'vscode';
import type { Grouping, RowId, Summary, ViewId } from '../../../server/src/protocol.ts';
import type { ClusterServer } from '../cluster.ts';
import { accessibleLabelOf, contextValueOf, lookOf } from './rows.ts';
import { type Node, type Repaint, RowTree } from './rowTree.ts';
import { type Empty, problemsId, type View, viewId, views } from './view.ts';

interface Tree extends vscode.Disposable {
  readonly rows: RowTree;
  /** Expands a context's row as soon as it has children. */
  readonly unfold: (context: string) => void;
  readonly reveal: (path: readonly RowId[]) => Promise<void>;
  /** The selected node; the first of several. */
  readonly selected: Node | undefined;
  readonly filter: string;
  /** Shows only the rows that fit, flat; an empty query shows all. */
  readonly setFilter: (query: string) => Promise<void>;
  readonly grouping: Grouping | undefined;
  readonly setGrouping: (by: Grouping | undefined) => Promise<void>;
}

/** The trees of all views. */
export interface Trees extends vscode.Disposable {
  /** The tree of contexts. */
  readonly main: Tree;
  readonly of: (view: ViewId) => Tree;
  /** Requests all expanded rows again. */
  readonly resume: () => void;
  /** Discards all rows. */
  readonly clear: () => void;
}

export function createTrees(cluster: ClusterServer): Trees {
  const trees = new Map(views.map((view) => [view.id, createTree(cluster, view)]));
  const all = [...trees.values()];
  const main = trees.get('clusters')!;
  return {
    main,
    of: (view) => trees.get(view)!,
    resume: () => {
      for (const { rows } of all) rows.resume();
    },
    clear: () => {
      for (const { rows } of all) rows.clear();
    },
    dispose: () => vscode.Disposable.from(...all).dispose(),
  };
}

const noneOpen = 'No context is open. Capstan connects only to open contexts.';

/** Sends no request before the view is first visible. */
function createTree(cluster: ClusterServer, { id, vscodeId }: View): Tree {
  const repainted = new vscode.EventEmitter<Node[] | undefined>();

  const unfolding = new Set<string>();
  const unfold = async () => {
    if (!view.visible || unfolding.size === 0) return;
    for (const node of await rows.children()) {
      if (node.row.branch && unfolding.delete(node.row.context)) {
        await view.reveal(node, { select: true, focus: false, expand: true });
      }
    }
  };
  const repaint: Repaint = (nodes) => {
    repainted.fire(nodes === undefined ? undefined : [...nodes]);
    unfold().catch(() => unfolding.clear());
  };
  const rows = new RowTree(cluster.rowsOf(id), repaint);
  let summary: Summary | undefined;
  let filter = '';
  let grouping: Grouping | undefined;
  const isArranged = () => filter !== '' || grouping !== undefined;
  /** A server that is asked for the first time has no arrangement to change. */
  const sendArrangement = async () => {
    if (isArranged() || cluster.opened.size > 0) {
      await cluster.request('filter', { view: id, query: filter });
      await cluster.request('group', { view: id, by: grouping ?? null });
    }
    rows.resume();
  };
  const arrange = async () => {
    view.description = [filter, grouping === undefined ? '' : `by ${grouping}`].filter(Boolean).join(', ');
    await sendArrangement();
    showWhy();
  };
  /** The context key selects the welcome text in package.json for an empty tree; the message says what is no fault. */
  const showWhy = () => {
    const none = cluster.opened.size === 0;
    if (vscodeId === viewId && !isArranged()) {
      view.message = none && rows.hasAny ? noneOpen : '';
    } else {
      view.message =
        none || rows.hasAny
          ? ''
          : filter === ''
            ? (emptyWords(id, summary) ?? '')
            : `No row fits the filter “${filter}”.`;
      if (vscodeId !== viewId) setEmpty(vscodeId, none ? 'noneOpen' : undefined);
    }
  };
  const top = async (): Promise<readonly Node[]> => {
    if (!vscode.workspace.isTrusted) return [];
    try {
      // Of no open context there is nothing to ask, so that no server is started for it.
      const nodes = vscodeId !== viewId && cluster.opened.size === 0 ? [] : await rows.children();
      if (vscodeId === viewId) setEmpty(vscodeId, nodes.length === 0 && !isArranged() ? 'noContexts' : undefined);
      showWhy();
      return nodes;
    } catch (error) {
      setEmpty(vscodeId, 'failed');
      throw error;
    }
  };
  const provider: vscode.TreeDataProvider<Node> = {
    onDidChangeTreeData: repainted.event,
    getTreeItem: itemOf,
    getParent: (node) => node.parent,
    getChildren: async (node) => [...(node === undefined ? await top() : await rows.children(node))],
    resolveTreeItem: (item, node) => {
      item.tooltip = tooltipOf(node);
      return item;
    },
  };
  const view = vscode.window.createTreeView(vscodeId, {
    treeDataProvider: provider,
    showCollapseAll: true,
    canSelectMany: true,
  });
  const parts = [
    repainted,
    view,
    view.onDidExpandElement(({ element }) => rows.expand(element)),
    view.onDidCollapseElement(({ element }) => rows.collapse(element)),
    view.onDidChangeVisibility(({ visible }) => rows.setVisible(visible)),
    cluster.onChanged(({ view: changed, ids }) => changed === id && rows.changed(ids)),
    // A server that was restarted knows no arrangement.
    cluster.onReady(() => (isArranged() ? void sendArrangement().catch(() => rows.resume()) : rows.resume())),
    cluster.onOpenedChange(() => {
      showWhy();
      if (vscodeId !== viewId) rows.resume();
    }),
    cluster.onSummary((now) => {
      summary = now;
      showWhy();
      if (vscodeId !== problemsId) return;
      const { count, sentence } = summary?.problems ?? { count: 0, sentence: '' };
      view.badge = count > 0 ? { value: count, tooltip: sentence } : undefined;
    }),
  ];
  return {
    rows,
    unfold: (context) => {
      unfolding.add(context);
      void unfold();
    },
    get filter() {
      return filter;
    },
    setFilter: (query) => {
      filter = query;
      return arrange();
    },
    get grouping() {
      return grouping;
    },
    setGrouping: (by) => {
      grouping = by;
      return arrange();
    },
    get selected() {
      return view.selection[0];
    },
    reveal: async (path) => {
      await vscode.commands.executeCommand(`${vscodeId}.focus`);
      // A row has its place only in the view's own arrangement.
      if (isArranged()) {
        [filter, grouping] = ['', undefined];
        await arrange();
      }
      const node = await rows.reach(path);
      if (node !== undefined) await view.reveal(node, { select: true, focus: true });
    },
    dispose: () => vscode.Disposable.from(...parts).dispose(),
  };
}

/** Why a view has no rows although contexts are open. */
function emptyWords(view: ViewId, summary: Summary | undefined): string | undefined {
  if (view === 'problems') return summary?.problems.sentence;
  if (summary?.state === 'busy') return 'Connecting.';
  if (view === 'workloads') return 'No open context serves workloads.';
  if (view === 'delivery') return 'Flux is not installed in any open context.';
  return 'No open context is connected.';
}

function setEmpty(vscodeId: string, why: Empty | undefined): void {
  void vscode.commands.executeCommand('setContext', `${vscodeId}.empty`, why);
}

function itemOf(node: Node): vscode.TreeItem {
  const { row } = node;
  const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(row.label, row.branch ? (node.expanded ? Expanded : Collapsed) : None);
  item.id = row.id;
  item.description = row.description;
  item.contextValue = contextValueOf(row);
  item.accessibilityInformation = { label: accessibleLabelOf(row) };
  const { icon, color } = lookOf(row);
  if (icon !== undefined) {
    item.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
  }
  // A click opens a leaf and expands a branch; a branch's object is available as an inline action.
  if (!row.branch && row.actions.includes('showObject')) {
    item.command = { command: 'capstan.showObject', title: 'Show Live Object', arguments: [node] };
  }
  return item;
}

/** Its text from the cluster is escaped where the tooltip is made; command links and HTML stay disabled too. */
function tooltipOf({ row }: Node): vscode.MarkdownString | undefined {
  return row.tooltip === '' ? undefined : new vscode.MarkdownString(row.tooltip);
}
