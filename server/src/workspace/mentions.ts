// Whether anything that a cluster gets mentions the name of an object, in a reference or in any other text, such as the values
// of a chart. An object that nothing mentions beside a reference that resolves to nothing shows a misspelled name.
import type { Built, BuiltMap } from '../kustomize/built.ts';
import type { Home } from './homes.ts';
import type { AppliedObject } from './parts.ts';

const known = new WeakMap<BuiltMap, ReadonlySet<string>>();

const answers = new WeakMap<Home, Map<AppliedObject, boolean>>();

export function isMentioned(home: Home, object: AppliedObject): boolean {
  let ofHome = answers.get(home);
  if (!ofHome) answers.set(home, (ofHome = new Map()));
  const answer = ofHome.get(object) ?? find(home, object);
  ofHome.set(object, answer);
  return answer;
}

function find(home: Home, { value, name, namespace }: AppliedObject): boolean {
  return home.objects.some(
    (one) =>
      one.value !== value &&
      (namespace === '' || one.namespace === namespace || one.namespace === '' || isDelivering(one)) &&
      mentionedIn(one.value).has(name),
  );
}

/** Its values may be for any namespace. */
function isDelivering({ groupKind }: AppliedObject): boolean {
  return groupKind.endsWith('/HelmRelease') || groupKind.endsWith('/Kustomization');
}

/** All texts of an object, without its metadata, and without labels and selectors: these often are names but mean pods. */
export function mentionedIn(object: BuiltMap): ReadonlySet<string> {
  const before = known.get(object);
  if (before) return before;
  const found = new Set<string>();
  for (const [key, value] of object.entries) if (key !== 'metadata' && key !== 'status') collect(value, found);
  known.set(object, found);
  return found;
}

const ofPods: ReadonlySet<string> = new Set(['labels', 'matchLabels', 'selector', 'podSelector', 'labelSelector']);

function collect(value: Built, found: Set<string>): void {
  if (value.kind === 'scalar') {
    if (value.text.length <= longestName) found.add(value.text);
    else for (const [word] of value.text.matchAll(/[a-z0-9][a-z0-9.-]*[a-z0-9]/g)) found.add(word);
  } else if (value.kind === 'list') for (const item of value.items) collect(item, found);
  else for (const [key, inner] of value.entries) if (!ofPods.has(key)) collect(inner, found);
}

const longestName = 253;
