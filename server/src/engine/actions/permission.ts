// Whether the user may do what an action needs, as the server's authorizer says, before anybody is asked to confirm it.
import { AuthorizationV1Api } from '@kubernetes/client-node/dist/gen/index.js';
import type { Need } from '../../live/actions/action.ts';
import { ask } from '../transport/http-library.ts';
import type { Target } from './target.ts';

/** The first need that is denied, in words. Where the server does not answer this, the write itself shows it. */
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
  const answer = await ask(
    transport,
    (configuration) => new AuthorizationV1Api(configuration).createSelfSubjectAccessReview({ body }),
    { quiet: 10_000 },
  );
  if (!answer.ok) return false;
  const { allowed, evaluationError } = answer.value.status ?? { allowed: true };
  return !allowed && !evaluationError;
}
