// Notes on notification.toolkit.fluxcd.io: https://fluxcd.io/flux/components/notification/ and the controller.
import { suspended } from './flux-shared.ts';
import type { FieldNotes, KindNotes } from './note.ts';
import { under } from './note.ts';

const group = 'notification.toolkit.fluxcd.io';

/** Which objects an Alert listens to, or a Receiver reconciles. */
const objects: FieldNotes = {
  name: 'Name of the object; `*` stands for all of the kind in the one namespace.',
  namespace: 'Namespace of the object; left out, this one’s own. There is no sign for every namespace: list each.',
  matchLabels: 'Labels to choose objects by; `name` must then be `*`.',
};

export const notification: readonly KindNotes[] = [
  {
    group,
    kind: 'Provider',
    fields: {
      'spec.type':
        'The service to tell. `github`, `gitlab`, `gitea` and their like set commit statuses and need the repository’s URL as `address`; `generic` posts JSON to any webhook.',
      'spec.address':
        'URL of the webhook or repository. One that contains a token belongs into the Secret, under the key `address`, which wins.',
      'spec.channel': 'Channel or room for services that have several.',
      'spec.username': 'Name that messages are posted under, where the service lets one choose.',
      'spec.secretRef': 'Secret with `token`, `address` or `headers`, as the type asks for.',
      'spec.certSecretRef': 'Secret with `ca.crt`, and `tls.crt` with `tls.key` for a client certificate.',
      'spec.proxySecretRef': 'Secret with the `address` of a proxy; replaces `proxy`.',
      'spec.proxy': 'Deprecated: a proxy’s address, with its password in the clear. Use `proxySecretRef`.',
      'spec.timeout': 'Limit for sending one message.',
      'spec.interval': 'Has no effect any more: a Provider isn’t reconciled. Gone in the next version of the API.',
      'spec.commitStatusExpr':
        'CEL for the name of the commit status. Clusters that share a repository need different names, or each overwrites the other’s status.',
      ...under('spec', suspended('messages; events meanwhile are lost, not queued')),
    },
  },
  {
    group,
    kind: 'Alert',
    fields: {
      'spec.providerRef': 'The Provider to tell, in the Alert’s own namespace.',
      'spec.eventSeverity': '`info`, the default, tells everything, successes and failures; `error` only failures.',
      'spec.eventSources':
        'The Flux objects whose events are told. Other kinds, such as Cluster API’s, send none here.',
      ...under('spec.eventSources', objects),
      'spec.inclusionList':
        'Regular expressions; only messages that match one are told. A broken expression only shows as an event on the Alert.',
      'spec.exclusionList': 'Regular expressions; messages that match one aren’t told. It wins over `inclusionList`.',
      'spec.eventMetadata':
        'Keys added to every message, such as the cluster’s name. Keys that the event has itself stay as they are.',
      'spec.summary':
        'Deprecated: a text for every message. Use `eventMetadata.summary`; the next version of the API has no `summary`.',
      ...under('spec', suspended('messages; events meanwhile are lost')),
    },
  },
  {
    group,
    kind: 'Receiver',
    fields: {
      'spec.type':
        'Who calls, which decides how a call is checked. `generic` checks nothing but the secret path; `generic-hmac` wants a signature, `github` and `gitlab` their own.',
      'spec.events':
        'Kinds of calls that count, such as `push` for GitHub or `Push Hook` for GitLab. Left out, every call does.',
      'spec.resources':
        'Flux objects to reconcile on a call; name sources, their dependents follow. Empty is not allowed.',
      ...under('spec.resources', objects),
      'spec.resources.filter': 'CEL over `res` and `req` that must be true for this object to be reconciled.',
      'spec.resourceFilter': 'CEL over `res` and `req`, asked for each object: reconcile only those the call is about.',
      'spec.secretRef':
        'Secret whose `token` signs calls and makes the path of the webhook; a new token means a new path to tell the sender.',
      'spec.interval': 'How often the Secret is read again; 10m by default.',
      ...under('spec', suspended('reacting to calls')),
    },
  },
];
