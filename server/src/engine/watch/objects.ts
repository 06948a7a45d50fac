// Single requests for objects of any kind: read, list and patch, through KubernetesObjectApi of @kubernetes/client-node.
// Objects stay as the server sent them: its models would leave out fields they don't know and turn times into dates.
import type { Configuration } from '@kubernetes/client-node/dist/gen/configuration.js';
import type { ResponseContext } from '@kubernetes/client-node/dist/gen/http/http.js';
import { KubernetesObjectApi } from '@kubernetes/client-node/dist/object.js';
import { PatchStrategy } from '@kubernetes/client-node/dist/patch.js';
import type { KubernetesListObject, KubernetesObject } from '@kubernetes/client-node/dist/types.js';
import { apiVersionOf } from '../../kube/identity.ts';
import type { Result } from '../failure.ts';
import { type AskOptions, ask } from '../transport/http-library.ts';
import type { Transport } from '../transport/transport.ts';
import { type Collection, collectionPath, objectPath } from './discovery.ts';

/** JSON as it came; `trim` makes a LiveObject of it. */
export type RawObject = Readonly<Record<string, unknown>>;

export interface ObjectName {
  readonly namespace?: string | undefined;
  readonly name: string;
}

export function readObject(
  transport: Transport,
  collection: Collection,
  name: ObjectName,
  options: AskOptions = {},
): Promise<Result<RawObject>> {
  return ask(
    transport,
    async (configuration) =>
      raw(
        await new ObjectApi(configuration, collection).read({
          ...typeOf(collection),
          metadata: named(collection, name),
        }),
      ),
    options,
  );
}

export interface ListQuery {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** `metadata.continue` of the page before. */
  readonly page?: string | undefined;
}

/** One page of at most 500. */
export function listObjects(
  transport: Transport,
  collection: Collection,
  { namespace, labelSelector, fieldSelector, page }: ListQuery,
  options: AskOptions = {},
): Promise<Result<RawObject>> {
  const { apiVersion, kind } = typeOf(collection);
  return ask(
    transport,
    async (configuration) => {
      const api = new ObjectApi(configuration, collection);
      const none = undefined;
      return raw(
        await api.list(apiVersion, kind, namespace, none, none, none, fieldSelector, labelSelector || none, 500, page),
      );
    },
    options,
  );
}

export interface PatchOptions extends AskOptions {
  readonly dryRun: boolean;
  readonly fieldManager: string;
}

/**
 * A JSON merge patch, which every kind takes; the answer is the object as it is, or would be, afterwards. The patch has
 * no apiVersion and kind, which the path has already: by them the client would leave out fields its models don't know.
 */
export function patchObject(
  transport: Transport,
  collection: Collection,
  name: ObjectName,
  patch: RawObject,
  { dryRun, fieldManager, ...options }: PatchOptions,
): Promise<Result<RawObject>> {
  const metadata = { ...(patch.metadata as object | undefined), ...named(collection, name) };
  const tried = dryRun ? 'All' : undefined;
  return ask(
    transport,
    async (configuration) =>
      raw(
        await new ObjectApi(configuration, collection).patch(
          { ...patch, metadata },
          undefined,
          tried,
          fieldManager,
          undefined,
          PatchStrategy.MergePatch,
        ),
      ),
    options,
  );
}

function named({ namespaced }: Collection, { namespace, name }: ObjectName) {
  return namespaced && namespace !== undefined ? { namespace, name } : { name };
}

function typeOf(collection: Collection): { readonly apiVersion: string; readonly kind: string } {
  return { apiVersion: apiVersionOf(collection), kind: collection.kind };
}

function raw(object: KubernetesObject | KubernetesListObject<KubernetesObject>): RawObject {
  return object as RawObject;
}

/** With paths of our discovery, which has been made already and keeps the case of names, and answers left as they are. */
class ObjectApi extends KubernetesObjectApi {
  readonly #collection: Collection;

  constructor(configuration: Configuration, collection: Collection) {
    super(configuration);
    this.#collection = collection;
  }

  protected override async specUriPath({ metadata = {} }: KubernetesObject, action: string): Promise<string> {
    if (action === 'list') return collectionPath(this.#collection, metadata.namespace);
    return objectPath(this.#collection, metadata.namespace, metadata.name ?? '');
  }

  protected override async processResponse<T extends KubernetesObject>(response: ResponseContext): Promise<T> {
    return JSON.parse(await response.body.text());
  }
}
