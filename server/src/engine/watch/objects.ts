// Reads, lists and patches objects of any kind through KubernetesObjectApi of @kubernetes/client-node. Objects stay as the
// server sent them: the client's models would drop unknown fields and turn times into dates.
import type { Configuration } from '@kubernetes/client-node/dist/gen/configuration.js';
import type { ResponseContext } from '@kubernetes/client-node/dist/gen/http/http.js';
import { KubernetesObjectApi } from '@kubernetes/client-node/dist/object.js';
import { PatchStrategy } from '@kubernetes/client-node/dist/patch.js';
import type { KubernetesListObject, KubernetesObject } from '@kubernetes/client-node/dist/types.js';
import { apiVersionOf } from '../../kube/identity.ts';
import type { Result } from '../failure.ts';
import { type CallOptions, call } from '../transport/http-library.ts';
import type { Transport } from '../transport/transport.ts';
import { type Collection, collectionPath, objectPath } from './discovery.ts';

/** JSON as the server sent it; `trim` turns it into a LiveObject. */
export type RawObject = Readonly<Record<string, unknown>>;

export interface ObjectName {
  readonly namespace?: string | undefined;
  readonly name: string;
}

export function readObject(
  transport: Transport,
  collection: Collection,
  name: ObjectName,
  options: CallOptions = {},
): Promise<Result<RawObject>> {
  return call(
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
  /** `metadata.continue` of the previous page. */
  readonly page?: string | undefined;
}

/** Reads one page of at most 500 objects. */
export function listObjects(
  transport: Transport,
  collection: Collection,
  { namespace, labelSelector, fieldSelector, page }: ListQuery,
  options: CallOptions = {},
): Promise<Result<RawObject>> {
  const { apiVersion, kind } = typeOf(collection);
  return call(
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

export interface PatchOptions extends CallOptions {
  readonly dryRun: boolean;
  readonly fieldManager: string;
}

/**
 * Sends a JSON merge patch, which every kind supports; returns the object as it is, or in a dry run would be, afterwards.
 * The patch has no apiVersion and kind, which the path implies: the client uses them to find its model, and then drops
 * fields that the model doesn't know.
 */
export function patchObject(
  transport: Transport,
  collection: Collection,
  name: ObjectName,
  patch: RawObject,
  { dryRun, fieldManager, ...options }: PatchOptions,
): Promise<Result<RawObject>> {
  const metadata = { ...(patch.metadata as object | undefined), ...named(collection, name) };
  const dryRunStages = dryRun ? 'All' : undefined;
  return call(
    transport,
    async (configuration) =>
      raw(
        await new ObjectApi(configuration, collection).patch(
          { ...patch, metadata },
          undefined,
          dryRunStages,
          fieldManager,
          undefined,
          PatchStrategy.MergePatch,
        ),
      ),
    options,
  );
}

/** Deletes the object as long as it has the uid; the server's answer is the object, if it waits for finalizers, or a Status. */
export function deleteObject(
  transport: Transport,
  collection: Collection,
  name: ObjectName,
  uid: string,
  { dryRun, ...options }: Pick<PatchOptions, 'dryRun'> & CallOptions,
): Promise<Result<RawObject>> {
  const none = undefined;
  const spec = { ...typeOf(collection), metadata: named(collection, name) };
  return call(
    transport,
    async (configuration) => {
      const api = new ObjectApi(configuration, collection);
      // With a body, the server ignores the query: a dry run that only the query asks for would delete the object. So would one
      // that only the body asks for, where something in between drops the body of a DELETE, as Node's client does.
      const stages = dryRun ? ['All'] : undefined;
      const body = { preconditions: { uid }, ...(stages ? { dryRun: stages } : {}) };
      return raw(await api.delete(spec, none, stages?.[0], none, none, none, body));
    },
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

/**
 * Takes paths from our discovery, which is already complete and preserves the case of names, and leaves responses
 * unconverted.
 */
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
