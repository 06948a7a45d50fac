// Updates references by name and namespace to objects that `namespace` moved, after all transformers: service accounts in
// bindings, services in webhooks (api/filters/nameref). References by name alone change only with names.
import { type Built, type BuiltMap, builtAt, type Origin, textAt, withEntry, withValueAt } from '../built.ts';
import { type BuiltObject, effectiveNamespace, type IsNamespaced, idOf, printId } from '../objects.ts';

/** Called with a reference that matches several objects, which kustomize refuses. */
export type OnAmbiguous = (name: string, origin: Origin) => void;

type Kind = 'ServiceAccount' | 'Service';

export function followMoved(
  objects: readonly BuiltObject[],
  isNamespaced: IsNamespaced,
  onAmbiguous: OnAmbiguous,
): readonly BuiltObject[] {
  // An object that was never moved has no earlier id that a reference could match.
  if (objects.every(({ previous }) => previous.length === 0)) return objects;
  return objects.map((object) => {
    const { gvk } = idOf(object.value);
    if (gvk.group === 'rbac.authorization.k8s.io' && /^(?:Cluster)?RoleBinding$/.test(gvk.kind))
      return followIn(object, 'subjects', (subject) => follow(subject, 'ServiceAccount'));
    if (gvk.group === 'admissionregistration.k8s.io' && /^(?:Validating|Mutating)WebhookConfiguration$/.test(gvk.kind))
      return followIn(object, 'webhooks', (webhook) => {
        const service = builtAt(webhook, ['clientConfig', 'service']);
        if (webhook.kind !== 'map' || service?.kind !== 'map') return webhook;
        return withValueAt(webhook, ['clientConfig', 'service'], follow(service, 'Service')) ?? webhook;
      });
    return object;

    function follow(reference: Built, kind: Kind): Built {
      const candidates = referrable(object, objects, isNamespaced);
      return reference.kind === 'map' ? resolved(reference, kind, candidates, isNamespaced, onAmbiguous) : reference;
    }
  });
}

function followIn(object: BuiltObject, field: string, follow: (item: Built) => Built): BuiltObject {
  const list = object.value.entries.get(field);
  if (list?.kind !== 'list') return object;
  return { ...object, value: withEntry(object.value, field, { ...list, items: list.items.map(follow) }) };
}

/** The objects that an object may refer to: those in its namespace and, for a binding, in the namespaces of its subjects. */
function referrable(
  referrer: BuiltObject,
  objects: readonly BuiltObject[],
  isNamespaced: IsNamespaced,
): readonly BuiltObject[] {
  const own = effectiveNamespace(idOf(referrer.value), isNamespaced);
  if (own === undefined) return objects;
  const named = namedNamespaces(referrer.value);
  return objects.filter(({ value }) => {
    const id = idOf(value);
    const namespace = effectiveNamespace(id, isNamespaced);
    return namespace === undefined || namespace === own || named.has(id.namespace);
  });
}

function namedNamespaces(binding: BuiltMap): ReadonlySet<string> {
  const subjects = binding.entries.get('subjects');
  const items = subjects?.kind === 'list' ? subjects.items : [];
  return new Set(
    items.flatMap((one) => (textAt(one, ['kind']) === 'ServiceAccount' ? (textAt(one, ['namespace']) ?? []) : [])),
  );
}

function resolved(
  reference: BuiltMap,
  kind: Kind,
  objects: readonly BuiltObject[],
  isNamespaced: IsNamespaced,
  onAmbiguous: OnAmbiguous,
): BuiltMap {
  const name = textAt(reference, ['name']);
  if (name === undefined) return reference;
  const written = textAt(reference, ['namespace']);
  const matches = inNamespace(objects, written, isNamespaced).filter(({ value, previous }) => {
    const { gvk } = idOf(value);
    if (gvk.kind !== kind || gvk.group !== '' || gvk.version !== 'v1') return false;
    return previous.some((id) => id.name === name);
  });
  const [match, ...others] = matches;
  if (!match) return reference;
  const id = printId(idOf(match.value));
  if (others.some(({ value }) => printId(idOf(value)) !== id)) onAmbiguous(name, reference.origin);
  else {
    const namespace = builtAt(match.value, ['metadata', 'namespace']);
    const renamed = withEntry(reference, 'name', builtAt(match.value, ['metadata', 'name'])!);
    if (namespace && textAt(namespace, []) !== '') return withEntry(renamed, 'namespace', namespace);
    return renamed;
  }
  return reference;
}

/** The objects that were in the namespace originally or, if there are none, are in it now; all if none is set. */
function inNamespace(objects: readonly BuiltObject[], written: string | undefined, isNamespaced: IsNamespaced) {
  if (written === undefined) return objects;
  const first = objects.filter(
    ({ value, previous }) => effectiveNamespace(previous[0] ?? idOf(value), isNamespaced) === written,
  );
  if (first.length > 0) return first;
  return objects.filter(({ value }) => effectiveNamespace(idOf(value), isNamespaced) === written);
}
