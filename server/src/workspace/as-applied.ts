// What the appliers of Flux Kustomizations change of how these apply files: a variable in a path that is replaced, a patch.
import { builtAt } from '../kustomize/built.ts';
import { type Delivery, folderDelivered } from '../kustomize/delivery.ts';
import { type FluxKustomization, knownText } from '../kustomize/flux-kustomization.ts';
import type { Cluster } from './cluster.ts';
import type { AppliedDelivery } from './delivered.ts';
import type { SourceFile } from './document.ts';

/** A cluster and its entry point. */
export interface Scoped {
  readonly entry: { readonly scope: string };
  readonly cluster: Cluster;
}

/** By file, and by the index among the Flux Kustomizations of a file. */
type Deliveries = ReadonlyMap<string, ReadonlyMap<number, readonly AppliedDelivery[]>>;

type FileAt = (path: string) => SourceFile | undefined;

/** State: those of the clusters as they were followed last. */
export class AppliedDeliveries {
  #inputs: readonly unknown[] = [];
  #known: Deliveries = new Map();

  /** The same (`===`) until a Flux Kustomization changes, or a file that has one: most edits are of what they apply. */
  of(clusters: readonly Scoped[], fileAt: FileAt): Deliveries {
    const inputs = clusters.flatMap(({ entry, cluster }): readonly unknown[] => [
      entry.scope,
      ...cluster.appliers.flatMap(({ flux }) => (flux ? [flux, fileAt(flux.object.origin.source.file)] : [])),
    ]);
    const isSame = inputs.length === this.#inputs.length && inputs.every((one, at) => one === this.#inputs[at]);
    if (!isSame) this.#known = deliveriesOf(clusters, fileAt);
    this.#inputs = inputs;
    return this.#known;
  }
}

function deliveriesOf(clusters: readonly Scoped[], fileAt: FileAt): Deliveries {
  const forms = new Map<string, Map<number, Map<string, Omit<AppliedDelivery, 'scopes'> & { scopes: string[] }>>>();
  const changed = new Set<string>();
  for (const {
    entry: { scope },
    cluster,
  } of clusters)
    for (const { flux } of cluster.appliers) {
      const { source } = flux?.object.origin ?? {};
      const found = source && writtenAt(fileAt(source.file), source.start);
      if (!flux || !source || !found) continue;
      const delivery = deliveryOf(flux, found.delivery);
      const target = delivery === found.delivery || flux.folder === undefined ? folderDelivered(delivery) : flux.folder;
      if (delivery !== found.delivery) changed.add(`${source.file} ${found.index}`);
      const key = JSON.stringify([delivery, target]);
      const ofFile = getOr(forms, source.file);
      const ofIndex = getOr(ofFile, found.index);
      const known = ofIndex.get(key);
      if (!known) ofIndex.set(key, { delivery, target, scopes: [scope] });
      else if (!known.scopes.includes(scope)) known.scopes.push(scope);
    }
  const result = new Map<string, ReadonlyMap<number, readonly AppliedDelivery[]>>();
  for (const [file, ofFile] of forms) {
    const some = [...ofFile].filter(([index]) => changed.has(`${file} ${index}`));
    if (some.length > 0) result.set(file, new Map(some.map(([index, all]) => [index, [...all.values()]])));
  }
  return result;
}

function getOr<K, L, V>(map: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let known = map.get(key);
  if (!known) map.set(key, (known = new Map()));
  return known;
}

interface Written {
  readonly index: number;
  readonly delivery: Delivery;
}

const written = new WeakMap<SourceFile, ReadonlyMap<number, Written>>();

/** The delivery of the document at an offset, if it has one. */
function writtenAt(file: SourceFile | undefined, start: number): Written | undefined {
  if (!file) return undefined;
  let known = written.get(file);
  if (!known) written.set(file, (known = writtenIn(file)));
  return known.get(start);
}

/** By the offset of their documents. */
function writtenIn({ documents }: SourceFile): ReadonlyMap<number, Written> {
  const found = new Map<number, Written>();
  let index = 0;
  for (const { start, document } of documents) {
    const { deliveries } = document.facts;
    if (deliveries.length === 1) found.set(start, { index, delivery: deliveries[0]! });
    index += deliveries.length;
  }
  return found;
}

/** The same as written unless something of it was changed. */
function deliveryOf({ spec, folder, remote }: FluxKustomization, from: Delivery): Delivery {
  const path = folder === undefined ? undefined : (knownText(builtAt(spec, ['path'])) ?? '.');
  const targetNamespace = knownText(builtAt(spec, ['targetNamespace'])) || undefined;
  const kubeconfig = remote?.includes('${') ? '' : remote;
  // A path in a source that isn't here is known as it is from.
  const isSamePath = path === undefined || path === from.path;
  if (isSamePath && targetNamespace === from.targetNamespace && kubeconfig === from.remote) return from;
  return {
    ...{ source: from.source, components: from.components, path: path ?? from.path },
    ...(targetNamespace !== undefined && { targetNamespace }),
    ...(kubeconfig !== undefined && { remote: kubeconfig }),
    ...(from.sync && { sync: from.sync }),
  };
}
