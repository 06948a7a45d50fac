// Notes on notification.toolkit.fluxcd.io: https://fluxcd.io/flux/components/notification/ and the controller.
import { suspended } from './flux-shared.ts';
import { deprecated, type FieldNotes, type KindNotes, under } from './note.ts';

const group = 'notification.toolkit.fluxcd.io';

/** The objects whose events an Alert sends, or that a Receiver reconciles. */
const objects: FieldNotes = {
  name: 'Name of the object; `*` matches all objects of the kind in the namespace.',
  namespace:
    'Namespace of the object; if omitted, the namespace of this object. There is no wildcard: list each namespace.',
  matchLabels: 'Selects objects by label; requires the name `*`.',
};

export const notification: readonly KindNotes[] = [
  {
    group,
    kind: 'Provider',
    fields: {
      'spec.type':
        'Service to which messages are sent. `github`, `gitlab`, `gitea` and similar types set commit statuses and require the repository’s URL as `address`; `generic` posts JSON to any webhook.',
      'spec.address':
        'URL of the webhook or repository. Put a URL that contains a token into the Secret, under the key `address`, which takes precedence.',
      'spec.channel': 'Channel or room, for services that have several.',
      'spec.username': 'Name under which messages are posted, if the service supports it.',
      'spec.secretRef': 'Secret with `token`, `address` or `headers`, depending on the type.',
      'spec.certSecretRef': 'Secret with `ca.crt`, and `tls.crt` with `tls.key` for a client certificate.',
      'spec.proxySecretRef': 'Secret with the `address` of a proxy; replaces `proxy`.',
      'spec.proxy': deprecated(
        'Deprecated: address of a proxy, with its password in plain text. Use `proxySecretRef`.',
      ),
      'spec.timeout': 'Timeout for sending one message.',
      'spec.interval': deprecated(
        'Has no effect: a Provider isn’t reconciled. Removed in the next version of the API.',
      ),
      'spec.commitStatusExpr':
        'CEL expression for the name of the commit status. Clusters that share a repository need different names; otherwise they overwrite each other’s status.',
      ...under('spec', suspended('messages; events in the meantime are dropped, not queued')),
    },
  },
  {
    group,
    kind: 'Alert',
    fields: {
      'spec.providerRef': 'Provider to which events are sent, in the Alert’s own namespace.',
      'spec.eventSeverity':
        '`info`, the default, sends all events, successes and failures; `error` sends only failures.',
      'spec.eventSources':
        'Flux objects whose events are sent. Other kinds, such as those of Cluster API, are not supported.',
      ...under('spec.eventSources', objects),
      'spec.inclusionList':
        'Regular expressions; only messages that match one are sent. An invalid expression is reported only as an event on the Alert.',
      'spec.exclusionList':
        'Regular expressions; messages that match one are not sent. Takes precedence over `inclusionList`.',
      'spec.eventMetadata':
        'Metadata added to every message, such as the cluster’s name. Keys already in the event are kept.',
      'spec.summary': deprecated(
        'Deprecated: text for every message. Use `eventMetadata.summary`; the next version of the API has no `summary`.',
      ),
      ...under('spec', suspended('messages; events in the meantime are dropped')),
    },
  },
  {
    group,
    kind: 'Receiver',
    fields: {
      'spec.type':
        'Type of sender, which determines how requests are verified. `generic` checks only the secret path; `generic-hmac` requires a signature, `github` and `gitlab` their own headers.',
      'spec.events': 'Types of events to accept, such as `push` for GitHub or `Push Hook` for GitLab; if omitted, all.',
      'spec.resources':
        'Flux objects to reconcile on a request. List sources; their dependents follow. Must not be empty.',
      ...under('spec.resources', objects),
      'spec.resources.filter':
        'CEL expression over `res` and `req` that must be true for this object to be reconciled.',
      'spec.resourceFilter':
        'CEL expression over `res` and `req`, evaluated for each object: use it to reconcile only objects that the request concerns.',
      'spec.secretRef':
        'Secret whose `token` verifies requests and determines the path of the webhook; a new token changes the path, which must be updated at the sender.',
      'spec.interval': 'How often the Secret is read; 10m by default.',
      ...under('spec', suspended('handling of requests')),
    },
  },
];
