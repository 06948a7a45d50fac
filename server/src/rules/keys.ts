// reference/key: a reference whose target is in files names a key, a port, a class or a variable that the target doesn't have.

import { kindName } from '../kube/identity.ts';
import { type Inside, insides } from '../kube/insides.ts';
import type { Use } from '../kube/references.ts';
import { type Built, builtAt, isNull } from '../kustomize/built.ts';
import { textsAt } from '../kustomize/built-values.ts';
import { nearest } from '../schema/nearest.ts';
import type { Path } from '../syntax/tree.ts';
import type { Directory, Place } from '../workspace/directory.ts';
import type { AppliedObject, Part } from '../workspace/parts.ts';
import { type ClusterProblem, type ClusterRule, type ClusterSubject, sync } from './rule.ts';

const fleet = (key: string) => `
# file: clusters/prod/shop.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: shop
  namespace: shop
spec:
  interval: 10m
  chartRef:
    kind: OCIRepository
    name: shop
  valuesFrom:
    - kind: ConfigMap
      name: shop-values
      valuesKey: ${key}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: shop
  namespace: shop
spec:
  interval: 10m
  url: oci://registry.example.com/charts/shop
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: shop-values
  namespace: shop
data:
  values.yaml: ""
${sync}`;

export const keys: ClusterRule = {
  id: 'reference/key',
  severity: 'warning',
  docs: {
    text: 'The referenced object is in files, but it does not have the key, port or class that is named. Correct the name, or add it to the object.',
    bad: fleet('value.yaml\n      # ^^^ warning'),
    good: fleet('values.yaml'),
  },
  *check({ home }: ClusterSubject): Iterable<ClusterProblem> {
    if (!home.isWhole) return;
    for (const part of home.parts) {
      for (const reader of home.directory.derived(part, readersIn)) {
        const { by, use, place } = reader;
        const found = problemsIn(reader, home.objectAt(place));
        if (found.length > 0 && !home.directory.isAlsoMade(by.namespace, use)) yield* found;
      }
    }
  },
};

/** A reference beside which something inside its only target is named. */
interface Reader {
  readonly by: AppliedObject;
  readonly use: Use<Built>;
  readonly place: Place;
  readonly read: readonly (readonly [inside: Inside, named: readonly Named[]])[];
}

function readersIn(part: Part, directory: Directory): readonly Reader[] {
  return directory.referencesOf(part).flatMap(({ by, use, resolved }): readonly Reader[] => {
    const [place, ...others] = resolved.is === 'object' && !use.waived ? resolved.places : [];
    if (!place || others.length > 0) return [];
    const read = insides.flatMap((inside) => {
      const named = inside.to.includes(place.groupKind) ? namedBeside(by, use, inside) : [];
      return named.length > 0 ? [[inside, named] as const] : [];
    });
    return read.length > 0 ? [{ by, use, place, read }] : [];
  });
}

interface Named {
  readonly text: string;
  readonly value: Built;
  readonly path: Path;
}

interface Found {
  readonly target: AppliedObject;
  readonly problems: readonly ClusterProblem[];
}

/** Most are as they were when something else of the cluster changed. */
const known = new WeakMap<Reader, Found>();

function problemsIn(reader: Reader, target: AppliedObject): readonly ClusterProblem[] {
  const before = known.get(reader);
  if (before?.target === target) return before.problems;
  const problems = reader.read.flatMap(([inside, named]) => [...problemsOf(reader, inside, named, target)]);
  known.set(reader, { target, problems });
  return problems;
}

function namedBeside(by: AppliedObject, use: Use<Built>, inside: Inside): readonly Named[] {
  const isPlain = builtAt(by.value, use.path) === use.node;
  const around = isPlain ? use.path.slice(0, -1) : use.path;
  const named = inside.at.flatMap((at) => textsAt(builtAt(by.value, around), at, around));
  return named.length === 0 && use.reference.key !== undefined && inside.at.includes('valuesKey')
    ? [{ text: use.reference.key, value: use.node, path: isPlain ? use.path : [...use.path, 'name'] }]
    : named;
}

function* problemsOf(
  { by, use }: Reader,
  inside: Inside,
  read: readonly Named[],
  target: AppliedObject,
): Iterable<ClusterProblem> {
  const names = namesIn(target, inside);
  if (!names) return;
  for (const { text, value, path } of read) {
    if (names.has(text)) continue;
    const near = nearest(text, names);
    const hint = near === undefined ? `It has ${list([...names])}.` : `Did you mean ${near}?`;
    const message = `The ${kindName(target.groupKind)} ${target.name} has no ${inside.what} ${text}. ${hint}`;
    const isOwn = near !== undefined && value !== use.node;
    yield {
      ...{ object: by.value, path, origin: value.origin, message },
      ...(isOwn && { remedy: { is: 'replace', by: near } as const }),
    };
  }
}

const mostNames = 5;

function list(names: readonly string[]): string {
  return names.length > mostNames ? `${names.slice(0, mostNames).join(', ')}, …` : names.join(', ');
}

/** Undefined if they aren't all known, or if there are none: something else fills the object then. */
function namesIn({ value }: AppliedObject, { from, unless }: Inside): ReadonlySet<string> | undefined {
  if (unless !== undefined && isSet(value, unless.split(/\.|(?=\[)/))) return undefined;
  const names = new Set<string>();
  for (const path of from) {
    const steps = path.split(/\.|(?=\[)/);
    if (steps.at(-1) === '*') {
      const map = builtAt(value, steps.slice(0, -1));
      if (map === undefined || isNull(map)) continue;
      if (map.kind !== 'map' || (map.holes?.size ?? 0) > 0) return undefined;
      for (const key of map.entries.keys()) names.add(key);
    } else {
      for (const { text } of textsAt(value, path)) names.add(text);
    }
  }
  return names.size > 0 ? names : undefined;
}

function isSet(node: Built | undefined, [step, ...rest]: readonly string[]): boolean {
  if (!node || step === undefined) return node !== undefined;
  if (step === '[*]') return node.kind === 'list' && node.items.some((item) => isSet(item, rest));
  return isSet(builtAt(node, [step]), rest);
}
