// The rows that a tree view has requested: one node object per row id while the row exists, the subscriptions, and the
// nodes to refresh after a change. Independent of VS Code, so that it can be tested alone.
import type { Row, RowId } from '../../../server/src/protocol.ts';

export interface Node {
  readonly id: RowId;
  row: Row;
  parent: Node | undefined;
  /** As last received; undefined until first requested. */
  children: readonly Node[] | undefined;
  /** Its children were requested and it was not collapsed since. Unchanged while an ancestor is collapsed. */
  expanded: boolean;
  /** The server reports changes of the children. */
  subscribed: boolean;
}

export interface RowSource {
  rows(id: RowId | undefined): Promise<readonly Row[]>;
  /** null is the top level. */
  release(ids: readonly (RowId | null)[]): void;
}

/** Refreshes the nodes and their descendants; undefined is the whole tree. */
export type Repaint = (nodes: readonly Node[] | undefined) => void;

/** Minimum time between two refreshes, in milliseconds. More frequent ones would make inline actions hard to click. */
const repaintGap = 200;

export class RowTree {
  readonly #source: RowSource;
  readonly #repaint: Repaint;
  readonly #nodes = new Map<RowId, Node>();
  #root: readonly Node[] | undefined;
  #subscribed = false;
  #visible = true;
  readonly #stale = new Set<RowId | null>();
  #running: Promise<void> | undefined;

  constructor(source: RowSource, repaint: Repaint) {
    this.#source = source;
    this.#repaint = repaint;
  }

