// flux/metadata: labels and annotations of Flux that have no effect as they are written. Sources: AnyInMetadata in
// ssa/utils/meta.go and apis/meta/labels.go and annotations.go of fluxcd/pkg; internal/decryptor/decryptor.go and
// internal/controller/kustomization_controller.go of kustomize-controller; kustomize/kustomize_varsub.go of fluxcd/pkg;
// internal/action/diff.go of helm-controller; api/v1 of flux-operator.
import { parseDuration } from '../kube/values/duration.ts';
import type { BuiltMap, BuiltScalar } from '../kustomize/built.ts';
import { entriesAt, knownText } from '../kustomize/flux-kustomization.ts';
import { nearest } from '../schema/nearest.ts';
import type { ClusterProblem, ObjectRule } from './rule.ts';

const settings = (value: string) => `
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: shop
  annotations:
    kustomize.toolkit.fluxcd.io/prune: ${value}
`;

interface Key {
  /** The values with an effect. */
  readonly values?: readonly string[];
  /** Those that mean what is done without the key. */
  readonly defaults?: readonly string[];
  /** Upper and lower case differ. */
  readonly exact?: true;
  /** Of labels or annotations only. */
  readonly only?: Place;
  readonly is?: 'duration';
}

type Place = 'labels' | 'annotations';

const off: Key = { values: ['disabled'], defaults: ['enabled', 'true'] };
const on: Key = { values: ['enabled'], defaults: ['disabled', 'false'] };
const time: Key = { is: 'duration', only: 'annotations' };
const free: Key = {};

/** By prefix and name. Those that the controllers write themselves have any value. */
const known: Readonly<Record<string, Readonly<Record<string, Key>>>> = {
  'kustomize.toolkit.fluxcd.io': {
    prune: off,
    ssa: { values: ['Override', 'Merge', 'IfNotPresent', 'Ignore'] },
    force: on,
    reconcile: off,
    substitute: { ...off, exact: true },
    decrypt: { ...off, only: 'annotations' },
    ...{ name: free, namespace: free, checksum: free },
  },
  'helm.toolkit.fluxcd.io': { driftDetection: off, name: free, namespace: free },
  'reconcile.fluxcd.io': {
    watch: { values: ['Enabled'], defaults: ['Disabled', 'disabled', 'false'], exact: true, only: 'labels' },
    ...{ requestedAt: free, forceAt: free, resetAt: free },
  },
  'fluxcd.controlplane.io': {
    reconcile: off,
    prune: off,
    force: on,
    ...{ reconcileEvery: time, reconcileArtifactEvery: time, reconcileTimeout: time },
    ...{ recreateOnFailure: free, revision: free, copyFrom: free, convertKubeConfigFrom: free },
    ...{
      checksumFrom: free,
      checksum: free,
      suspendedBy: free,
      createdBy: free,
      role: free,
      name: free,
      namespace: free,
    },
  },
};

export const metadataValues: ObjectRule = {
  id: 'flux/metadata',
  severity: 'warning',
  docs: {
    text: 'Flux ignores the label or annotation: its name or its value isn’t one that Flux knows. Correct it.',
    bad: settings('"false"\n    # ^^^ warning'),
    good: settings('disabled'),
  },
  *check(object: BuiltMap): Iterable<ClusterProblem> {
    for (const place of ['annotations', 'labels'] as const) {
      for (const [key, value] of entriesAt(object, ['metadata', place])) {
        const slash = key.indexOf('/');
        const keys = slash > 0 ? known[key.slice(0, slash)] : undefined;
        if (!keys || value.kind !== 'scalar') continue;
        const path = ['metadata', place, key];
        const found = problemOf(place, key, key.slice(slash + 1), value, keys);
        if (found) yield { object, path, origin: value.origin, ...found };
      }
    }
    yield* unequalTokens(object);
  },
};

type Found = Pick<ClusterProblem, 'message' | 'remedy' | 'on'>;

function problemOf(
  place: Place,
  key: string,
  name: string,
  scalar: BuiltScalar,
  keys: Readonly<Record<string, Key>>,
): Found | undefined {
  const rule = Object.hasOwn(keys, name) ? keys[name] : undefined;
  if (!rule) {
    const near = nearest(name, Object.keys(keys));
    if (near === undefined) return undefined;
    const by = `${key.slice(0, -name.length)}${near}`;
    return {
      on: 'key',
      message: `Flux doesn’t know ${key} and ignores it. Did you mean ${by}?`,
      remedy: { is: 'replace', by },
    };
  }
  if (rule.only !== undefined && rule.only !== place) {
    const one = rule.only === 'labels' ? 'a label' : 'an annotation';
    return {
      on: 'key',
      message: `Flux reads ${key} only as ${one}, and ignores it here. Move it to metadata.${rule.only}.`,
    };
  }
  const text = knownText(scalar);
  if (text === undefined || text.includes('${')) return undefined;
  if (rule.is === 'duration') {
    const duration = parseDuration(text);
    if (duration.ok) return undefined;
    return { message: `The duration ${duration.problem}; Flux uses the default instead of “${text}”.` };
  }
  if (!rule.values || isAmong(text, rule.values, rule) || isAmong(text, rule.defaults ?? [], {})) return undefined;
  const [first] = rule.values;
  const near = rule.values.length === 1 ? first : nearest(text, rule.values);
  const values = rule.values.length === 1 ? first : `${rule.values.slice(0, -1).join(', ')} or ${rule.values.at(-1)}`;
  return {
    message: `${key} has an effect only with the value ${values}; Flux ignores “${text}”. Correct it, or remove the key.`,
    ...(near !== undefined && text !== '' && { remedy: { is: 'replace', by: near } as const }),
  };
}

function isAmong(text: string, values: readonly string[], { exact }: Key): boolean {
  return values.some((one) => (exact ? one === text : one.toLowerCase() === text.toLowerCase()));
}

/** `forceAt` and `resetAt` have an effect only together with an equal `requestedAt`. */
function* unequalTokens(object: BuiltMap): Iterable<ClusterProblem> {
  const annotations = entriesAt(object, ['metadata', 'annotations']);
  const requested = annotations.get('reconcile.fluxcd.io/requestedAt');
  if (requested && knownText(requested) === undefined) return;
  for (const name of ['forceAt', 'resetAt']) {
    const key = `reconcile.fluxcd.io/${name}`;
    const value = annotations.get(key);
    const text = knownText(value);
    if (!value || text === undefined || text === knownText(requested)) continue;
    yield {
      ...{ object, path: ['metadata', 'annotations', key], origin: value.origin },
      message: `${key} has an effect only with reconcile.fluxcd.io/requestedAt of the same value. Set both, or remove it.`,
    };
  }
}
