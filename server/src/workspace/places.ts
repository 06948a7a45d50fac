// The folders that the paths of Flux Kustomizations resolve to. Paths are relative to the root of their source, which may be
// the root of the workspace, above it or below it; a path that isn't a folder relative to this root may be any folder whose
// path ends with it.
import type { Delivery } from '../kustomize/delivery.ts';
import type { Files } from './files.ts';

/** A Flux Kustomization with the folder that it applies; undefined if it is unknown. */
interface Delivering {
  readonly target: string | undefined;
  readonly delivery: Delivery;
}

export interface Places<D extends Delivering> {
  readonly byFolder: ReadonlyMap<string, readonly D[]>;
  readonly elsewhere: readonly D[];
  /** Sources whose root is below this one: if another of their paths is a folder here, that is a coincidence. */
  readonly foreign: ReadonlySet<string>;
  /** Sources of which at least half of the paths are folders here. */
  readonly own: ReadonlySet<string>;
}

/** Sources are `Kind/name`. */
export function placesOf<D extends Delivering>(all: readonly D[], files: Files): Places<D> {
  const byFolder = new Map<string, D[]>();
  const elsewhere: D[] = [];
  const sources = new Map<string, { folders: number; others: number; balance: number }>();
  for (const flux of all) {
    const { target, delivery } = flux;
    if (target === undefined) continue;
    const counts = sources.get(delivery.source) ?? { folders: 0, others: 0, balance: 0 };
    sources.set(delivery.source, counts);
    if (files.hasFolder(target)) {
      const known = byFolder.get(target);
      if (known) known.push(flux);
      else byFolder.set(target, [flux]);
      counts.balance -= 1;
      // Every repository has a root.
      if (target !== '') counts.folders += 1;
      continue;
    }
    elsewhere.push(flux);
    counts.others += 1;
    if (files.hasFolderEnding(target)) counts.balance += 1;
  }
  // A source may have more paths that are folders below this root than at it: Kustomizations that nobody uses any more keep
  // paths that were moved.
  const foreign = new Set([...sources].flatMap(([source, { balance }]) => (balance >= 0 ? [source] : [])));
  const isOwn = ({ folders, others }: { readonly folders: number; readonly others: number }) =>
    folders > 0 && folders >= others;
  const own = new Set(
    [...sources].flatMap(([source, counts]) => (isOwn(counts) && !foreign.has(source) ? [source] : [])),
  );
  return { byFolder, elsewhere, foreign, own };
}