  /** Whether the top level was received and has a row. */
  get hasAny(): boolean {
    return (this.#root?.length ?? 0) > 0;
  }

  /** The node of a row that was requested. */
  node(id: RowId): Node | undefined {
    return this.#nodes.get(id);
  }

  /** The children of a node: cached while subscribed, otherwise requested. */
  async children(parent?: Node): Promise<readonly Node[]> {
    if (parent === undefined) {
      if (this.#root === undefined || !this.#subscribed) await this.#load(undefined);
      return this.#root ?? [];
    }
    parent.expanded = true;
    if (parent.children === undefined || !parent.subscribed) await this.#load(parent);
    return parent.children ?? [];
  }

  /** The server reported changes of the children of these rows; null is the root. */
  changed(ids: readonly (RowId | null)[]): void {
    for (const id of ids) {
      const known = id === null ? this.#subscribed : this.#nodes.get(id)?.subscribed;
      if (known) this.#stale.add(id);
    }
    this.#refresh();
  }

  expand(node: Node): void {
    node.expanded = true;
    if (node.children === undefined) return;
    for (const below of expandedFrom(node)) if (!below.subscribed) this.#stale.add(below.id);
    this.#refresh();
  }

  collapse(node: Node): void {
    node.expanded = false;
    this.#release([node]);
  }

  /** Releases all subscriptions when the view is hidden; requests expanded rows when it reappears. */
  setVisible(visible: boolean): void {
    if (visible === this.#visible) return;
    this.#visible = visible;
    if (visible) this.resume();
    else {
      this.#release(this.#root ?? []);
      this.#releaseRoot();
    }
  }

  /** Requests all expanded rows again after the server restarts or the view reappears; current rows remain visible. */
  resume(): void {
    if (!this.#visible) return;
    if (this.#root === undefined) {
      this.#repaint(undefined);
      return;
    }
    this.#stale.add(null);
    for (const node of this.#root.flatMap(expandedFrom)) this.#stale.add(node.id);
    this.#refresh();
  }

  /** Discards all rows, after a change of kubeconfig or loss of trust. */
  clear(): void {
    this.#release(this.#root ?? []);
    this.#nodes.clear();
    this.#root = undefined;
    this.#stale.clear();
    this.#repaint(undefined);
  }

  /** The node at the end of the path from the top, or the last one that exists; rows of further pages are searched. */
  async reach(path: readonly RowId[]): Promise<Node | undefined> {
    let reached: Node | undefined;
    for (const id of path) {
      let below = await this.children(reached);
      let next = below.find((node) => node.id === id);
      for (let more = below.at(-1); next === undefined && more?.id.includes('+'); more = below.at(-1)) {
        below = await this.children(more);
        next = below.find((node) => node.id === id);
      }
      if (next === undefined) break;
      reached = next;
    }
    return reached;
  }

  #refresh(): void {
    this.#running ??= this.#drain().finally(() => {
      this.#running = undefined;
    });
  }

  async #drain(): Promise<void> {
    while (this.#stale.size > 0) {
      const ids = [...this.#stale];
      this.#stale.clear();
      const changes = await Promise.allSettled(
        ids.map((id) => (id === null ? this.#load(undefined) : this.#reload(this.#nodes.get(id)))),
      );
      const dirty = changes.flatMap((change) => (change.status === 'fulfilled' ? change.value : []));
      if (dirty.includes(null)) this.#repaint(undefined);
      else if (dirty.length > 0) this.#repaint(topmost(dirty as readonly Node[]));
      await new Promise((done) => setTimeout(done, repaintGap));
    }
  }

  async #reload(node: Node | undefined): Promise<readonly (Node | null)[]> {
    return node?.expanded ? this.#load(node) : [];
  }

  /** Requests the children of a node. Returns the nodes to refresh: changed children, or the parent (null is the root). */
  async #load(parent: Node | undefined): Promise<readonly (Node | null)[]> {
    // Set before the response arrives: otherwise a change that is reported in between would be lost.
    const subscribed = parent?.subscribed ?? false;
    if (parent === undefined) this.#subscribed = true;
    else parent.subscribed = true;
    const rows = await this.#source.rows(parent?.id).catch((error: unknown) => {
      if (parent !== undefined) parent.subscribed = subscribed;
      throw error;
    });
    const before = parent === undefined ? this.#root : parent.children;
    const dirty: Node[] = [];
    const after = rows.map((row) => {
      const node = this.#nodes.get(row.id);
      if (node === undefined) return this.#create(row, parent);
      if (!sameRow(node.row, row)) dirty.push(node);
      node.row = row;
      node.parent = parent;
      return node;
    });
    if (parent === undefined) {
      this.#root = after;
      if (!this.#visible) this.#releaseRoot();
    } else {
      parent.children = after;
      // Collapsed or hidden while the request was pending: end the subscription.
      if (!parent.expanded || !this.#visible) this.#release([parent]);
    }
    const kept = new Set(after);
    this.#forget((before ?? []).filter((node) => !kept.has(node) && node.parent === parent));
    const sameSet = before?.length === after.length && after.every((node, at) => node === before[at]);
    return sameSet ? dirty : [parent ?? null];
  }

  #create(row: Row, parent: Node | undefined): Node {
    const node: Node = { id: row.id, row, parent, children: undefined, expanded: false, subscribed: false };
    this.#nodes.set(row.id, node);
    return node;
  }

  #forget(nodes: readonly Node[]): void {
    this.#release(nodes);
    for (const node of nodes.flatMap(everythingFrom)) {
      if (this.#nodes.get(node.id) === node) this.#nodes.delete(node.id);
    }
  }

  #releaseRoot(): void {
    if (!this.#subscribed) return;
    this.#subscribed = false;
    this.#source.release([null]);
  }

  #release(nodes: readonly Node[]): void {
    const subscribed = nodes.flatMap(everythingFrom).filter((node) => node.subscribed);
    for (const node of subscribed) node.subscribed = false;
    if (subscribed.length > 0) this.#source.release(subscribed.map(({ id }) => id));
  }
}

/** The nodes without an ancestor in the list. */
export function topmost(nodes: readonly Node[]): readonly Node[] {
  const all = new Set(nodes);
  const covered = (node: Node): boolean => node.parent !== undefined && (all.has(node.parent) || covered(node.parent));
  return [...all].filter((node) => !covered(node));
}

function expandedFrom(node: Node): readonly Node[] {
  return node.expanded ? [node, ...(node.children ?? []).flatMap(expandedFrom)] : [];
}

function everythingFrom(node: Node): readonly Node[] {
  return [node, ...(node.children ?? []).flatMap(everythingFrom)];
}

function sameRow(a: Row, b: Row): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
