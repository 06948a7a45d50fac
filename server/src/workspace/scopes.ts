// In which clusters each Flux Kustomization lives: those of the Flux Kustomizations that apply its own file, up to one
// that nothing applies, or that applies itself, as the bootstrap's does.

/** `above` are the Flux Kustomizations that apply the file a node stands in. */
export interface DeliveryGraph<D extends { readonly id: string }> {
  readonly nodes: readonly D[];
  above(node: D): readonly D[];
  /** The scopes of what a Flux Kustomization applies, given those it lives in. */
  delivered(node: D, homes: readonly string[]): readonly string[];
  /** The scopes of a Flux Kustomization that no other applies. */
  alone(node: D): readonly string[];
}

/**
 * Those that apply one another in a circle are one entry point. Tarjan's algorithm closes a circle after everything above
 * it, so that the scopes above are known then; it keeps its own stack, as chains may be of any length.
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
      const circle = open.splice(open.indexOf(node));
      const found = homesOfCircle(circle, graph, homes);
      for (const one of circle) homes.set(one, found);
    }
  }
  return homes;
}

function homesOfCircle<D extends { readonly id: string }>(
  circle: readonly D[],
  graph: DeliveryGraph<D>,
  homes: ReadonlyMap<D, readonly string[]>,
): readonly string[] {
  const members = new Set(circle);
  const appliers = circle.flatMap((node) => graph.above(node));
  const outside = new Set(appliers.filter((node) => !members.has(node)));
  if (outside.size > 0) {
    return [...new Set([...outside].flatMap((node) => graph.delivered(node, homes.get(node) ?? [])))];
  }
  if (appliers.length === 0) return graph.alone(circle[0]!);
  return [`flux ${circle.map(({ id }) => id).reduce((a, b) => (a < b ? a : b))}`];
}
