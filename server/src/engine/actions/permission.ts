// Checks with the server's authorizer that the user has the permissions for an action, before the user is asked to confirm
// it.
import { AuthorizationV1Api } from '@kubernetes/client-node/dist/gen/index.js';
import type { Need } from '../../live/actions/action.ts';
import { call } from '../transport/http-library.ts';
import type { Target } from './target.ts';

/** A sentence for the first denied permission. If the server doesn't answer the review, the write itself decides. */
export async function deniedNeed(target: Target, needs: readonly Need[]): Promise<string | undefined> {
  const denied = await Promise.all(needs.map((need) => isDenied(target, need)));
  const first = needs.find((_, index) => denied[index]);
  if (!first) return undefined;
  const { resource, namespace, context } = target;
  const kinds = [resource.plural, resource.group].filter(Boolean).join('.');
  const part = first.subresource === undefined ? '' : `/${first.subresource}`;
  const where = resource.namespaced && namespace !== undefined ? ` in namespace ${namespace}` : '';
  return `${context}: you have no permission to ${first.verb} ${kinds}${part}${where}.`;
}

async function isDenied({ transport, resource, namespace, name }: Target, need: Need): Promise<boolean> {
  const resourceAttributes = {
    group: resource.group,
    version: resource.version,
    resource: resource.plural,
    ...need,
    ...(resource.namespaced && namespace !== undefined ? { namespace } : {}),
    name,
  };
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  };
  const answer = await call(
    transport,
    (configuration) => new AuthorizationV1Api(configuration).createSelfSubjectAccessReview({ body }),
    { quiet: 10_000 },
  );
  if (!answer.ok) return false;
  const { allowed, evaluationError } = answer.value.status ?? { allowed: true };
  return !allowed && !evaluationError;
}
