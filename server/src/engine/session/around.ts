// Objects that no context watches but that explain what is wrong in it: asked for once, filtered by the server where it can.
import { list } from '../../live/fields.ts';
import { type LiveObject, trim } from '../../live/object.ts';
import type { Transport } from '../transport/transport.ts';
import type { Collection } from '../watch/discovery.ts';
import { listObjects } from '../watch/objects.ts';

const kinds: readonly { readonly collection: Collection; readonly fieldSelector?: string }[] = [
  {
    collection: { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false },
    fieldSelector: 'status.phase=Terminating',
  },
  { collection: { group: '', version: 'v1', kind: 'Node', plural: 'nodes', namespaced: false } },
  {
    collection: { group: 'batch', version: 'v1', kind: 'Job', plural: 'jobs', namespaced: true },
    fieldSelector: 'status.successful=0',
  },
];

/** Namespaces that end, nodes and unfinished Jobs, at most a page of each; none of a kind that may not be listed. */
export async function readAround(transport: Transport, signal: AbortSignal): Promise<readonly LiveObject[]> {
  const pages = await Promise.all(
    kinds.map(async ({ collection, fieldSelector }) => {
      const query = fieldSelector === undefined ? {} : { fieldSelector };
      const answer = await listObjects(transport, collection, query, { signal });
      if (!answer.ok) return [];
      const { group, version, kind } = collection;
      const apiVersion = group === '' ? version : `${group}/${version}`;
      return list(answer.value, 'items').flatMap((item) => trim(item, apiVersion, kind) ?? []);
    }),
  );
  return pages.flat();
}
