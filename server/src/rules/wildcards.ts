// flux/wildcard: wildcards where notification-controller compares whole names. Sources: eventMatchesAlertSource of
// internal/server/event_handlers.go, notifyDynamicResources of internal/server/receiver_handlers.go.
import type { GroupKind } from '../kube/identity.ts';
import { type BuiltMap, builtAt, isNull } from '../kustomize/built.ts';
import { type PlacedText, textsAt } from '../kustomize/built-values.ts';
import type { ClusterProblem, ObjectRule } from './rule.ts';

const alert = (namespace: string) => `
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata:
  name: slack
  namespace: flux-system
spec:
  providerRef:
    name: slack
  eventSources:
    - kind: Kustomization
      name: "*"
      namespace: ${namespace}
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata:
  name: slack
  namespace: flux-system
spec:
  type: slack
  address: https://slack.example.com
`;

const lists: Readonly<Record<GroupKind, string>> = {
  'notification.toolkit.fluxcd.io/Alert': 'spec.eventSources[*]',
  'notification.toolkit.fluxcd.io/Receiver': 'spec.resources[*]',
};

export const wildcards: ObjectRule = {
  id: 'flux/wildcard',
  severity: 'warning',
  docs: {
    text: 'Only “*” as a whole name is a wildcard, of all objects of the kind in one namespace; anything else never matches. List each namespace, and select objects by matchLabels.',
    bad: alert('"*"\n      # ^^^ warning'),
    good: alert('shop'),
  },
  kinds: Object.keys(lists) as readonly GroupKind[],
  *check(object: BuiltMap, groupKind: GroupKind): Iterable<ClusterProblem> {
    const list = lists[groupKind];
    if (list === undefined) return;
    for (const namespace of textsAt(object, `${list}.namespace`)) {
      if (!namespace.text.includes('*')) continue;
      yield problemAt(
        object,
        namespace,
        'Flux has no wildcard for namespaces, so nothing matches. Repeat the entry for each namespace.',
      );
    }
    const isReceiver = groupKind === 'notification.toolkit.fluxcd.io/Receiver';
    for (const name of textsAt(object, `${list}.name`)) {
      if (name.text !== '*') {
        if (name.text.includes('*'))
          yield problemAt(
            object,
            name,
            'Only “*” alone is a wildcard for names, so nothing matches. Use it with matchLabels, or list the names.',
          );
        continue;
      }
      const labels = builtAt(object, [...name.path.slice(0, -1), 'matchLabels']);
      if (isReceiver && (!labels || isNull(labels)))
        yield problemAt(
          object,
          name,
          'A Receiver accepts “*” only with matchLabels, and answers its webhook with an error without. Add them.',
        );
    }
  },
};

function problemAt(object: BuiltMap, { path, value }: PlacedText, message: string): ClusterProblem {
  return { object, path, origin: value.origin, message };
}
