// Determines the clusters that each Flux Kustomization exists in: those of the Flux Kustomizations that apply its file, up
// to one that nothing applies, or that applies itself, as after a bootstrap.

/** `above` returns the Flux Kustomizations that apply the file of a node. */
export interface DeliveryGraph<D extends { readonly id: string }> {
  readonly nodes: readonly D[];
  above(node: D): readonly D[];
  /** The scopes of the objects that a Flux Kustomization applies, given the scopes it exists in. */
  delivered(node: D, homes: readonly string[]): readonly string[];
  /** The scopes of a Flux Kustomization that no other applies. */
  alone(node: D): readonly string[];
}

/**
 * Nodes that apply each other in a cycle are one entry point. Tarjan's algorithm completes a cycle after everything above
 * it, so the scopes above are known by then. It has an explicit stack, because chains may be of any length.
 */
export function homesOf<D extends { readonly id: string }>(graph: DeliveryGraph<D>): ReadonlyMap<D, readonly string[]> {
  const homes = new Map<D, readonly string[]>();
  const order = new Map<D, number>();
  const lowest = new Map<D, number>();
  const open: D[] = [];
  const enter = (node: D) => {
    order.set(node, order.size);
    lowest.set(node, order.get(node)!);
    open.push(node);
    return { node, above: graph.above(node), at: 0 };
  };
  const lower = (node: D, to: number) => lowest.set(node, Math.min(lowest.get(node)!, to));
  for (const start of graph.nodes) {
    if (order.has(start)) continue;
    const pending = [enter(start)];
    for (let top = pending.at(-1); top; top = pending.at(-1)) {
      const next = top.above[top.at];
      top.at += 1;
      if (next) {
        if (!order.has(next)) pending.push(enter(next));
        else if (!homes.has(next)) lower(top.node, order.get(next)!);
        continue;
      }
      pending.pop();
      const { node } = top;
      const below = pending.at(-1);
      if (below) lower(below.node, lowest.get(node)!);
      if (lowest.get(node) !== order.get(node)) continue;
      const cycle = open.splice(open.indexOf(node));
      const found = homesOfCycle(cycle, graph, homes);
      for (const one of cycle) homes.set(one, found);
    }
  }
  return homes;
}

function homesOfCycle<D extends { readonly id: string }>(
  cycle: readonly D[],
  graph: DeliveryGraph<D>,
  homes: ReadonlyMap<D, readonly string[]>,
): readonly string[] {
  const members = new Set(cycle);
  const appliers = cycle.flatMap((node) => graph.above(node));
  const outside = new Set(appliers.filter((node) => !members.has(node)));
  if (outside.size > 0) {
    return [...new Set([...outside].flatMap((node) => graph.delivered(node, homes.get(node) ?? [])))];
  }
  if (appliers.length === 0) return graph.alone(cycle[0]!);
  return [`flux ${cycle.map(({ id }) => id).reduce((a, b) => (a < b ? a : b))}`];
}
